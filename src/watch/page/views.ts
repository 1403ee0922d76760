import { html } from 'hono/html'
import type { RunRow } from '../../memory/types.ts'
import type { StoredEpisode, StoredRun, StoredTransition, Stretch } from '../../history/front.ts'
import { isJsonObject, type Json } from '../../schema/json.ts'
import type { Proof } from '../../schema/proof.ts'
import type { Report } from '../../schema/report.ts'
import type { Affected } from '../../schema/affected.ts'
import { timeOf } from '../../schema/clock.ts'
import { noneOfAny } from '../../schema/finding.ts'
import { affectedText } from '../../words/affected.ts'
import { stateText } from '../../words/episode.ts'
import { harmlessLine } from '../../words/harmless.ts'
import { plural } from '../../words/plural.ts'
import { showName } from '../../words/show.ts'
import { showValue } from '../../words/show-value.ts'
import { tenantFlag, waysBack } from '../../words/ways.ts'
import { whoTexts } from '../../words/who.ts'
import { SEARCHED } from '../find.ts'
import type { FleetLine } from '../service.ts'
import type { FollowState } from '../types.ts'
import { badge, episodeCard, moment, moveLine, openText, placeMarkup, shortSpan, strip } from './parts.ts'
import type { PageMarkup } from './shell.ts'

export interface FleetPage {
  readonly lines: readonly FleetLine[]
  readonly total: number
  readonly drifted: number
  readonly inSync: number
  readonly page: number
  readonly pages: number
  readonly strips: ReadonlyMap<number, readonly Stretch[]>
  readonly troubles: readonly string[]
  readonly now: number
}

export function fleetPage(view: FleetPage): PageMarkup {
  const { lines, total, drifted, inSync, page, pages, troubles, now } = view
  const rest = total - drifted - inSync
  return html`<h1>${plural(total, 'tenant')}</h1>
<p class="lead">${drifted} drifted, ${rest} that could not be judged or were not checked yet, ${inSync} in sync.</p>
${troubles.length === 0 ? '' : html`<p class="box bad">The service is not ready: ${troubles.join(', ')}.</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Tenants">
<table>
<caption>${pages === 1 ? 'Drifted tenants first, the most severe before the others.' : `Page ${page} of ${pages}; drifted tenants first, the most severe before the others.`}</caption>
<thead><tr><th scope="col">Tenant</th><th scope="col">Verdict</th><th scope="col">Open</th><th scope="col">Oldest</th><th scope="col">Last complete run</th><th scope="col">Next run</th><th scope="col">30 days</th></tr></thead>
<tbody>${lines.map((line) => fleetRow(line, view.strips, now))}</tbody>
</table>
</div>
${pages === 1 ? '' : pager(page, pages)}`
}

function fleetRow({ tenant, standing, waiting }: FleetLine, strips: FleetPage['strips'], now: number): PageMarkup {
  const oldest = standing?.oldest ?? null
  return html`<tr><th scope="row"><a href="/tenants/${tenant.name}">${tenant.name}</a></th><td>${badge(standing?.run?.verdict ?? null)}</td><td>${openText(standing?.open ?? noneOfAny())}</td><td class="time">${oldest === null ? '' : shortSpan(now - oldest)}</td><td class="time">${moment(standing?.lastComplete ?? null)}</td><td class="time">${waiting === null ? '' : nextText(waiting)}</td><td>${strip(strips.get(standing?.tenant.id ?? -1) ?? [], now)}</td></tr>`
}

function nextText({ ready, isTaken }: { readonly ready: number; readonly isTaken: boolean }): PageMarkup {
  return isTaken ? 'running now' : moment(ready)
}

function pager(page: number, pages: number): PageMarkup {
  return html`<nav class="pages" aria-label="Pages">${page > 1 ? html`<a rel="prev" href="/?page=${page - 1}">Before</a>` : ''}<span>Page ${page} of ${pages}</span>${page < pages ? html`<a rel="next" href="/?page=${page + 1}">Next</a>` : ''}</nav>`
}

export interface TenantPage {
  readonly line: FleetLine
  readonly open: readonly StoredEpisode[]
  readonly moves: readonly StoredTransition[]
  readonly runs: readonly RunRow[]
  readonly stretches: readonly Stretch[]
  /** Why the last run could not tell; empty where it could. */
  readonly errors: Report['errors']
  readonly hasStream: boolean
  readonly now: number
}

const MOST_CARDS = 200

export function tenantPage({ line, open, moves, runs, stretches, errors, hasStream, now }: TenantPage): PageMarkup {
  const { tenant, standing, waiting } = line
  const [counting, accepted] = [
    open.filter(({ state }) => state === 'open'),
    open.filter(({ state }) => state !== 'open'),
  ]
  const isKnown = standing?.run?.verdict === 'in-sync' || standing?.run?.verdict === 'drifted'
  const none = isKnown ? 'No open differences' : 'No known open differences'
  return html`<p class="where"><a href="/">All tenants</a></p>
<h1>${tenant.name} ${badge(standing?.run?.verdict ?? null)}</h1>
${errors.map(({ code, message, advice }) => html`<div class="box bad"><p><strong>${code}</strong>: ${harmlessLine(message)}</p><p>${harmlessLine(advice)}</p></div>`)}
<dl class="facts">
<dt>Address</dt><dd><code>${showName(tenant.key.address)}</code></dd>
<dt>Last complete run</dt><dd>${moment(standing?.lastComplete ?? null)}</dd>
<dt>Next run</dt><dd>${waiting === null ? 'none' : nextText(waiting)} <span class="quiet">(${tenant.schedule.text})</span></dd>
${tenant.follows === null ? '' : html`<dt>Follows</dt><dd>${followText(tenant.follows())}</dd>`}
<dt>Log stream</dt><dd>${hasStream ? html`<code>/hooks/auth0/${tenant.name}</code>` : 'none: with log_stream, changes are seen in seconds'}</dd>
<dt>30 days</dt><dd>${strip(stretches, now)}</dd>
</dl>
<form class="act" method="post" action="/tenants/${tenant.name}/check"><button id="check">Check now</button><span class="quiet">It reads the tenant and changes nothing.</span></form>
<h2>${counting.length === 0 ? none : `${plural(counting.length, 'difference')} open`}</h2>
<ul class="cards">${counting.slice(0, MOST_CARDS).map((each) => episodeCard(each, now))}</ul>
${counting.length > MOST_CARDS ? html`<p>${counting.length - MOST_CARDS} more are in the report of the last run.</p>` : ''}
${accepted.length === 0 ? '' : html`<h2>${plural(accepted.length, 'difference')} accepted for a while</h2><ul class="cards">${accepted.slice(0, MOST_CARDS).map((each) => episodeCard(each, now))}</ul>`}
<h2>What happened</h2>
${moves.length === 0 ? html`<p class="quiet">Nothing yet.</p>` : html`<ol class="moves">${moves.map(moveLine)}</ol>`}
<h2>Runs</h2>
${runs.length === 0 ? html`<p class="quiet">None yet.</p>` : runTable(runs)}`
}

function followText({ repository, branch, commit, at, fault }: FollowState): PageMarkup {
  const tip = commit === null ? 'never fetched' : html`at <code>${shortCommit(commit)}</code>`
  const when = at === null ? '' : html`, fetched ${moment(at)}`
  return html`<code>${showName(repository)}</code>, branch <code>${showName(branch)}</code>, ${tip}${when}${fault === null ? '' : html`; <strong>the last fetch failed</strong>: ${harmlessLine(fault)}`}`
}

function shortCommit(commit: string): string {
  return showName(commit.slice(0, 12))
}

function runTable(runs: readonly RunRow[]): PageMarkup {
  const hasCommit = runs.some(({ commit }) => commit !== null)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table><caption>Runs in a row that said the same are one line.</caption>
<thead><tr><th scope="col">Run</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Runs</th><th scope="col">Verdict</th><th scope="col">Counting</th>${hasCommit ? html`<th scope="col">Commit</th>` : ''}</tr></thead>
<tbody>${runs.map((run) => html`<tr><td><a href="/runs/${run.id ?? 0}">${run.id ?? ''}</a></td><td class="time">${moment(run.firstAt)}</td><td class="time">${moment(run.lastAt)}</td><td>${run.times}</td><td>${badge(run.verdict)}</td><td>${run.counting}</td>${hasCommit ? html`<td>${run.commit === null ? '' : html`<code>${shortCommit(run.commit)}</code>`}</td>` : ''}</tr>`)}</tbody></table></div>`
}

/** How a tenant is called that no configuration names. */
const UNNAMED = 'default'

export interface EpisodePage {
  readonly episode: StoredEpisode
  readonly tenant: string
  /** Whether it is all that the service looks at. */
  readonly isAlone: boolean
  readonly moves: readonly StoredTransition[]
  readonly told: readonly string[]
  /** Whom it hits, as the newest report says; null where nobody asked. */
  readonly affected: Affected | null
  readonly now: number
}

export function episodePage({ episode, tenant, isAlone, moves, told, affected, now }: EpisodePage): PageMarkup {
  const { finding, severity, since, first, ended, returns, seen, fingerprint, kind, origin, accepted } = episode
  // Where none is configured there is nothing to choose.
  const of = tenantFlag(isAlone && tenant === UNNAMED ? null : tenant)
  const [declared, live] = [
    showValue(finding.declared, episode.path, 2000),
    showValue(finding.live, episode.path, 2000),
  ]
  return html`<p class="where"><a href="/">All tenants</a> / <a href="/tenants/${tenant}">${tenant}</a></p>
<h1><span class="severity ${severity}">${severity}</span> ${placeMarkup(episode)}</h1>
<p class="lead">${harmlessLine(finding.message)}</p>
<dl class="sides"><div class="old"><dt>Declared</dt><dd><code>${declared ?? 'not declared'}</code></dd></div><div class="new"><dt>${ended === null ? 'Live' : 'Live, as it was'}</dt><dd><code>${live ?? 'not set'}</code></dd></div></dl>
<dl class="facts">
<dt>State</dt><dd>${stateText(episode)}${accepted === null ? '' : html`: ${showName(accepted.reason)} (${showName(accepted.owner)}, until ${accepted.expires})`}</dd>
<dt>Since</dt><dd>${moment(since)} <span class="quiet">(${ended === null ? shortSpan(now - since) : `until ${timeOf(ended)}`})</span></dd>
<dt>First seen</dt><dd>${moment(first)}${returns === 0 ? '' : html`, came back ${plural(returns, 'time')}`}</dd>
<dt>Last seen</dt><dd>${moment(seen)}</dd>
<dt>Kind</dt><dd>${kind}${origin === null ? '' : `, ${origin}`}</dd>
<dt>Changed by</dt><dd>${finding.changedBy === undefined ? html`<span class="quiet">not asked (who: true)</span>` : harmlessLine(whoTexts([finding], { persons: true })[0] ?? '')}</dd>
<dt>Affected</dt><dd>${affected === null ? html`<span class="quiet">not asked (affected: true)</span>` : harmlessLine(affectedText(affected))}</dd>
<dt>Reported to</dt><dd>${told.length === 0 ? 'no channel' : told.map((each) => showName(each)).join(', ')}</dd>
<dt>Fingerprint</dt><dd><code>${fingerprint}</code></dd>
</dl>
<h2>What happened</h2>
<ol class="moves">${moves.map(moveLine)}</ol>
${ended === null ? wayBack(episode, of) : ''}`
}

/** Commands for whoever has the code at hand. */
function wayBack(episode: StoredEpisode, of: string): PageMarkup {
  const { fingerprint } = episode
  const only = `${of} --only ${fingerprint}`
  const accept = `tenant-drift accept${of} ${fingerprint} --reason "..." --owner you --expires YYYY-MM-DD`
  const ways = [...waysBack([episode], { repair: only, adopt: only }), ['To accept it for a while:', accept] as const]
  return html`<h2>The way back</h2>
<p>Run these commands where the code is; this page does not run them. <code>repair</code> only prints: somebody who may write to the tenant sends it.</p>
${ways.map(([when, command]) => html`<p>${when} <code>${command}</code></p>`)}`
}

export interface RunPage {
  readonly found: StoredRun
  readonly tenant: string
  readonly moves: readonly StoredTransition[]
  /** Null where it is not kept. */
  readonly report: Report | null
}

export function runPage({ found, tenant, moves, report }: RunPage): PageMarkup {
  const { run } = found
  const proof = report?.proof ?? null
  return html`<p class="where"><a href="/">All tenants</a> / <a href="/tenants/${tenant}">${tenant}</a></p>
<h1>Run ${run.id ?? ''} ${badge(run.verdict)}</h1>
<dl class="facts">
<dt>When</dt><dd>${moment(run.firstAt)}${run.times === 1 ? '' : html` to ${moment(run.lastAt)}, ${plural(run.times, 'run')} that said the same`}</dd>
<dt>Counting</dt><dd>${run.counting} <span class="quiet">(${openText(run.bySeverity)})</span>, ${plural(run.notices, 'notice')}</dd>
<dt>Looked at</dt><dd>${run.covers === 'all' ? 'all APIs' : 'some APIs'}</dd>
<dt>Requests</dt><dd>${run.requests ?? 'not known'}, ${plural(run.waits ?? 0, 'wait')} for the rate limit</dd>
<dt>Took</dt><dd>${run.took === null ? 'not known' : `${run.took} ms`}</dd>
<dt>tenant-drift</dt><dd>${run.tool}${run.commit === null ? '' : html`, commit <code>${showName(run.commit)}</code>`}</dd>
</dl>
<h2>What it changed</h2>
${moves.length === 0 ? html`<p class="quiet">Nothing.</p>` : html`<ol class="moves">${moves.map(moveLine)}</ol>`}
<h2>Proof</h2>
${proof !== null ? proofList(proof) : html`<p class="quiet">${report === null ? 'The report of this run is not kept. Reports are kept of runs that changed something, and of the newest run of each tenant.' : 'It read nothing.'}</p>`}
${report === null ? '' : html`<p><a href="/api/v1/runs/${run.id ?? 0}/report">The whole report, as JSON</a></p>`}`
}

function proofPart(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : (value as readonly Json[]).map(proofPart).join('; ')
  if (isJsonObject(value))
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${proofPart(inner)}`)
      .join(', ')
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : JSON.stringify(value)
}

function proofList(proof: Proof): PageMarkup {
  const rows = Object.entries(proof).map(([key, value]) => [key, showName(proofPart(value as Json))] as const)
  return html`<dl class="facts">${rows.map(([key, value]) => html`<dt>${key}</dt><dd><code>${value}</code></dd>`)}</dl>`
}

export function searchPage(
  text: string,
  found: readonly (readonly [StoredEpisode, string])[],
  most: number,
  now: number,
): PageMarkup {
  return html`<h1>Search</h1>
${
  text === ''
    ? html`<p>By ${SEARCHED}.</p>`
    : html`<h2>${found.length === 0 ? 'No difference was ever seen with' : `${plural(found.length, 'difference')}${found.length === most ? ' and perhaps more' : ''} with`} <bdi>${showName(text)}</bdi></h2>`
}
<ul class="cards">${found.map(([episode, tenant]) => episodeCard(episode, now, tenant))}</ul>
<p><a href="/">All tenants</a></p>`
}
