import type { StaleRule } from '../schema/observed.ts'
import type { PlacedRule } from '../schema/report.ts'
import { ruleReports } from './accept-rules.ts'
import type { Acceptance } from './accepted.ts'

/** Rules that hold for a tenant, and those among them that other tenants may have a use for. */
interface Rules {
  readonly rules: readonly PlacedRule[]
  readonly shared: ReadonlySet<PlacedRule>
}

/**
 * Rules that match nothing, are over, or end soon, as the command reports them. `isWhole` is false where only a part of the tenant was compared:
 * then a rule that matches nothing may be for the rest.
 */
export function staleRules(
  { rules, shared }: Rules,
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
