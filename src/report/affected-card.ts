import { html } from 'hono/html'
import { affectedText, applicationTexts, jointAffected } from '../words/affected.ts'
import type { FindingGroup } from '../words/group-findings.ts'
import { affectedIn } from './affected-lines.ts'

/** Whom a card hits: one line, and the applications at a click. */
export function affectedMarkup({ findings }: Pick<FindingGroup, 'findings'>): ReturnType<typeof html> | '' {
  const each = affectedIn(findings)
  if (each.length === 0) return ''
  const joint = jointAffected(each)
  const texts = applicationTexts(joint)
  if (texts.length === 0) return html`<p class="affected">${affectedText(joint)}</p>`
  return html`<details class="apis affected"><summary>${affectedText(joint)}</summary>
<ul>${texts.map((text) => html`<li><code>${text}</code></li>`)}</ul></details>`
}
