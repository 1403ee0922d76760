import type { TenantReader } from '../schema/snapshot.ts'
import {
  createTenantReader,
  parseSnapshotFile,
  requestLimit,
  snapshotReader,
  tenantConfig,
  type RequestLimit,
} from '../tenant/front.ts'
import { toShown } from './config-file.ts'
import type { Io } from './io.ts'
import { fileOf, type Plan, type TenantPlan } from './plan.ts'
import { configMistake } from './settings.ts'
import { readText } from './sides.ts'

export interface OpenReader {
  readonly reader: TenantReader
  /** A snapshot file stands in for the tenant. */
  readonly isFile: boolean
}

/**
 * A reader of one tenant: of a snapshot file where one is given, else with its credentials. It asks nothing yet. `declaredTenant` is what the
 * declared files say, for a snapshot of a tenant that nobody names otherwise.
 * @throws MistakesError `invalid_config`; TenantDriftError of a snapshot file
 */
export async function openReader(
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
  about: { readonly targets?: readonly string[] | undefined; readonly declaredTenant?: string | null } = {},
): Promise<OpenReader> {
  const file = fileOf(tenant.settings.live, tenant)
  if (file !== null) {
    const text = await readText(file, 'live', toShown(plan.root, file))
    const wanted = tenant.domain ?? about.declaredTenant ?? undefined
    const demands = { tenant: wanted, maxAgeMs: tenant.settings.maxAge.value, now: io.now() }
    return { reader: snapshotReader(parseSnapshotFile(text, demands)), isFile: true }
  }
  if (tenant.withoutCredentials !== null) throw configMistake(tenant.withoutCredentials)
  const config = tenantConfig({ env: tenant.env })
  const limit: RequestLimit | undefined =
    tenant.settings.maxRequests.value === null ? undefined : requestLimit(tenant.settings.maxRequests.value)
  return { reader: createTenantReader(config, { targets: about.targets, limit }), isFile: false }
}
