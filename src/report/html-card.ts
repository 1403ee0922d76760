import { html, raw } from 'hono/html'
import { FINDING_INFO } from '../words/kinds.ts'
import type { ReportFinding } from '../schema/report.ts'
import { ageTags } from '../words/age.ts'
import { plural } from '../words/plural.ts'
import { harmlessLine } from '../words/harmless.ts'
import { safeLink, showAddress, showName } from '../words/show.ts'
import { showValue } from '../words/show-value.ts'
import { messageOfEach } from '../words/finding.ts'
import { affectedMarkup } from './affected-card.ts'
import { apiOf } from '../words/told.ts'
import { whoMarkup, type Markup } from './who-markup.ts'
import { type FindingGroup, type Member, isNamed } from '../words/group-findings.ts'

/** A page has more room than a line of a terminal. */
const MOST_OF_A_VALUE = 2000
const MOST_OPEN = 10

export type { Markup }

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
${sides(finding)}
<p>${harmlessLine(path === '' || kind === 'unreadable' ? `${message} ${finding.help}` : finding.help)}</p>
${whoMarkup(group.findings)}${affectedMarkup(group)}
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

function sides(finding: ReportFinding): Markup {
  if (finding.path === '' || finding.kind === 'unreadable') return ''
  const shown = (name: 'declared' | 'base' | 'live') => showValue(finding[name], finding.path, MOST_OF_A_VALUE)
  const [declared, base, live] = [shown('declared'), shown('base'), shown('live')]
  if (finding.kind === 'weaker-declaration') {
    return html`<dl>${side('before', base ?? '(not declared)', 'old')}${side('declared', declared ?? '(not declared)', 'new')}</dl>`
  }
  const isWatched = finding.kind === 'undeclared' || finding.kind === 'unknown-field'
  return html`<dl>${isWatched && base !== null ? side('recorded', base, 'old') : ''}${
    !isWatched && base !== null && base !== declared ? side('before', base, 'base') : ''
  }${isWatched ? '' : side('declared', declared ?? '(not declared)', 'old')}${side('live', live ?? '(not set)', 'new')}</dl>`
}

function side(label: string, value: string, className: string): Markup {
  return html`<div class="${className}"><dt>${label}</dt><dd><code>${value}</code></dd></div>`
}

function place({ file, line, address }: Pick<ReportFinding, 'file' | 'line' | 'address'>): Markup {
  const source = address === undefined ? '' : html`<span><code>${showAddress(address)}</code></span>`
  if (file === null) return source
  return html`${source}<span><code>${showName(file)}${line === null ? '' : `:${line}`}</code></span>`
}

function reference({ link, kind, path }: ReportFinding): Markup {
  const address = safeLink(link)
  if (address === null) return ''
  const what = path === '' ? FINDING_INFO[kind].title : showName(path)
  return html`<a href="${address}" rel="noreferrer noopener" aria-label="Reference: ${what}">reference</a>`
}
