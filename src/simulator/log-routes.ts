import { fromEntries, own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { json, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import type { LogEntry } from './log-event.ts'
import { parseLogQuery } from './log-query.ts'
import type { Fault, SeenRequest } from './options.ts'
import type { Tenant } from './tenant.ts'

export const LOGS = '/api/v2/logs'
const MOST_PER_PAGE = 100
/** Search results end there, whatever the pages are. */
const MOST_RESULTS = 1000
const CRITERIA = new Set(['q', 'page', 'per_page', 'sort', 'fields', 'include_fields', 'include_totals'])
const CHECKPOINT = new Set(['from', 'take'])

/** `GET /api/v2/logs`: by criteria, or from a checkpoint, which takes no criteria and ignores them. */
export function answerLogs(tenant: Tenant, { query, path }: SeenRequest, fault: Fault | null): Answer {
  const strangers = [...query.keys()].filter((key) => !CRITERIA.has(key) && !CHECKPOINT.has(key))
  if (strangers.length > 0) return refuse(`Additional properties not allowed: ${strangers.join(',')}`)
  const entries = bent(tenant.log.readable(), fault)
  const answer =
    query.has('from') || query.has('take')
      ? fromCheckpoint(tenant, entries, query, path)
      : byCriteria(entries, query, fault)
  // Whoever compares clocks compares with this one.
  return { ...answer, headers: { ...answer.headers, date: new Date(tenant.now()).toUTCString() } }
}

function byCriteria(entries: readonly LogEntry[], query: URLSearchParams, fault: Fault | null): Answer {
  const [page, perPage] = [whole(query, 'page', 0), whole(query, 'per_page', 50)]
  if (page === null || perPage === null || perPage < 1 || perPage > MOST_PER_PAGE)
    return refuse(`Expected type integer, at most ${MOST_PER_PAGE}`, 'per_page')
  if (page * perPage >= MOST_RESULTS)
    return problem(400, `You can only page through the first ${MOST_RESULTS} records.`, 'invalid_paging')
  const sort = query.get('sort') ?? 'date:-1'
  if (sort !== 'date:1' && sort !== 'date:-1')
    return refuse('String does not match pattern: ^(([a-z0-9_.]+))\\:(1|-1)$', 'sort')
  const test = parseLogQuery(query.get('q') ?? '')
  if (test === null) return problem(400, 'Failed to parse query.', 'invalid_query_string')
  const matching = entries.filter(test)
  const sorted = sort === 'date:1' ? matching : matching.toReversed()
  const start = page * perPage
  const items = sorted.slice(start, Math.min(start + perPage, MOST_RESULTS))
  const shown = shuffled(items, fault).map((entry) => projected(entry, query))
  if (query.get('include_totals') !== 'true' || fault?.kind === 'log-no-totals') return json(200, shown)
  // The count of the page, not of all that matches.
  return json(200, { start, limit: perPage, length: shown.length, logs: shown, total: shown.length })
}

/** Oldest first, everything; the same address again where there is nothing new. */
function fromCheckpoint(tenant: Tenant, entries: readonly LogEntry[], query: URLSearchParams, path: string): Answer {
  const from = query.get('from') ?? ''
  const take = whole(query, 'take', 50)
  if (take === null || take < 1 || take > MOST_PER_PAGE)
    return refuse(`Expected type integer, at most ${MOST_PER_PAGE}`, 'take')
  const place = from === '' ? -1 : entries.findIndex(({ log_id: id }) => id === from)
  if (from !== '' && place < 0) return problem(404, 'The log checkpoint does not exist.')
  const items = entries.slice(place + 1, place + 1 + take)
  const last = items.at(-1)?.log_id ?? from
  const next = new URLSearchParams({ from: last, take: String(take) })
  return json(200, items, { link: `<${tenant.url}${path}?${next.toString()}>; rel="next"` })
}

/** What a fault makes of the log, before anything is chosen of it. */
function bent(entries: readonly LogEntry[], fault: Fault | null): readonly LogEntry[] {
  switch (fault?.kind) {
    case 'log-lag':
      // The newest is there, what happened just before it is not.
      return entries.filter((_, index) => index !== entries.length - 2)
    case 'log-hole':
      return entries.filter((_, index) => index !== Math.floor((entries.length - 1) / 2))
    case 'log-masked':
      return entries.map((entry) => masked(entry) as LogEntry)
    case 'log-bodiless':
      return entries.map(withoutAnswer)
    default:
      return entries
  }
}

const MASKED: ReadonlySet<string> = new Set(['name', 'email', 'user_name'])

/** As a stream with masking sends it: these keys wherever they stand, an API's own name too. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      MASKED.has(key) && typeof member === 'string' ? '*'.repeat(Math.max(3, member.length)) : masked(member),
    ]),
  )
}

function withoutAnswer(entry: LogEntry): LogEntry {
  const details = own(entry, 'details') as JsonObject
  const { body: _body, ...response } = own(details, 'response') as JsonObject
  return { ...entry, details: { ...details, response } }
}

/** In no order, and always in the same one. */
function shuffled<T>(items: readonly T[], fault: Fault | null): readonly T[] {
  if (fault?.kind !== 'log-unordered') return items
  const odd = items.filter((_, index) => index % 2 === 1)
  return [...odd.toReversed(), ...items.filter((_, index) => index % 2 === 0)]
}

function projected(entry: LogEntry, query: URLSearchParams): JsonObject {
  const fields = query.get('fields')?.split(',')
  if (fields === undefined) return entry
  const isIncluding = query.get('include_fields') !== 'false'
  return fromEntries(Object.entries(entry).filter(([key]) => fields.includes(key) === isIncluding))
}

function whole(query: URLSearchParams, name: string, absent: number): number | null {
  const text = query.get(name)
  if (text === null) return absent
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

function refuse(message: string, property?: string): Answer {
  const place = property === undefined ? '' : ` on property ${property}`
  return problem(400, `Query validation error: '${message}'${place}.`, 'invalid_query_string')
}
