import type { FindingKind } from '../schema/finding.ts'

/** Ways back from a difference, as reports and pages name them. */

/** What a command takes where a configuration has several tenants. A name that a shell could take for more is left to the reader. */
export function tenantFlag(name: string | null): string {
  return name !== null && /^\w[\w.-]*$/.test(name) ? ` --tenant ${name}` : ''
}

/** What a request can put back as the code has it. */
export function isRepairable({ kind }: { readonly kind: FindingKind }): boolean {
  return kind === 'changed' || kind === 'undeclared'
}

/** What a declaration can say as the tenant has it. */
export function isAdoptable({ kind }: { readonly kind: FindingKind }): boolean {
  return kind === 'changed' || kind === 'missing' || kind === 'unmanaged' || kind === 'undeclared'
}
