import type { Report } from '../schema/report.ts'
export function renderHtml(report: Report, _options?: unknown): string { return report.verdict }
