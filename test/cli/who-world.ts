import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ChangedBy } from '../../src/schema/changed-by.ts'
import type { Report } from '../../src/schema/report.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import type { LogActor } from '../../src/simulator/log-event.ts'
import type { Write } from '../../src/simulator/options.ts'
import { folderWith, NOW, reportIn, run, type Ran } from './run.ts'

export const ORDERS = 'https://orders.example.com/'
export const HOUR = 3_600_000
export const MINUTE = 60_000
export const SCOPES = [
  'read:resource_servers',
  'update:resource_servers',
  'create:resource_servers',
  'delete:resource_servers',
]
export const DEPLOY: LogActor = {
  kind: 'application',
  client_id: 'cDeploy',
  client_name: 'deploy-prod',
  user_agent: 'deploy-cli/8.44.0 (node.js/24)',
  auth0_client: { name: 'deploy-cli', version: '8.44.0' },
}
export const KIM: LogActor = { kind: 'dashboard', name: 'Kim Example', email: 'kim@example.com', user_id: 'auth0|kim' }

/** A tenant and a job, with one clock for both: hours after `NOW`. */
export interface WhoWorld {
  readonly tenant: Simulator
  readonly cwd: string
  /** Hour of the clock. */
  hour: number
  readonly at: (hour: number) => number
  readonly edit: (hour: number, patch: Parameters<Simulator['edit']>[1], write?: Exclude<Write, string>) => void
  readonly check: (hour: number, ...argv: string[]) => Promise<Ran>
  /** The report of a check with `--who`. */
  readonly report: (hour: number, ...argv: string[]) => Promise<Report>
  /** Of the one counting difference in it. */
  readonly who: (hour: number, ...argv: string[]) => Promise<ChangedBy | undefined>
  /** Records how the tenant stands. */
  readonly record: () => Promise<Ran>
  readonly doctor: (...argv: string[]) => Promise<Ran>
  readonly ask: (...argv: string[]) => Promise<Ran>
}

export async function whoWorld(
  options: {
    readonly scopes?: readonly string[]
    readonly retentionMs?: number
    readonly history?: boolean
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Promise<WhoWorld> {
  const world = { hour: 0 }
  const at = (hour: number): number => NOW + Math.round(hour * HOUR)
  const tenant = await startSimulator({
    now: () => at(world.hour),
    scopes: [...SCOPES, ...(options.scopes ?? ['read:logs'])],
    ...(options.retentionMs === undefined ? {} : { logRetentionMs: options.retentionMs }),
  })
  onTestFinished(() => tenant.close())
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256' }, 'silent')
  const cwd = folderWith({
    'declared/orders.json': { resource_servers: [{ identifier: ORDERS, signing_alg: 'RS256' }] },
  })
  const token = await tenant.issueToken({ expiresInSeconds: 90 * 24 * 3600 })
  const env = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_API_TOKEN: token,
    ...options.env,
    ...(options.history === false ? {} : { TENANT_DRIFT_HISTORY: 'state/history.db' }),
  }
  const check = (hour: number, ...argv: string[]): Promise<Ran> => {
    world.hour = hour
    return run(['check', ...argv], { cwd, env, now: () => at(hour) })
  }
  const report = async (hour: number, ...argv: string[]): Promise<Report> =>
    reportIn((await check(hour, '--who', '--output', 'json', ...argv)).out)
  return {
    tenant,
    cwd,
    at,
    get hour() {
      return world.hour
    },
    set hour(hour) {
      world.hour = hour
    },
    edit: (hour, patch, write = {}) => void tenant.edit(ORDERS, patch, { at: at(hour), ...write }),
    check,
    report,
    who: async (hour, ...argv) => (await report(hour, ...argv)).findings.find(({ counts }) => counts)?.changedBy,
    record: () => run(['record'], { cwd, env, now: () => at(world.hour) }),
    doctor: (...argv) => run(['doctor', ...argv], { cwd, env, now: () => at(world.hour) }),
    ask: (...argv) => run(['history', ...argv], { cwd, env, now: () => at(world.hour) }),
  }
}

export const storeIn = (cwd: string): string => path.join(cwd, 'state/history.db')
