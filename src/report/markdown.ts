import type { Report } from '../schema/report.ts'
export function renderMarkdown(report: Report, _options?: unknown): string { return report.verdict }
