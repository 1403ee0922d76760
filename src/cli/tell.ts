import type { ConfigFile } from '../declared/config-file.ts'
import type { Recorded, TenantRow } from '../history/front.ts'
import { memoryOf } from '../memory/from-report.ts'
import { remember } from '../memory/remember.ts'
import { EMPTY } from '../memory/types.ts'
import {
  affectedByFingerprint,
  credentialNames,
  needsMemory,
  readChannels,
  soloOutbox,
  tellAll,
  type Channel,
  type SoloRun,
} from '../notify/front.ts'
import { MistakesError, TenantDriftError, type Mistake } from '../schema/errors.ts'
import type { ChannelConfig } from '../schema/notify.ts'
import type { Report } from '../schema/report.ts'
import { addCredentials } from '../words/credentials.ts'
import { allChannels } from './all-channels.ts'
import { isHistoryOff } from './history-place.ts'
import type { Io } from './io.ts'
import { judgesChange } from './judges-change.ts'
import type { TenantLook } from './look.ts'
import type { Flags, Plan, TenantPlan } from './plan.ts'
import { isPipeline } from './pipeline-repository.ts'
import { readPrevious } from './earlier-report.ts'
import { keyOfTenant, ranOf, type OpenedHistory } from './remember-runs.ts'

/** A channel that this run tells, and whom it is for. */
interface PlannedChannel {
  readonly channel: Channel
  /** Name of the tenant that it stands in; null for all of them. */
  readonly tenant: string | null
}

/** One tenant of a run that is over. */
interface ToldRun extends SoloRun {
  readonly tenant: TenantPlan
  readonly report: Report
  /** Its row in the history; null where nothing keeps it. */
  readonly row: TenantRow | null
}

/** Told once the reports are written. `kept`: what a history remembered of the run; null where there is none. */
export type Tell = (
  looks: readonly TenantLook[],
  reports: readonly Report[],
  kept: { readonly opened: OpenedHistory; readonly recorded: readonly (Recorded | null)[] } | null,
) => Promise<void>

/**
 * Whom this run will tell; null for nobody, and then no variable of a channel is asked for.
 * @throws MistakesError `invalid_config` with every mistake at once, before anything is sent
 */
export async function planTelling(plan: Plan, flags: Flags, hasHistory: boolean, io: Io): Promise<Tell | null> {
  const { config, settings } = plan
  if (config === null) return null
  // Of every tenant: one that is not looked at must not be named by another one's texts.
  addCredentials(io.secrets, io.env, credentialNames(allChannels(config.config)))
  if (flags.notify === false || isHistoryOff(settings)) return null
  const changes = await Promise.all(plan.tenants.map((tenant) => judgesChange(plan, tenant, io)))
  const told = plan.tenants.filter((_, index) => changes[index] === null)
  if (told.length === 0) return null
  const planned = planChannels(config, told, io, hasHistory)
  return async (looks, reports, kept) => {
    try {
      await tell(planned, await runsOf(plan, looks, reports, new Set(told), kept, io), kept, io)
    } catch (error) {
      if (!(error instanceof TenantDriftError)) throw error
      // The verdict is out, and stays what it is; what was not told is told by the next run.
      io.err(`warning: channels were not told: ${error.message}\n`)
    }
  }
}

/** Those that a run of these tenants tells. */
function planChannels(
  config: ConfigFile,
  tenants: readonly TenantPlan[],
  io: Io,
  hasHistory: boolean,
): readonly PlannedChannel[] {
  // An earlier report says how things were as well, for tenants that have one.
  const remembers = hasHistory || tenants.every(({ settings }) => settings.previous.value !== null)
  const names = tenants.flatMap(({ name }) => (name === null ? [] : [name]))
  return channelsIn(config, names, io, (each) => {
    const kind = remembers ? null : needsMemory(each)
    return kind === null
      ? null
      : `${kind} reports what changed, which needs a memory: give --history (or history: in this file), or --previous`
  })
}

/**
 * The channels of a configuration for these tenants and for all, with what their variables hold. `refusal` says why one cannot be used.
 * @throws MistakesError `invalid_config` with every mistake at once
 */
export function channelsIn(
  config: ConfigFile,
  names: readonly string[],
  io: Io,
  refusal: (channel: ChannelConfig) => string | null = () => null,
): readonly PlannedChannel[] {
  const mistakes: Mistake[] = []
  const planned = listsOf(config, names).flatMap(({ at, tenant, configs }) => {
    const { channels, mistakes: own, secrets } = readChannels(configs, tenant, io.env, config.folder)
    for (const secret of secrets) io.secrets.add(secret)
    const refused = configs.flatMap((each, index) => {
      const message = refusal(each)
      return message === null ? [] : [{ path: [index], message }]
    })
    mistakes.push(
      ...[...own, ...refused].map(({ path, message }) => ({
        ...config.place([...at, ...path]),
        message: `notify: ${message}`,
      })),
    )
    return channels.map((channel) => ({ channel, tenant }))
  })
  if (mistakes.length > 0) throw new MistakesError('invalid_config', mistakes)
  return planned
}

interface ChannelList {
  readonly at: readonly string[]
  readonly tenant: string | null
  readonly configs: readonly ChannelConfig[]
}

/** Those for all tenants, and those of each of these. */
function listsOf({ config }: ConfigFile, names: readonly string[]): readonly ChannelList[] {
  const own = names.flatMap((name): readonly ChannelList[] => {
    const configs = config.tenants?.[name]?.notify
    return configs === undefined ? [] : [{ at: ['tenants', name, 'notify'], tenant: name, configs }]
  })
  return [...(config.notify === undefined ? [] : [{ at: ['notify'], tenant: null, configs: config.notify }]), ...own]
}

async function runsOf(
  plan: Plan,
  looks: readonly TenantLook[],
  reports: readonly Report[],
  told: ReadonlySet<TenantPlan>,
  kept: Parameters<Tell>[2],
  io: Io,
): Promise<readonly ToldRun[]> {
  const runs = looks.map(async (look, index): Promise<readonly ToldRun[]> => {
    const [report, tenant] = [reports[index], look.tenant]
    if (report === undefined || !told.has(tenant)) return []
    const { name } = tenant
    if (kept !== null) {
      const recorded = kept.recorded[index] ?? null
      if (recorded === null) return []
      const { tenant: row, memory, transitions } = recorded
      return [{ tenant, report, row, address: row.address, name, memory, transitions }]
    }
    const key = keyOfTenant(look.address, tenant)
    if (key === null) return []
    const previous = await readPrevious(plan, tenant)
    const now = io.now()
    const before = previous === null ? EMPTY : memoryOf(previous, Date.parse(previous.generatedAt ?? '') || now)
    const after = remember(before, ranOf(look, report, io), now)
    return [{ tenant, report, row: null, address: key.address, name, ...after }]
  })
  return (await Promise.all(runs)).flat()
}

/** Whatever befalls a channel is a warning, and a row in the history: no verdict and no exit code changes for it. */
async function tell(
  planned: readonly PlannedChannel[],
  runs: readonly ToldRun[],
  kept: Parameters<Tell>[2],
  io: Io,
): Promise<void> {
  if (planned.length === 0 || runs.length === 0) return
  const opened = kept?.opened ?? null
  if (opened !== null && 'error' in opened) return
  const outbox = opened?.history ?? soloOutbox(runs)
  const listeners = planned.flatMap(({ channel, tenant }) => {
    const own = runs.filter((run) => tenant === null || run.tenant.name === tenant)
    if (own.length === 0) return []
    const tenants = own.map((run) => run.row?.id ?? runs.indexOf(run) + 1)
    return [{ channel, tenants, isJudged: own.every(({ report }) => report.verdict !== 'incomplete') }]
  })
  // On a machine of one's own a first run is a first run.
  const begins = opened?.history.isNew === true && isPipeline(io.env)
  if (begins)
    io.err(
      'warning: history: nothing was remembered yet (a first run, or the memory was lost); open differences are reported as open, not as new\n',
    )
  const warnings = await tellAll(listeners, outbox, io.env, io.now, {
    affected: affectedByFingerprint(runs.map(({ report }) => report)),
    begins,
  })
  for (const { name, warning } of warnings) io.err(`warning: ${name}: ${warning}\n`)
}
