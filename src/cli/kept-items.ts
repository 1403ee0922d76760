import type { JsonObject } from '../schema/json.ts'
import { keptItem } from '../schema/redact-unknown.ts'
import type { Hider } from '../words/hide.ts'
import type { TenantLook } from './look.ts'

/**
 * The tenant as it may be kept: without secrets, those of fields that nobody knows too. Undefined where it was not read as a whole, or is not wanted, or where
 * one of its values holds what this run may not say: with that taken out it would be another value.
 */
export function keptItems({ tenant, address, compared }: TenantLook, hider: Hider): readonly JsonObject[] | undefined {
  const inventory = compared?.input.inventory
  if (tenant.settings.who.value === 'false' || address === null || inventory?.ok !== true) return undefined
  if (!inventory.snapshot.complete) return undefined
  const items = inventory.snapshot.items.map((item) => keptItem(address, item))
  return hider.count(JSON.stringify(items)) === 0 ? items : undefined
}
