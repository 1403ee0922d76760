import type { FindingKind } from './finding.ts'
import type { Json } from './json.ts'

/** A rule that accepts a known difference for a while. All of `reason`, `owner` and `expires` are required: acceptance without an end is forgetting. */
export interface AcceptRule {
  /** Glob of identifiers. */
  readonly resource_server: string
  /** Pulumi property path with `*` and `**`, or a JSON Pointer. Empty for a whole API. */
  readonly path: string
  readonly kind?: FindingKind
  /** Only this live value is accepted. */
  readonly live?: Json
  readonly reason: string
  readonly owner: string
  /** Last day on which the rule hides something, `YYYY-MM-DD` (UTC). */
  readonly expires: string
}

/** A rule and where it stands. */
export interface PlacedRule {
  readonly rule: AcceptRule
  readonly file: string | null
  readonly line: number | null
}

export const RULE_STATES = ['used', 'unused', 'expired', 'expiring'] as const
export type RuleState = (typeof RULE_STATES)[number]
