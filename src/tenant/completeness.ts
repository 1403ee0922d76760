import { identifierOf } from '../schema/identifier-of.ts'
import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { RequestFault } from './faults.ts'
import type { ListPage } from './list.ts'

/** What page 0 promised, and all other pages must keep. */
export interface PagePlan {
  readonly total: number
  readonly pageSize: number
  /** How many pages to ask for: the last is short, so a full last one is followed by an empty one. */
  readonly pages: number
}

/** A list without a total proves nothing. Null where page 0 has none. `pageSize` follows the tenant, which may grant less than was asked. */
export function planOf(page0: ListPage, askedSize: number): PagePlan | null {
  if (page0.total === null) return null
  const pageSize = page0.limit === null || page0.limit === 0 ? askedSize : page0.limit
  return { total: page0.total, pageSize, pages: Math.floor(page0.total / pageSize) + 1 }
}

/** @throws RequestFault `unstable_list` where the page does not fit what page 0 promised */
export function checkPage(page: ListPage, index: number, plan: PagePlan): void {
  if (page.total !== plan.total)
    throw unstable(`page ${index} announced ${page.total ?? 'no'} APIs, page 0 ${plan.total}`)
  const start = index * plan.pageSize
  if (page.start !== null && page.start !== start)
    throw unstable(`page ${index} starts at ${page.start} instead of ${start}`)
  const expected = Math.max(0, Math.min(plan.pageSize, plan.total - start))
  if (page.items.length !== expected)
    throw unstable(`page ${index} held ${page.items.length} APIs instead of ${expected}`)
}

/** @throws RequestFault `unstable_list` where an API was listed twice (then another one did not come) */
export function checkUnique(items: readonly JsonObject[]): void {
  const ids = new Set(items.map((item) => own(item, 'id')))
  const identifiers = new Set(items.map(identifierOf))
  if (ids.size !== items.length || identifiers.size !== items.length) throw unstable('an API was listed twice')
}

/** The second look at page 0: a delete and a create during the reading would have moved it. @throws RequestFault `unstable_list` */
export function checkSame(first: ListPage, second: ListPage): void {
  const keys = (page: ListPage): string =>
    JSON.stringify([page.total, page.items.map((item) => [own(item, 'id'), identifierOf(item)])])
  if (keys(first) !== keys(second)) throw unstable('page 0 was different when it was read again at the end')
}

export function unstable(why: string): RequestFault {
  const advice = 'Run again when nobody is changing the APIs of the tenant.'
  return new RequestFault('unstable_list', `The list changed while it was read: ${why}`, advice, { retry: 'never' })
}
