import type { Severity } from './finding.ts'
import type { KindPolicy } from './policy-list.ts'

/** How a policy acts until somebody configures it. */
export interface PolicyDefaults {
  /** The ceiling of all its violations. */
  readonly enforcementLevel: 'mandatory' | 'advisory'
  /** Violations below it are advisory. */
  readonly severityAtLeast: Severity
}

/** A drift of one field stops a pull request where it is grave, and is shown where it is not. */
export const FIELD_POLICY_DEFAULTS: PolicyDefaults = { enforcementLevel: 'mandatory', severityAtLeast: 'high' }

/** For kinds it is the kind that counts, whatever the severity: what was recorded and agreed is not to change unseen. */
export const KIND_POLICY_DEFAULTS = {
  'missing-api': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
  'unmanaged-api': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
  'undeclared-setting': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
  'unknown-field': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
  'not-compared': { enforcementLevel: 'advisory', severityAtLeast: 'low' },
  'unreadable-tenant': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
  'invalid-declaration': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
  'weaker-declaration': { enforcementLevel: 'advisory', severityAtLeast: 'low' },
  'unknown-input': { enforcementLevel: 'advisory', severityAtLeast: 'low' },
  'stale-rule': { enforcementLevel: 'advisory', severityAtLeast: 'low' },
  'nothing-judged': { enforcementLevel: 'mandatory', severityAtLeast: 'low' },
} as const satisfies Record<KindPolicy, PolicyDefaults>
