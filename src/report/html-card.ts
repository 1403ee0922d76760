import { html } from 'hono/html'
import { FINDING_INFO } from '../schema/finding.ts'
import type { ReportFinding } from '../schema/report.ts'
import { ageTags } from './age.ts'
import { plural } from '../schema/plural.ts'
import { safeLink, showName, showText, showValue, showAddress } from '../words/show.ts'
import { apiOf } from './words.ts'

/** A page has more room than a line of a terminal. */
const MOST_OF_A_VALUE = 2000

export type Markup = ReturnType<typeof html> | ''

/** One finding as a card. What the filter looks at stands in `data-` attributes and in the text. */
export function cardOf(finding: ReportFinding): Markup {
  const { kind, path, severity, seen, identifier, apis } = finding
  const where = identifier === null && apis !== undefined ? plural(apis, 'API') : apiOf(finding)
  return html`
<li class="card ${severity}" data-severity="${severity}" data-kind="${kind}" data-seen="${seen ?? ''}">
<h3><span class="severity">${severity}</span> <span class="what">${path === '' ? FINDING_INFO[kind].title : html`<code>${showName(path)}</code>`}</span>${tags(finding)}</h3>
<p class="api"><code>${where}</code></p>
${sides(finding)}
<p>${showText(path === '' || kind === 'unreadable' ? `${finding.message} ${finding.help}` : finding.help)}</p>
<p class="meta">${place(finding)}<span>fingerprint <code>${showName(finding.fingerprint)}</code></span>${reference(finding)}</p>
</li>`
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

function place({ file, line, address }: ReportFinding): Markup {
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
