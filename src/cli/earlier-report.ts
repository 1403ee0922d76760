import path from 'node:path'
import type { Report } from '../schema/report.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { configMistake } from '../schema/errors.ts'
import { readFileText, toShown } from './files.ts'
import type { Io } from './io.ts'
import { fileOf, type Plan, type TenantPlan } from './plan.ts'

/**
 * An earlier JSON report that a command line names.
 * @throws MistakesError `invalid_config`, TenantDriftError `invalid_report`
 */
export async function readReport(file: string, io: Io): Promise<Report> {
  const { parseReport } = await import('../report/parse-report.ts')
  return parseReport(await readFileText(path.resolve(io.cwd, file), 'report', file))
}

/**
 * The report that findings are new or ongoing against; null where none is given.
 * @throws MistakesError `invalid_config`, TenantDriftError `invalid_report`
 */
export async function readPrevious(plan: Plan, tenant: TenantPlan): Promise<Report | null> {
  const file = fileOf(tenant.settings.previous, tenant)
  if (file === null) return null
  const { parseReport } = await import('../report/parse-report.ts')
  const shown = toShown(plan.root, file)
  const report = parseReport(await readFileText(file, 'previous', shown, plan.files))
  if (tenant.domain !== null && report.tenant !== null && !isSameTenant(report.tenant, tenant.domain)) {
    throw configMistake(`--previous ${shown}: it is a report of ${report.tenant}, and this run reads ${tenant.domain}`)
  }
  return report
}
