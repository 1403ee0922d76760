import { toNotices, unknownFieldsOf, type SortedFindings } from '../compare/front.ts'
import { MistakesError, type TenantDriftError } from '../schema/errors.ts'
import type { Observed } from '../schema/observed.ts'
import type { Compared } from './compare-sides.ts'

/** What of a comparison of a whole tenant travels to the policies beside the differences: from the check of a program, and in the live pack. */
export function observeTenant(
  { sides, isAllExcluded }: Compared,
  { notices, counting, stale }: SortedFindings,
): Pick<Observed, 'notices' | 'unknownFields' | 'recorded' | 'staleRules' | 'allExcluded'> {
  return {
    notices: toNotices(notices),
    ...unknownFieldsOf(counting),
    recorded: sides.recorded !== null,
    ...(stale.length === 0 ? {} : { staleRules: stale }),
    ...(isAllExcluded ? { allExcluded: true as const } : {}),
  }
}

/** Findings of a tenant by their APIs; those about the tenant itself under its name. */
export function byApi<T, R>(
  tenant: string,
  members: readonly T[],
  identifierOf: (member: T) => string | null,
  toEntries: (members: readonly T[], name: string) => R,
): Readonly<Record<string, R>> {
  const groups = Map.groupBy(members, (member) => identifierOf(member) ?? tenant)
  return Object.fromEntries([...groups].map(([name, group]) => [name, toEntries(group, name)] as const))
}

/** Whether a failure is a mistake in a declaration, or kept something from being read. */
export function statusOfFailure(error: TenantDriftError): 'invalid' | 'unreadable' {
  return error instanceof MistakesError && error.code === 'invalid_declaration' ? 'invalid' : 'unreadable'
}
