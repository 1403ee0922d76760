import type { JsonObject } from '../schema/json.ts'
import type { LogEvent } from '../schema/log-event.ts'
import type { DarkTransition, EpisodeTransition, Episode, Memory, RunRow, Transition } from '../memory/types.ts'

/** Whose memory it is: an address, or the name of a tenant that has none, in one view. */
export interface TenantKey {
  /** Host of the tenant, or `name:NAME` where no domain is known. */
  readonly address: string
  /** `history_view`, else the tenant's name in the configuration, else `default`. */
  readonly view: string
}

/** A tenant as the history knows it. Times are epoch ms. */
export interface TenantRow extends TenantKey {
  readonly id: number
  readonly name: string | null
  /** Digest of the place of the configuration that wrote last; null where there was none. */
  readonly config: string | null
}

/** What one run leaves behind. */
export interface Decision {
  readonly memory: Memory
  readonly transitions: readonly Transition[]
  readonly run: RunRow
  /** The JSON report, kept for runs with a transition and for the newest run of each tenant. */
  readonly report: string
  readonly name: string | null
  readonly config: string | null
  /** How the whole tenant stood, where that is wanted later (`who`); left out: what was kept before stays. */
  readonly items?: readonly JsonObject[]
}

/** A transition as it is kept. `run` orders it: clocks jump. */
export type StoredTransition = (EpisodeTransition | DarkTransition) & {
  readonly id: number
  readonly run: number
  readonly tenant: TenantRow
}

export interface Recorded {
  readonly tenant: TenantRow
  readonly run: RunRow
  readonly transitions: readonly StoredTransition[]
  readonly memory: Memory
  /** The configuration that wrote the run before, where it is another one. */
  readonly otherConfig: string | null
}

/** An open episode or an accepted one, with whose it is. */
export interface StoredEpisode extends Episode {
  readonly id: number
  readonly tenant: TenantRow
}

export const DELIVERY_STATES = ['waiting', 'sent', 'failed', 'dropped'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** One message to one channel. Its body stands there until it was sent, dropped or given up. */
export interface Delivery {
  readonly id: number
  readonly channel: string
  /** The last run that it tells. */
  readonly run: number
  readonly state: DeliveryState
  readonly tries: number
  readonly made: number
  /** Not before then. */
  readonly nextAt: number
  readonly body: string | null
  /** Why the last try failed; nothing of an answer's body. */
  readonly error: string | null
  /** True where somebody took it and never said what became of it: it may have been heard. */
  readonly isTaken: boolean
}

/** What a channel has not heard yet, and what it was told. */
export interface Heard {
  /** Transitions that came after those the channel was asked about before, oldest first, silent ones too. Empty for a channel seen for the first time. */
  readonly transitions: readonly StoredTransition[]
  /** Episodes that are open or accepted now. */
  readonly standing: readonly StoredEpisode[]
  /** What cannot be read now, of each tenant. */
  readonly dark: readonly { readonly tenant: TenantRow; readonly memory: Pick<Memory, 'dark' | 'run'> }[]
  /** Subjects (`subjectOf`) that the channel was told as opened or unreadable, and not yet as resolved or readable. */
  readonly told: ReadonlySet<string>
  /** What still waits for this channel, oldest first. */
  readonly waiting: readonly Delivery[]
  /** The channel's own state, as it was last put; null before. */
  readonly state: string | null
  /** True for a channel that was never asked about before. */
  readonly isNew: boolean
}

/** What becomes of it, all in one transaction. */
export interface Queued {
  /** Bodies, in the order in which they are to be sent. `run` is the last that each tells. */
  readonly messages: readonly { readonly body: string; readonly run: number }[]
  /** Subjects that are told now. */
  readonly told: readonly string[]
  /** Subjects whose end is told now (or that need none any more). */
  readonly untold: readonly string[]
  /** Waiting deliveries that are void: opened and resolved while they waited, or replaced by a newer state. */
  readonly dropped: readonly number[]
  /** The channel's own state (PagerDuty, issues); left out: as it was. */
  readonly state?: string
}

/** How one try ended. */
export type Settled =
  | { readonly state: 'sent' }
  | { readonly state: 'waiting'; readonly nextAt: number; readonly error: string; readonly body?: string }
  | { readonly state: 'failed'; readonly error: string }

/** The outbox. Every call is one transaction; `decide` is pure and synchronous, and may run again. */
export interface Outbox {
  /** Gives what `channel` has not heard to `decide`, keeps its answer, and moves the channel on. `tenants`: only of these ids; all where left out. */
  queue(channel: string, now: number, decide: (heard: Heard) => Queued, tenants?: readonly number[]): Promise<void>
  /**
   * The oldest waiting delivery of a channel, leased until `now + leaseMs`; null where nothing waits, its time has not come, or another sender holds
   * one of this channel. No delivery overtakes another one of its channel.
   */
  claim(channel: string, by: string, now: number, leaseMs: number): Promise<Delivery | null>
  /** False where the lease went to somebody else: then nothing was written. */
  settle(id: number, by: string, settled: Settled, now: number): Promise<boolean>
  /** The newest first. */
  deliveries(limit: number): Promise<readonly Delivery[]>
}

/** A question to the history. Left out: no such limit. */
export interface Selection {
  /** Name, view or address of a tenant. */
  readonly tenant?: string
  /** Episodes that stood at this time or later, runs that ran then. */
  readonly since?: number
  /** Ended ones too. */
  readonly all?: boolean
}

export interface TenantState {
  readonly tenant: TenantRow
  readonly memory: Omit<Memory, 'episodes'>
}

/** What can be asked. */
export interface Reading {
  tenants(): Promise<readonly TenantState[]>
  /** What is remembered of one tenant; the empty memory where it is not known. Writes nothing. */
  memory(tenant: TenantKey): Promise<Memory>
  episodes(selection: Selection): Promise<readonly StoredEpisode[]>
  runs(tenant: number, since: number | null): Promise<readonly RunRow[]>
  transitions(episodes: readonly number[]): Promise<readonly StoredTransition[]>
  report(run: number): Promise<string | null>
  /** The last complete reading that was kept; null where none was. */
  reading(tenant: TenantKey): Promise<{ readonly at: number; readonly items: readonly JsonObject[] } | null>
  /** Events of a tenant at this time (epoch ms) or later, the oldest first. */
  logEvents(address: string, since: number): Promise<readonly LogEvent[]>
}

/** Events that a stream brings. They are reduced before: nothing secret is in them, and no person unless those are wanted. */
export interface LogKeeping {
  /** Keeps those that are not kept yet, and drops what is older than `since` (epoch ms). */
  keepLogEvents(address: string, events: readonly LogEvent[], since: number): Promise<void>
}

/** What people may do to it. Each says how many rows it took. */
export interface Keeping {
  prune(before: number): Promise<{ readonly runs: number; readonly episodes: number; readonly deliveries: number }>
  /** False where nothing is known of `from`. @throws TenantDriftError where `to` is known already. */
  move(from: string, to: string): Promise<boolean>
  /** How many views of it were forgotten. */
  forget(tenant: string): Promise<number>
}

/** A history that is open. */
export interface History extends Outbox, Reading, Keeping, LogKeeping {
  /** How it is called in messages: a path, or a database without its credentials. */
  readonly name: string
  /**
   * One transaction that nobody else writes this tenant in: gives its memory to `decide` and keeps the answer. `decide` is pure and synchronous, and
   * answers null to write nothing.
   */
  record(tenant: TenantKey, decide: (memory: Memory) => Decision | null): Promise<Recorded | null>
  close(): Promise<void>
}

/** Under which name a channel's told rows keep an episode. */
export function subjectOfEpisode(episode: Pick<StoredEpisode, 'id'>): string {
  return `episode:${episode.id}`
}

/** Under which name they keep a place that cannot be read. */
export function subjectOfDark(
  tenant: Pick<TenantRow, 'id'>,
  place: { identifier: string | null; path: string },
): string {
  return `dark:${tenant.id}:${JSON.stringify([place.identifier, place.path])}`
}
