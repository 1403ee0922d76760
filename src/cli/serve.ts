import { hash } from 'node:crypto'
import path from 'node:path'
import type { History } from '../history/front.ts'
import { openHistory, type HistoryPlace } from '../history/open.ts'
import { credentialNames } from '../notify/front.ts'
import { stoppedClock } from '../schema/clock.ts'
import type { ConfigTenant } from '../schema/config.ts'
import { MistakesError, TenantDriftError, mistake, type Mistake } from '../schema/errors.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { LogLine, WatchedTenant, WatchOptions } from '../watch/front.ts'
import { addCredentials } from '../words/credentials.ts'
import { harmlessLine } from '../words/harmless.ts'
import { hideRendered } from '../words/hide-rendered.ts'
import { allChannels } from './all-channels.ts'
import { checkWatched } from './check-watched.ts'
import { toShown } from './files.ts'
import { followOf, mistakesOfFollow, openFollows, type Follow } from './follow.ts'
import { keysNotHeld } from './followed-plan.ts'
import { historyPlace, isHistoryOff } from './history-place.ts'
import type { Io } from './io.ts'
import { judgesChange } from './judges-change.ts'
import { placeOfToken, readToken } from './named-token.ts'
import { uselessSettings } from './open-reader.ts'
import { domainAddress, makePlan, tenantName, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { keyCalled } from './remember-runs.ts'
import { untilStopped } from './signals.ts'
import { channelsIn } from './tell.ts'
import { ownVersion } from './version.ts'

const TOKEN = 'TENANT_DRIFT_SERVE_TOKEN'
/** Beside the configuration, where nobody named a history. */
const DEFAULT_HISTORY = path.join('.tenant-drift', 'history.db')

/**
 * `tenant-drift serve`: the run of `check`, on a schedule and when a tenant's log stream says so, with what is remembered on a page. The configuration is read
 * once; declared files and records at each run. Ends with 0 when it is told to stop.
 * @throws MistakesError `invalid_config` with every mistake; TenantDriftError where the store or the address cannot be used
 */
export async function serve(flags: Flags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io)
  if (flags.showConfig === true) {
    const { showConfig } = await import('./show-config.ts')
    io.out(showConfig(plan, io, true))
    return 0
  }
  const { parseSchedule, readDoors, startWatch } = await import('../watch/front.ts')
  const { settings, config } = plan
  const mistakes: Mistake[] = [...(await mistakesInPlan(plan, io))]
  const doors = readDoors({
    listen: settings.listen.value ?? '',
    pageUrl: settings.pageUrl.value,
    trustUserHeader: settings.trustUserHeader.value,
    trustedProxy: settings.trustedProxy.value,
    token: serveToken(io),
    tokenNow: () => tokenNow(io),
  })
  if ('mistakes' in doors) mistakes.push(...doors.mistakes.map(mistake))
  const scheduled = plan.tenants.flatMap((tenant) => {
    const { value, origin } = tenant.settings.schedule
    const schedule = parseSchedule(value ?? '', tenantName(tenant))
    if (!('mistake' in schedule)) return [{ tenant, schedule }]
    mistakes.push(mistake(`${origin}: schedule: ${schedule.mistake}`))
    return []
  })
  if (mistakes.length > 0) throw new MistakesError('invalid_config', mistakes)
  if ('mistakes' in doors) throw new Error('doors without mistakes are doors')
  const names = plan.tenants.flatMap(({ name }) => (name === null ? [] : [name]))
  if (config !== null) addCredentials(io.secrets, io.env, [TOKEN, ...credentialNames(allChannels(config.config))])
  let known = config === null ? [] : channelsIn(config, names, io)
  const place = historyPlace(plan, io) ?? defaultHistory(plan)
  const log = loggerOf(io)
  const follows = await openFollows(plan, io)
  const tenants = scheduled.map(({ tenant, schedule }): WatchedTenant => {
    return { ...watched(tenant, plan, io), schedule, follows: followStateOf(follows.of(tenant.name)) }
  })
  for (const message of notHeld(plan)) log({ level: 'warn', event: 'said', message })
  // Asked for before anything is said: whoever reads the first line may stop us at once.
  const stopped = untilStopped()
  const channels = (): typeof known => {
    try {
      if (config !== null) known = channelsIn(config, names, io)
    } catch (error) {
      if (!(error instanceof TenantDriftError)) throw error
      log({ level: 'warn', event: 'said', message: error.message })
    }
    return known
  }
  const options: WatchOptions = {
    tenants,
    channels,
    doors,
    fleet: fleetName(plan),
    openHistory: (isFirst) => openAgain(place, isFirst),
    check: (name, run) => checkWatched(plan, name, follows, io, log, run),
    env: io.env,
    version: ownVersion(),
    now: Date.now,
    log,
    hide: (text, writing) => hideRendered(text, writing, io.secrets.hider()),
  }
  const watch = await startWatch(options).catch((error: unknown) => {
    follows.close()
    throw error
  })
  log({ level: 'info', event: 'listening', url: watch.url, tenants: tenants.length, channels: known.length })
  const signal = await stopped
  log({ level: 'info', event: 'stopping', signal })
  // A check that waits for a repository is given back.
  follows.close()
  await watch.close()
  log({ level: 'info', event: 'stopped' })
  return 0
}

/** What a run of the command may have and a service may not. */
async function mistakesInPlan(plan: Plan, io: Io): Promise<readonly Mistake[]> {
  const mistakes: string[] = []
  if (stoppedClock(io.env) !== null)
    mistakes.push('SOURCE_DATE_EPOCH stops the clock, and serve needs it running: unset it')
  if (isHistoryOff(plan.settings))
    mistakes.push(`${plan.settings.history.origin}: serve always needs a history: name one, or leave the setting out`)
  for (const tenant of plan.tenants) {
    const { live, target } = tenant.settings
    const change = await judgesChange(plan, tenant, io)
    if (change !== null)
      mistakes.push(`serve checks tenants as they are now, but these settings check a change: ${change}`)
    if (live.value !== null) mistakes.push(`${live.origin}: serve reads tenants, not snapshot files`)
    if (target.value.length > 0) mistakes.push(`${target.origin}: serve always checks whole tenants`)
    mistakes.push(...uselessSettings(tenant), ...mistakesOfFollow(plan, tenant, io))
  }
  for (const [name, { log_stream: stream }] of Object.entries(plan.config?.config.tenants ?? {})) {
    if (stream === undefined || streamToken(stream, plan, io) !== null) continue
    mistakes.push(
      `tenants.${name}.log_stream: the ${placeOfToken(stream)} must hold ${LEAST_STREAM_TOKEN} characters or more`,
    )
  }
  return [...new Set(mistakes)].map(mistake)
}

const LEAST_STREAM_TOKEN = 16

/** What of our own file does not hold, because the branch says it. */
function notHeld(plan: Plan): readonly string[] {
  return plan.tenants.flatMap((tenant) => {
    const keys = followOf(plan, tenant) === null ? [] : keysNotHeld(tenant)
    if (keys.length === 0) return []
    const of = `${tenantName(tenant)} follows a repository, and the tenant-drift.yaml there decides`
    return [`${of} ${keys.join(', ')}: what ${plan.config?.shown ?? 'this file'} says is not used`]
  })
}

/** How the branch of a tenant stands, as pages say it; null where it follows none. */
function followStateOf(follow: Follow | null): WatchedTenant['follows'] {
  if (follow === null) return null
  const { repository, name, branch } = follow
  return () => {
    const { commit = null, at = null, fault = null } = branch.last() ?? {}
    return { repository, branch: name, commit, at, fault }
  }
}

function watched(tenant: TenantPlan, plan: Plan, io: Io): Omit<WatchedTenant, 'schedule' | 'follows'> {
  const name = tenantName(tenant)
  const stream = plan.config?.config.tenants?.[name]?.log_stream
  return {
    name,
    key: keyCalled(domainAddress(tenant.domain), tenant),
    keepsPersons: tenant.settings.who.value === 'full',
    streamToken: () => (stream === undefined ? null : streamToken(stream, plan, io)),
  }
}

/** What a tenant's stream sends, now; null where nothing can be had, or too little: a file may be half written. */
function streamToken(stream: NonNullable<ConfigTenant['log_stream']>, { root }: Plan, io: Io): string | null {
  const token = readToken(stream, root, io)
  return typeof token !== 'string' || token.length < LEAST_STREAM_TOKEN ? null : token
}

/** Where its file cannot be read any more, the token is what it was. */
function tokenNow(io: Io): string | null {
  try {
    return serveToken(io)
  } catch (error) {
    if (error instanceof TenantDriftError) return null
    throw error
  }
}

/** @throws MistakesError `invalid_config` where a file is named that cannot be read */
function serveToken(io: Io): string | null {
  const file = io.env[`${TOKEN}_FILE`]?.trim() ?? ''
  const token = readToken(file === '' ? { token_variable: TOKEN } : { token_file: file }, io.cwd, io)
  if (typeof token !== 'string') throw new MistakesError('invalid_config', [mistake(`${TOKEN}_FILE ${token.why}`)])
  return token === '' ? null : token
}

/**
 * The tenants of one configuration, wherever it runs: its file, by its place in the repository, and whom it looks at. A service that knows others (a version of
 * the file that is not everywhere yet, another repository) has a line of its own: it would take turns of tenants that it cannot look at, and strike out those it
 * does not know.
 */
function fleetName({ config, root, tenants }: Plan): string {
  const known = tenants
    .map((tenant) => JSON.stringify([tenantName(tenant), domainAddress(tenant.domain)]))
    .sort(byCodeUnits)
  const text = JSON.stringify([path.basename(root), path.basename(config?.shown ?? ''), known])
  return hash('sha256', text, 'hex').slice(0, 16)
}

function defaultHistory({ root }: Plan): HistoryPlace {
  const file = path.resolve(root, DEFAULT_HISTORY)
  return { kind: 'file', file, shown: toShown(root, file) }
}

/** After it went away it is not made anew: that would be the memory of a service that has none. */
async function openAgain(place: HistoryPlace, isFirst: boolean): Promise<History> {
  if (!isFirst && place.kind === 'file') await (await openHistory(place, true)).close()
  return openHistory(place, false, true)
}

/** One object a line. */
function loggerOf(io: Io): (line: LogLine) => void {
  return ({ level, event, ...rest }) => {
    const shown = Object.entries(rest).map(
      ([key, value]) => [key, typeof value === 'string' ? harmlessLine(value) : value] as const,
    )
    io.out(
      `${JSON.stringify({ time: new Date().toISOString(), level, event, ...Object.fromEntries(shown) })}\n`,
      'json',
    )
  }
}
