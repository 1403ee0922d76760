import { fromEntries, type JsonObject } from '../schema/json.ts'
import { redactUnknown } from '../schema/redact-unknown.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'
import type { TenantLook } from './look.ts'

/** The tenant as it may be kept: without secrets, those of fields that nobody knows too. Undefined where it was not read as a whole, or is not wanted. */
export function keptItems({ tenant, address, compared }: TenantLook): readonly JsonObject[] | undefined {
  const inventory = compared?.input.inventory
  if (tenant.settings.who.value === 'false' || address === null || inventory?.ok !== true) return undefined
  if (!inventory.snapshot.complete) return undefined
  return inventory.snapshot.items.map((item) =>
    redactUnknown(address, fromEntries(Object.entries(item).filter(([key]) => key !== SIGNING_SECRET))),
  )
}
