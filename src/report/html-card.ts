import { html, raw } from 'hono/html'
import { FINDING_INFO } from '../words/kinds.ts'
import type { ReportFinding } from '../schema/report.ts'
import { affectedText, affectedTogether, applicationTexts } from '../words/affected.ts'
import { ageTags } from '../words/age.ts'
import { plural } from '../words/plural.ts'
import { harmlessLine } from '../words/harmless.ts'
import { safeLink, showAddress, showName, showPlace } from '../words/show.ts'
import { shownSides } from '../words/sides.ts'
import { messageOfEach } from '../words/finding.ts'
import { apiOf } from '../words/told.ts'
import { whoTexts } from '../words/who.ts'
import type { Markup } from './html-page.ts'
import { type FindingGroup, type Member, isNamed } from '../words/group-findings.ts'

/** A page has more room than a line of a terminal. */
const MOST_OF_A_VALUE = 2000
const MOST_OPEN = 10

/** One finding as a card. What the filter looks at stands in `data-` attributes and in the text. */
export function cardOf(group: FindingGroup): Markup {
  const { first: finding, findings, members } = group
  const { kind, path, severity, seen, identifier, apis } = finding
  const isOne = !isNamed(group)
  const where = identifier === null && apis !== undefined ? plural(apis, 'API') : apiOf(finding)
  const message = members.length > 1 ? messageOfEach(finding) : finding.message
  return html`
<li class="card ${severity}" data-severity="${severity}" data-kind="${kind}" data-seen="${seen ?? ''}" data-findings="${findings.length}">
<h3><span class="severity">${severity}</span> <span class="what">${path === '' ? FINDING_INFO[kind].title : html`<code>${showName(path)}</code>`}</span>${tags(finding)}</h3>
${isOne ? html`<p class="api"><code>${where}</code></p>` : membersOf(members)}
${sidesMarkup(finding)}
<p>${harmlessLine(path === '' || kind === 'unreadable' ? `${message} ${finding.help}` : finding.help)}</p>
${whoMarkup(findings)}${affectedMarkup(findings)}
<p class="meta">${isOne || identifier === null ? html`${place(finding)}<span>fingerprint <code>${showName(finding.fingerprint)}</code></span>` : ''}${reference(finding)}</p>
</li>`
}

/** Few names are there at once, many at a click; each with its place and the fingerprint of its own finding. */
function membersOf(members: readonly Member[]): Markup {
  return html`<details class="apis"${members.length <= MOST_OPEN ? raw(' open') : ''}><summary>${plural(members.length, 'API')}</summary>
<ul>${members.map(
    (member) => html`
<li><code>${showName(member.identifier)}</code> <span class="meta">${place(member)}<span>fingerprint <code>${showName(member.fingerprint)}</code></span></span></li>`,
  )}
</ul></details>`
}

function tags(finding: ReportFinding): readonly Markup[] {
  const { origin, impact, direction, seen, kind } = finding
  const words = [
    ...(origin === 'conflict' || origin === 'pending' ? [origin] : []),
    ...(impact === 'breaks-clients' ? ['stops clients'] : []),
    ...(direction === 'weakened' && kind !== 'weaker-declaration' ? ['less safe'] : []),
    ...(seen === null ? [] : [seen]),
    ...ageTags(finding),
  ]
  return words.map((word) => html` <span class="tag">${word}</span>`)
}

function sidesMarkup(finding: ReportFinding): Markup {
  const rows = shownSides(finding, MOST_OF_A_VALUE)
  if (rows.length === 0) return ''
  // Of a declaration that became weaker the one before is what should stand there.
  const colours =
    finding.kind === 'weaker-declaration'
      ? { recorded: 'old', before: 'old', declared: 'new', live: 'new' }
      : { recorded: 'old', before: 'base', declared: 'old', live: 'new' }
  return html`<dl>${rows.map(([label, value]) => html`<div class="${colours[label]}"><dt>${label}</dt><dd><code>${value}</code></dd></div>`)}</dl>`
}

/** Who changed it, with persons, where they were asked for. */
function whoMarkup(findings: readonly ReportFinding[]): Markup {
  const texts = whoTexts(findings, { persons: true })
  if (texts.length === 0) return ''
  return html`<p class="who">Changed by: ${texts.map((text) => harmlessLine(text)).join('; ')}.</p>
`
}

/** Whom it hits: one line, and the applications at a click. */
function affectedMarkup(findings: readonly ReportFinding[]): Markup {
  const affected = affectedTogether(findings)
  if (affected === null) return ''
  const texts = applicationTexts(affected)
  if (texts.length === 0) return html`<p class="affected">${affectedText(affected)}</p>`
  return html`<details class="apis affected"><summary>${affectedText(affected)}</summary>
<ul>${texts.map((text) => html`<li><code>${text}</code></li>`)}</ul></details>`
}

function place({ file, line, address }: Pick<ReportFinding, 'file' | 'line' | 'address'>): Markup {
  const source = address === undefined ? '' : html`<span><code>${showAddress(address)}</code></span>`
  if (file === null) return source
  return html`${source}<span><code>${showPlace({ file, line })}</code></span>`
}

function reference({ link, kind, path }: ReportFinding): Markup {
  const address = safeLink(link)
  if (address === null) return ''
  const what = path === '' ? FINDING_INFO[kind].title : showName(path)
  return html`<a href="${address}" rel="noreferrer noopener" aria-label="Reference: ${what}">reference</a>`
}
