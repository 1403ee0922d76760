import { fieldPolicyName, guardedFields } from '../src/schema/policy-list.ts'
import { FIELD_POLICY_DEFAULTS } from '../src/schema/policy-defaults.ts'
import { reportDifferences, type Catalogue } from './report-differences.ts'
import type { PolicyOf } from './violation.ts'

/** One policy for each top-level field of the catalogue: it reports what changed behind the code's back in the field or anywhere below it. */
export function fieldPolicies(catalogue: Catalogue): readonly PolicyOf[] {
  return guardedFields(catalogue.rows).map((row) => {
    const name = fieldPolicyName(row.path)
    return {
      name,
      description: `${row.path} is live as it is declared. ${row.sentence}`,
      ...FIELD_POLICY_DEFAULTS,
      url: row.link,
      judge: (check, config) => reportDifferences(name, check, config, catalogue),
    }
  })
}
