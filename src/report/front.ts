import type { Report } from '../schema/report.ts'
import type { Format } from './formats.ts'
import type { RenderOptions } from './options.ts'

export { FORMATS, type Format } from './formats.ts'
export type { RenderOptions } from './options.ts'
export { wrap } from './lines.ts'
export { parseReport } from './parse-report.ts'
export { helpOf, linkOf, messageOf } from './words.ts'

/**
 * The report as text of one format, with a line break at its end. Null where this run must write none: `reasonForNone` says why.
 * Each format loads when it is asked for: JUnit alone costs 67 ms.
 */
export async function render(format: Format, report: Report, options: RenderOptions = {}): Promise<string | null> {
  if (reasonForNone(format, report) !== null) return null
  switch (format) {
    case 'text':
      return (await import('./text.ts')).renderText(report, options)
    case 'json':
      return (await import('./json.ts')).renderJson(report)
    case 'sarif':
      return (await import('./sarif.ts')).renderSarif(report)
    case 'junit':
      return (await import('./junit.ts')).renderJunit(report)
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown(report, options)
    case 'github':
      return (await import('./github.ts')).renderGithub(report)
    case 'gitlab':
      return (await import('./gitlab.ts')).renderGitlab(report)
    case 'html':
      return (await import('./html.ts')).renderHtml(report)
  }
}

/** Why a format is not written for this report, in one sentence; null where it is. */
export function reasonForNone(format: Format, report: Report): string | null {
  if (format !== 'sarif' || report.verdict !== 'incomplete') return null
  return 'No SARIF was written: the run is incomplete, and results that are not in an upload are closed as fixed.'
}
