import type { PolicyConfigSchema } from '@pulumi/policy/policy.js'
import { compareSeverity, SEVERITIES, type FindingKind, type Origin, type Severity } from '../src/schema/finding.ts'

/** What `--policy-pack-config` may say for a policy, beside Pulumi's own `enforcementLevel`. */
export interface PolicyConfig {
  readonly severityAtLeast: Severity
  readonly onlyTouched: boolean
  /** Whether nothing stops a run whose base is not known: there a change of the run's own cannot be told from drift. */
  readonly needsBase?: boolean
}

/** The configuration's schema: names and defaults that users see. */
export function policyConfigSchema(severityAtLeast: Severity): PolicyConfigSchema {
  return {
    properties: {
      severity_at_least: {
        type: 'string',
        enum: [...SEVERITIES],
        default: severityAtLeast,
        description: 'Anything less severe is advisory. Conflicts, unreadable and invalid are never lowered.',
      },
      only_touched: {
        type: 'boolean',
        default: false,
        description:
          'Drift of APIs whose declaration this change does not touch is advisory. Conflicts, unreadable and invalid are never lowered.',
      },
    },
  }
}

/** The engine checks the configuration against the schema; where it sends none, the defaults hold. */
export function readConfig(given: Readonly<Record<string, unknown>>, severityAtLeast: Severity): PolicyConfig {
  return {
    severityAtLeast: SEVERITIES.find((severity) => severity === given.severity_at_least) ?? severityAtLeast,
    onlyTouched: given.only_touched === true,
  }
}

export interface Gravity {
  readonly kind: FindingKind
  readonly origin: Origin | null
  readonly severity: Severity
  /** Whether this change touches the API; null where no base is known, and then it counts as touched. */
  readonly touched: boolean | null
  /** Shown, never failing: nothing is recorded that it could differ from. */
  readonly isNotice: boolean
}

/** Kinds about what nobody declares: what was recorded is what they are measured by. */
const NEEDS_A_RECORD: ReadonlySet<FindingKind> = new Set(['undeclared', 'unmanaged', 'unknown-field'])

/**
 * Why a violation is advisory whatever level its policy has; null where the configured level holds. A violation may only lower its level: the SDK
 * takes a violation's own level before the configured one, so one that sets `mandatory` would overrule the user's `advisory`.
 */
export function reasonToLower(gravity: Gravity, config: PolicyConfig): string | null {
  if (gravity.origin === 'conflict' || gravity.kind === 'unreadable') return null
  // A weaker declaration has an advisory policy of its own; whoever makes that mandatory means it.
  if (gravity.isNotice && gravity.kind !== 'weaker-declaration') {
    return NEEDS_A_RECORD.has(gravity.kind) ? 'there is no record to compare it with' : 'it does not count'
  }
  if (compareSeverity(gravity.severity, config.severityAtLeast) < 0) {
    return `${gravity.severity} is below severity_at_least (${config.severityAtLeast})`
  }
  if (config.needsBase === true && gravity.touched === null && gravity.kind !== 'weaker-declaration') {
    return 'no base is known, so your own unapplied change would look the same'
  }
  if (!config.onlyTouched || gravity.kind === 'weaker-declaration') return null
  if (gravity.kind === 'unmanaged') return 'no change touches an API that nobody declares (only_touched)'
  return gravity.touched === false ? 'this change does not touch this API (only_touched)' : null
}
