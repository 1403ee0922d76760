import type { Deed } from './changed-by.ts'
import type { JsonObject } from './json.ts'

/** A write to a resource server as the tenant log has it, without anything that is secret. */
export interface LogEvent extends Omit<Deed, 'at'> {
  /** Epoch ms. */
  readonly at: number
  readonly method: 'post' | 'patch' | 'put' | 'delete'
  /** What stands behind the endpoint in the path, as it was and decoded; empty for a create. */
  readonly names: readonly string[]
  /** Top-level keys of what was sent; null where the event does not say. */
  readonly sent: readonly string[] | null
  /** The API as it stood afterwards; null where the event does not say, and after a delete. */
  readonly after: JsonObject | null
  /** Top-level keys of the answer whose values are not known: masked, or secret in part. They are not in `after`. */
  readonly veiled: readonly string[]
}

export interface LogQuestion {
  /** Epoch ms. */
  readonly from: number
  /** True: every write of the Management API, ten pages at most; false: those whose description is about resource servers. */
  readonly isBroad: boolean
  /** Whether persons may be known. */
  readonly persons: boolean
}

/** What was read of a tenant log. */
export interface LogReading {
  /** Oldest first, by time and then by `log_id`; each once. */
  readonly events: readonly LogEvent[]
  /** Epoch ms from which on all that the tenant has and was asked for is in `events`. */
  readonly from: number
  /** False where there was more than may be read: then `from` lies later than was asked for. */
  readonly isWhole: boolean
  /** Epoch ms of the oldest event of any kind that was read: so far back the log goes at least. Null for none. */
  readonly oldest: number | null
  /** The tenant's clock at the reading, epoch ms. */
  readonly at: number
}

export type LogLook =
  | { readonly ok: true; readonly reading: LogReading }
  | { readonly ok: false; readonly reason: 'no-scope' | 'unreadable' }
