import type { FieldRow } from '../src/schema/field-row.ts'
import type { FindingKind } from '../src/schema/finding.ts'
import { parsePath } from '../src/schema/path.ts'
import { fieldPolicyName, guardedFields, POLICY_OF_KIND } from '../src/schema/policy-list.ts'

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
