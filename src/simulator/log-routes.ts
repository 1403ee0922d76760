import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { invalidPaging, jsonAnswer, noCheckpoint, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import type { LogEntry } from './log-event.ts'
import { parseLogQuery } from './log-query.ts'
import type { Fault, SeenRequest } from './options.ts'
import {
  CHECKPOINT,
  PAGING,
  parsePaging,
  parseProjection,
  parseTake,
  project,
  PROJECTION,
  refuseQuery,
  refuseStrangers,
} from './query.ts'
import type { Tenant } from './tenant.ts'

/** Search results end there, whatever the pages are. */
const MOST_RESULTS = 1000
const KNOWN = new Set<string>(['q', 'sort', ...PAGING, ...PROJECTION, ...CHECKPOINT])

/** `GET /api/v2/logs`: by criteria, or from a checkpoint, which takes no criteria and ignores them. */
export function answerLogs(tenant: Tenant, { query, path }: SeenRequest, fault: Fault | null): Answer {
  const refused = refuseStrangers(query, KNOWN)
  if (refused !== null) return refused
  const entries = bent(tenant.log.readable(), fault)
  const answer =
    query.has('from') || query.has('take')
      ? fromCheckpoint(tenant, entries, query, path)
      : byCriteria(entries, query, fault)
  // Whoever compares clocks compares with this one.
  return { ...answer, headers: { ...answer.headers, date: new Date(tenant.now()).toUTCString() } }
}

function byCriteria(entries: readonly LogEntry[], query: URLSearchParams, fault: Fault | null): Answer {
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const projection = parseProjection(query)
  if ('status' in projection) return projection
  const { page, perPage, includeTotals } = paging
  if (page * perPage >= MOST_RESULTS) return invalidPaging(page)
  const sort = query.get('sort') ?? 'date:-1'
  if (sort !== 'date:1' && sort !== 'date:-1')
    return refuseQuery('String does not match pattern: ^(([a-z0-9_.]+))\\:(1|-1)$', 'sort')
  const test = parseLogQuery(query.get('q') ?? '')
  if (test === null) return problem(400, 'Failed to parse query.', 'invalid_query_string')
  const matching = entries.filter(test)
  const sorted = sort === 'date:1' ? matching : matching.toReversed()
  const start = page * perPage
  const items = sorted.slice(start, Math.min(start + perPage, MOST_RESULTS))
  const shown = shuffled(items, fault).map((entry) => project(entry, projection))
  if (!includeTotals || fault?.kind === 'log-no-totals') return jsonAnswer(200, shown)
  // The count of the page, not of all that matches.
  return jsonAnswer(200, { start, limit: perPage, length: shown.length, logs: shown, total: shown.length })
}

/** Oldest first, everything; the same address again where there is nothing new. */
function fromCheckpoint(tenant: Tenant, entries: readonly LogEntry[], query: URLSearchParams, path: string): Answer {
  const from = query.get('from') ?? ''
  const take = parseTake(query)
  if (typeof take !== 'number') return take
  const place = from === '' ? -1 : entries.findIndex(({ log_id: id }) => id === from)
  if (from !== '' && place < 0) return noCheckpoint()
  const items = entries.slice(place + 1, place + 1 + take)
  const last = items.at(-1)?.log_id ?? from
  const next = new URLSearchParams({ from: last, take: String(take) })
  return jsonAnswer(200, items, { link: `<${tenant.url}${path}?${next.toString()}>; rel="next"` })
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

/** Out of order, and in the same way each time. */
function shuffled<T>(items: readonly T[], fault: Fault | null): readonly T[] {
  if (fault?.kind !== 'log-unordered') return items
  const odd = items.filter((_, index) => index % 2 === 1)
  return [...odd.toReversed(), ...items.filter((_, index) => index % 2 === 0)]
}
