import type { Report } from '../schema/report.ts'
import type { Format } from '../schema/output-formats.ts'
import type { RenderOptions } from './options.ts'

type Renderer = (report: Report, options: RenderOptions) => string | Promise<string>

/** The report as text of one format, with a line break at its end. Null where this run must write none: `reasonForNone` says why. */
export async function render(format: Format, report: Report, options: RenderOptions = {}): Promise<string | null> {
  if (reasonForNone(format, report) !== null) return null
  return (await loadRenderer(format))(report, options)
}

/** Each format loads when it is asked for, which may be before there is a report: JUnit alone costs 67 ms. */
export async function loadRenderer(format: Format): Promise<Renderer> {
  switch (format) {
    case 'text':
      return (await import('./text.ts')).renderText
    case 'json':
      return (await import('./json.ts')).renderJson
    case 'sarif':
      return (await import('./sarif.ts')).renderSarif
    case 'junit':
      return (await import('./junit.ts')).renderJunit
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown
    case 'github':
      return (await import('./github.ts')).renderGithub
    case 'gitlab':
      return (await import('./gitlab.ts')).renderGitlab
    case 'html':
      return (await import('./html.ts')).renderHtml
  }
}

/** Why a format is not written for this report, in one sentence; null where it is. */
export function reasonForNone(format: Format, report: Report): string | null {
  if (format !== 'sarif' || report.verdict !== 'incomplete') return null
  return 'No SARIF was written: the run is incomplete, and GitHub would close alerts that the file lacks as fixed.'
}
