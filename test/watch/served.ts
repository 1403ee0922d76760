import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { folderWith } from '../cli/run.ts'
import { programFile } from '../support/built.ts'

const MAIN = programFile('tenant-drift')

export interface Served {
  readonly url: string
  readonly lines: readonly JsonObject[]
  /** The first line of the log of which this is true. Waits for it. */
  readonly line: (test: (line: JsonObject) => boolean) => Promise<JsonObject>
  /** The next check that ends from now on. */
  readonly checked: (tenant?: string) => Promise<JsonObject>
  readonly get: (path: string, init?: RequestInit) => Promise<Response>
  readonly text: (path: string, init?: RequestInit) => Promise<string>
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
  readonly child: ChildProcess
}

/** `tenant-drift serve` as a process, on a free port; it ends with the test. */
export async function served(
  cwd: string,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
  main = MAIN,
): Promise<Served> {
  const child = spawn(process.execPath, [main, 'serve', '--listen', '127.0.0.1:0', ...flags], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: JsonObject[] = []
  let waiting: (() => void)[] = []
  let rest = ''
  let err = ''
  const wake = (): void => {
    const all = waiting
    waiting = []
    for (const each of all) each()
  }
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  child.stdout.on('data', (chunk) => {
    const [...whole] = (rest + String(chunk)).split('\n')
    rest = whole.pop() ?? ''
    lines.push(...whole.map((line) => JSON.parse(line) as JsonObject))
    wake()
  })
  const exited = once(child, 'exit')
  let isOver = false
  void exited.then(() => {
    isOver = true
    wake()
  })
  const from = async (start: number, test: (line: JsonObject) => boolean): Promise<JsonObject> => {
    for (;;) {
      const found = lines.slice(start).find(test)
      if (found !== undefined) return found
      if (isOver) throw new Error(`serve ended: ${err}\n${lines.map((line) => JSON.stringify(line)).join('\n')}`)
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const { url } = (await from(0, ({ event }) => event === 'listening')) as { readonly url: string }
  const get = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init })
  return {
    url,
    lines,
    child,
    line: (test) => from(0, test),
    checked: (tenant) =>
      from(lines.length, (line) => line['event'] === 'checked' && (tenant === undefined || line['tenant'] === tenant)),
    get,
    text: async (path, init) => (await get(path, init)).text(),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code] = (await exited) as [number | null]
      return code
    },
  }
}

export const STREAM_TOKEN = 'stream-token-of-the-test-0123'

/** A folder that declares `urn:a` with RS256, and names one tenant `acme`. */
export function acmeFolder(tenant: Simulator, more = '', inTenant = ''): string {
  return folderWith({
    'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] },
    'tenant-drift.yaml': `tenants:
  acme:
    domain: ${tenant.domain}
    credentials: { api_token: ACME_TOKEN }
    log_stream: { token_variable: ACME_STREAM }
${inTenant}${more}`,
  })
}

export function acmeEnv(tenant: Simulator): Record<string, string> {
  return { ACME_TOKEN: tenant.token, ACME_STREAM: STREAM_TOKEN }
}

/** An event of Auth0's log, of a PATCH to `urn:a`. */
export function sapi(id: string, body: JsonObject = { signing_alg: 'HS256' }): JsonObject {
  const data = {
    date: new Date().toISOString(),
    type: 'sapi',
    description: 'Update a resource server',
    client_id: 'client',
    client_name: 'deploy',
    ip: '192.0.2.7',
    user_id: 'auth0|somebody',
    log_id: id,
    tenant_name: 'acme',
    environment_name: 'local',
    details: {
      request: {
        method: 'patch',
        path: '/api/v2/resource-servers/urn:a',
        body,
        auth: { user: { name: 'Ann Person' } },
      },
      response: { statusCode: 200, body: { id: 'x', identifier: 'urn:a', ...body } },
    },
  }
  return { log_id: id, data }
}

export function postEvents(service: Served, body: string, token = STREAM_TOKEN): Promise<Response> {
  return service.get('/hooks/auth0/acme', { method: 'POST', headers: { authorization: token }, body })
}
