import {
  notKnown,
  type ChangedBy,
  type Deed,
  type KeptBy,
  type WhoLikely,
  type WhoNotKnown,
} from '../schema/changed-by.ts'
import type { LogEvent } from '../schema/log-event.ts'
import { systemKind } from '../schema/system-apis.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { CLOCK_DOUBT, momentsOf, type Moments } from './moments.ts'
import {
  contradiction,
  eventsOf,
  follows,
  leadsTo,
  sameStanding,
  sends,
  standingIn,
  standingOf,
  type Asked,
  type Moment,
  type PastReading,
  type Stood,
} from './timeline.ts'

const MINUTE = 60_000
/** The service names no delay. Events this young may have some before them that are not there yet. */
export const SETTLED_AFTER = 15 * MINUTE
/** A form sends everything; whoever sends so few keys means them. */
const FEW_KEYS = 3

/** What is known beside the question. All times are epoch ms. */
export interface Evidence {
  /** Of all APIs, the oldest first. */
  readonly events: readonly LogEvent[]
  /** When the tenant was read, by its own clock. */
  readonly readAt: number
  /** So far back nothing is missing but what is late. */
  readonly reachesTo: number
  /** False where there was more than may be read. */
  readonly isWhole: boolean
  /** Complete readings of before, the oldest first. */
  readonly past: readonly PastReading[]
  /** What an earlier run found out of the same value, which has stood there since; null for nothing. */
  readonly known: ChangedBy | null
}

/**
 * Who made the tenant what it is at one place. A body says what was sent, not what changed: deploys and forms send everything again. So it is the last
 * event whose answer shows the live value while what stood before showed another one. Never a guess: what is not proven is likely, or not known.
 */
export function whoChanged(asked: Asked, evidence: Evidence): ChangedBy {
  const [field = ''] = asked.path
  // Set through another endpoint, or by the service itself: whatever an event has there, it did not do it.
  if (field === 'client_id' || (field === 'scopes' && asked.live !== null && systemKind(asked.live) !== null))
    return notKnown('no-event')
  const events = eventsOf(evidence.events, asked, evidence.past)
  if (field === SIGNING_SECRET) return whoChangedSecret(events, evidence)
  const live: Stood = standingIn(
    asked.live === null ? { is: 'gone' } : { is: 'api', api: asked.live, veiled: [] },
    asked,
  ) ?? { isThere: false, value: undefined }
  return walk(asked, live, momentsOf(asked, events, evidence), evidence)
}

function walk(asked: Asked, live: Stood, { list: moments, isTorn }: Moments, evidence: Evidence): ChangedBy {
  const newest = moments.findLast((moment) => moment.kind === 'event')
  const lag = (at: number): WhoNotKnown => (isTooNew(at, evidence) ? 'logs-lag' : 'no-event')
  const unsaid = (given: WhoNotKnown, sentBy?: LogEvent): ChangedBy => {
    const reason = given === 'older-than-the-logs' && isTorn ? lag(newest?.at ?? -Infinity) : given
    const isCut = reason === 'older-than-the-logs' || reason === 'no-event'
    const told = notKnown(isCut && !evidence.isWhole ? 'too-many-events' : reason)
    return sentBy === undefined ? told : { ...told, sentBy: deedOf(sentBy) }
  }
  if (newest !== undefined) {
    const fault = contradiction(asked, newest.state)
    if (fault === 'differs') return unsaid(lag(newest.at))
    if (fault === 'hidden') return unsaid('masked')
  }
  const keepers: LogEvent[] = []
  let known: ChangedBy | null = null
  for (let place = moments.length - 1; place >= 0; place -= 1) {
    const moment = moments[place] as Moment
    if (known !== null && moment.at < Date.parse(known.at ?? '')) break
    const stood = standingOf(moment, asked)
    if (stood === null) return unsaid('masked')
    // Between what stood there at a moment and what stands there now nothing is known to have happened.
    if (!sameStanding(stood, live)) return unsaid(lag(moment.at))
    if (moment.kind === 'reading') {
      // What was found out by then stands, unless an event that has come since then shows it to be wrong.
      if (moment.reading === evidence.past.at(-1)) ({ known } = evidence)
      continue
    }
    const { event } = moment
    const before = standingBefore(asked, moments, place)
    const isSent = sends(event, asked)
    if (known?.log === event.log) {
      if (before === null || !sameStanding(before, live)) break
      known = null
    }
    if (before !== null && !sameStanding(before, live) && isSent)
      return found(event, keepers, whyNotCertain(moments, place, keepers, evidence))
    if (known !== null || (before !== null && sameStanding(before, live))) {
      if (isSent && event.method !== 'post' && event.method !== 'delete') keepers.push(event)
      continue
    }
    const why = whyUnproven(asked, live, event, moments.slice(0, place))
    if (why === 'first-known') return found(event, keepers, why)
    if (why === 'no-event') return unsaid(lag(event.at))
    return unsaid(why, why === 'older-than-the-logs' && isSent ? event : undefined)
  }
  return known === null ? unsaid('older-than-the-logs', keepers.at(-1)) : withKeepers(known, keepers, evidence)
}

/**
 * Of an event of which nothing is known before: who sent few keys and this among them is likely, if nobody is known to have sent it earlier. `no-event`: something
 * came between that nobody saw.
 */
function whyUnproven(
  asked: Asked,
  live: Stood,
  event: LogEvent,
  earlier: readonly Moment[],
): 'first-known' | 'masked' | 'no-event' | 'older-than-the-logs' {
  const isFirst = earlier.every((each) => {
    const stood = standingOf(each, asked)
    return stood !== null && !sameStanding(stood, live)
  })
  const isMeant = sends(event, asked) && (event.method === 'delete' || (event.sent?.length ?? Infinity) <= FEW_KEYS)
  if (isFirst && isMeant) return 'first-known'
  const last = earlier.at(-1)
  if (last === undefined) return 'older-than-the-logs'
  return last.kind === 'event' && last.state.is === 'unknown' ? 'masked' : 'no-event'
}

/** What stood there before an event: what the moment before it shows, if all that the event did not send is as it was; null where that is not known. */
function standingBefore(asked: Asked, moments: readonly Moment[], place: number): Stood | null {
  const moment = moments[place] as Moment
  if (moment.kind !== 'event') return null
  if (moment.event.method === 'post') return { isThere: false, value: undefined }
  const previous = moments[place - 1]
  if (previous === undefined) return null
  if (previous.kind === 'reading' && previous.reading.api === undefined) return standingOf(previous, asked)
  if (moment.event.method === 'delete') return standingOf(previous, asked)
  return follows(previous.state, moment.event) ? standingOf(previous, asked) : null
}

/** Null: it is certain. */
function whyNotCertain(
  moments: readonly Moment[],
  place: number,
  keepers: readonly LogEvent[],
  evidence: Evidence,
): WhoLikely | null {
  const at = (index: number): number | null => {
    const moment = moments[index]
    return moment?.kind === 'event' ? moment.at : null
  }
  const times = [place - 2, place - 1, place, place + 1].map(at)
  if (times.some((time, index) => time !== null && times[index + 1] === time)) return 'equal-times'
  if (isByPutReading(moments, place)) return 'equal-times'
  // Before one that sent the value again, somebody else's change may be late, and it would be the one that set it back.
  const near = [...times.slice(1), ...keepers.map((event) => event.at)]
  return near.some((time) => time !== null && isTooNew(time, evidence)) ? 'young' : null
}

/** Whether a reading that was put before an event is all that tells what stood there before. */
function isByPutReading(moments: readonly Moment[], place: number): boolean {
  const [earlier, previous, moment] = [moments[place - 2], moments[place - 1], moments[place]]
  if (previous?.kind !== 'reading' || !previous.isPut) return false
  return earlier?.kind !== 'event' || moment?.kind !== 'event' || !leadsTo(earlier.state, moment.event)
}

function isTooNew(at: number, { readAt }: Evidence): boolean {
  return readAt - at <= SETTLED_AFTER
}

/** Which event changed a secret nobody can see; whoever is the only one that could have is likely. */
function whoChangedSecret(events: readonly LogEvent[], { past, readAt, isWhole, reachesTo }: Evidence): ChangedBy {
  const since = past.findLast(({ at }) => at >= reachesTo)?.at ?? -Infinity
  const could = events.filter((event, index) => {
    if (event.at < since - CLOCK_DOUBT || event.method === 'delete') return false
    if (event.sent?.includes(SIGNING_SECRET) === true) return true
    const isOn = event.after?.signing_alg === 'HS256'
    const wasOn = events[index - 1]?.after?.signing_alg === 'HS256'
    return isOn && !wasOn && (event.method === 'post' || event.sent?.includes('signing_alg') === true)
  })
  const [only, ...more] = could
  if (only === undefined) {
    if (!isWhole) return notKnown('too-many-events')
    if (since === -Infinity) return notKnown('older-than-the-logs')
    return notKnown(readAt - since <= SETTLED_AFTER ? 'logs-lag' : 'no-event')
  }
  return more.length === 0 ? found(only, [], 'one-secret') : notKnown('secret')
}

function found(event: LogEvent, keepers: readonly LogEvent[], reason: WhoLikely | null): ChangedBy {
  const certainty = reason === null ? 'certain' : 'likely'
  return { certainty, reason, ...deedOf(event), keptBy: keptBy(keepers, null) }
}

/** Certain no more where an event that sent the value is so young that another one may have come between. */
function withKeepers(known: ChangedBy, keepers: readonly LogEvent[], evidence: Evidence): ChangedBy {
  const kept = { ...known, keptBy: keptBy(keepers, known.keptBy) }
  const isYoung = keepers.some(({ at }) => isTooNew(at, evidence))
  return isYoung && known.certainty === 'certain' ? { ...kept, certainty: 'likely', reason: 'young' } : kept
}

/** `keepers`: the newest first. Those that were counted before are not counted again. */
function keptBy(keepers: readonly LogEvent[], before: KeptBy | null): KeptBy | null {
  const fresh = before === null ? keepers : keepers.filter(({ at }) => at > Date.parse(before.last))
  const [last] = fresh
  if (last === undefined) return before
  const { at, ...deed } = deedOf(last)
  return { count: (before?.count ?? 0) + fresh.length, last: at, ...deed }
}

function deedOf({ at, through, actor, tool, log }: LogEvent): Deed {
  return { at: new Date(at).toISOString(), through, actor, tool, log }
}
