import { hash } from 'node:crypto'
import type { FindingKind } from '../schema/finding.ts'

/** Stable name of a finding: 32 hex digits of a hash of tenant, identifier, path and kind. Values are not in it: a drift that moves on stays the same finding. */
export function fingerprint(tenant: string, identifier: string | null, path: string, kind: FindingKind): string {
  return hash('sha256', JSON.stringify([tenant, identifier, path, kind]), 'hex').slice(0, 32)
}
