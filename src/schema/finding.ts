import type { ErrorCode } from './errors.ts'
import type { Json } from './json.ts'
import type { NotKnownReason } from './not-known.ts'

export const ORIGINS = ['drift', 'pending', 'conflict'] as const
export type Origin = (typeof ORIGINS)[number]
export const DIRECTIONS = ['weakened', 'strengthened', 'neutral'] as const
export type Direction = (typeof DIRECTIONS)[number]
export type Impact = 'breaks-clients'
export const VERDICTS = ['in-sync', 'drifted', 'incomplete'] as const
export type Verdict = (typeof VERDICTS)[number]

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const GRAVEST_FIRST: readonly Severity[] = SEVERITIES.toReversed()

/** Positive where `a` is graver than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)
}

/** Counts by severity, before anything is counted. */
export function noneOfAny(): Record<Severity, number> {
  return { low: 0, medium: 0, high: 0, critical: 0 }
}

/** Stands where a secret value would: nothing of the secret is in a finding, not even a hash. */
export interface Hidden {
  readonly hidden: true
}
export const HIDDEN: Hidden = { hidden: true }

export function isHidden(value: unknown): value is Hidden {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).join() === 'hidden' &&
    'hidden' in value &&
    value.hidden === true
  )
}

/** A value as it may be shown. Absent, null, unknown and hidden are four different things: absent is the missing key. */
export type Shown = Json | Hidden

/** One difference. Plain JSON; `declared`, `base` and `live` are left out where there is no value. */
export interface Finding {
  readonly kind: FindingKind
  /** Null for a finding about the tenant. */
  readonly identifier: string | null
  /** Pulumi property path inside the resource server; empty for a whole API. */
  readonly path: string
  readonly origin: Origin | null
  /** True: counts toward the verdict. False: a notice, which fails no run. */
  readonly counts: boolean
  readonly declared?: Shown
  readonly base?: Shown
  readonly live?: Shown
  readonly direction: Direction
  readonly impact: Impact | null
  readonly severity: Severity
  /** Stable: a hash of tenant, identifier, path and kind, never of values. */
  readonly fingerprint: string
  /** Where the declaration stands; null where it is in no file. */
  readonly file: string | null
  readonly line: number | null
  /** What the source itself calls that place: a URN, a Terraform address. Absent for files that people write. */
  readonly address?: string
  /** How many APIs a finding about the whole tenant stands for (`unknown-field`). */
  readonly apis?: number
  /** These APIs, by identifier. */
  readonly on?: readonly Bearer[]
  /** Of `unreadable` alone. */
  readonly code?: ErrorCode
  /** Of what a source says and nobody could read: why. */
  readonly why?: NotKnownReason
}

/** One API that a finding about the whole tenant stands for. */
export interface Bearer {
  readonly identifier: string
  /** Of this API's part of the finding alone: `accept` takes it. */
  readonly fingerprint: string
  /** Where the APIs differ in it: what is recorded of this one, and what is live. */
  readonly base?: Shown
  readonly live?: Shown
}

/** What can be said of a tenant. Words: src/words/kinds.ts, which does not compile before each kind has some; pages: docs/findings/KIND.md. */
export const FINDING_KINDS = [
  'changed',
  'missing',
  'unmanaged',
  'undeclared',
  'unknown-field',
  'unreadable',
  'not-compared',
  'weaker-declaration',
] as const

export type FindingKind = (typeof FINDING_KINDS)[number]
