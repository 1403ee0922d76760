import type { Report } from '../schema/report.ts'
import type { Io } from './io.ts'
import { startReading } from './open-reader.ts'
import { loadRenderers, parseOutputs, writeReports } from './outputs.ts'
import { makePlan, type Flags } from './plan.ts'
import { createProgress } from './progress.ts'

/**
 * `tenant-drift check`: options, then declared and live side by side, then the comparison, the reports, the exit code. Wrong settings are thrown
 * (`TenantDriftError`) before anything is sent; what goes wrong with a tenant is a report that says so.
 */
export async function check(flags: Flags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io)
  if (flags.showConfig === true) {
    const { showConfig } = await import('./show-config.ts')
    io.out(showConfig(plan, io))
    return 0
  }
  const outputs = parseOutputs(plan.settings.output, plan.tenants)
  const progress = createProgress(io, plan.settings.quiet.value)
  // More than one spinner would write over one another.
  const side =
    plan.tenants.length > 1 ? createProgress({ ...io, isErrTerminal: false }, plan.settings.quiet.value) : progress
  // The tenants answer while the other half of us loads.
  const readers = await Promise.all(plan.tenants.map((tenant) => startReading(plan, tenant, io)))
  const [{ lookAtTenant }, { judge, makeReports }] = await Promise.all([
    import('./look.ts'),
    import('./make-report.ts'),
    loadRenderers(outputs),
  ])
  const looks = await Promise.all(
    plan.tenants.map((tenant, index) => {
      const isAlarm: Parameters<typeof lookAtTenant>[4] = (compared) => judge(compared, tenant, io).exitCode === 2
      return lookAtTenant(plan, tenant, io, side, isAlarm, readers[index])
    }),
  )
  const reports = makeReports(plan, looks, io)
  // A text report tells its errors itself.
  const isTold = outputs.some(({ format, file }) => format === 'text' && file === null)
  if (!isTold) for (const report of reports) for (const { message } of report.errors) io.err(`error: ${message}\n`)
  const tenants = reports.map((report, index) => [plan.tenants[index], report] as const)
  const areWritten = await writeReports(outputs, tenants.filter(isWhole), plan.settings, io, progress)
  return areWritten ? worstOf(reports) : 1
}

function isWhole<T, R>(pair: readonly [T | undefined, R]): pair is readonly [T, R] {
  return pair[0] !== undefined
}

/** 1 beats 2 beats 0: one tenant that could not be read is not made up for by what another one showed. */
function worstOf(reports: readonly Report[]): number {
  const codes = reports.map((report) => report.exitCode)
  if (codes.includes(1)) return 1
  return codes.includes(2) ? 2 : 0
}
