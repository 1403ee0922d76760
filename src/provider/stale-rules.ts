import { ruleReports } from '../compare/front.ts'
import type { StaleRule } from '../schema/observed.ts'
import type { Acceptance } from './accepted.ts'
import type { Agreed } from './agreed.ts'

/**
 * Rules that match nothing, are over, or end soon, as the command reports them. `isWhole` is false where only a part of the tenant was compared:
 * then a rule that matches nothing may be for the rest.
 */
export function staleRules(
  { rules, shared }: Agreed,
  accepted: readonly Acceptance[],
  about: { readonly today: string; readonly isWhole: boolean },
): readonly StaleRule[] {
  return ruleReports(rules, new Map(accepted), { ...about, usedElsewhere: shared }).flatMap(
    ({ rule: { resource_server, path, kind, owner, expires }, state, file, line }) =>
      state === 'used'
        ? []
        : [{ state, resource_server, path, ...(kind === undefined ? {} : { kind }), owner, expires, file, line }],
  )
}
