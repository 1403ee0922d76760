import { onTestFinished } from 'vitest'
import { startServe, type Serving } from '../../evidence/serving.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { folderWith } from '../cli/run.ts'
import { programFile } from '../support/built.ts'

const MAIN = programFile('tenant-drift')

export interface Served extends Pick<Serving, 'url' | 'lines' | 'line'> {
  /** The next check that ends from now on. */
  readonly checked: (tenant?: string) => Promise<JsonObject>
  readonly get: (path: string, init?: RequestInit) => Promise<Response>
  readonly text: (path: string, init?: RequestInit) => Promise<string>
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** `tenant-drift serve` as a process, on a free port; it ends with the test. */
export async function served(
  cwd: string,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
  program = MAIN,
): Promise<Served> {
  const { url, lines, line, next, end } = await startServe({
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...env },
    flags,
    program,
    started: (kill) => onTestFinished(() => void kill('SIGKILL')),
  })
  const get = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init })
  return {
    url,
    lines,
    line,
    checked: (tenant) =>
      next((each) => each['event'] === 'checked' && (tenant === undefined || each['tenant'] === tenant)),
    get,
    text: async (path, init) => (await get(path, init)).text(),
    stop: (signal = 'SIGTERM') => end(signal),
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
