import { TenantDriftError } from '../schema/errors.ts'
import { isJsonObject, own, type Json } from '../schema/json.ts'
import type { LogEvent, LogLook, LogReading } from '../schema/log-event.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { reduceEvent } from './reduce-event.ts'
import type { Session } from './session.ts'

const PATH = '/api/v2/logs'
const PER_PAGE = 100
/** More pages the endpoint does not give. */
const MOST_PAGES = 10
/** How often it goes on by date where ten pages were full. */
const MOST_WINDOWS = 5
const WHAT = 'the tenant log'

export interface LogQuestion {
  /** Epoch ms. */
  readonly from: number
  /** True: every write of the Management API, ten pages at most; false: those whose description is about resource servers. */
  readonly isBroad: boolean
  /** Whether persons may be known. */
  readonly persons: boolean
}

interface Seen {
  readonly date: number
  readonly event: LogEvent | null
}

/**
 * Reads the tenant log by criteria, the newest first, and goes on by date: a checkpoint cannot filter and would read every login. Never throws for
 * what a tenant does.
 */
export async function readLogs(session: Session, question: LogQuestion): Promise<LogLook> {
  try {
    return { ok: true, reading: await readWindows(session, question) }
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    const isForbidden = error instanceof RequestFault && error.status === 403
    return { ok: false, reason: isForbidden ? 'no-scope' : 'unreadable' }
  }
}

async function readWindows(session: Session, question: LogQuestion): Promise<LogReading> {
  const seen = new Map<string, Seen>()
  let clock = session.clocks.now()
  let to: number | null = null
  let isWhole = false
  for (let window = 0; window < (question.isBroad ? 1 : MOST_WINDOWS) && !isWhole; window += 1) {
    const before: number = seen.size
    for (let page = 0; page < MOST_PAGES && !isWhole; page += 1) {
      const answer = await askPage(session, queryOf(question, to), page, question.persons)
      if (page === 0 && window === 0) clock = answer.at ?? clock
      for (const [id, each] of answer.seen) seen.set(id, each)
      isWhole = answer.count < PER_PAGE
    }
    // Ten full pages of one millisecond: nothing gets behind them.
    if (!isWhole && seen.size === before) break
    to = oldestOf(seen)
  }
  const oldest = oldestOf(seen)
  const events = [...seen.values()].flatMap(({ event }) => (event === null ? [] : [event]))
  return {
    events: events.sort((a, b) => a.at - b.at || (a.log < b.log ? -1 : 1)),
    from: isWhole || oldest === null ? question.from : Math.max(question.from, oldest + 1),
    isWhole,
    oldest,
    at: clock,
  }
}

function oldestOf(seen: ReadonlyMap<string, Seen>): number | null {
  let oldest = Infinity
  for (const { date } of seen.values()) oldest = Math.min(oldest, date)
  return oldest === Infinity ? null : oldest
}

/** A wildcard needs three literal characters; fields are case-sensitive, so the word is matched without its first letters. */
function queryOf({ from, isBroad }: LogQuestion, to: number | null): string {
  const range = `date:[${new Date(from).toISOString()} TO ${to === null ? '*' : new Date(to).toISOString()}]`
  return `type:sapi${isBroad ? '' : ' AND description:*esource*erver*'} AND ${range}`
}

async function askPage(session: Session, q: string, page: number, persons: boolean) {
  const path = `${PATH}?q=${encodeURIComponent(q)}&page=${page}&per_page=${PER_PAGE}&sort=${encodeURIComponent('date:-1')}`
  return session.ask(
    { path, purpose: 'log', what: WHAT },
    (json, answer) => {
      const items = itemsOf(json)
      const seen = items.map((item, index) => {
        const [date, id] = isJsonObject(item) ? [own(item, 'date'), own(item, 'log_id') ?? own(item, '_id')] : []
        const ms = typeof date === 'string' ? Date.parse(date) : Number.NaN
        if (typeof id !== 'string' || Number.isNaN(ms))
          throw unexpectedShape(`${WHAT}, item ${index}`, 'without log_id and date')
        return [id, { date: ms, event: reduceEvent(item, persons) }] as const
      })
      const at = answer.rate.date === null ? null : answer.rate.date * 1000
      return { seen, count: items.length, at }
    },
    new AbortController().signal,
  )
}

/** A bare list, or an envelope with one; totals are not believed. */
function itemsOf(json: Json): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[]
  const logs = isJsonObject(json) ? own(json, 'logs') : undefined
  if (!Array.isArray(logs)) throw unexpectedShape(WHAT, 'no list')
  return logs as readonly Json[]
}
