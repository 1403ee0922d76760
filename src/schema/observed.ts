import type { ErrorCode } from './errors.ts'
import type { Direction, FindingKind, Impact, Origin, Severity } from './finding.ts'
import type { Json } from './json.ts'
import type { AcceptRule, RuleState } from './accept-rule.ts'
import type { Proof } from './proof.ts'

/** Stands in `drift` and `observed` where a secret would. */
export const HIDDEN_TEXT = '(hidden)'

/** Key of a difference of a whole API among the keys of its fields. */
export const WHOLE_API = 'identifier'

/** `excluded`: the configuration says that this API is not looked at, so nothing is claimed of it. */
export const OBSERVED_STATUSES = ['read', 'missing', 'unreadable', 'invalid', 'unknown', 'excluded'] as const
export type ObservedStatus = (typeof OBSERVED_STATUSES)[number]

/** One difference as it travels through the Pulumi engine. Absent values are left out; nothing of a secret is in it. */
export interface DriftEntry {
  readonly kind: FindingKind
  readonly origin: Origin | null
  readonly declared?: Json
  readonly base?: Json
  readonly live?: Json
  readonly direction: Direction
  readonly severity: Severity
  readonly impact?: Impact
  readonly code?: ErrorCode
  /** That something was declared here before, and nothing tells what: a change of one's own looks the same. */
  readonly baseUnknown?: true
  /** How often an `up` or a `refresh` has already stored this very difference; left out at first. */
  readonly seen?: number
}

/** By property path; a difference of the whole API under `identifier`. */
export type Drift = Readonly<Record<string, DriftEntry>>

/** By identifier; what is about the tenant itself under the tenant's own name. */
export type TenantDrift = Readonly<Record<string, Drift>>

/** A difference that an accept rule hides, with the words of that rule. `expires` is the last day on which it does (UTC). */
export interface AcceptedEntry extends Omit<DriftEntry, 'seen'> {
  readonly reason: string
  readonly owner: string
  readonly expires: string
}

/** As in `drift`: by path, and of a tenant by identifier and path. */
export type Accepted = Readonly<Record<string, AcceptedEntry>>

/** An accept rule that somebody should look at: it matches nothing, is over, or soon will be. */
export interface StaleRule extends Pick<AcceptRule, 'resource_server' | 'path' | 'kind' | 'owner' | 'expires'> {
  readonly state: Exclude<RuleState, 'used'>
  readonly file: string | null
  readonly line: number | null
}

/** Findings that never fail a run, grouped: the same setting at the same value is one notice, on however many APIs. */
export interface Notice {
  readonly kind: FindingKind
  readonly path: string
  readonly declared?: Json
  readonly base?: Json
  readonly live?: Json
  readonly direction: Direction
  readonly severity: Severity
  readonly apis: number
  /** Up to five, sorted. */
  readonly identifiers: readonly string[]
}

/** By path: how many APIs have the field, and up to fifty of them, sorted. Beside `drift`, whose keys are for ever. */
export type UnknownFields = Readonly<Record<string, { readonly apis: number; readonly identifiers: readonly string[] }>>

/** What a check saw, beside the differences. Only `status`, `code`, `seen` and `digest` decide whether the engine calls it a change. */
export interface Observed {
  readonly status: ObservedStatus
  readonly tenant?: string
  /** The tenant that the state is of, where this look is at another one (then the state is no base), or does not know at which. */
  readonly stateTenant?: string
  /** Of `unreadable` and `invalid`. */
  readonly code?: ErrorCode
  readonly message?: string
  readonly advice?: string
  /** Of `unreadable` and `invalid`: how often this very state has already been stored; left out at first. */
  readonly seen?: number
  /** The id that is accepted for this API; another live one is the difference at `id`. */
  readonly id?: string
  /** That this run's code differs from its base; of a tenant, the identifiers that do. Left out where it does not. */
  readonly touched?: true | readonly string[]
  /**
   * There are differences, and no base is known, so nobody can say whether the code was touched. Left out where there are none: a base that an
   * `up` brought would otherwise show in the display of the first drift after it.
   */
  readonly noBase?: true
  /** Paths of inputs that are not known yet. */
  readonly unknown?: readonly string[]
  /** What the code changed and nobody has applied yet. */
  readonly pending: Drift | TenantDrift
  readonly notices: readonly Notice[]
  /** Of a tenant: which APIs have the fields that this version does not know and that count, by path; left out where there are none. */
  readonly unknownFields?: UnknownFields
  /** What an accept rule hides, left out where that is nothing. */
  readonly accepted?: Accepted | Readonly<Record<string, Accepted>>
  /** Of a tenant: the configuration excludes all that is declared, so that nothing is claimed of it. Left out where it does not. */
  readonly allExcluded?: true
  /** Of a tenant: rules to look at, left out where there are none. */
  readonly staleRules?: readonly StaleRule[]
  /** Things to say once. */
  readonly notes: readonly string[]
  readonly recorded: boolean
  readonly adopted: number
  readonly proof?: Proof
  /** SHA-256 of all that a tenant's check declares, secrets left out. */
  readonly digest?: string
}

export function emptyObserved(status: ObservedStatus): Observed {
  return { status, pending: {}, notices: [], notes: [], recorded: false, adopted: 0 }
}
