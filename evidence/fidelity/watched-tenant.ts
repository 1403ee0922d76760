import { Hono } from 'hono'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { simulatorApp } from '../../src/simulator/app.ts'
import { listenAsTenant } from '../../src/simulator/listen.ts'
import type { SimulatorEnv } from '../../src/simulator/serve-request.ts'
import { Tenant } from '../../src/simulator/tenant.ts'
import type { Simulator, SimulatorOptions } from '../../src/simulator/front.ts'
import type { WireAnswer } from './document.ts'

type Known = Pick<Simulator, 'domain' | 'client_id' | 'client_secret' | 'audience' | 'token' | 'issueToken'>

/** What `simulate --tls` serves, with every answer kept as it was sent. */
export interface WatchedTenant extends Known {
  readonly ca: string
  readonly answers: readonly WireAnswer[]
  list(): readonly JsonObject[]
}

/** Ends with `use`. */
export async function withWatchedTenant<T>(
  options: SimulatorOptions,
  use: (tenant: WatchedTenant) => Promise<T>,
): Promise<T> {
  const answers: WireAnswer[] = []
  const listening = await listenAsTenant(0, true)
  try {
    const made = new Tenant({ ...options, tls: true }, `127.0.0.1:${listening.port}`)
    listening.serve(watched(simulatorApp(made, new Promise(() => undefined)), answers))
    if (listening.ca === null) throw new Error('the tenant has no certificate')
    return await use({
      domain: made.host,
      client_id: made.clientId,
      client_secret: made.clientSecret,
      audience: made.audience,
      token: await made.issueToken(),
      issueToken: (issue) => made.issueToken(issue),
      ca: listening.ca,
      answers,
      list: () => made.store.entries.map(({ api }) => api),
    })
  } finally {
    await listening.close()
  }
}

function watched(app: Hono<SimulatorEnv>, answers: WireAnswer[]): Hono<SimulatorEnv> {
  return new Hono<SimulatorEnv>().all('*', async (c) => {
    const answer = await app.fetch(c.req.raw, c.env)
    const text = await answer.clone().text()
    const path = new URL(c.req.url).pathname
    answers.push({
      method: c.req.method,
      path,
      status: answer.status,
      body: text === '' ? null : (JSON.parse(text) as Json),
    })
    return answer
  })
}
