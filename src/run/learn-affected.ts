import { affectedBy } from '../affected/affected-by.ts'
import type { TenantInput } from '../compare/front.ts'
import { identifierOf } from '../schema/identifier-of.ts'
import { NO_TENANT, type Affected } from '../schema/affected.ts'
import type { Finding } from '../schema/finding.ts'
import type { JsonObject } from '../schema/json.ts'
import type { TenantReader } from '../schema/snapshot.ts'

/** Kinds of findings that say of one API that it differs. */
const DIFFERENCES: ReadonlySet<Finding['kind']> = new Set([
  'changed',
  'missing',
  'unmanaged',
  'undeclared',
  'unknown-field',
])

/**
 * Whom the differences that count hit, by fingerprint. Nothing is asked where none counts. Never fails for what a tenant does: what could not be learnt is
 * said in each.
 */
export async function learnAffected(
  reader: TenantReader,
  { declared, inventory, looks }: TenantInput,
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, Affected>> {
  const counting = findings.filter(
    ({ counts, kind, identifier }) => counts && identifier !== null && DIFFERENCES.has(kind),
  )
  if (counting.length === 0) return new Map()
  const identifiers = [...new Set(counting.flatMap(({ identifier }) => identifier ?? []))]
  const learnt = (await reader.applications?.(identifiers)) ?? NO_TENANT
  const items = inventory.ok ? inventory.snapshot.items : []
  const live = new Map<string, JsonObject>(items.map((item) => [identifierOf(item), item]))
  for (const [identifier, look] of looks) if (look.status === 'read') live.set(identifier, look.live)
  const values = new Map(declared.apis.map((api) => [api.identifier, api.values]))
  return new Map(
    counting.map((finding) => {
      const identifier = finding.identifier ?? ''
      const api = live.get(identifier) ?? values.get(identifier)
      return [finding.fingerprint, affectedBy({ finding, api }, learnt)]
    }),
  )
}
