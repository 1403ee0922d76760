import type { JsonObject } from '../schema/json.ts'
import { jsonAnswer } from './answers.ts'
import type { Answer } from './answers.ts'
import type { Paging } from './query.ts'

/** A list of one kind of object, as an endpoint shows it. */
interface ListedItems {
  readonly key: 'client_grants' | 'clients'
  readonly items: readonly JsonObject[]
  readonly show?: (item: JsonObject) => JsonObject
}

const whole = (item: JsonObject): JsonObject => item

/** A page by number: with totals an envelope, without a bare array. */
export function pageByNumber(
  { key, items, show = whole }: ListedItems,
  { page, perPage, includeTotals }: Paging,
): Answer {
  const start = page * perPage
  const shown = items.slice(start, start + perPage).map(show)
  return jsonAnswer(200, includeTotals ? { total: items.length, start, limit: perPage, [key]: shown } : shown)
}

/** A page by checkpoint: what follows `place` (-1: from the beginning). `next` stands there while there is more. */
export function pageFromCheckpoint(
  { key, items, show = whole }: ListedItems,
  place: number,
  take: number,
  nextOf: (last: JsonObject) => string,
): Answer {
  const page = items.slice(place + 1, place + 1 + take)
  const last = page.at(-1)
  const hasMore = place + 1 + take < items.length && last !== undefined
  return jsonAnswer(200, { [key]: page.map(show), ...(hasMore && { next: nextOf(last) }) })
}
