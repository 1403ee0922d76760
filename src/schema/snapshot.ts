import type { Applications } from './affected.ts'
import type { ErrorCode } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { LogLook, LogQuestion } from './log-event.ts'

/** How the Management API was recognised in the list, or why not. */
export type CanaryBinding = 'token-audience' | 'configured-audience' | 'unbound'

/** What was asked and seen to read a tenant, so that "complete" can be checked by the reader. No durations, no clock. */
export interface Proof {
  /** `total` that every page announced; null for a reading of named APIs. */
  readonly total: number | null
  readonly pages: number
  readonly items: number
  /** Readings begun again because a page did not fit the others. */
  readonly rereads: number
  /** True where page 0 was read once more at the end (a reading longer than two seconds). */
  readonly secondLook: boolean
  /** Identifier of the Management API found in the list, and how it was recognised. */
  readonly canary: { readonly identifier: string; readonly binding: CanaryBinding } | null
  /** True where the tenant refused `fields=signing_secret&include_fields=false`, so it was read in full and the key dropped. */
  readonly fieldsRefused: boolean
  /** Requests by purpose, retries included. */
  readonly requests: {
    readonly token: number
    readonly list: number
    readonly confirm: number
    readonly secret: number
    /** To learn whom differences hit (`--affected`); left out where nothing was asked. */
    readonly affected?: number
    /** Of the tenant log; left out where it was not asked for. */
    readonly log?: number
  }
  /** Repeated requests among them, and waits for the rate limit. */
  readonly retries: number
  readonly waits: number
  /** Things a reader of the proof must know: "tenant not bound", "inventory incomplete: invalid_paging", "unstable". */
  readonly notes: readonly string[]
}

/** How many requests were sent in all. */
export function requestsOf({ requests }: Proof): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}

/**
 * One reading of a tenant's list. `complete` means the inventory is proven: only then may an API be missing or unmanaged.
 * `items` are the raw live objects without `signing_secret`, in the tenant's order.
 */
export interface Snapshot {
  /** The tenant's address as configured: a domain, or `http://127.0.0.1:PORT`. */
  readonly tenant: string
  readonly complete: boolean
  readonly items: readonly JsonObject[]
  readonly proof: Proof
  /** Of one from a file: when it was taken (RFC 3339, UTC). */
  readonly takenAt?: string
}

/** What is known of one API: read, absent for sure, or not known. */
export type Look =
  | { readonly status: 'read'; readonly live: JsonObject }
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly code: ErrorCode; readonly message: string; readonly advice: string }

/** The outcome of reading a whole tenant: never thrown, so that one failure is one answer for everybody who waits for it. */
export type Reading =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | {
      readonly ok: false
      readonly code: ErrorCode
      readonly message: string
      readonly advice: string
      readonly proof: Proof
    }

/** What the provider and the command need of a tenant; src/tenant makes one, tests may bring their own. */
export interface TenantReader {
  readonly tenant: string
  /** The whole list: read once, then the same promise for everybody. */
  inventory(): Promise<Reading>
  /**
   * Looks at named APIs: in the inventory where that is enough, else confirmed one by one (five at most a run), then by one second reading.
   * One entry for each identifier asked for.
   */
  find(identifiers: readonly string[]): Promise<ReadonlyMap<string, Look>>
  /** Digest (`digestSecret`) of the live signing secret, null where the API has none. Only asked where an API declares a secret. */
  secretDigests(identifiers: readonly string[]): Promise<ReadonlyMap<string, SecretLook>>
  /** Who may get tokens for these APIs. Never fails: what the tenant does not tell is not known. Not there where no tenant is asked. */
  applications?(identifiers: readonly string[]): Promise<Applications>
  /** Writes to resource servers in the tenant log. Never throws; a file has none. */
  logs?(question: LogQuestion): Promise<LogLook>
  /** A reading begun afresh, for after a dependency changed the tenant. */
  fresh(): TenantReader
  /** Proof of all that was asked so far. */
  proof(): Proof
  close(): Promise<void>
}

export type SecretLook =
  | { readonly status: 'read'; readonly digest: string | null }
  | { readonly status: 'unreadable'; readonly code: ErrorCode; readonly message: string; readonly advice: string }

/** A snapshot as a file: redacted, digested, dated. `digest` is the SHA-256 (hex) of the canonical JSON of all other keys. */
export interface SnapshotFile {
  readonly schemaVersion: 1
  readonly takenAt: string
  readonly tenant: string
  readonly complete: boolean
  readonly items: readonly JsonObject[]
  readonly proof: Proof
  readonly digest: string
}
