import { affectedBy } from '../affected/affected-by.ts'
import { liveApis, type TenantInput } from '../compare/front.ts'
import { NO_TENANT, type Affected } from '../schema/affected.ts'
import type { Finding } from '../schema/finding.ts'
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
  input: TenantInput,
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, Affected>> {
  const counting = findings.filter(
    ({ counts, kind, identifier }) => counts && identifier !== null && DIFFERENCES.has(kind),
  )
  if (counting.length === 0) return new Map()
  const identifiers = [...new Set(counting.flatMap(({ identifier }) => identifier ?? []))]
  const learnt = (await reader.applications?.(identifiers)) ?? NO_TENANT
  const live = liveApis(input)
  const values = new Map(input.declared.apis.map((api) => [api.identifier, api.values]))
  return new Map(
    counting.map((finding) => {
      const identifier = finding.identifier ?? ''
      const api = live.get(identifier) ?? values.get(identifier)
      return [finding.fingerprint, affectedBy({ finding, api }, learnt)]
    }),
  )
}
