import type { JsonObject } from '../schema/json.ts'
import type { LogEvent } from '../schema/log-event.ts'
import type { Severity, Verdict } from '../schema/finding.ts'
import { keyOfPlace } from '../memory/place.ts'
import type { Followed } from '../memory/followed.ts'
import type { DarkTransition, EpisodeTransition, Episode, Memory, RunRow, Transition } from '../memory/types.ts'
import type { Place } from '../schema/standing.ts'

/** A worker and the turn that it has. */
export interface TurnHolder {
  readonly fleet: string
  readonly tenant: string
  readonly by: string
}

export interface RecordOptions {
  /** Nothing is written where this turn went to somebody else. */
  readonly holder?: TurnHolder
  /** Where the run has something to say; of what ended elsewhere nothing is read then, nor in the answer. */
  readonly places?: readonly Place[]
}

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
  /** Of a branch that the tenant follows; left out: what was kept before stays. */
  readonly followed?: Followed
}

/** A transition whose episode is one of the store. */
export type NumberedTransition = (EpisodeTransition & { readonly after: { readonly id: number } }) | DarkTransition

/** A transition as it is kept. `run` orders it: clocks jump. */
export type StoredTransition = NumberedTransition & {
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
   * The oldest waiting delivery of a channel that this sender does not hold already, leased until `now + leaseMs`; null where nothing waits, its time has
   * not come, or another sender holds one of this channel. No delivery overtakes another sender's; whoever asks again before it has settled sends side by side.
   */
  claim(channel: string, by: string, now: number, leaseMs: number): Promise<Delivery | null>
  /** False where the lease went to somebody else: then nothing was written. */
  settle(id: number, by: string, settled: Settled): Promise<boolean>
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

/** A history that is open. */
export interface History extends Outbox {
  readonly overview: Overview
  /** Of the tenants of one configuration. */
  turns(fleet: string): Turns
  /** How it is called in messages: a path, or a database without its credentials. */
  readonly name: string
  /** Whether it held nothing at all before it was opened: the first run of all, or what was remembered is lost. */
  readonly isNew: boolean
  /**
   * One transaction that nobody else writes this tenant in: gives its memory to `decide` and keeps the answer. `decide` is pure and synchronous, and
   * answers null to write nothing.
   */
  record(
    tenant: TenantKey,
    decide: (memory: Memory) => Decision | null,
    options?: RecordOptions,
  ): Promise<Recorded | null>
  tenants(): Promise<readonly TenantState[]>
  /** What is remembered of one tenant; the empty memory where it is not known. Writes nothing. */
  memory(tenant: TenantKey): Promise<Memory>
  episodes(selection: Selection): Promise<readonly StoredEpisode[]>
  runs(tenant: number, since: number | null): Promise<readonly RunRow[]>
  transitions(episodes: readonly number[]): Promise<readonly StoredTransition[]>
  report(run: number): Promise<string | null>
  /** The last complete reading that was kept; null where none was. */
  reading(tenant: TenantKey): Promise<{ readonly at: number; readonly items: readonly JsonObject[] } | null>
  /** What is remembered of the branch that a tenant follows; of one that follows none, that there is nothing. */
  followed(tenant: TenantKey): Promise<Followed>
  /** Events of a tenant at this time (epoch ms) or later, the oldest first. */
  logEvents(address: string, since: number): Promise<readonly LogEvent[]>
  /**
   * Keeps events that a stream brought and that are not kept yet, and drops what is older than `since` (epoch ms). They are reduced before: nothing
   * secret is in them, and no person unless those are wanted.
   */
  keepLogEvents(address: string, events: readonly LogEvent[], since: number): Promise<void>
  /** Drops what ended and ran before then; says how many rows it took. */
  prune(before: number): Promise<{ readonly runs: number; readonly episodes: number; readonly deliveries: number }>
  /** False where nothing is known of `from`. @throws TenantDriftError where `to` is known already. */
  move(from: string, to: string): Promise<boolean>
  /** How many views of it were forgotten. */
  forget(tenant: string): Promise<number>
  /** Writes something and takes it back: one on a full disk opens as any other does. @throws TenantDriftError `history_unusable` */
  tryWriting(): Promise<void>
  close(): Promise<void>
}

/** How one tenant stands, in a line. Times are epoch ms. */
export interface TenantStanding {
  readonly tenant: TenantRow
  readonly run: RunRow | null
  readonly lastComplete: number | null
  /** Places that cannot be read. */
  readonly unreadable: number
  /** Open differences. */
  readonly open: Readonly<Record<Severity, number>>
  /** Since when the oldest of them stands. */
  readonly oldest: number | null
}

/** Runs one after the other with one verdict. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly verdict: Verdict
}

/** One run, and whose it is. */
export interface StoredRun {
  readonly tenant: TenantRow
  readonly run: RunRow
}

/** What pages ask: each in a handful of statements, however many tenants there are. */
export interface Overview {
  standings(): Promise<readonly TenantStanding[]>
  /** By number of a tenant. */
  stretches(tenants: readonly number[], since: number): Promise<ReadonlyMap<number, readonly Stretch[]>>
  /** The newest first. */
  runsOf(tenant: number, limit: number): Promise<readonly RunRow[]>
  /** The newest first. */
  movesOf(tenant: number, limit: number): Promise<readonly StoredTransition[]>
  /** Open and accepted ones, the gravest first. */
  standingOf(tenant: number): Promise<readonly StoredEpisode[]>
  episode(id: number): Promise<StoredEpisode | null>
  run(id: number): Promise<StoredRun | null>
  /** Transitions of one run. */
  movesOfRun(run: number): Promise<readonly StoredTransition[]>
  /** Differences of these tenants whose API, setting, kind, fingerprint or tenant holds the text: of that very fingerprint first, then what stands, then the newest. */
  search(text: string, limit: number, tenants: readonly TenantKey[]): Promise<readonly StoredEpisode[]>
  /** Channels that were told of a difference, and not yet of its end. */
  toldOf(episode: number): Promise<readonly string[]>
  deliveriesByState(): Promise<Readonly<Partial<Record<DeliveryState, number>>>>
}

/** Whose turn it is, as a worker has it. */
export interface Turn {
  readonly tenant: string
  /** True where somebody asked for it before its time. */
  readonly isAsked: boolean
}

/** How a tenant stands in the line. Epoch ms. */
export interface WaitingTurn {
  readonly tenant: string
  /** When its schedule has it. */
  readonly due: number
  /** When it is taken: at `due`, or before it where somebody asked. */
  readonly ready: number
  readonly isTaken: boolean
}

/**
 * Whose turn it is. A tenant is one worker's at a time; one who does not come back loses it when his lease is over; whoever asks while a worker is at it
 * is looked at once more. A fleet is the tenants of one configuration: those of another one in the same store are not touched.
 */
export interface Turns {
  /** These tenants are the fleet, each with when it is due next; one that waits already keeps an earlier time. Others of the fleet are taken out. */
  plan(tenants: readonly { readonly tenant: string; readonly due: number }[]): Promise<void>
  /** Takes their turns from workers that are known to be gone. */
  giveBack(isGone: (by: string) => boolean): Promise<void>
  /** The one that has waited longest; null where none is ready. */
  take(by: string, now: number, leaseMs: number): Promise<Turn | null>
  /** False where the turn went to somebody else. */
  renew(tenant: string, by: string, until: number): Promise<boolean>
  /** Ends a turn: the next one is at `due`, or sooner where somebody asked meanwhile. False where it went to somebody else: then nothing was written. */
  release(tenant: string, by: string, due: number): Promise<boolean>
  /** Something happened (`quietly`: more may follow at once), or somebody wants to know now. Says when it will be taken; null where nobody knows the tenant. */
  ask(tenant: string, now: number, quietly: boolean): Promise<number | null>
  /** Those that were taken are told as such while their lease lasts. */
  waiting(now: number): Promise<readonly WaitingTurn[]>
}

/** Equal for the same tenant in the same view, and for no other. */
export function keyText({ address, view }: TenantKey): string {
  return JSON.stringify([address, view])
}

/** Under which name a channel's told rows keep an episode. */
export function subjectOfEpisode(episode: Pick<StoredEpisode, 'id'>): string {
  return `episode:${episode.id}`
}

/** Under which name they keep a place that cannot be read. */
export function subjectOfDark(tenant: Pick<TenantRow, 'id'>, place: Place): string {
  return `dark:${tenant.id}:${keyOfPlace(place)}`
}
