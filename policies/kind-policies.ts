import { KIND_POLICY_DEFAULTS } from '../src/schema/policy-defaults.ts'
import { KIND_POLICIES, type KindPolicy } from '../src/schema/policy-list.ts'
import { reportDifferences, type Catalogue } from './report-differences.ts'
import type { PolicyOf } from './violation.ts'

/** Kinds of finding that are not about the value of one declared field. */
const NAMES = [
  'missing-api',
  'unmanaged-api',
  'undeclared-setting',
  'unknown-field',
  'not-compared',
  'weaker-declaration',
] as const satisfies readonly KindPolicy[]

export function kindPolicies(catalogue: Catalogue): readonly PolicyOf[] {
  return NAMES.map((name) => ({
    name,
    description: KIND_POLICIES[name],
    ...KIND_POLICY_DEFAULTS[name],
    judge: (check, config) => reportDifferences(name, check, config, catalogue),
  }))
}
