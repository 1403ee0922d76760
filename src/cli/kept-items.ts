import { fromEntries, type JsonObject } from '../schema/json.ts'
import { redactUnknown } from '../schema/redact-unknown.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'
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
  const items = inventory.snapshot.items.map((item) =>
    redactUnknown(address, fromEntries(Object.entries(item).filter(([key]) => key !== SIGNING_SECRET))),
  )
  const text = JSON.stringify(items)
  return hider.hide(text) === text ? items : undefined
}
