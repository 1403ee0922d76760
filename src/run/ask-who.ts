import { identifierOf } from '../schema/identifier-of.ts'
import { liveApis, valueIn, type TenantInput } from '../compare/front.ts'
import { notKnown, type ChangedBy, type WhoLikely, type WhoNotKnown } from '../schema/changed-by.ts'
import { DAY_MS } from '../schema/duration.ts'
import { isHidden, type Finding, type Shown } from '../schema/finding.ts'
import { own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import type { LogEvent, LogLook, LogReading } from '../schema/log-event.ts'
import { parsePath } from '../schema/path.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { withoutPerson } from '../words/who.ts'
import { whoChanged, type Asked, type PastReading } from '../who/front.ts'

/** No plan keeps more. */
export const LONGEST_KEPT = 30 * DAY_MS
/** Asked for beyond a time: dates in the documentation of the log have no zone, and clocks differ. */
const MARGIN = 2 * 3_600_000
/** No plan keeps less than a day. */
const SURELY_KEPT = DAY_MS - MARGIN

/** What earlier runs left. */
export interface Recall {
  /** The last complete reading; null for none. */
  readonly reading: { readonly at: number; readonly items: readonly JsonObject[] } | null
  /** What is remembered of a difference that stands; null for nothing. */
  readonly kept: (finding: Finding) => { readonly changedBy?: ChangedBy; readonly live?: Shown } | null
  /** Events that came by another way. */
  readonly events?: readonly LogEvent[]
}

export const NOTHING_RECALLED: Recall = { reading: null, kept: () => null }

/** Whether persons are wanted; the time, epoch ms. */
interface AskContext {
  readonly persons: boolean
  readonly now: number
}

interface AskedPlace {
  readonly finding: Finding
  readonly asked: Asked
  readonly known: ChangedBy | null
  /** What is known of it was found out without the person, who is wanted now. */
  readonly isNameless: boolean
  readonly before: ChangedBy['before'] | undefined
  /** Epoch ms from which on the log is needed. */
  readonly from: number
}

/**
 * Asks the tenant log who made each of these findings, by fingerprint. Nothing is asked where there are none. Narrow first; among all writes only where
 * that does not lead back to what stood before. Never throws for what a tenant does: what cannot be learned is said as not known.
 */
export async function askWho(
  reader: TenantReader,
  input: TenantInput,
  findings: readonly Finding[],
  recall: Recall,
  about: AskContext,
): Promise<ReadonlyMap<string, ChangedBy>> {
  const found = await ask(reader, input, findings, recall, about)
  if (about.persons) return found
  // Events that came by another way may still name them.
  return new Map([...found].map(([fingerprint, changedBy]) => [fingerprint, withoutPerson(changedBy)]))
}

/** What earlier runs left, to be looked up by identifier. */
interface Recalled extends Pick<Recall, 'kept' | 'events'> {
  readonly reading: { readonly at: number; readonly apis: ReadonlyMap<string, JsonObject> } | null
}

function recalled({ reading, ...rest }: Recall): Recalled {
  if (reading === null) return { ...rest, reading }
  return {
    ...rest,
    reading: { at: reading.at, apis: new Map(reading.items.map((item) => [identifierOf(item), item])) },
  }
}

async function ask(
  reader: TenantReader,
  input: TenantInput,
  findings: readonly Finding[],
  given: Recall,
  about: AskContext,
): Promise<ReadonlyMap<string, ChangedBy>> {
  const [recall, live] = [recalled(given), liveApis(input)]
  const places = findings.flatMap((finding) => askedPlaces(finding, live, recall, about))
  const logs = reader.logs?.bind(reader)
  if (places.length === 0 || logs === undefined) return new Map()
  const from = Math.max(about.now - LONGEST_KEPT, Math.min(...places.map((place) => place.from)))
  const read = (isBroad: boolean): Promise<LogLook> =>
    logs({ from: isBroad ? about.now - LONGEST_KEPT : from, isBroad, persons: about.persons })
  // An earlier run found this tenant's events under other descriptions than the usual ones.
  const isOdd = places.some(({ known }) => known?.among === 'all-writes')
  const narrow = await read(isOdd)
  if (!narrow.ok) return told(places, (place) => judgeUnasked(place, narrow.reason, recall, about))
  const odd = (changedBy: ChangedBy): ChangedBy =>
    changedBy.log === null ? changedBy : { ...changedBy, among: 'all-writes' }
  const first = told(places, (place) => {
    const changedBy = judgePlace(place, narrow.reading, recall)
    return isOdd ? odd(changedBy) : changedBy
  })
  const open = places.filter(({ finding }) => isOpen(first.get(finding.fingerprint)))
  if (isOdd || open.length === 0 || !narrow.reading.isWhole) return first
  const broad = await read(true)
  if (!broad.ok) return first
  const both = together(narrow.reading, broad.reading)
  const described = new Set(narrow.reading.events.map(({ log }) => log))
  const second = told(open, (place) => {
    const changedBy = judgePlace(place, both, recall)
    const isDescribed = changedBy.log === place.known?.log || described.has(changedBy.log ?? '')
    return isDescribed ? changedBy : odd(changedBy)
  })
  return new Map([...first, ...second])
}

function told(places: readonly AskedPlace[], judged: (place: AskedPlace) => ChangedBy): ReadonlyMap<string, ChangedBy> {
  return new Map(
    places.map((place): [string, ChangedBy] => {
      const { before: _old, ...changedBy } = judged(place)
      const { before } = place
      return [place.finding.fingerprint, before === undefined ? changedBy : { ...changedBy, before }]
    }),
  )
}

/** Among all writes there may be more: an event that is described otherwise, or proof that the log goes back so far. */
function isOpen(changedBy: ChangedBy | undefined): boolean {
  return changedBy?.reason === 'older-than-the-logs' || changedBy?.reason === 'no-event'
}

/** What an earlier run was certain of, and nobody could look at again: the value may have been set back and set again. */
function unproven(known: ChangedBy, reason: WhoLikely): ChangedBy {
  return known.certainty === 'certain' ? { ...known, certainty: 'likely', reason } : known
}

function askedPlaces(
  finding: Finding,
  apis: ReadonlyMap<string, JsonObject>,
  recall: Recalled,
  { persons, now }: AskContext,
): readonly AskedPlace[] {
  const { kind, on } = finding
  if (kind === 'unreadable' || kind === 'not-compared' || kind === 'weaker-declaration') return []
  const identifier = finding.identifier ?? (on?.length === 1 ? (on[0]?.identifier ?? null) : null)
  const path = parsePath(finding.path)
  if (identifier === null || path === null || path.includes('*')) return []
  const live = kind === 'missing' ? null : apis.get(identifier)
  if (live === undefined) return []
  const asked: Asked = { identifier, path, live }
  const kept = recall.kept(finding)
  const isSame = kept !== null && sameJson(kept.live as Json | undefined, finding.live as Json | undefined)
  const known = isSame ? (kept.changedBy ?? null) : null
  const before = known?.before ?? beforeBy(asked, finding, recall)
  const isNameless = persons && known !== null && known.through !== 'application' && known.actor?.person === undefined
  const since = isSettled(known, recall) && !isNameless ? recall.reading?.at : Date.parse(before?.at ?? '')
  const from = since === undefined || Number.isNaN(since) ? now - LONGEST_KEPT : since - MARGIN
  return [{ finding, asked, known: known?.certainty === 'not-known' ? null : known, isNameless, before, from }]
}

/**
 * Whether it is certain, and what may still come of that time lies within what is asked for from the last complete reading on. A younger change is asked
 * about from what stood before it, so that an event that comes late still corrects it.
 */
function isSettled(known: ChangedBy | null, { reading }: Recalled): boolean {
  if (known?.certainty !== 'certain') return false
  return reading === null || Date.parse(known.at ?? '') < reading.at - MARGIN
}

/** What the last complete reading shows, if that is something else. Of secrets nothing is kept. */
function beforeBy(asked: Asked, { live }: Finding, { reading }: Recalled): ChangedBy['before'] | undefined {
  if (reading === null || isHidden(live)) return undefined
  const api = reading.apis.get(asked.identifier) ?? null
  const isThere = api !== null && (asked.live === null || own(api, 'id') === own(asked.live, 'id'))
  const value = isThere && asked.path.length > 0 ? valueIn(api, asked.path) : undefined
  const now = asked.live === null || asked.path.length === 0 ? undefined : valueIn(asked.live, asked.path)
  if (isThere === (asked.live !== null) && sameJson(value, now)) return undefined
  const at = new Date(reading.at).toISOString()
  return { at, isThere, ...(value === undefined ? {} : { live: value }) }
}

function judgePlace(place: AskedPlace, reading: LogReading, recall: Recalled): ChangedBy {
  const { asked, known, before, isNameless } = place
  const evidence = {
    events: withOthers(reading.events, recall.events ?? []),
    readAt: reading.at,
    isWhole: reading.isWhole,
    reachesTo: Math.max(reading.from, Math.min(reading.oldest ?? Infinity, reading.at - SURELY_KEPT)),
    past: pastOf(asked, before, recall),
  }
  const certain = known?.certainty === 'certain' ? known : null
  const first = whoChanged(asked, { ...evidence, known: isNameless ? null : certain })
  const changedBy = isForgotten(first) && isNameless ? whoChanged(asked, { ...evidence, known: certain }) : first
  return isForgotten(changedBy) && known !== null ? unproven(known, 'gap') : changedBy
}

/** Where the log cannot be asked: by what was known before, or by events that came by themselves. Some may be missing, so that nothing is certain. */
function judgeUnasked(place: AskedPlace, reason: WhoNotKnown, recall: Recalled, { now }: AskContext): ChangedBy {
  if (place.known !== null) return unproven(place.known, 'gap')
  const events = (recall.events ?? []).filter(({ at }) => at <= now)
  if (events.length === 0) return notKnown(reason)
  const reading = { events: [], from: now - LONGEST_KEPT, isWhole: false, oldest: null, at: now }
  const changedBy = judgePlace(place, reading, { ...recall, events })
  return changedBy.certainty === 'not-known' ? notKnown(reason) : unproven(changedBy, 'gap')
}

function isForgotten({ reason }: ChangedBy): boolean {
  return reason === 'older-than-the-logs' || reason === 'too-many-events'
}

function pastOf(asked: Asked, before: AskedPlace['before'], { reading }: Recalled): readonly PastReading[] {
  const api = reading?.apis.get(asked.identifier) ?? null
  const last: readonly PastReading[] = reading === null ? [] : [{ at: reading.at, api }]
  const at = Date.parse(before?.at ?? '')
  if (before === undefined || Number.isNaN(at) || at === reading?.at) return last
  const { isThere, live } = before
  return [{ at, value: { isThere, ...(live === undefined ? {} : { live }) } }, ...last]
}

function together(narrow: LogReading, broad: LogReading): LogReading {
  return {
    ...broad,
    events: withOthers(narrow.events, broad.events),
    from: Math.min(narrow.from, broad.from),
    oldest: broad.oldest === null ? narrow.oldest : Math.min(broad.oldest, narrow.oldest ?? Infinity),
  }
}

function withOthers(events: readonly LogEvent[], others: readonly LogEvent[]): readonly LogEvent[] {
  const known = new Set(events.map(({ log }) => log))
  const more = others.filter(({ log }) => !known.has(log))
  if (more.length === 0) return events
  return [...events, ...more].sort((a, b) => a.at - b.at || (a.log < b.log ? -1 : 1))
}
