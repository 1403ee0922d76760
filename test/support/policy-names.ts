import { FIELDS } from '../../src/schema/fields.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { fieldPolicyName, guardedFields, KIND_POLICIES } from '../../src/schema/policy-list.ts'

/** Names of all policies, fields first, in the catalogue's order. */
export function policyNames(rows: readonly FieldRow[] = FIELDS): readonly string[] {
  return [...guardedFields(rows).map((row) => fieldPolicyName(row.path)), ...Object.keys(KIND_POLICIES)]
}
