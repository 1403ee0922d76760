import { jsonBody } from './answers.ts'
import type { Answer } from './answers.ts'
import type { ListQuery } from './list-query.ts'
import type { Fault } from './options.ts'
import { project } from './query.ts'
import { requiredIdentifier } from './store.ts'
import type { StoredApi, ApiStore } from './store.ts'

/** A page before it is text, so that a fault can bend it. `items` are JSON texts. */
export interface ServedPage {
  readonly total: number
  readonly start: number
  readonly limit: number
  readonly items: readonly string[]
  readonly envelope: boolean
  readonly link: string
}

/** One page of the list, in order of creation. `base` is the address without its query, as it stands in `Link`. */
export function listPage(store: ApiStore, query: ListQuery, sent: URLSearchParams, base: string): ServedPage {
  const chosen =
    query.identifiers === null
      ? store.entries
      : store.entries.filter(({ api }) => query.identifiers?.includes(requiredIdentifier(api)))
  const start = query.page * query.perPage
  return {
    total: chosen.length,
    start,
    limit: query.perPage,
    items: chosen.slice(start, start + query.perPage).map((entry) => itemText(entry, query)),
    envelope: query.includeTotals,
    link: linkHeader(query, sent, chosen.length, base),
  }
}

/** With totals the envelope's keys stand in the recorded order; without, a bare array. `Link` comes with both. */
export function renderPage(page: ServedPage): Answer {
  const items = `[${page.items.join(',')}]`
  const body = page.envelope
    ? `{"total":${page.total},"start":${page.start},"limit":${page.limit},"resource_servers":${items}}`
    : items
  return jsonBody(200, body, { link: page.link })
}

/** The page as a fault of lists bends it. `hits` counts the fault's requests, so that a total can change from one to the next. */
export function bendPage(page: ServedPage, fault: Fault, hits: number): ServedPage {
  switch (fault.kind) {
    case 'short-page':
      return { ...page, items: page.items.slice(0, -1) }
    case 'duplicate':
      return {
        ...page,
        items:
          page.items.length < 2 ? [...page.items, ...page.items] : [...page.items.slice(0, -1), page.items[0] ?? ''],
      }
    case 'total-changes':
      return { ...page, total: page.total + hits }
    case 'total-too-small':
      return { ...page, total: Math.max(0, page.total - 1) }
    case 'empty-list':
      return { ...page, total: 0, items: [] }
    default:
      return page
  }
}

function itemText(entry: StoredApi, query: ListQuery): string {
  if (query.fields === null) return entry.text
  if (!query.includeFields && query.fields.length === 1 && query.fields[0] === 'signing_secret')
    return entry.textWithoutSecret
  return JSON.stringify(project(entry.api, query))
}

/** `first`, `prev`, `next`, `last` as recorded: over http whatever the request came by, and beyond the end only `prev` and `last`. */
function linkHeader(query: ListQuery, sent: URLSearchParams, total: number, base: string): string {
  const last = Math.max(0, Math.ceil(total / query.perPage) - 1)
  const beyond = query.page > last
  const pages: [string, number][] = []
  if (!beyond) pages.push(['first', 0])
  if (query.page > 0) pages.push(['prev', query.page - 1])
  if (query.page < last) pages.push(['next', query.page + 1])
  pages.push(['last', last])
  return pages.map(([rel, page]) => `<${base}?${pageQuery(sent, page, query.perPage)}>; rel="${rel}"`).join(', ')
}

function pageQuery(sent: URLSearchParams, page: number, perPage: number): string {
  const query = new URLSearchParams(sent)
  query.set('page', String(page))
  if (!query.has('per_page')) query.set('per_page', String(perPage))
  return query.toString()
}
