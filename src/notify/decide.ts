import { subjectOfEpisode, type Heard, type Queued } from '../history/front.ts'
import type { Affected } from '../schema/affected.ts'
import type { Filter } from './channel.ts'
import { hear } from './hear.ts'
import { orderItems, type Item } from './item.ts'
import { join } from './join.ts'
import { pack, parcelsOf, type Waiting } from './parcel.ts'

export interface Moment {
  /** Epoch ms. */
  readonly now: number
  readonly link: string | null
  /** Whom differences hit, by fingerprint, where the run asked. */
  readonly affected?: ReadonlyMap<string, Affected>
}

/** One message for all that is new (Slack, Teams), the gravest first. What waits goes into it, as it stands now. */
export function decideMessage(heard: Heard, filter: Filter, moment: Moment): Queued {
  const news = hear(heard, filter)
  const waiting = parcelsOf(heard.waiting)
  const { items, unheard } = present(heard, waiting, news.items)
  const queued = { told: news.told, untold: [...news.untold, ...unheard] }
  if (isUnchanged(waiting, items)) return { ...queued, messages: [], dropped: [] }
  const made = Math.min(moment.now, ...waiting.map(({ parcel }) => parcel.made))
  const body = pack({ v: 1, items: orderItems(items), made, link: moment.link, isPlain: false })
  return {
    ...queued,
    messages: items.length === 0 ? [] : [{ body, run: runOf(items) }],
    dropped: waiting.map(({ id }) => id),
  }
}

/** One message for each transition (webhook), in the order in which they came. */
export function decideEvents(heard: Heard, filter: Filter, moment: Moment): Queued {
  const news = hear(heard, filter)
  const waiting = parcelsOf(heard.waiting)
  const { items, unheard } = present(heard, waiting, news.items)
  const kept = new Map(items.map((item) => [JSON.stringify(item), item]))
  const stays = (each: Waiting): boolean => each.parcel.items.every((item) => kept.has(JSON.stringify(item)))
  const left = new Set(waiting.filter(stays).flatMap(({ parcel }) => parcel.items.map((item) => JSON.stringify(item))))
  const fresh = items.filter((item) => !left.has(JSON.stringify(item))).sort((a, b) => a.run - b.run)
  return {
    told: news.told,
    untold: [...news.untold, ...unheard],
    messages: fresh.map((item) => ({
      body: pack({ v: 1, items: [item], made: moment.now, link: moment.link, isPlain: false }),
      run: item.run,
    })),
    dropped: waiting.filter((each) => !stays(each)).map(({ id }) => id),
  }
}

/** What waits and what is new, as it stands now, and the subjects that no listener will have heard of. */
function present(
  heard: Heard,
  waiting: readonly Waiting[],
  news: readonly Item[],
): { readonly items: readonly Item[]; readonly unheard: readonly string[] } {
  const accepted = heard.standing.filter(({ state }) => state === 'accepted').map(subjectOfEpisode)
  const silent = heard.transitions.flatMap((move) =>
    move.about === 'episode' && move.type === 'gone' ? [subjectOfEpisode({ id: move.after.id ?? -1 })] : [],
  )
  const waited = waiting.flatMap(({ parcel }) => parcel.items)
  const maybe = new Set(
    waiting.filter(({ mayBeHeard }) => mayBeHeard).flatMap(({ parcel }) => parcel.items.map(({ subject }) => subject)),
  )
  const items = join(waited, news, { gone: new Set([...accepted, ...silent]), maybe })
  const isLeft = new Set(items.map(({ subject }) => subject))
  const unheard = waited
    .filter(({ type, subject }) => isBeginning(type) && !isLeft.has(subject) && !maybe.has(subject))
    .map(({ subject }) => subject)
  return { items, unheard: [...new Set(unheard)] }
}

function isBeginning(type: Item['type']): boolean {
  return type === 'opened' || type === 'reopened' || type === 'expired' || type === 'unreadable'
}

/** Whether what waits says it all already: then it keeps its place, its tries and its time. */
function isUnchanged(waiting: readonly Waiting[], items: readonly Item[]): boolean {
  const waited = waiting.flatMap(({ parcel }) => parcel.items)
  return waited.length === items.length && JSON.stringify(orderItems(waited)) === JSON.stringify(orderItems(items))
}

function runOf(items: readonly Item[]): number {
  return Math.max(0, ...items.map(({ run }) => run))
}
