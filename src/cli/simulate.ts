import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { parseDuration } from '../schema/duration.ts'
import type { Rate, SimulatorOptions, StreamOptions } from '../simulator/front.ts'
import type { World } from './io.ts'
import { collect } from './setting-options.ts'
import { untilStopped } from './signals.ts'

interface SimulateFlags {
  readonly port: number
  readonly apis: number
  readonly scopesPerApi: number
  readonly clients?: number
  readonly grantsPerApi?: number
  readonly seed: number
  readonly load?: string
  readonly latency: number
  readonly rate?: Rate
  readonly scopes?: readonly string[]
  readonly tls?: boolean
  readonly withoutDefaults?: readonly string[]
  readonly logDelay?: number
  readonly logRetention?: number
  readonly logStream?: string
  readonly logStreamTokenVariable?: string
  readonly logStreamFormat?: 'array' | 'object' | 'lines'
  readonly logStreamDelay?: number
  readonly logStreamFault?: readonly string[]
}

const HELP = `
Prints one line of JSON, {"url","domain","token","client_id","client_secret",
"audience","ca"?}, and runs until it is stopped (SIGINT, SIGTERM). All values
are invented. Set AUTH0_DOMAIN to domain and AUTH0_API_TOKEN to token. It
listens on 127.0.0.1 only.

Control, without a token and not counted:
  GET  /__simulator/requests  counts as {"METHOD /path": n}
  GET  /__simulator/list      every resource server as it stands
  POST /__simulator/faults    the next matching requests fail:
                              {"match":{"method","path","page"},"kind",
                              "status","times","ms"}. Every member of match is
                              optional; path is exact, page counts from 0; no
                              times means for ever. Kinds: status, reset, slow,
                              hang, truncate, cut, empty, html, short-page,
                              duplicate, total-changes, total-too-small,
                              empty-list, refuse-offset, refuse-fields,
                              log-unordered, log-lag, log-hole, log-masked,
                              log-bodiless, log-no-totals
  POST /__simulator/reset     forgets faults and counts
  POST /__simulator/load      a snapshot file, a list answer, an array or one
                              resource server: put as they are, ids included.
                              A Management API among them takes the place of
                              the tenant's own
  POST /__simulator/create    a resource server: as the dashboard creates one,
                              unchecked
  POST /__simulator/edit      {"identifier","patch","write"}: as the dashboard
                              edits; null takes a key away. write says who it
                              is ({"actor":{"kind":"application"},"at"}), or
                              "silent", for no event in the tenant log
  POST /__simulator/remove    {"identifier","write"}
  GET  /__simulator/logs      the tenant log as it can be read now
  POST /__simulator/logs      an event, put as it is
  POST /__simulator/clients   an application, put as it is
  POST /__simulator/grants    a client grant, put as it is
  POST /__simulator/tenant    {"default_audience"}: settings of the tenant
  POST /__simulator/keys      {"pem"}: a public key whose client assertions are
                              accepted
  POST /__simulator/settings  {"withoutDefaults": [...]}: as
                              --without-defaults, from now on
                              (subject_type_authorization: a tenant before
                              August 2025)`

/** `tenant-drift simulate`: the embedded tenant as a process. Its module loads only when it runs. */
export function addSimulateCommand(program: Command, world: World, exit: (code: number) => void): void {
  program
    .command('simulate')
    .description('Run an embedded tenant on loopback, for tests, demos and benchmarks.')
    .option('--port <n>', 'port; 0 takes a free one', wholeBetween(0, 65_535), 0)
    .option('--apis <n>', "APIs besides the tenant's own Management API", wholeBetween(0, 1_000_000), 0)
    .option('--scopes-per-api <n>', 'scopes of each', wholeBetween(0, 1000), 2)
    .option('--clients <n>', "applications, the tenant's own among them", wholeBetween(1, 1_000_000))
    .option('--grants-per-api <n>', 'client grants of each of these APIs', wholeBetween(0, 10_000))
    .option(
      '--seed <n>',
      'the same seed makes the same APIs, applications, ids and secrets',
      wholeBetween(0, 4_294_967_295),
      1,
    )
    .option('--load <file>', 'snapshot file (or an answer of the list endpoint) whose items are loaded unchanged')
    .option('--latency <ms>', 'milliseconds before each answer', wholeBetween(0, 600_000), 0)
    .option(
      '--rate <burst/per-second>',
      'token bucket for Management API calls, as in 10/2; none unless given',
      parseRate,
    )
    .option('--scopes <list>', 'scopes of the token, separated by commas or blanks', parseList)
    .option(
      '--without-defaults <list>',
      'settings that new APIs do not get, as in a tenant before their rollout',
      parseList,
    )
    .option('--log-delay <duration>', 'how long after a write its event can be read (0)', durationOption)
    .option('--log-retention <duration>', 'how long the tenant log is kept (for ever)', durationOption)
    .option('--log-stream <url>', 'address on loopback that the event of each write is sent to, with three tries')
    .option('--log-stream-token-variable <name>', 'NAME of the variable with the token that is sent with the event')
    .addOption(new Option('--log-stream-format <format>', 'of a body').choices(['array', 'object', 'lines']))
    .option('--log-stream-delay <duration>', 'how long after a write its event is sent (0)', durationOption)
    .addOption(
      new Option('--log-stream-fault <fault>', 'each event comes twice, or is overtaken by the next; repeatable')
        .choices(['twice', 'unordered'])
        .argParser(collect),
    )
    .option('--tls', 'https, HTTP/1.1 and h2, with a certificate made for this run')
    .addHelpText('after', HELP)
    .action(async (flags: SimulateFlags) => exit(await simulate(flags, world)))
}

async function simulate(flags: SimulateFlags, world: World): Promise<number> {
  const { startSimulator } = await import('../simulator/front.ts')
  const options: SimulatorOptions = {
    port: flags.port,
    apis: flags.apis,
    scopesPerApi: flags.scopesPerApi,
    seed: flags.seed,
    latencyMs: flags.latency,
    ...(flags.load !== undefined && { load: await readLoadFile(flags.load) }),
    ...(flags.clients !== undefined && { clients: flags.clients }),
    ...(flags.grantsPerApi !== undefined && { grantsPerApi: flags.grantsPerApi }),
    ...(flags.rate !== undefined && { rate: flags.rate }),
    ...(flags.scopes !== undefined && { scopes: flags.scopes }),
    ...(flags.withoutDefaults !== undefined && { withoutDefaults: flags.withoutDefaults }),
    ...(flags.logDelay !== undefined && { logDelayMs: flags.logDelay }),
    ...(flags.logRetention !== undefined && { logRetentionMs: flags.logRetention }),
    ...(flags.logStream !== undefined && { logStream: streamOf(flags, flags.logStream, world) }),
    ...(flags.tls === true && { tls: true }),
  }
  // Asked for before the line is printed: whoever reads it may stop us at once.
  const stopped = untilStopped()
  const simulator = await startSimulator(options)
  const { url, domain, token, client_id, client_secret, audience, ca } = simulator
  world.out(
    `${JSON.stringify({ url, domain, token, client_id, client_secret, audience, ...(ca !== undefined && { ca }) })}\n`,
  )
  await stopped
  await simulator.close()
  return 0
}

function streamOf(flags: SimulateFlags, url: string, { env }: World): StreamOptions {
  const name = flags.logStreamTokenVariable
  const token = name === undefined ? undefined : env[name]?.trim()
  if (token === undefined || token === '')
    throw new Error('--log-stream needs --log-stream-token-variable, and that variable must hold the token.')
  const faults = (flags.logStreamFault ?? []).filter((each) => each === 'twice' || each === 'unordered')
  if (faults.length !== (flags.logStreamFault ?? []).length)
    throw new Error('--log-stream-fault is twice or unordered.')
  return {
    url,
    token,
    faults,
    ...(flags.logStreamFormat !== undefined && { format: flags.logStreamFormat }),
    ...(flags.logStreamDelay !== undefined && { delayMs: flags.logStreamDelay }),
  }
}

async function readLoadFile(file: string): Promise<unknown> {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`--load: ${file} cannot be read (${errnoOf(error)}).`)
  })
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`--load: ${file} is not JSON.`)
  }
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

function wholeBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`)
  }
}

function durationOption(text: string): number {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  throw new InvalidArgumentError('A duration like 90s, 2m or 24h is expected.')
}

function parseRate(text: string): Rate {
  const match = /^(\d+)\/(\d+(?:\.\d+)?)$/.exec(text)
  const rate = { burst: Number(match?.[1]), perSecond: Number(match?.[2]) }
  if (rate.burst >= 1 && rate.perSecond > 0) return rate
  throw new InvalidArgumentError('BURST/PER_SECOND is expected, as in 10/2.')
}

function parseList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((item) => item !== '')
}
