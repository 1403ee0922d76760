import path from 'node:path'
import { onTestFinished } from 'vitest'
import { checkWatched } from '../../src/cli/check-watched.ts'
import { openFollows, type Follows } from '../../src/cli/follow.ts'
import { makePlan } from '../../src/cli/plan.ts'
import { openHistory } from '../../src/history/open.ts'
import type { History } from '../../src/history/front.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Report } from '../../src/schema/report.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import type { Checked, LogLine } from '../../src/watch/front.ts'
import { folderWith, ioOf, NOW } from '../cli/run.ts'
import type { Origin } from '../git/origin.ts'
import { gatewayTo, tenantWith, type Passing } from '../tenant/with-tenant.ts'

export const api = (identifier: string, more: JsonObject = {}): JsonObject => ({
  identifier,
  name: identifier,
  signing_alg: 'RS256',
  token_lifetime: 300,
  allow_offline_access: false,
  ...more,
})

export const declares = (...apis: readonly JsonObject[]): JsonObject => ({ resource_servers: [...apis] })

export interface Following {
  readonly tenant: Simulator
  readonly origin: Origin
  readonly folder: string
  /** Goes a minute on with each check. */
  now: number
  readonly log: LogLine[]
  readonly check: (name?: string) => Promise<Checked>
  /** What a check came to, in few words. */
  readonly look: (name?: string) => Promise<Look>
  /** A service that knows what the history holds, and nothing else. */
  readonly restart: () => Promise<void>
  readonly history: () => History
  readonly follows: () => Follows
}

export interface Look {
  readonly verdict: Report['verdict']
  readonly counts: readonly string[]
  readonly pending: readonly string[]
  readonly moves: readonly string[]
  readonly errors: readonly string[]
  readonly advice: readonly string[]
  readonly commit: string | null
}

export interface World {
  readonly origin: Origin
  /** Live at the beginning. */
  readonly live?: readonly JsonObject[]
  /** Of `follow`, beside the repository. */
  readonly follow?: string
  /** Further lines of the service's own file. */
  readonly own?: string
  readonly inTenant?: string
  readonly others?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly url?: string
  /** Sees each request to the tenant before the tenant does. */
  readonly onRequest?: (request: Passing, tenant: Simulator) => void
}

/** A service of one tenant, `acme` (and `others`, which are the same one under other names), that follows a repository; without page and channels. */
export async function following(world: World): Promise<Following> {
  const {
    origin,
    live = [],
    follow = '',
    own = '',
    inTenant = '',
    others = [],
    env = {},
    timeout,
    url = origin.url,
    onRequest,
  } = world
  const tenant = await tenantWith({ apis: 0 })
  const { domain } =
    onRequest === undefined ? tenant : await gatewayTo(tenant, (request) => (onRequest(request, tenant), null))
  for (const each of live) tenant.create(each)
  const names = ['acme', ...others]
  const folder = folderWith({
    'tenant-drift.yaml': `follow: { repository: '${url}'${follow} }
${own}tenants:
${names.map((name) => `  ${name}:\n    domain: ${domain}\n    credentials: { api_token: ACME_TOKEN }\n${inTenant}`).join('')}`,
  })
  const io = {
    ...ioOf(folder),
    env: { PATH: process.env['PATH'] ?? '', ACME_TOKEN: tenant.token, ...env },
    now: () => state.now,
  }
  const log: LogLine[] = []
  const holderOf = (name: string) => ({ fleet: 'fleet', tenant: name, by: 'worker' })
  const open = async () => {
    const plan = await makePlan({}, io)
    const history = await openHistory(
      { kind: 'file', file: path.join(folder, 'history.db'), shown: 'history.db' },
      false,
    )
    await history.turns('fleet').plan(names.map((name) => ({ tenant: name, due: state.now })))
    while ((await history.turns('fleet').take('worker', state.now, 1e12)) !== null);
    return { plan, history, follows: await openFollows(plan, io, timeout) }
  }
  const state = { now: NOW }
  let opened = await open()
  const close = async () => {
    opened.follows.close()
    await opened.history.close()
  }
  onTestFinished(close)
  const check = async (name = 'acme') => {
    state.now += 60_000
    const run = { id: 'run', history: opened.history, holder: holderOf(name) }
    return checkWatched(opened.plan, name, opened.follows, io, (line) => void log.push(line), run)
  }
  return Object.assign(state, {
    tenant,
    origin,
    folder,
    log,
    check,
    look: async (name?: string) => lookOf(await check(name)),
    async restart() {
      await close()
      opened = await open()
    },
    history: () => opened.history,
    follows: () => opened.follows,
  })
}

export function lookOf({ report, recorded }: Checked): Look {
  const placeOf = ({ identifier, path: at }: { readonly identifier: string | null; readonly path: string }) =>
    `${identifier ?? ''}${at === '' ? '' : `#${at}`}`
  return {
    verdict: report.verdict,
    counts: report.findings
      .filter(({ counts, kind }) => counts && kind !== 'unreadable')
      .map(placeOf)
      .toSorted(),
    pending: report.findings
      .filter(({ origin }) => origin === 'pending')
      .map(placeOf)
      .toSorted(),
    moves: (recorded?.transitions ?? [])
      .filter(({ told }) => told)
      .map((move) => `${move.type} ${placeOf(move.about === 'dark' ? move.dark : move.after)}`.trim()),
    errors: report.errors.map(({ code, message }) => `${code}: ${message}`),
    advice: report.errors.map(({ advice }) => advice),
    commit: recorded?.run.commit ?? null,
  }
}
