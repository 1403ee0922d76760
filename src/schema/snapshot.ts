import type { Applications } from './affected.ts'
import type { ErrorCode } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { LogLook, LogQuestion } from './log-event.ts'
import type { Proof } from './proof.ts'

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
