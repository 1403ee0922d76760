import { TenantDriftError } from '../schema/errors.ts'
import { textAt } from '../schema/json.ts'
import type { LogEvent, LogLook, LogQuestion, LogReading } from '../schema/log-event.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { listedItems } from './in-answers.ts'
import { reduceEvent } from './reduce-event.ts'
import type { Session } from './session.ts'

const PATH = '/api/v2/logs'
const LOGS_PER_PAGE = 100
/** More pages the endpoint does not give. */
const MOST_PAGES = 10
/** How often it goes on by date where ten pages were full. */
const MOST_WINDOWS = 5
/** Behind a full page of the broad question as many are asked at a time: nothing says how many there are. */
const BROAD_AT_ONCE = 3
const WHAT = 'the tenant log'

interface ReadEvent {
  readonly date: number
  readonly event: LogEvent | null
}

/** By `log_id`. */
type SeenEvents = Map<string, ReadEvent>

interface Page {
  readonly items: readonly (readonly [id: string, entry: ReadEvent])[]
  /** The tenant's clock, epoch ms; null where it does not say. */
  readonly at: number | null
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
  const seen: SeenEvents = new Map()
  let clock = session.clocks.now()
  let to: number | null = null
  let isWhole = false
  for (let window = 0; window < (question.isBroad ? 1 : MOST_WINDOWS) && !isWhole; window += 1) {
    const before: number = seen.size
    const q = logQuery(question, to)
    const page = (index: number): Promise<Page> => askPage(session, q, index, question.persons)
    const first = await page(0)
    if (window === 0) clock = first.at ?? clock
    isWhole = add(first, seen) || (await readRest(page, question.isBroad ? BROAD_AT_ONCE : 1, seen))
    // All ten pages lie in one millisecond: the next window would read them again.
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

/**
 * Reads on behind a full page 0, until a page is not full or the endpoint gives no more. True where nothing follows. A new event moves all others one place
 * on. Of pages that are asked for side by side, one that was answered before the move and one that was answered after it can miss the event between them.
 * The move shows, because some page then holds an event that was read already. Only the first page of the batch counts then, and the rest is read
 * one after the other: that repeats some events and misses none.
 */
async function readRest(page: (index: number) => Promise<Page>, atOnce: number, seen: SeenEvents): Promise<boolean> {
  let [index, left, side] = [1, MOST_PAGES - 1, atOnce]
  while (index < MOST_PAGES && left > 0) {
    const batch = Array.from({ length: Math.min(side, left, MOST_PAGES - index) }, (_, place) => index + place)
    const pages = await Promise.all(batch.map(page))
    left -= batch.length
    const ids = pages.flatMap(({ items }) => items.map(([id]) => id))
    const isShifted = pages.length > 1 && (new Set(ids).size < ids.length || ids.some((id) => seen.has(id)))
    if (isShifted) side = 1
    for (const each of isShifted ? pages.slice(0, 1) : pages) {
      index += 1
      if (add(each, seen)) return true
    }
  }
  return false
}

/** Adds a page to what was seen; true where it is the last one. */
function add({ items }: Page, seen: SeenEvents): boolean {
  for (const [id, each] of items) seen.set(id, each)
  return items.length < LOGS_PER_PAGE
}

function oldestOf(seen: SeenEvents): number | null {
  let oldest = Infinity
  for (const { date } of seen.values()) oldest = Math.min(oldest, date)
  return oldest === Infinity ? null : oldest
}

/** A wildcard needs three literal characters; fields are case-sensitive, so the word is matched without its first letters. */
function logQuery({ from, isBroad }: LogQuestion, to: number | null): string {
  const range = `date:[${new Date(from).toISOString()} TO ${to === null ? '*' : new Date(to).toISOString()}]`
  return `type:sapi${isBroad ? '' : ' AND description:*esource*erver*'} AND ${range}`
}

async function askPage(session: Session, q: string, page: number, persons: boolean): Promise<Page> {
  const path = `${PATH}?q=${encodeURIComponent(q)}&page=${page}&per_page=${LOGS_PER_PAGE}&sort=${encodeURIComponent('date:-1')}`
  return session.ask({ path, purpose: 'log', what: WHAT }, (json, answer) => {
    // Totals are not believed.
    const items = listedItems(json, 'logs', WHAT).map((item, index) => {
      const [date, id] = [Date.parse(textAt(item, 'date') ?? ''), textAt(item, 'log_id') ?? textAt(item, '_id')]
      if (id === null || Number.isNaN(date)) throw unexpectedShape(`${WHAT}, item ${index}`, 'without log_id and date')
      return [id, { date, event: reduceEvent(item, persons) }] as const
    })
    const at = answer.rate.date === null ? null : answer.rate.date * 1000
    return { items, at }
  })
}
