import { dayOf } from '../schema/clock.ts'
import { compareSeverity, isHidden, type Shown } from '../schema/finding.ts'
import { canonicalText, sameJson, type Json } from '../schema/json.ts'
import type { Report } from '../schema/report.ts'
import type { Standing, StandingAt } from '../schema/standing.ts'
import type { Seen, SeenPlace } from './seen.ts'
import type { Acceptance, Episode, EpisodeTransition, KeptFinding } from './types.ts'
import type { Ending, ExpiredWhy } from '../schema/episode.ts'

interface EpisodeContext {
  readonly report: Report
  readonly now: number
  readonly settings: { readonly recurringWithin: number; readonly remindAfter: number | null }
}

type Type = EpisodeTransition['type']
type Extra = Pick<EpisodeTransition, 'why' | 'isRejudged'>

/** What becomes of a place that the report speaks of; null where nothing does. */
export function moveSeen(before: Episode | null, at: SeenPlace, about: EpisodeContext): EpisodeTransition | null {
  if (at.form === 'accepted') return moveAccepted(before, at, about)
  // A pending change or a notice at a place neither opens nor ends an episode there.
  if (at.form !== 'counts') return null
  if (before === null) return transition('opened', null, opened(null, at, about), about)
  switch (before.state) {
    case 'ended':
      return moveReturned(before, at, about)
    case 'accepted': {
      const after = { ...updated(before, at, about), state: 'open' as const, accepted: null, spoken: about.now }
      return transition('expired', before, after, about, { why: whyExpired(before, about) })
    }
    case 'open':
      return moveOpen(before, at, about)
  }
}

/** What becomes of an open or accepted episode of which the report says nothing; null where nothing does. */
export function moveUnseen(
  before: Episode,
  seen: Seen,
  standingAt: StandingAt | null,
  about: EpisodeContext,
): EpisodeTransition | null {
  if (standingAt === null || seen.isDark(before)) return null
  const around = seen.around(before)
  // A difference around it that is pending or a notice hides the place: that the report is silent about it proves nothing.
  if (around !== null && around.form !== 'counts' && around.form !== 'accepted') return null
  const standing = standingAt(before.identifier, before.path)
  if (standing.look === 'none') return null
  if (around !== null) return transition('gone', before, ended(before, 'gone', about), about)
  return transition('resolved', before, ended(before, endingOf(before, standing), about), about)
}

function moveAccepted(before: Episode | null, at: SeenPlace, about: EpisodeContext): EpisodeTransition | null {
  if (before === null || before.state === 'ended') {
    const after = { ...opened(before, at, about), state: 'accepted' as const }
    return transition('accepted', before, after, about, {}, false)
  }
  const after = { ...updated(before, at, about), state: 'accepted' as const, accepted: at.accepted }
  if (before.state === 'open') return transition('accepted', before, { ...after, spoken: about.now }, about)
  return isSame(before, after) ? null : transition('noted', before, after, about)
}

function moveReturned(before: Episode, at: SeenPlace, about: EpisodeContext): EpisodeTransition {
  const isRecurring = about.now - (before.ended ?? 0) <= about.settings.recurringWithin
  const fresh = opened(before, at, about)
  if (!isRecurring) return transition('opened', before, fresh, about)
  return transition('reopened', before, { ...fresh, first: before.first, returns: before.returns + 1 }, about)
}

function moveOpen(before: Episode, at: SeenPlace, about: EpisodeContext): EpisodeTransition | null {
  const after = updated(before, at, about)
  const isOtherLive = at.finding.kind !== 'unknown-field' && !sameShown(before.finding.live, at.finding.live)
  const isOtherJudgement =
    before.kind !== after.kind ||
    (before.origin !== 'conflict' && after.origin === 'conflict') ||
    compareSeverity(after.severity, before.top) > 0
  const isRejudged = !isOtherLive && before.tool !== after.tool && isOtherJudgement
  if (isOtherLive || (isOtherJudgement && !isRejudged)) {
    return transition('changed', before, { ...after, spoken: about.now }, about)
  }
  return moveReminded(before, after, about, isRejudged ? { isRejudged } : {})
}

function moveReminded(before: Episode, after: Episode, about: EpisodeContext, extra: Extra): EpisodeTransition | null {
  const { now, settings } = about
  const isDue = settings.remindAfter !== null && now - before.spoken >= settings.remindAfter
  if (isDue) return transition('reminder', before, { ...after, spoken: now }, about)
  // After a clock was set back, reminders count from now: else none would come until the clock has caught up.
  const isAhead = settings.remindAfter !== null && before.spoken > now
  const noted = isAhead ? { ...after, spoken: now } : after
  return isSame(before, noted) ? null : transition('noted', before, noted, about, extra)
}

function transition(
  type: Type,
  before: Episode | null,
  after: Episode,
  { now }: EpisodeContext,
  extra: Extra = {},
  told: boolean = type !== 'noted' && type !== 'gone',
): EpisodeTransition {
  return { about: 'episode', type, at: now, told, before, after: { ...after, moves: after.moves + 1 }, ...extra }
}

/** An episode that begins, in the row of the one that ended there, if there was one. */
function opened(before: Episode | null, { finding, accepted }: SeenPlace, { report, now }: EpisodeContext): Episode {
  return {
    id: before?.id ?? null,
    firstRun: before?.firstRun ?? null,
    moves: before?.moves ?? 0,
    identifier: finding.identifier,
    path: finding.path,
    ...judgedAs(finding, report),
    state: 'open',
    top: finding.severity,
    since: now,
    first: now,
    seen: now,
    row: 0,
    form: 'counts',
    ended: null,
    how: null,
    returns: 0,
    spoken: now,
    accepted,
  }
}

function updated(before: Episode, { finding }: SeenPlace, { report }: EpisodeContext): Episode {
  const top = compareSeverity(finding.severity, before.top) > 0 ? finding.severity : before.top
  return { ...before, ...judgedAs(finding, report), top }
}

function judgedAs(finding: KeptFinding, report: Report) {
  const { kind, fingerprint, origin, severity } = finding
  return { kind, fingerprint, origin, severity, tool: report.tool.version, finding }
}

function ended(before: Episode, how: Ending, { now }: EpisodeContext): Episode {
  return { ...before, state: 'ended', ended: now, how, accepted: null, row: 0 }
}

/**
 * How an episode ended: the tenant was set back (`mended`), or the code or the record now says what stands there (`adopted`). The value of a secret is not
 * known, so a secret always counts as mended.
 */
function endingOf({ kind, finding }: Episode, standing: Exclude<Standing, { look: 'none' }>): Ending {
  if (standing.look === 'unwatched') return 'unwatched'
  const stands = standing.live !== undefined
  switch (kind) {
    case 'missing':
      return stands ? 'mended' : 'adopted'
    case 'unmanaged':
    case 'unknown-field':
      return stands ? 'adopted' : 'mended'
    default:
      return !isHidden(finding.live) && sameShown(finding.live, standing.live) ? 'adopted' : 'mended'
  }
}

/** A rule ends by its day, by a value that it does not accept, or by being taken out. */
function whyExpired({ accepted }: Episode, { report, now }: EpisodeContext): ExpiredWhy {
  if (accepted === null) return 'rule'
  if (dayOf(now) > accepted.expires) return 'day'
  const isThere = report.rules.some(({ rule }) => isRule(accepted, rule))
  return isThere ? 'value' : 'rule'
}

function isRule(a: Acceptance, b: Acceptance): boolean {
  return a.reason === b.reason && a.owner === b.owner && a.expires === b.expires
}

function sameShown(a: Shown | undefined, b: Shown | undefined): boolean {
  return sameJson(a as Json | undefined, b as Json | undefined)
}

function isSame(a: Episode, b: Episode): boolean {
  return canonicalText(a as unknown as Json) === canonicalText(b as unknown as Json)
}
