import type { TrustedFiles } from '../git/disk-files.ts'
import { worstExitCode, type Report } from '../schema/report.ts'
import { fromVariable } from '../schema/setting-layers.ts'
import { allChannels } from './all-channels.ts'
import type { Io } from './io.ts'
import type { HistoryPlace } from '../history/open.ts'
import { historyPlace } from './history-place.ts'
import type { TenantLook } from './look.ts'
import { startReading } from './open-reader.ts'
import { loadRenderers, parseOutputs, writeReports } from './outputs.ts'
import { outputPlaces } from './parse-outputs.ts'
import { changeJudgedBy } from './pipeline-repository.ts'
import { makePlan, trustedBy, type Flags, type Plan } from './plan.ts'
import { createProgress, type Progress } from './progress.ts'

/**
 * `tenant-drift check`: options, then declared and live side by side, then the comparison, the reports, the exit code. Wrong settings are thrown
 * (`TenantDriftError`) before anything is sent; what goes wrong with a tenant is a report that says so.
 */
export async function check(flags: Flags, io: Io): Promise<number> {
  const files = await trustedBy(flags, io)
  try {
    return await checkBy(files, flags, io)
  } finally {
    files.close()
  }
}

async function checkBy(files: TrustedFiles, flags: Flags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io, files)
  if (flags.showConfig === true) {
    const { showConfig } = await import('./show-config.ts')
    io.out(showConfig(plan, io))
    return 0
  }
  const place = historyPlace(plan, io)
  const hasChannels = allChannels(plan.config?.config ?? {}).length > 0
  const telling = hasChannels ? await (await import('./tell.ts')).planTelling(plan, flags, place !== null, io) : null
  const outputs = parseOutputs(plan.settings.output, plan.tenants)
  const places = outputPlaces(outputs, plan.tenants)
  if (places.length > 0) {
    const { refuseInputs } = await import('./refuse-inputs.ts')
    await refuseInputs(places, plan, io)
  }
  const progress = createProgress(io, plan.settings.quiet.value)
  if (isUntrustedGate(plan, flags, io)) progress.say(UNTRUSTED)
  // More than one spinner would write over one another.
  const side =
    plan.tenants.length > 1 ? createProgress({ ...io, isErrTerminal: false }, plan.settings.quiet.value) : progress
  // The tenants answer while the other half of us loads.
  const readers = await Promise.all(plan.tenants.map((tenant) => startReading(plan, tenant, io)))
  const [{ runTenants }, keep] = await Promise.all([
    import('./run-tenants.ts'),
    place === null ? null : keeping(place, plan, io),
    loadRenderers(outputs),
  ])
  const { looks, reports: made } = await runTenants(plan, io, side, { readers, opening: keep?.opening })
  const kept = keep === null ? null : await keep.remember(looks, made, progress)
  const reports = kept?.reports ?? made
  // A text report tells its errors itself.
  const isTold = outputs.some(({ format, file }) => format === 'text' && file === null)
  if (!isTold) for (const report of reports) for (const { message } of report.errors) io.err(`error: ${message}\n`)
  const tenants = reports.map((report, index) => [plan.tenants[index], report] as const)
  const areWritten = await writeReports(outputs, tenants.filter(isComparedPair), plan.settings, io, progress)
  await telling?.(looks, reports, kept)
  return areWritten ? (worstExitCode(reports) ?? 0) : 1
}

/** A history begins to open while the tenants answer; without one nothing of it loads. */
async function keeping(place: HistoryPlace, plan: Plan, io: Io) {
  const { beginHistory, rememberRuns } = await import('./remember-runs.ts')
  const opening = beginHistory(place, plan, io)
  const remember = async (looks: readonly TenantLook[], reports: readonly Report[], progress: Progress) => {
    const opened = await opening
    return { opened, ...(await rememberRuns(opened, plan, looks, reports, io, progress)) }
  }
  return { opening, remember }
}

const UNTRUSTED =
  'warning: this job checks a change with the rules of that change itself: give --trust the commit that the change goes into'

/** A gate in a pipeline that knows it judges a change, and lets that change bring its rules. */
function isUntrustedGate({ files, settings }: Plan, { config }: Flags, { env }: Io): boolean {
  const isNamed = (config ?? fromVariable('config', env)) !== null
  return changeJudgedBy(env) !== null && files.commit === null && !isNamed && settings.gate.value === 'touched'
}

function isComparedPair<T, R>(pair: readonly [T | undefined, R]): pair is readonly [T, R] {
  return pair[0] !== undefined
}
