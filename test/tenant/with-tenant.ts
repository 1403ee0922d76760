import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Simulator, SimulatorOptions } from '../../src/simulator/front.ts'
import { startSimulator } from '../../src/simulator/front.ts'
import { createTenantReader, tenantConfig } from '../../src/tenant/front.ts'
import type { ReaderOptions, TenantConfig } from '../../src/tenant/front.ts'
import type { TenantReader } from '../../src/schema/snapshot.ts'

export const LIST = '/api/v2/resource-servers'
export const TOKEN = '/oauth/token'

// Tokens are cached by address and credentials, and ports come round again: another seed is another secret.
let seed = 1000

/** A tenant that ends with the test. */
export async function tenantWith(options: SimulatorOptions = {}): Promise<Simulator> {
  seed += 1
  const tenant = await startSimulator({ seed, ...options })
  onTestFinished(() => tenant.close())
  return tenant
}

export function configFor(tenant: Simulator, env: Readonly<Record<string, string>> = {}): TenantConfig {
  return tenantConfig({
    env: {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
      // Behind a gateway, as behind a custom domain.
      ...(!tenant.audience.includes(new URL(tenant.url).host) && { AUTH0_AUDIENCE: tenant.audience }),
      ...env,
    },
  })
}

/** Pauses are a hundredth as long, and no longer at random. */
export const QUICK: ReaderOptions = {
  random: () => 0.5,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms / 100)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      })
    }),
}

/** A reader that is closed with the test. */
export function readerOf(
  tenant: Simulator,
  options: ReaderOptions = {},
  env: Readonly<Record<string, string>> = {},
): TenantReader {
  const reader = createTenantReader(configFor(tenant, env), { ...QUICK, ca: tenant.ca, ...options })
  onTestFinished(() => reader.close())
  return reader
}

export function identifiersOf(tenant: Simulator): string[] {
  return tenant
    .list()
    .filter((api) => api['is_system'] !== true)
    .flatMap((api) => (typeof api['identifier'] === 'string' ? [api['identifier']] : []))
}

/** Counts by `token`, `list` and `item`, whichever address an item has. */
export function requestsOf(tenant: Simulator): { token: number; list: number; item: number } {
  const counts = { token: 0, list: 0, item: 0 }
  for (const [address, count] of Object.entries(tenant.requests())) {
    if (address.endsWith(TOKEN)) counts.token += count
    else if (address.endsWith(LIST)) counts.list += count
    else counts.item += count
  }
  return counts
}

export interface Passing {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Instead {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A gateway before a tenant: what `answer` returns goes out instead; null lets the request through, with a token that the tenant accepts. `now` is what it writes as `date`. */
export async function gatewayTo(
  tenant: Simulator,
  answer: (request: Passing) => Instead | null,
  now: () => number = Date.now,
): Promise<Simulator> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      let body = ''
      for await (const chunk of incoming) body += String(chunk)
      const { method = 'GET', url = '/', headers } = incoming
      const instead = answer({ method, url, headers, body }) ?? (await passOn(tenant, method, url, headers, body))
      const date = new Date(now()).toUTCString()
      const sent = { 'content-type': 'application/json', date, ...instead.headers }
      outgoing.writeHead(instead.status, sent).end(instead.body)
    })()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { ...tenant, url, domain: url }
}

async function passOn(
  tenant: Simulator,
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: string,
): Promise<Instead> {
  const type = headers['content-type']
  const answer = await fetch(`${tenant.url}${url}`, {
    method,
    headers: { authorization: `Bearer ${tenant.token}`, ...(type !== undefined && { 'content-type': type }) },
    ...(method === 'POST' && { body }),
  })
  const limits = [...answer.headers].filter(([name]) => name.startsWith('x-ratelimit-'))
  return { status: answer.status, body: await answer.text(), headers: Object.fromEntries(limits) }
}
