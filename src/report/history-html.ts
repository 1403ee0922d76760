import { html, raw } from 'hono/html'
import type { EpisodeView, HistoryView, TenantView } from '../schema/history-view.ts'
import { plural } from '../words/plural.ts'
import { timeText } from '../words/age.ts'
import { ageText, lastRunText, spanText, becameText, tenantTitle, detectedText, whoText } from './history-text.ts'
import { htmlPage, type Markup } from './html-page.ts'
import { REPORT_STYLE } from './html-style.ts'
import { harmlessLine } from '../words/harmless.ts'
import { showName } from '../words/show.ts'
import { barsOf } from '../words/strip.ts'

const OWN_STYLE = `${REPORT_STYLE}
svg.line { display: block; width: 100%; height: 1.25rem; margin: 0.75rem 0 0.25rem; border: 1px solid var(--line); }
svg.line .in-sync { fill: var(--good); } svg.line .drifted { fill: var(--critical); } svg.line .incomplete { fill: var(--medium); }
summary h3 { display: inline; }
.ends { display: flex; gap: 1rem; justify-content: space-between; font-size: 0.85rem; color: var(--quiet); }
`

/** So much of what is over is there at once, more at a click. */
const MOST_OPEN = 10

/** One page on its own: a timeline for each tenant, what stands open, what came back, how long things took. No script, and nothing from outside. */
export function renderHistoryHtml(view: HistoryView): Promise<string> {
  const body = html`<header><h1>History of ${plural(view.tenants.length, 'tenant')}</h1><p class="lead">As of ${timeText(view.at)}.</p></header>
<main>${view.tenants.map((tenant) => tenantSection(tenant, view))}</main>
<footer><p>tenant-drift ${view.tool.version}</p></footer>`
  return htmlPage({ title: 'History', style: OWN_STYLE, body })
}

function tenantSection(tenant: TenantView, view: HistoryView): Markup {
  const own = view.episodes.filter((each) => each.tenant === tenant.address && each.view === tenant.view)
  const open = own.filter(({ state }) => state !== 'ended')
  const ended = own.filter(({ state }) => state === 'ended')
  const median = tenant.medianToResolve === null ? '' : `; half of them within ${spanText(tenant.medianToResolve)}`
  return html`<section>
<h2>${tenantTitle(tenant)}</h2>
<p>${lastRunText(tenant, view.at)}</p>
${detected(tenant)}
${timeline(tenant)}
<h3>${open.length === 0 ? 'No open differences' : `${plural(open.length, 'difference')} open`}</h3>
<ul class="cards">${open.map((each) => card(each, view.at))}</ul>
${
  ended.length === 0
    ? ''
    : html`<details class="all"${ended.length <= MOST_OPEN ? raw(' open') : ''}><summary><h3>${plural(ended.length, 'difference')} ended${median}</h3></summary>
<ul class="cards">${ended.map((each) => card(each, view.at))}</ul></details>`
}
</section>`
}

/** Its runs as a strip. What the colours say is told in words beside it. */
function timeline({ runs }: TenantView): Markup {
  const [first] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return ''
  const begin = Date.parse(first.from)
  const stretches = runs.map((run) => ({ verdict: run.verdict, from: Date.parse(run.from) }))
  const line = { begin, end: Math.max(Date.parse(last.to), begin + 1), width: 1000, least: 2 }
  const bars = barsOf(stretches, line).map(
    ({ stretch, from, width }) =>
      html`<rect class="${stretch.verdict}" x="${from.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="20"></rect>`,
  )
  const count = (verdict: string) => runs.reduce((sum, run) => sum + (run.verdict === verdict ? run.times : 0), 0)
  const words = `${plural(count('in-sync'), 'run')} in sync, ${count('drifted')} drifted, ${count('incomplete')} that could not tell`
  return html`<svg class="line" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" aria-label="${words}">${bars}</svg>
<p class="ends"><span>${timeText(first.from)}</span><span>${words}</span><span>${timeText(last.to)}</span></p>`
}

function detected(tenant: TenantView): Markup {
  const text = detectedText(tenant)
  return text === null ? '' : html`<p>${text}</p>`
}

function episodeWho(each: EpisodeView): Markup {
  const text = whoText(each)
  return text === null ? '' : html`<p class="who">${text}</p>`
}

function card(each: EpisodeView, at: string): Markup {
  const where = each.identifier === null ? 'the tenant' : showName(each.identifier)
  const age = each.state === 'ended' ? '' : `, for ${ageText(each.since, at)}`
  return html`<li class="card ${each.severity}">
<h3><span class="severity">${each.severity}</span> <code>${each.path === '' ? 'whole API' : showName(each.path)}</code>
${each.returns === 0 ? '' : html`<span class="tag">came back ${plural(each.returns, 'time')}</span>`}</h3>
<p class="api"><code>${where}</code></p>
<p>${harmlessLine(each.message)}</p>
${episodeWho(each)}
<p class="meta"><span>${becameText(each)}</span><span>since ${timeText(each.since)}${age}</span><code>${each.fingerprint}</code></p>
</li>`
}
