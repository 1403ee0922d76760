import { html } from 'hono/html'
import type { StoredEpisode, StoredTransition, Stretch } from '../../history/front.ts'
import type { TransitionType } from '../../memory/types.ts'
import { timeOf } from '../../schema/clock.ts'
import { DAY_MS } from '../../schema/duration.ts'
import { GRAVEST_FIRST, type Severity, type Verdict } from '../../schema/finding.ts'
import { timeText } from '../../words/age.ts'
import { ENDING_WORDS, stateText, VERDICT_WORDS } from '../../words/episode.ts'
import { harmlessLine } from '../../words/harmless.ts'
import { plural } from '../../words/plural.ts'
import { showName } from '../../words/show.ts'
import { barsOf } from '../../words/strip.ts'
import type { PageMarkup } from './shell.ts'

/** Pieces that several pages have. Whatever came from a tenant passes `showName` or `harmlessLine`, and then the escaping of `html`. */

/** How far back a strip goes. */
export const STRIP_MS = 30 * DAY_MS

export function badge(verdict: Verdict | null): PageMarkup {
  return verdict === null
    ? html`<span class="badge">not looked at yet</span>`
    : html`<span class="badge ${verdict}">${VERDICT_WORDS[verdict]}</span>`
}

export function moment(at: number | null): PageMarkup {
  if (at === null) return html`<span class="quiet">never</span>`
  const time = timeOf(at)
  return html`<time datetime="${time}">${timeText(time)}</time>`
}

/** `3 d`, `5 h`, `2 min`. */
export function shortSpan(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  if (minutes < 1) return 'under 1 min'
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`
}

export function openText(open: Readonly<Record<Severity, number>>): PageMarkup {
  const there = GRAVEST_FIRST.filter((severity) => open[severity] > 0)
  if (there.length === 0) return html`<span class="quiet">none</span>`
  return html`${there.map((severity) => html`<span class="severity ${severity}">${open[severity]} ${severity}</span> `)}`
}

/** Thirty days as a strip. What the colours say is told in words beside it. */
export function strip(stretches: readonly Stretch[], now: number): PageMarkup {
  const begin = now - STRIP_MS
  const bars = barsOf(stretches, { begin, end: now, width: 300, least: 3 }).map(
    ({ stretch, from, width }) =>
      html`<rect class="${stretch.verdict}" x="${from.toFixed(0)}" y="0" width="${width.toFixed(0)}" height="20"/>`,
  )
  return html`<svg class="strip" viewBox="0 0 300 20" preserveAspectRatio="none" role="img" aria-label="${stripWords(stretches, begin, now)}">${bars}</svg>`
}

function stripWords(stretches: readonly Stretch[], begin: number, now: number): string {
  if (stretches.length === 0) return 'No run in 30 days'
  const shares = new Map<Verdict, number>()
  for (const [index, { from, verdict }] of stretches.entries()) {
    const [left, right] = [Math.max(begin, from), stretches[index + 1]?.from ?? now]
    shares.set(verdict, (shares.get(verdict) ?? 0) + Math.max(0, right - left))
  }
  const whole = Math.max(
    1,
    [...shares.values()].reduce((sum, share) => sum + share, 0),
  )
  const words = [...shares].map(
    ([verdict, share]) => `${VERDICT_WORDS[verdict]} ${Math.round((share / whole) * 100)} %`,
  )
  return `30 days: ${words.join(', ')}`
}

export function placeMarkup({ identifier, path }: Pick<StoredEpisode, 'identifier' | 'path'>): PageMarkup {
  const api = identifier === null ? 'the tenant' : showName(identifier)
  return html`<code>${path === '' ? 'whole API' : showName(path)}</code> of <code>${api}</code>`
}

export function episodeCard(episode: StoredEpisode, now: number, tenant: string | null = null): PageMarkup {
  const { severity, state, since, ended, returns, finding, fingerprint } = episode
  const stood = ended === null ? `for ${shortSpan(now - since)}` : `lasted ${shortSpan(ended - since)}`
  return html`<li class="card ${severity} ${state}">
<h3><span class="severity ${severity}">${severity}</span> <a href="/episodes/${episode.id}">${placeMarkup(episode)}</a></h3>
<p>${harmlessLine(finding.message)}</p>
<p class="meta">${tenant === null ? '' : html`<span>tenant <a href="/tenants/${tenant}">${tenant}</a></span>`}<span>${stateText(episode)}</span><span>since ${moment(since)}, ${stood}</span>${
    returns === 0 ? '' : html`<span>came back ${plural(returns, 'time')}</span>`
  }<code>${fingerprint}</code></p>
</li>`
}

const MOVES: Readonly<Record<TransitionType, string>> = {
  opened: 'opened',
  changed: 'changed',
  reopened: 'came back',
  resolved: 'ended',
  accepted: 'accepted for a while',
  expired: 'no longer accepted',
  unreadable: 'cannot be read',
  readable: 'can be read again',
  reminder: 'still open: reported again',
  noted: 'noted',
  gone: ENDING_WORDS.gone,
}

export function moveLine(move: StoredTransition): PageMarkup {
  const what =
    move.about === 'dark'
      ? html`${showName(move.dark.identifier ?? 'the tenant')} <span class="quiet">(${move.dark.code})</span>`
      : html`<a href="/episodes/${move.after.id}">${placeMarkup(move.after)}</a>`
  return html`<li>${moment(move.at)}<span><a href="/runs/${move.run}">${MOVES[move.type]}</a></span><span>${what}</span></li>`
}
