import type { ResourceValidationPolicy } from '@pulumi/policy'
import type { FieldRow } from '../src/schema/field-row.ts'
import { fieldPolicyName, guardedFields } from '../src/schema/policy-list.ts'
import { FIELD_POLICY_DEFAULTS } from '../src/schema/policy-defaults.ts'
import { reportDifferences } from './report-differences.ts'
import { checkPolicy } from './violation.ts'

/** One policy for each top-level field of the catalogue: it reports what changed behind the code's back in the field or anywhere below it. */
export function fieldPolicies(rows: readonly FieldRow[]): readonly ResourceValidationPolicy[] {
  return guardedFields(rows).map((row) => {
    const name = fieldPolicyName(row.path)
    return checkPolicy({
      name,
      description: `${row.path} is live as it is declared. ${row.sentence}`,
      ...FIELD_POLICY_DEFAULTS,
      url: row.link,
      judge: (check, config) => reportDifferences(name, check, config, rows),
    })
  })
}
