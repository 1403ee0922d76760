import { fromEntries, type Json, type JsonObject } from '../../src/schema/json.ts'
import { randomFrom } from '../random.ts'

/** One API over some days, told without the product: what happened, who did it, what a tenant log shows of it, and when. */
export interface History {
  readonly declared: JsonObject
  /** Oldest first. */
  readonly writes: readonly Write[]
  /** Epoch ms of the checks. */
  readonly runs: readonly number[]
  readonly retentionMs: number
  /** Whether the checks remember. */
  readonly hasMemory: boolean
}

export interface Write {
  readonly at: number
  /** Whose `client_id` the event has; null for what the service does by itself, which leaves no event. */
  readonly who: string | null
  readonly method: 'post' | 'patch' | 'delete'
  readonly sent: JsonObject | null
  /** Null: the API is gone. */
  readonly after: JsonObject | null
  /** When its event can be read. */
  readonly shownAt: number
  readonly log: string
  /** False: the tenant describes its events otherwise, so that only a broad question finds them. */
  readonly isDescribed: boolean
}

export const IDENTIFIER = 'https://orders.example.com/'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.parse('2026-09-01T00:00:00Z')
/** What plans keep, in days. */
const RETENTIONS = [1, 5, 10, 30]
/** Events are late by up to this much unless it is said otherwise: younger ones are never called certain. */
export const LATEST = 14 * MINUTE

const DECLARED: JsonObject = {
  name: 'Orders',
  signing_alg: 'RS256',
  token_lifetime: 86_400,
  token_lifetime_for_web: 7200,
  allow_offline_access: false,
  enforce_policies: true,
  token_dialect: 'access_token_authz',
  scopes: [{ value: 'read' }, { value: 'write' }],
}

const OTHERS: Readonly<Record<string, readonly Json[]>> = {
  name: ['Orders', 'Orders API'],
  signing_alg: ['RS256', 'PS256'],
  token_lifetime: [86_400, 3600, 600],
  token_lifetime_for_web: [7200, 900],
  allow_offline_access: [false, true],
  enforce_policies: [true, false],
  token_dialect: ['access_token_authz', 'access_token'],
  scopes: [
    [{ value: 'read' }, { value: 'write' }],
    [{ value: 'write' }, { value: 'read' }, { value: 'admin' }],
    [{ value: 'read' }],
    [{ value: 'read' }, { value: 'write' }, { value: 'admin' }, { value: 'audit' }],
  ],
}
const FIELDS = Object.keys(DECLARED)
/** What one page of the dashboard sends. */
const FORMS = [
  ['name', 'token_lifetime', 'token_lifetime_for_web', 'signing_alg', 'allow_offline_access'],
  ['enforce_policies', 'token_dialect'],
  ['scopes'],
]

/** `latest`: how late an event may come, ms. It changes nothing else of a history. */
export function makeHistory(seed: number, latest = LATEST): History {
  const random = randomFrom(seed)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
  const chance = (share: number): boolean => random() < share
  let live: JsonObject | null = { id: id(random), identifier: IDENTIFIER, ...DECLARED }
  /** Another value than the one that stands there. */
  const value = (field: string): Json => {
    const others = (OTHERS[field] ?? []).filter((other) => JSON.stringify(other) !== JSON.stringify(live?.[field]))
    return pick(others)
  }

  const people = ['kim', 'alex', 'sam'].slice(0, 1 + Math.floor(random() * 3))
  const tools = ['deploy', 'terraform'].slice(0, 1 + Math.floor(random() * 2))
  // A second pipeline has its own idea of some fields.
  const otherIdea = fromEntries(FIELDS.map((field) => [field, chance(0.3) ? value(field) : (DECLARED[field] as Json)]))
  const isHoley = chance(0.3)
  const isDescribed = !chance(0.05)

  const writes: Write[] = []
  let at = START
  const days = 2 + Math.floor(random() * 20)
  const add = (
    who: string | null,
    method: Write['method'],
    sent: JsonObject | null,
    after: JsonObject | null,
  ): void => {
    live = after
    const shownAt = at + (isHoley && chance(0.4) ? Math.floor(random() * latest) : 0)
    writes.push({ at, who, method, sent, after, shownAt, log: logId(at, random), isDescribed })
  }
  const patch = (who: string, sent: JsonObject): void => add(who, 'patch', sent, { ...live, ...sent })
  const as = (fields: readonly string[], changed: readonly string[]): JsonObject =>
    fromEntries(
      fields.map((field) => [
        field,
        changed.includes(field) ? value(field) : ((live?.[field] ?? DECLARED[field]) as Json),
      ]),
    )

  while (at < START + days * DAY) {
    at += chance(0.05) ? 0 : chance(0.3) ? Math.floor(random() * 20 * MINUTE) : Math.floor(random() * 30 * HOUR)
    if (live === null) {
      const who = pick(tools)
      const made = { ...DECLARED, ...as(FIELDS, []) }
      add(who, 'post', { identifier: IDENTIFIER, ...made }, { id: id(random), identifier: IDENTIFIER, ...made })
      continue
    }
    const what = random()
    if (what < 0.2) {
      const form = pick(FORMS)
      patch(
        pick(people),
        as(
          form,
          form.filter(() => chance(0.5)),
        ),
      )
    } else if (what < 0.45) {
      const field = pick(FIELDS)
      patch(pick([...people, ...tools]), as([field], chance(0.8) ? [field] : []))
    } else if (what < 0.75) {
      const some = FIELDS.filter(() => chance(0.5))
      patch(
        pick(tools),
        as(
          some.length === 0 ? ['name'] : some,
          some.filter(() => chance(0.7)),
        ),
      )
    } else if (what < 0.78) patch(pick(tools), as(FIELDS, []))
    else if (what < 0.87) patch(tools[0] ?? 'deploy', DECLARED)
    else if (what < 0.95) patch(tools.at(-1) ?? 'deploy', otherIdea)
    else if (what < 0.97) add(pick(people), 'delete', null, null)
    // A rollout: a setting that nobody sends appears.
    else if (what < 0.975) add(null, 'patch', null, { ...live, skip_consent_for_verifiable_first_party_clients: false })
  }

  const every = pick([HOUR, 6 * HOUR, DAY])
  const runs: number[] = []
  for (
    let run = START + Math.floor(random() * DAY);
    run < at + every && runs.length < 40;
    run += every * (1 + Math.floor(random() * 6))
  )
    runs.push(run)
  return { declared: DECLARED, writes, runs, retentionMs: pick(RETENTIONS) * DAY, hasMemory: chance(0.7) }
}

/** How the API stood at a time; null where it was not there. */
export function liveAt({ writes, declared }: History, time: number): JsonObject | null {
  const last = writes.findLast(({ at }) => at <= time)
  if (last !== undefined) return last.after
  const first = writes[0]
  const known = first?.method === 'patch' ? first.after?.['id'] : undefined
  return { id: known ?? 'f'.repeat(24), identifier: IDENTIFIER, ...declared }
}

/** What stands at a place, for the truth: a field, or whether a scope is there. Undefined where the API is gone. */
export function valueAt(api: JsonObject | null, path: string): Json | undefined {
  if (api === null) return undefined
  if (!path.startsWith('scopes.')) return api[path]
  const scopes = (api['scopes'] ?? []) as readonly { readonly value: string }[]
  return scopes.some((scope) => `scopes.${scope.value}` === path)
}

export const PATHS = [
  ...FIELDS.filter((field) => field !== 'scopes'),
  ...['read', 'write', 'admin', 'audit'].map((scope) => `scopes.${scope}`),
]

/** The truth: the last write that made a place what it was at a time, and the write before it; null where none did. */
export function changerAt(
  history: History,
  path: string,
  time: number,
): { readonly changer: Write; readonly before: Write | null } | null {
  let found: { changer: Write; before: Write | null } | null = null
  let previous: Write | null = null
  let stood = valueAt(liveAt(history, -Infinity), path)
  for (const write of history.writes) {
    if (write.at > time) break
    const now = valueAt(write.after, path)
    if (JSON.stringify(now) !== JSON.stringify(stood)) found = { changer: write, before: previous }
    stood = now
    previous = write
  }
  return found
}

function id(random: () => number): string {
  return Array.from({ length: 24 }, () => Math.floor(random() * 16).toString(16)).join('')
}

/** Of equal times the order of ids says nothing. */
function logId(at: number, random: () => number): string {
  return `9002${at}${String(Math.floor(random() * 1e9)).padStart(9, '0')}`
}

/** How many of all fields that were sent had that value before. */
export function unchangedShare(histories: readonly History[]): number {
  let [sent, same] = [0, 0]
  for (const history of histories) {
    let before = liveAt(history, -Infinity)
    for (const write of history.writes) {
      if (write.method === 'patch' && write.sent !== null) {
        for (const [field, now] of Object.entries(write.sent)) {
          sent += 1
          if (JSON.stringify(before?.[field]) === JSON.stringify(now)) same += 1
        }
      }
      before = write.after
    }
  }
  return same / sent
}
