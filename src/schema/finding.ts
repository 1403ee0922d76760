import type { ErrorCode } from './errors.ts'
import type { Json } from './json.ts'
import type { NotKnownReason } from './not-known.ts'

export type Origin = 'drift' | 'pending' | 'conflict'
export type Direction = 'weakened' | 'strengthened' | 'neutral'
export type Impact = 'breaks-clients'
export type Verdict = 'in-sync' | 'drifted' | 'incomplete'

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Positive where `a` is graver than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)
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

/** One difference. Plain JSON; `declared`, `base` and `live` are left out where nothing stands there. */
export interface Finding {
  readonly kind: FindingKind
  /** Null for a finding about the tenant. */
  readonly identifier: string | null
  /** Pulumi property path inside the resource server; empty for a whole API. */
  readonly path: string
  readonly origin: Origin | null
  /** True: counts toward the verdict. False: a notice, shown and never failing. */
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

export interface FindingInfo {
  readonly title: string
  /** One sentence for people. */
  readonly meaning: string
  readonly mend: string
}

/** Every kind has its words here; a new kind does not compile until it has. Pages: docs/findings/KIND.md. */
export const FINDING_INFO = {
  changed: {
    title: 'Declared and live differ',
    meaning: 'The tenant holds another value than the code declares.',
    mend: 'Change the tenant back, or take the live value into the code.',
  },
  missing: {
    title: 'A declared API is gone',
    meaning: 'The code declares this API and the tenant does not have it; a complete reading and a second look agree.',
    mend: 'Create the API again, or take it out of the code.',
  },
  unmanaged: {
    title: 'An API that nobody declares',
    meaning: 'The tenant has this API and no code declares it.',
    mend: 'Declare it, list it under managed_elsewhere, or delete it in the tenant.',
  },
  undeclared: {
    title: 'A setting that nobody declares',
    meaning: 'Nobody declares this setting, and it stands at something else than recorded, or than its default.',
    mend: 'Declare the setting, or record the tenant as it stands.',
  },
  'unknown-field': {
    title: 'A field this version does not know',
    meaning: 'The tenant returns a key that this version of tenant-drift has no rule for.',
    mend: 'Update tenant-drift; until then look at the field in the dashboard.',
  },
  unreadable: {
    title: 'We could not look',
    meaning: 'This could not be read completely, so nothing is claimed about it: not in sync, not missing.',
    mend: 'Follow the advice of its error code and run again.',
  },
  'not-compared': {
    title: 'Declared, and not compared',
    meaning:
      'A source says something here that this version of tenant-drift has no meaning for, so it was not compared.',
    mend: 'Update tenant-drift, or look at it in the dashboard.',
  },
  'weaker-declaration': {
    title: 'The declaration became less safe',
    meaning: 'This change declares a less safe value than the one that was declared before.',
    mend: 'Look at this in review: it is the code that weakens the API, not the tenant.',
  },
} as const satisfies Record<string, FindingInfo>

export type FindingKind = keyof typeof FINDING_INFO
