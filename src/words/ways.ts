import type { FindingKind } from '../schema/finding.ts'

/** Ways back from a difference, as reports and pages name them. */

/** What a command takes where a configuration has several tenants. A name that a shell could take for more is left to the reader. */
export function tenantFlag(name: string | null): string {
  return name !== null && /^\w[\w.-]*$/.test(name) ? ` --tenant ${name}` : ''
}

interface OfAKind {
  readonly kind: FindingKind
}

/** The commands that lead back from one of these, each with when it is the right one; `repair` and `adopt` are what stands behind their names. */
export function waysBack(
  findings: readonly OfAKind[],
  { repair, adopt }: { readonly repair: string; readonly adopt: string },
): readonly (readonly [when: string, command: string])[] {
  return [
    ...(findings.some(isRepairable) ? [['Where the code is right:', `tenant-drift repair${repair}`] as const] : []),
    ...(findings.some(isAdoptable) ? [['Where the tenant is right:', `tenant-drift adopt${adopt}`] as const] : []),
  ]
}

/** What a request can put back as the code has it. */
function isRepairable({ kind }: OfAKind): boolean {
  return kind === 'changed' || kind === 'undeclared'
}

/** What a declaration can say as the tenant has it. */
function isAdoptable({ kind }: OfAKind): boolean {
  return kind === 'changed' || kind === 'missing' || kind === 'unmanaged' || kind === 'undeclared'
}
