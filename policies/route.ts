import type { FieldRow } from '../src/schema/field-row.ts'
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

/** Names the one policy that reports a difference. */
export type Route = (kind: FindingKind, path: string) => string

/** What no policy of ours guards still has one: nothing goes quiet. Made once for a pack, because a tenant can have ten thousand differences. */
export function routeBy(rows: readonly FieldRow[]): Route {
  const policies = new Map(guardedFields(rows).map((row) => [row.path, fieldPolicyName(row.path)]))
  return (kind, path) => {
    if (kind !== 'changed') return POLICY_OF_KIND[kind]
    return policies.get(parsePath(path)?.[0] ?? path) ?? 'unknown-field'
  }
}
