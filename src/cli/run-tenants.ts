import type { Report } from '../schema/report.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { moreToAsk } from './ask-more.ts'
import type { Io } from './io.ts'
import { lookAtTenant, type ComparedTenant, type Inputs, type TenantLook } from './look.ts'
import { judgeCompared, makeReports } from './make-report.ts'
import type { Plan } from './plan.ts'
import type { Progress } from './progress.ts'
import type { OpenedHistory } from './remember-runs.ts'

/** What a run found, before anything of it is remembered, written or told. */
export interface RanTenants {
  readonly looks: readonly TenantLook[]
  readonly reports: readonly Report[]
}

/** What the caller of a run has already. */
export interface RunBegun {
  /** Those that ask already, in the order of the tenants. */
  readonly readers?: readonly (TenantReader | null)[]
  /** What was read before already, in the order of the tenants. */
  readonly inputs?: readonly Inputs[]
  /** The history that is being opened. */
  readonly opening?: Promise<OpenedHistory> | undefined
}

/** The one run of a comparison: every tenant of the plan looked at, side by side, compared and judged. `check` and the service call it. */
export async function runTenants(
  plan: Plan,
  io: Io,
  progress: Progress,
  { readers = [], inputs = [], opening }: RunBegun = {},
): Promise<RanTenants> {
  const looks = await Promise.all(
    plan.tenants.map((tenant, index) => {
      const begun = { reader: readers[index], inputs: inputs[index], ...moreToAsk(tenant, opening ?? null, io) }
      const isAlarm = (compared: ComparedTenant) => judgeCompared(compared, tenant, io).exitCode === 2
      return lookAtTenant(plan, tenant, io, progress, { ...begun, isAlarm })
    }),
  )
  return { looks, reports: makeReports(plan, looks, io, await plan.files.decided()) }
}
