import { identifierOf } from '../schema/identifier-of.ts'
import type { JsonObject } from '../schema/json.ts'
import type { TenantInput } from './types.ts'

/** The APIs that were read, by identifier: as they were listed, and over that as they were looked at one by one. */
export function liveApis({
  inventory,
  looks,
}: Pick<TenantInput, 'inventory' | 'looks'>): ReadonlyMap<string, JsonObject> {
  const items = inventory.ok ? inventory.snapshot.items : []
  const live = new Map(items.map((item) => [identifierOf(item), item]))
  for (const [identifier, look] of looks) if (look.status === 'read') live.set(identifier, look.live)
  return live
}
