import type { FieldRow } from '../src/schema/field-row.ts'
import { FIELDS } from '../src/schema/fields.ts'
import type { FindingKind } from '../src/schema/finding.ts'
import { parsePath } from '../src/schema/path.ts'
import { fieldPolicyName, guardedFields, type KindPolicy } from '../src/schema/policy-list.ts'

/** Policies of the kinds that are not about the value of one declared field. A new kind does not compile until it has one. */
const POLICY_OF_KIND = {
  missing: 'missing-api',
  unmanaged: 'unmanaged-api',
  undeclared: 'undeclared-setting',
  'unknown-field': 'unknown-field',
  unreadable: 'unreadable-tenant',
  'weaker-declaration': 'weaker-declaration',
} as const satisfies Record<Exclude<FindingKind, 'changed'>, KindPolicy>

/** The one policy that reports a difference. What no policy of ours guards still has one: nothing goes quiet. */
export function policyFor(kind: FindingKind, path: string, rows: readonly FieldRow[] = FIELDS): string {
  if (kind !== 'changed') return POLICY_OF_KIND[kind]
  const field = parsePath(path)?.[0] ?? path
  const isGuarded = guardedFields(rows).some((row) => row.path === field)
  return isGuarded ? fieldPolicyName(field) : 'unknown-field'
}
