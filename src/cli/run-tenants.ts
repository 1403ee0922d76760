import type { Report } from '../schema/report.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import type { Io } from './io.ts'
import { lookAtTenant, type ComparedTenant, type TenantLook } from './look.ts'
import { judge, makeReports } from './make-report.ts'
import type { Plan } from './plan.ts'
import type { Progress } from './progress.ts'

/** What a run found, before anything of it is remembered, written or told. */
export interface RanTenants {
  readonly looks: readonly TenantLook[]
  readonly reports: readonly Report[]
}

/**
 * The one run of a comparison: every tenant of the plan looked at, side by side, compared and judged. `check` and the service call it. `readers` are those
 * that ask already, in the order of the tenants.
 */
export async function runTenants(
  plan: Plan,
  io: Io,
  progress: Progress,
  readers: readonly (TenantReader | null)[] = [],
): Promise<RanTenants> {
  const looks = await Promise.all(
    plan.tenants.map((tenant, index) => {
      const isAlarm: Parameters<typeof lookAtTenant>[4] = (compared) => judge(compared, tenant, io).exitCode === 2
      const judged = (compared: ComparedTenant) => judge(compared, tenant, io).findings
      return lookAtTenant(plan, tenant, io, progress, isAlarm, { reader: readers[index], judged })
    }),
  )
  return { looks, reports: makeReports(plan, looks, io, await plan.files.decided()) }
}
