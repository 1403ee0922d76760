import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { startServe, type Serving } from '../serving.ts'

/** Tenants by the name that the configuration gives them. */
export type Fleet = ReadonlyMap<string, Simulator>

/** The one API of each tenant, and the setting of it that moves. */
export const API = 'urn:a'
const SUBJECT = `${API}#signing_alg`
export const ALGS = ['RS256', 'HS256', 'PS256'] as const
export const STREAM_TOKEN = 'stream-token-of-the-evidence'

const DECLARED = { identifier: API, name: 'a', signing_alg: 'RS256' }

export async function startFleet(names: readonly string[], seed: number): Promise<Fleet> {
  const fleet = new Map<string, Simulator>()
  for (const name of names) {
    const tenant = await startSimulator({ seed })
    tenant.create(DECLARED)
    fleet.set(name, tenant)
  }
  return fleet
}

export async function stopFleet(fleet: Fleet): Promise<void> {
  for (const tenant of fleet.values()) await tenant.close()
}

/** Declarations and the configuration: a webhook, these lines, and the tenants. */
export function writeScene(folder: string, fleet: Fleet, settings: readonly string[]): void {
  mkdirSync(join(folder, 'declared'))
  writeFileSync(join(folder, 'declared', 'a.json'), JSON.stringify({ resource_servers: [DECLARED] }))
  const lines = [
    ...settings,
    'notify:',
    '  - webhook: { url_variable: HOOK_URL, secret_variable: HOOK_SECRET }',
    'tenants:',
    ...[...fleet].map(
      ([name, { domain }]) =>
        `  ${name}: { domain: '${domain}', credentials: { api_token: ${tokenName(name)} }, log_stream: { token_variable: STREAM } }`,
    ),
  ]
  writeFileSync(join(folder, 'tenant-drift.yaml'), `${lines.join('\n')}\n`)
}

/** `serve` in the scene. `receiver`: where its webhook is; `env`: beside what the scene needs. */
export function serveScene(
  folder: string,
  fleet: Fleet,
  receiver: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const tokens = [...fleet].map(([name, { token }]) => [tokenName(name), token] as const)
  return startServe({
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      ...Object.fromEntries(tokens),
      STREAM: STREAM_TOKEN,
      HOOK_URL: `${receiver}/hook`,
      HOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      ...env,
    },
  })
}

function tokenName(name: string): string {
  return `TOKEN_${name.toUpperCase()}`
}

/** What differs from what is declared, by tenant and subject. */
export function standing(fleet: Fleet): ReadonlyMap<string, unknown> {
  const live = [...fleet].map(([name, tenant]) => {
    const { signing_alg: alg } = tenant.list().find(({ identifier }) => identifier === API) ?? {}
    return [`${name} ${SUBJECT}`, alg] as const
  })
  return new Map(live.filter(([, alg]) => alg !== DECLARED.signing_alg))
}

/** What a service should not have said, in its log or beside it. */
export function bugsIn({ lines, said }: Serving): readonly string[] {
  const { err } = said()
  return [
    ...lines.filter(({ event }) => event === 'bug').map((line) => JSON.stringify(line)),
    ...(err === '' ? [] : [`standard error: ${err.slice(0, 2000)}`]),
  ]
}
