import { identifierOf } from '../schema/identifier-of.ts'
import { declarationMistake } from '../schema/errors.ts'
import { otherTenant } from '../schema/other-tenant.ts'
import type { Agreed } from '../declared/agreed.ts'
import { oncePer } from '../schema/once-per.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import type { EngineRun } from './engine-run.ts'

/** What was recorded of a tenant, for a check of all of it. @throws MistakesError where it was recorded of another one */
export async function recordedOfTenant(
  session: EngineRun,
  file: string | null,
  agreed: Agreed,
  tenant: string,
): Promise<Snapshot | null> {
  const { snapshot } = await session.recorded(file, agreed)
  const other = otherTenant('recorded', snapshot?.tenant ?? null, tenant)
  if (other !== null) throw declarationMistake(other)
  return snapshot
}

/**
 * The same for a check of one API, and of that alone: the usual file, which nobody named, may be another tenant's of the same program.
 * @throws MistakesError where a named one is
 */
export async function recordedOfApi(
  session: EngineRun,
  agreed: Agreed,
  tenant: string,
  identifier: string,
): Promise<{ readonly recorded: Snapshot | null; readonly notes: readonly string[] }> {
  const { snapshot, isNamed } = await session.recorded(null, agreed)
  if (snapshot === null) return { recorded: null, notes: [] }
  const other = otherTenant('recorded', snapshot.tenant, tenant)
  if (other !== null) {
    if (isNamed) throw declarationMistake(other)
    const note = `the recorded snapshot was taken of ${snapshot.tenant}, so it says nothing about ${tenant}`
    return { recorded: null, notes: [note] }
  }
  const item = itemsOf(snapshot).get(identifier)
  return { recorded: { ...snapshot, items: item === undefined ? [] : [item] }, notes: [] }
}

/** A thousand checks ask one snapshot. */
const itemsOf = oncePer(({ items }: Snapshot) => new Map(items.map((item) => [identifierOf(item), item] as const)))
