import { keyText, type TenantStanding, type WaitingTurn } from '../history/front.ts'
import type { Store } from './store.ts'
import type { WatchOptions, WatchedTenant } from './types.ts'
import type { Workers } from './workers.ts'

/** What routes have in hand. */
export interface Service extends Omit<WatchOptions, 'check' | 'openHistory'> {
  readonly store: Store
  readonly workers: Workers
  readonly counters: Counters
  /** Says to open pages that something moved. */
  readonly changed: Changes
}

/** What this process counted, for `/metrics`. */
export interface Counters {
  hookEvents: number
  hookRefused: number
  hookNotUnderstood: number
  tokensRefused: number
}

export interface Changes {
  readonly say: () => void
  /** Returns its end. */
  readonly listen: (hear: () => void) => () => void
  readonly count: () => number
}

export function createChanges(): Changes {
  const listeners = new Set<() => void>()
  return {
    say: () => {
      for (const hear of listeners) hear()
    },
    listen: (hear) => {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    count: () => listeners.size,
  }
}

/** One tenant of the service, with all that a line about it says. */
export interface FleetLine {
  readonly tenant: WatchedTenant
  readonly standing: TenantStanding | null
  readonly waiting: WaitingTurn | null
}

/** Drifted tenants first, then those that could not be judged; of equal ones the gravest first, then by name. */
export async function fleetOf({ store, tenants, fleet, now }: Service): Promise<readonly FleetLine[]> {
  const [standings, waiting] = await store.use(async (history) => [
    await history.overview.standings(),
    await history.turns(fleet).waiting(now()),
  ])
  const known = new Map(standings.map((each) => [keyText(each.tenant), each] as const))
  const turns = new Map(waiting.map((each) => [each.tenant, each] as const))
  const lines = tenants.map((tenant) => ({
    tenant,
    standing: known.get(keyText(tenant.key)) ?? null,
    waiting: turns.get(tenant.name) ?? null,
  }))
  return lines.sort((a, b) => byTrouble(a, b) || (a.tenant.name < b.tenant.name ? -1 : 1))
}

/** Of all tenants of the service: nobody else is in its line. */
export function waitingIn(lines: readonly FleetLine[]): readonly WaitingTurn[] {
  return lines.flatMap(({ waiting }) => waiting ?? [])
}

function byTrouble(a: FleetLine, b: FleetLine): number {
  const [left, right] = [rankOf(a), rankOf(b)]
  for (const [index, value] of left.entries()) if (value !== right[index]) return (right[index] ?? 0) - value
  return 0
}

function rankOf({ standing }: FleetLine): readonly number[] {
  const verdict = standing?.run?.verdict
  const { critical = 0, high = 0, medium = 0, low = 0 } = standing?.open ?? {}
  const isOpen = critical + high + medium + low > 0
  return [isOpen || verdict === 'drifted' ? 2 : verdict === 'incomplete' ? 1 : 0, critical, high, medium, low]
}

/** Longer than this after its time, a tenant is overdue. */
const OVERDUE_MS = 120_000

/** Why the service is not ready; empty where it is. */
export async function troubles(
  service: Pick<Service, 'store' | 'workers' | 'fleet' | 'now'>,
): Promise<readonly string[]> {
  const { store, fleet, now } = service
  const waiting = await store.use((history) => history.turns(fleet).waiting(now())).catch(() => null)
  return troublesOf(service, waiting)
}

/** The same, of a line that was asked for already; null where the store could not be asked. */
export function troublesOf(
  { workers, now }: Pick<Service, 'workers' | 'now'>,
  waiting: readonly WaitingTurn[] | null,
): readonly string[] {
  if (waiting === null) return ['the store cannot be used']
  const overdue = waiting.filter(({ ready, isTaken }) => !isTaken && now() - ready > OVERDUE_MS)
  const isStill = now() - workers.lookedAt() > OVERDUE_MS
  const unkept = workers.unkept()
  return [
    ...(overdue.length > 0 ? [`${overdue.length} overdue`] : []),
    ...(isStill ? ['checks have stopped'] : []),
    ...(unkept === null ? [] : [`what checks find is not stored (${unkept})`]),
  ]
}
