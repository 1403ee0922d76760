// The embedded tenant in a process of its own, as `tenant-drift simulate` serves it: what is measured must not share a thread with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import type { JsonObject } from '../src/schema/json.ts'
import { isBuilt } from '../tools/build-stamp.mjs'
import { NODE_24, ROOT } from '../tools/run.mjs'

export interface TenantProcess {
  readonly domain: string
  readonly clientId: string
  readonly clientSecret: string
  readonly audience: string
  /** A token as the tenant would give one. */
  readonly token: string
  /** Certificate authority (PEM) of a tenant with `--tls`; null without. */
  readonly ca: string | null
  /** Every API but the tenant's own Management API, without what the tenant gives and what nobody writes down. */
  declarable(): Promise<readonly JsonObject[]>
  /** Requests since the last call of `forget`, by `METHOD /path`. */
  requests(): Promise<JsonObject>
  forget(): Promise<void>
  /** A control call of the embedded tenant with a body, as `edit`; `logs` without one gives the tenant log. */
  control(path: string, body?: JsonObject): Promise<string>
  stop(): Promise<void>
}

const NOT_DECLARED = new Set(['id', 'client_id', 'is_system', 'signing_secret'])

export async function startTenant(flags: readonly string[]): Promise<TenantProcess> {
  if (!isBuilt()) throw new Error('dist/ is out of date. Run: npm run setup')
  const simulator = spawn(NODE_24, [join(ROOT, 'dist', 'bin', 'tenant-drift.js'), 'simulate', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(simulator.stdout), 'line')) as [string]
  const said = JSON.parse(line) as Record<string, string>
  const dispatcher = new Agent({ connect: said.ca === undefined ? {} : { ca: said.ca } })
  const call = async (path: string, method: 'GET' | 'POST' = 'GET', body: JsonObject | null = null) => {
    const answer = await request(`${said.url}/__simulator/${path}`, {
      method,
      dispatcher,
      ...(body !== null && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`)
    return answer.body.text()
  }
  return {
    domain: said.domain ?? '',
    clientId: said.client_id ?? '',
    clientSecret: said.client_secret ?? '',
    audience: said.audience ?? '',
    token: said.token ?? '',
    ca: said.ca ?? null,
    async declarable() {
      const apis = JSON.parse(await call('list')) as readonly JsonObject[]
      return apis.filter((api) => api.is_system !== true).map(withoutTenantFields)
    },
    requests: async () => JSON.parse(await call('requests')) as JsonObject,
    control: (path, body) => call(path, body === undefined ? 'GET' : 'POST', body),
    forget: async () => void (await call('reset', 'POST')),
    async stop() {
      await dispatcher.close()
      simulator.kill()
      await once(simulator, 'close')
    },
  }
}

function withoutTenantFields(api: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(api).filter(([field]) => !NOT_DECLARED.has(field)))
}
