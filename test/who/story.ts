import type { Actor, ChangedBy, Through } from '../../src/schema/changed-by.ts'
import { fromEntries, type JsonObject } from '../../src/schema/json.ts'
import type { LogEvent } from '../../src/schema/log-event.ts'
import { parsePath } from '../../src/schema/path.ts'
import { whoChanged, type Evidence } from '../../src/who/who-changed.ts'

export const API = 'https://orders.example.com/'
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const START = Date.parse('2026-11-20T00:00:00Z')

/** Who did something, by a letter. */
export function actorOf(letter: string): Pick<LogEvent, 'through' | 'actor' | 'tool'> {
  const through: Through = 'application'
  const actor: Actor = { application: { client_id: letter, name: `app-${letter}` } }
  return { through, actor, tool: null }
}

/** One API, what happens to it, and what the log has of that. Hours count from the start. */
export class Story {
  readonly events: LogEvent[] = []
  live: JsonObject | null
  #id: string

  constructor(live: JsonObject | null = { signing_alg: 'RS256', token_lifetime: 86_400 }) {
    this.#id = 'a'.repeat(24)
    this.live = live === null ? null : { id: this.#id, identifier: API, name: 'Orders', ...live }
  }

  /** A PATCH. `hidden`: the log lacks it. `event`: what of its event is otherwise. */
  patch(who: string, hour: number, sent: JsonObject, more: Partial<LogEvent> & { hidden?: true } = {}): this {
    const gone = Object.keys(sent).filter((key) => sent[key] === null)
    const kept = Object.entries({ ...this.live, ...sent }).filter(([key]) => !gone.includes(key))
    this.live = fromEntries(kept)
    return this.#add(who, hour, 'patch', Object.keys(sent), more)
  }

  post(
    who: string,
    hour: number,
    sent: JsonObject,
    id = 'b'.repeat(24),
    more: Partial<LogEvent> & { hidden?: true } = {},
  ): this {
    this.#id = id
    this.live = { id, identifier: API, name: 'Orders', signing_alg: 'RS256', token_lifetime: 86_400, ...sent }
    return this.#add(who, hour, 'post', Object.keys(sent), more)
  }

  remove(who: string, hour: number, more: Partial<LogEvent> & { hidden?: true } = {}): this {
    this.live = null
    return this.#add(who, hour, 'delete', null, { names: [this.#id], ...more })
  }

  /** Something changes without an event of this endpoint. */
  drift(values: JsonObject): this {
    this.live = { ...this.live, ...values }
    return this
  }

  /** How it stands now, as a reading sees it. */
  get reading(): JsonObject | null {
    return this.live
  }

  #add(
    who: string,
    hour: number,
    method: LogEvent['method'],
    sent: readonly string[] | null,
    more: Partial<LogEvent> & { hidden?: true },
  ): this {
    const { hidden, ...otherwise } = more
    if (hidden === true) return this
    this.events.push({
      log: `90020${String(this.events.length).padStart(20, '0')}`,
      at: at(hour),
      method,
      names: method === 'post' ? [] : [this.#id],
      sent,
      after: this.live,
      veiled: [],
      ...actorOf(who),
      ...otherwise,
    })
    return this
  }
}

export const at = (hour: number): number => START + Math.round(hour * HOUR)

export interface Asking extends Partial<Omit<Evidence, 'readAt'>> {
  readonly path?: string
  /** Hour of the reading; 100 unless given. */
  readonly now?: number
}

export function ask(story: Story, { path = 'signing_alg', now = 100, ...more }: Asking = {}): ChangedBy {
  const steps = parsePath(path) ?? []
  return whoChanged(
    { identifier: API, path: steps, live: story.live },
    {
      events: story.events.toSorted((a, b) => a.at - b.at || (a.log < b.log ? -1 : 1)),
      readAt: at(now),
      reachesTo: at(0),
      isWhole: true,
      past: [],
      known: null,
      ...more,
    },
  )
}

/** The answer in one line: `certain A`, `likely A (young), kept by B`, `not-known: older-than-the-logs, sent by B`. */
export function line(changedBy: ChangedBy): string {
  const { certainty, reason, actor, keptBy, sentBy } = changedBy
  const kept = keptBy === null ? '' : `, kept by ${keptBy.actor.application?.client_id ?? '?'} ${keptBy.count}`
  const sent = sentBy === undefined ? '' : `, sent by ${sentBy.actor.application?.client_id ?? '?'}`
  if (certainty === 'not-known') return `not-known: ${reason ?? ''}${sent}`
  return `${certainty} ${actor?.application?.client_id ?? '?'}${reason === null ? '' : ` (${reason})`}${kept}`
}
