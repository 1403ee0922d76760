import type { ConfigFile } from '../declared/config-file.ts'
import type { History, Outbox, TenantRow } from '../history/front.ts'
import { needsMemory, readChannels, soloOutbox, tellAll, type Channel, type SoloRun } from '../notify/front.ts'
import { MistakesError, type Mistake } from '../schema/errors.ts'
import type { ChannelConfig } from '../schema/notify.ts'
import type { Report } from '../schema/report.ts'
import type { Io } from './io.ts'
import type { Plan, TenantPlan } from './plan.ts'

/** A channel that this run tells, and whom it is for. */
export interface PlannedChannel {
  readonly channel: Channel
  /** Name of the tenant that it stands in; null for all of them. */
  readonly tenant: string | null
}

/** One tenant of a run that is over. */
export interface ToldRun extends SoloRun {
  readonly tenant: TenantPlan
  readonly report: Report
  /** Its row in the history; null where nothing keeps it. */
  readonly row: TenantRow | null
}

/**
 * The channels of the configuration, with what their variables hold. A run that tells nobody asks for none of these.
 * @throws MistakesError `invalid_config` with every mistake at once, before anything is sent
 */
export function planChannels(plan: Plan, io: Io, remembers: boolean): readonly PlannedChannel[] {
  const { config } = plan
  if (config === null) return []
  const mistakes: Mistake[] = []
  const lists = listsOf(config, plan.tenants)
  const planned = lists.flatMap(({ at, tenant, configs }) => {
    const { channels, mistakes: own } = readChannels(configs, tenant, io.env)
    mistakes.push(
      ...own.map(({ path, message }) => ({ ...config.place([...at, ...path]), message: `notify: ${message}` })),
    )
    if (!remembers)
      channels.forEach((channel, index) => {
        if (!needsMemory(channel.kind)) return
        const message = `notify: ${channel.kind} says what changed, and nothing remembers how it was: give --history (or history: in this file), or --previous`
        mistakes.push({ ...config.place([...at, index]), message })
      })
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

/** Those for all tenants, and those of each tenant that this run looks at. */
function listsOf({ config }: ConfigFile, tenants: readonly TenantPlan[]): readonly ChannelList[] {
  const own = tenants.flatMap(({ name }): readonly ChannelList[] => {
    const configs = name === null ? undefined : config.tenants?.[name]?.notify
    return name === null || configs === undefined ? [] : [{ at: ['tenants', name, 'notify'], tenant: name, configs }]
  })
  return [...(config.notify === undefined ? [] : [{ at: ['notify'], tenant: null, configs: config.notify }]), ...own]
}

/**
 * Tells every channel what it has not heard. Whatever befalls a channel is a warning, and a row in the history: no verdict and no exit code changes for it.
 */
export async function tell(
  planned: readonly PlannedChannel[],
  runs: readonly ToldRun[],
  history: History | null,
  io: Io,
): Promise<void> {
  if (planned.length === 0 || runs.length === 0) return
  const outbox: Outbox = history ?? soloOutbox(runs)
  const listeners = planned.flatMap(({ channel, tenant }) => {
    const own = runs.filter((run) => tenant === null || run.tenant.name === tenant)
    if (own.length === 0) return []
    const ids = own.map((run) => run.row?.id ?? runs.indexOf(run) + 1)
    const isJudged = own.every(({ report }) => report.verdict !== 'incomplete')
    return [{ channel, tenants: ids, isJudged }]
  })
  try {
    const warnings = await tellAll(listeners, outbox, io.env, io.now)
    for (const { name, warning } of warnings) io.err(`warning: ${name}: ${warning}\n`)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The verdict is out, and stays what it is; what was not told is told by the next run.
    io.err(`warning: channels were not told: ${error.message}\n`)
  }
}
