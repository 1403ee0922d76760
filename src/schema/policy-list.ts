import type { FieldRow } from './field-row.ts'
import { FIELDS, topRows } from './fields.ts'
import type { FindingKind } from './finding.ts'
import { parsePath } from './path.ts'

/** Name of the policy that guards a field: `signing_alg` has `signing-alg-drift`. */
export function fieldPolicyName(field: string): string {
  return `${field.replaceAll('_', '-')}-drift`
}

/** Fields with a policy of their own: every top-level row but the key. */
export function guardedFields(rows: readonly FieldRow[] = FIELDS): readonly FieldRow[] {
  return topRows(rows).filter((row) => row.compare !== 'key')
}

/** Policies that guard a kind of finding, or a state of the reading, in place of one field. */
export const KIND_POLICIES = {
  'missing-api': 'A declared API is gone from the tenant.',
  'unmanaged-api': 'The tenant has an API that nobody declares.',
  'undeclared-setting':
    'The value of a setting that nobody declares differs from the record or, without a record, from its default.',
  'unknown-field': 'The tenant returns a field that this version does not know.',
  'not-compared': 'A source declares something that this version does not know.',
  'unreadable-tenant': 'The tenant, or a part of it, could not be read in full.',
  'invalid-declaration': 'The declared state has mistakes.',
  'weaker-declaration': 'This change declares a less safe value than the one before.',
  'unknown-input': 'An input is not known in this preview, so nothing was compared.',
  'stale-rule': 'An accept rule matches nothing, has expired, or expires within 14 days.',
  'nothing-judged': 'The pack found nothing to judge, so nothing was compared.',
} as const satisfies Record<string, string>

export type KindPolicy = keyof typeof KIND_POLICIES

/** Policies of the kinds that are not about the value of one declared field. A new kind does not compile until it has one. */
export const POLICY_OF_KIND = {
  missing: 'missing-api',
  unmanaged: 'unmanaged-api',
  undeclared: 'undeclared-setting',
  'unknown-field': 'unknown-field',
  'not-compared': 'not-compared',
  unreadable: 'unreadable-tenant',
  'weaker-declaration': 'weaker-declaration',
} as const satisfies Record<Exclude<FindingKind, 'changed'>, KindPolicy>

/** The one policy, and in reports the one rule, that a difference belongs to. What no policy of ours guards still has one: nothing goes quiet. */
export function policyOf(kind: FindingKind, path: string, rows: readonly FieldRow[] = FIELDS): string {
  if (kind !== 'changed') return POLICY_OF_KIND[kind]
  const field = parsePath(path)?.[0] ?? path
  return guardedFields(rows).some((row) => row.path === field) ? fieldPolicyName(field) : 'unknown-field'
}
