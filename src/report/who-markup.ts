import { html } from 'hono/html'
import type { ReportFinding } from '../schema/report.ts'
import { harmlessLine } from '../words/harmless.ts'
import { whoTexts } from '../words/who.ts'

export type Markup = ReturnType<typeof html> | ''

/** Who changed it, for the page: with persons, where they were asked for. */
export function whoMarkup(findings: readonly ReportFinding[]): Markup {
  const texts = whoTexts(findings, { persons: true })
  if (texts.length === 0) return ''
  return html`<p class="who">Changed by: ${texts.map((text) => harmlessLine(text)).join('; ')}.</p>
`
}
