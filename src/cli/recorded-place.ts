import path from 'node:path'
import { defaultRecorded } from '../declared/config-file.ts'
import { fileOf, type Plan, type TenantPlan } from './plan.ts'

/** The file that `record` writes and `check` reads, absolute. */
export function recordedFile(plan: Plan, tenant: TenantPlan): string {
  return fileOf(tenant.settings.recorded, tenant) ?? path.join(plan.root, defaultRecorded(tenant.name))
}
