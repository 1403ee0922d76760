import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { isJsonObject, parseJson, type Json } from '../schema/json.ts'
import type { LogEntry } from './log-event.ts'
import { faultSchema, writeSchema } from './options.ts'
import type { SimulatorEnv } from './serve-request.ts'
import type { Tenant } from './tenant.ts'

const write = writeSchema.exactOptional()
const editSchema = z.strictObject({ identifier: z.string(), patch: z.record(z.string(), z.json()), write })
const removeSchema = z.strictObject({ identifier: z.string(), write })
const settingsSchema = z.strictObject({ withoutDefaults: z.array(z.string()) })
const keySchema = z.strictObject({ pem: z.string() })

/**
 * Control of the simulator over HTTP: no token, not counted. `GET requests`, `GET list`, `POST faults`, `POST reset`, `POST load`
 * (as `--load`), `POST create` (a POST without its checks), `POST edit {identifier, patch, write}`,
 * `POST remove {identifier, write}`, `GET logs`, `POST logs` (an event, put as it is), `POST keys {pem}`, `POST settings {withoutDefaults}`,
 * `POST clients` (one, put as it is), `POST grants` (the same), `POST tenant`.
 */
export function addControlRoutes(app: Hono<SimulatorEnv>, tenant: Tenant): void {
  /** A body of another shape is refused, with what is wrong with it. */
  const on = <T>(name: string, schema: z.ZodType<T>, act: (body: T, c: Context<SimulatorEnv>) => Response): void => {
    app.post(`/__simulator/${name}`, async (c) => {
      const result = schema.safeParse(await requestBody(c.req))
      return result.success ? act(result.data, c) : c.json({ error: z.prettifyError(result.error) }, 400)
    })
  }
  app.get('/__simulator/requests', (c) => c.json(tenant.requests()))
  app.get('/__simulator/list', (c) => c.json(tenant.store.entries.map(({ api }) => api)))
  app.post('/__simulator/reset', (c) => {
    tenant.reset()
    return c.json({ ok: true })
  })
  on('faults', faultSchema, (fault, c) => {
    tenant.faults.add(fault)
    return c.json({ ok: true })
  })
  app.post('/__simulator/load', async (c) => {
    try {
      return c.json({ loaded: tenant.load(await requestBody(c.req)) })
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : 'not loaded' }, 400)
    }
  })
  app.post('/__simulator/create', async (c) => {
    const body = await requestBody(c.req)
    if (!isJsonObject(body) || typeof body.identifier !== 'string')
      return c.json({ error: 'an API needs its identifier' }, 400)
    return c.json(tenant.add(body), 201)
  })
  app.get('/__simulator/logs', (c) => c.json(tenant.log.readable()))
  app.post('/__simulator/logs', async (c) => {
    const body = await requestBody(c.req)
    const isEntry = isJsonObject(body) && typeof body.date === 'string' && typeof body.log_id === 'string'
    if (!isEntry) return c.json({ error: 'an event needs its date and log_id' }, 400)
    tenant.log.put(body as LogEntry)
    return c.json({ ok: true })
  })
  on('edit', editSchema, ({ identifier, patch, write: by }, c) => {
    if (tenant.store.find(identifier) === undefined) return c.json({ error: 'there is no such API' }, 404)
    return c.json(tenant.edit(identifier, patch, by))
  })
  on('remove', removeSchema, ({ identifier, write: by }, c) => c.json({ removed: tenant.remove(identifier, by) }))
  on('settings', settingsSchema, ({ withoutDefaults }, c) => {
    tenant.setWithoutDefaults(withoutDefaults)
    return c.json({ ok: true })
  })
  app.post('/__simulator/clients', async (c) => {
    const body = await requestBody(c.req)
    if (!isJsonObject(body) || typeof body.client_id !== 'string')
      return c.json({ error: 'an application needs its client_id' }, 400)
    tenant.clients.put(body)
    return c.json({ ok: true })
  })
  app.post('/__simulator/grants', async (c) => {
    const body = await requestBody(c.req)
    if (!isJsonObject(body) || typeof body.audience !== 'string')
      return c.json({ error: 'a grant needs its audience' }, 400)
    const grant = { id: tenant.grantId(), subject_type: 'client', ...body }
    tenant.grants.put(grant)
    return c.json(grant, 201)
  })
  app.post('/__simulator/tenant', async (c) => {
    const body = await requestBody(c.req)
    if (!isJsonObject(body)) return c.json({ error: 'settings are an object' }, 400)
    tenant.settings = { ...tenant.settings, ...body }
    return c.json({ ok: true })
  })
  on('keys', keySchema, ({ pem }, c) => {
    tenant.assertionKeys.push(pem)
    return c.json({ ok: true })
  })
}

async function requestBody(request: { text(): Promise<string> }): Promise<Json | undefined> {
  return parseJson(await request.text())
}
