import { text as readAll } from 'node:stream/consumers'
import path from 'node:path'
import { parseReport, reasonForNone } from '../report/front.ts'
import { hideReport } from '../words/hide-report.ts'
import { readReport } from './earlier-report.ts'
import type { Io } from './io.ts'
import { parseOutputs, writeReports } from './outputs.ts'
import { outputPlaces } from './parse-outputs.ts'
import { makePlan, type Flags } from './plan.ts'
import { createProgress } from './progress.ts'
import { refuseInputs } from './refuse-inputs.ts'

/** `tenant-drift report FILE`: an earlier JSON report in any format. 0 where all was written, whatever the report says. */
export async function report(file: string, flags: Flags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io)
  const [tenant] = plan.tenants
  const earlier = file === '-' ? parseReport(await readAll(process.stdin)) : await readReport(file, io)
  if (tenant === undefined) return 1
  const parsed = hideReport(earlier, io.secrets.hider())
  const named = { ...tenant, name: parsed.name, domain: parsed.tenant }
  const outputs = parseOutputs(plan.settings.output, [named])
  const also = file === '-' ? [] : [{ file: path.resolve(io.cwd, file), what: 'the report' }]
  await refuseInputs(outputPlaces(outputs, [named]), plan, io, { also })
  const progress = createProgress(io, plan.settings.quiet.value)
  const areWritten = await writeReports(outputs, [[named, parsed]], plan.settings, io, progress)
  return areWritten && outputs.every(({ format }) => reasonForNone(format, parsed) === null) ? 0 : 1
}
