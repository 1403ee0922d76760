import { subjectOfEpisode, type Heard, type Queued } from '../history/front.ts'
import type { Affected } from '../schema/affected.ts'
import type { Filter } from './channel.ts'
import { hear } from './hear.ts'
import { isBeginning, orderItems, type Item } from './item.ts'
import { joinItems } from './join.ts'
import { parcelsOf, type Parcel, type WaitingParcel } from './parcel.ts'

export interface TellMoment {
  /** Epoch ms. */
  readonly now: number
  readonly link: string | null
  /** Whom differences hit, by fingerprint, where the run asked. */
  readonly affected: ReadonlyMap<string, Affected>
  /** Whether the memory begins with this run: then nobody knows what is new, only what stands. */
  readonly begins: boolean
}

/** One message for all that is new (Slack, Teams), the gravest first. What waits goes into it, as it stands now. */
export function decideMessage(heard: Heard, filter: Filter, moment: TellMoment): Queued {
  const news = hear(heard, filter)
  const waiting = parcelsOf(heard.waiting)
  const { groups, unheard, maybe } = presentItems(heard, waiting, news.items, false)
  const items = groups.flat()
  const queued = { told: news.told, untold: [...news.untold, ...unheard] }
  if (isUnchanged(waiting, items)) return { ...queued, messages: [], dropped: [] }
  const made = Math.min(moment.now, ...waiting.map(({ parcel }) => parcel.made))
  return {
    ...queued,
    messages: items.length === 0 ? [] : [queuedMessage(orderItems(items), made, moment, maybe)],
    dropped: waiting.map(({ id }) => id),
  }
}

/** One message for each transition (webhook), in the order in which they came. Of one subject there is one delivery, whose items go one after the other. */
export function decideEvents(heard: Heard, filter: Filter, moment: TellMoment): Queued {
  const news = hear(heard, filter)
  const waiting = parcelsOf(heard.waiting)
  const { groups, unheard, maybe } = presentItems(heard, waiting, news.items, true)
  const kept = new Set(groups.map((items) => JSON.stringify(items)))
  const left = new Set(waiting.map(({ parcel }) => JSON.stringify(parcel.items)).filter((text) => kept.has(text)))
  const made = new Map(
    waiting.flatMap(({ parcel }) => parcel.items.map(({ subject }) => [subject, parcel.made] as const)),
  )
  const madeOf = (items: readonly Item[]): number =>
    Math.min(moment.now, made.get(items[0]?.subject ?? '') ?? moment.now)
  const fresh = groups.filter((items) => !left.has(JSON.stringify(items))).sort((a, b) => runOfItems(a) - runOfItems(b))
  return {
    told: news.told,
    untold: [...news.untold, ...unheard],
    messages: fresh.map((items) => queuedMessage(items, madeOf(items), moment, maybe)),
    dropped: waiting.filter(({ parcel }) => !left.has(JSON.stringify(parcel.items))).map(({ id }) => id),
  }
}

function queuedMessage(
  items: readonly Item[],
  made: number,
  { link, begins }: TellMoment,
  maybe: ReadonlySet<string>,
): Queued['messages'][number] {
  const mayBeHeard = items.some(({ subject }) => maybe.has(subject))
  const parcel: Parcel = {
    v: 1,
    items,
    made,
    link,
    isPlain: false,
    ...(mayBeHeard ? { mayBeHeard } : {}),
    ...(begins ? { begins } : {}),
  }
  return { body: JSON.stringify(parcel), run: runOfItems(items) }
}

/** What waits and what is new, as it stands now, and the subjects that no listener will have heard of. */
function presentItems(
  heard: Heard,
  waiting: readonly WaitingParcel[],
  news: readonly Item[],
  isByIds: boolean,
): {
  readonly groups: readonly (readonly Item[])[]
  readonly unheard: readonly string[]
  readonly maybe: ReadonlySet<string>
} {
  const accepted = heard.standing.filter(({ state }) => state === 'accepted').map(subjectOfEpisode)
  const silent = heard.transitions.flatMap((move) =>
    move.about === 'episode' && move.type === 'gone' ? [subjectOfEpisode(move.after)] : [],
  )
  const waited = waiting.flatMap(({ parcel }) => parcel.items)
  const maybe = new Set(
    waiting.filter(({ mayBeHeard }) => mayBeHeard).flatMap(({ parcel }) => parcel.items.map(({ subject }) => subject)),
  )
  const groups = joinItems(waited, news, { gone: new Set([...accepted, ...silent]), maybe }, isByIds)
  const isLeft = new Set(groups.flat().map(({ subject }) => subject))
  const unheard = waited
    .filter(({ type, subject }) => isBeginning(type) && !isLeft.has(subject) && !maybe.has(subject))
    .map(({ subject }) => subject)
  return { groups, unheard: [...new Set(unheard)], maybe }
}

/** Whether what waits says it all already: then it keeps its place, its tries and its time. */
function isUnchanged(waiting: readonly WaitingParcel[], items: readonly Item[]): boolean {
  const waited = waiting.flatMap(({ parcel }) => parcel.items)
  return waited.length === items.length && JSON.stringify(orderItems(waited)) === JSON.stringify(orderItems(items))
}

function runOfItems(items: readonly Item[]): number {
  return Math.max(0, ...items.map(({ run }) => run))
}
