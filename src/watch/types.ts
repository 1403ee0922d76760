import type { History, Recorded, TenantKey, TurnHolder } from '../history/front.ts'
import type { Channel } from '../notify/front.ts'
import type { Report } from '../schema/report.ts'
import type { Writing } from '../words/hide-rendered.ts'
import type { Doors } from './doors.ts'
import type { Schedule } from './schedule.ts'

/** A tenant that the service looks at. */
export interface WatchedTenant {
  /** In the configuration, and in addresses of the page. */
  readonly name: string
  readonly key: TenantKey
  readonly schedule: Schedule
  /** What its log stream sends; null where it has none. Asked each time, so that it can change. */
  readonly streamToken: () => string | null
  /** Whether its events may say which person it was. */
  readonly keepsPersons: boolean
  /** How the branch stands that says what is declared; null where none is followed. */
  readonly follows: (() => FollowState) | null
}

/** A branch that is followed, as it was last fetched. */
export interface FollowState {
  readonly repository: string
  readonly branch: string
  /** Its tip; null where it was never fetched. */
  readonly commit: string | null
  /** When it was fetched, epoch ms; null where this process never did. */
  readonly at: number | null
  /** Why the last fetch failed; null where it succeeded. */
  readonly fault: string | null
}

/** A channel, and whom it is for: a tenant, or all of them (null). */
export interface WatchedChannel {
  readonly channel: Channel
  readonly tenant: string | null
}

/** One check, as the service hears of it. */
export interface Checked {
  readonly report: Report
  /** Null where nothing was remembered: the turn was lost, or the history failed. */
  readonly recorded: Recorded | null
}

/** One line of the service's log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly [key: string]: string | number | boolean | null | undefined
}

export interface WatchOptions {
  readonly tenants: readonly WatchedTenant[]
  /** Asked each time something is told: their credentials may change. The names stay. */
  readonly channels: () => readonly WatchedChannel[]
  readonly doors: Doors
  /** Which tenants are one fleet in a store that several services use. */
  readonly fleet: string
  /** Opens the history, and again after it went away. `isFirst`: then it may be made. */
  readonly openHistory: (isFirst: boolean) => Promise<History>
  /** The run of `check` on one tenant, remembered as `holder`. Throws for bugs alone. */
  readonly check: (
    tenant: string,
    run: { readonly id: string; readonly history: History; readonly holder: TurnHolder },
  ) => Promise<Checked>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Epoch ms, a clock that goes. */
  readonly now: () => number
  readonly log: (line: LogLine) => void
  /** Takes secrets out of what pages say. */
  readonly hide: (text: string, writing: Writing) => string
}
