import type { Hono } from 'hono'
import * as z from 'zod'
import { isJsonObject, parseJson } from '../schema/json.ts'
import { faultSchema } from './faults.ts'
import type { LogEntry } from './log-event.ts'
import { writeSchema } from './log-writes.ts'
import type { Fault } from './options.ts'
import type { Env } from './serve-request.ts'
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
export function addControlRoutes(app: Hono<Env>, tenant: Tenant): void {
  app.get('/__simulator/requests', (c) => c.json(tenant.requests()))
  app.get('/__simulator/list', (c) => c.json(tenant.store.entries.map(({ api }) => api)))
  app.post('/__simulator/reset', (c) => {
    tenant.reset()
    return c.json({ ok: true })
  })
  app.post('/__simulator/faults', async (c) => {
    const result = faultSchema.safeParse(await bodyOf(c.req))
    if (!result.success) return c.json({ error: z.prettifyError(result.error) }, 400)
    tenant.faults.add(withoutUndefined(result.data))
    return c.json({ ok: true })
  })
  app.post('/__simulator/load', async (c) => {
    try {
      return c.json({ loaded: tenant.load(await bodyOf(c.req)) })
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : 'not loaded' }, 400)
    }
  })
  app.post('/__simulator/create', async (c) => {
    const body = await bodyOf(c.req)
    if (!isJsonObject(body) || typeof body.identifier !== 'string')
      return c.json({ error: 'an API needs its identifier' }, 400)
    return c.json(tenant.add(body), 201)
  })
  app.get('/__simulator/logs', (c) => c.json(tenant.log.readable()))
  app.post('/__simulator/logs', async (c) => {
    const body = await bodyOf(c.req)
    const isEntry = isJsonObject(body) && typeof body.date === 'string' && typeof body.log_id === 'string'
    if (!isEntry) return c.json({ error: 'an event needs its date and log_id' }, 400)
    tenant.log.put(body as LogEntry)
    return c.json({ ok: true })
  })
  app.post('/__simulator/edit', async (c) => {
    const result = editSchema.safeParse(await bodyOf(c.req))
    if (!result.success) return c.json({ error: z.prettifyError(result.error) }, 400)
    const { identifier, patch, write: by } = result.data
    if (tenant.store.find(identifier) === undefined) return c.json({ error: 'there is no such API' }, 404)
    return c.json(tenant.edit(identifier, patch, by))
  })
  app.post('/__simulator/remove', async (c) => {
    const result = removeSchema.safeParse(await bodyOf(c.req))
    if (!result.success) return c.json({ error: z.prettifyError(result.error) }, 400)
    return c.json({ removed: tenant.remove(result.data.identifier, result.data.write) })
  })
  app.post('/__simulator/settings', async (c) => {
    const result = settingsSchema.safeParse(await bodyOf(c.req))
    if (!result.success) return c.json({ error: z.prettifyError(result.error) }, 400)
    tenant.setWithoutDefaults(result.data.withoutDefaults)
    return c.json({ ok: true })
  })
  app.post('/__simulator/clients', async (c) => {
    const body = await bodyOf(c.req)
    if (!isJsonObject(body) || typeof body.client_id !== 'string')
      return c.json({ error: 'an application needs its client_id' }, 400)
    tenant.clients.put(body)
    return c.json({ ok: true })
  })
  app.post('/__simulator/grants', async (c) => {
    const body = await bodyOf(c.req)
    if (!isJsonObject(body) || typeof body.audience !== 'string')
      return c.json({ error: 'a grant needs its audience' }, 400)
    const grant = { id: tenant.grantId(), subject_type: 'client', ...body }
    tenant.grants.put(grant)
    return c.json(grant, 201)
  })
  app.post('/__simulator/tenant', async (c) => {
    const body = await bodyOf(c.req)
    if (!isJsonObject(body)) return c.json({ error: 'settings are an object' }, 400)
    tenant.settings = { ...tenant.settings, ...body }
    return c.json({ ok: true })
  })
  app.post('/__simulator/keys', async (c) => {
    const result = keySchema.safeParse(await bodyOf(c.req))
    if (!result.success) return c.json({ error: z.prettifyError(result.error) }, 400)
    tenant.assertionKeys.push(result.data.pem)
    return c.json({ ok: true })
  })
}

async function bodyOf(request: { text(): Promise<string> }): Promise<unknown> {
  return parseJson(await request.text())
}

/** zod leaves optional keys out where they were not sent, but its type says they may be undefined. */
function withoutUndefined(fault: z.infer<typeof faultSchema>): Fault {
  return JSON.parse(JSON.stringify(fault)) as Fault
}
