import type { Policies } from '@pulumi/policy'
import type { FieldRow } from '../src/schema/field-row.ts'
import { FIELDS } from '../src/schema/fields.ts'
import { fieldPolicies } from './field-policies.ts'
import { kindPolicies } from './kind-policies.ts'
import { nothingJudged } from './nothing-judged.ts'
import { readingPolicies } from './reading-policies.ts'
import { routeBy } from './route.ts'
import { checkPolicy, type PolicyOf } from './violation.ts'

/**
 * All policies of the pack, fields first, in the catalogue's order: one for each guarded field, one for each other kind of finding or state of the reading.
 * Made anew for every process: what was said once is remembered in them. They read `observed` and `drift` of a check and nothing else.
 */
export function driftPolicies(rows: readonly FieldRow[] = FIELDS): Policies {
  return [...allPolicies(rows).map(checkPolicy), nothingJudged()]
}

/** All that judge a check, before it is said where their checks come from. */
export function allPolicies(rows: readonly FieldRow[]): readonly PolicyOf[] {
  const catalogue = { rows, route: routeBy(rows), said: new Set<string>() }
  return [...fieldPolicies(catalogue), ...kindPolicies(catalogue), ...readingPolicies(catalogue)]
}
