import { isDeepStrictEqual } from 'node:util'
import { simulatorApp } from '../../src/simulator/app.ts'
import { Tenant } from '../../src/simulator/tenant.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import type { Exchange } from './replay-recording.ts'

const ALL = [
  ...['read', 'create', 'update', 'delete'].map((verb) => `${verb}:client_grants`),
  ...['read', 'create', 'update', 'delete'].map((verb) => `${verb}:clients`),
  'read:client_keys',
]

export interface ReplayedApplication {
  readonly exchange: Exchange
  /** `seeded`: first sight of an object, so that there is nothing to compare with. `followed`: no request that this tenant knows. */
  readonly kind: 'match' | 'seeded' | 'followed' | 'status' | 'body'
  readonly got: string
}

/** Replays one recording of grants and applications against a fresh tenant in process. */
export async function replayApplications(exchanges: readonly Exchange[]): Promise<readonly ReplayedApplication[]> {
  const tenant = new Tenant({ scopes: ALL }, '127.0.0.1:1')
  for (const client of tenant.clients.items) tenant.clients.remove(tenant.clients.idOf(client))
  const app = simulatorApp(tenant, Promise.resolve())
  const token = await tenant.issueToken()
  const replayed: ReplayedApplication[] = []
  for (const exchange of exchanges) {
    const { method, path, query, status, requestBody, responseBody } = exchange
    const told = (kind: ReplayedApplication['kind'], got = ''): number => replayed.push({ exchange, kind, got })
    if (!isKnown(exchange)) {
      follow(tenant, exchange)
      told('followed')
      continue
    }
    if (seed(tenant, exchange)) {
      told('seeded')
      continue
    }
    const answer = await app.fetch(
      new Request(`http://127.0.0.1:1${path}${query === null ? '' : `?${query}`}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        body: requestBody === null ? null : JSON.stringify(requestBody),
      }),
    )
    const text = await answer.text()
    const body = text === '' ? null : (JSON.parse(text) as Json)
    const bound = bind(tenant, body, exchange)
    if (isWriteOfClient(exchange)) follow(tenant, exchange)
    if (answer.status !== status) told('status', String(answer.status))
    else
      told(isDeepStrictEqual(comparable(bound, exchange), comparable(responseBody, exchange)) ? 'match' : 'body', text)
  }
  return replayed
}

export function isWriteOfClient({ method, path }: Exchange): boolean {
  return method !== 'GET' && path.startsWith('/api/v2/clients')
}

/** Where bodies were not kept as they came, what is listed, in which order and envelope; of a write, that it was taken. */
function comparable(body: Json, exchange: Exchange): Json {
  const { processed } = exchange
  if (isWriteOfClient(exchange) && isJsonObject(body)) {
    // Of refusals the bodies were lost.
    if (!processed.startsWith('raw') || exchange.status >= 400) return null
    // What the tenant makes up, and what was redacted; whether it is there is compared.
    const { client_id: _id, client_secret: secret, signing_keys: _keys, ...rest } = body
    return { ...rest, client_secret: secret !== undefined }
  }
  if (processed.startsWith('raw') || !isJsonObject(body) || !Array.isArray(body.clients)) return body
  const clients = (body.clients as readonly Json[]).filter(isJsonObject)
  return { ...body, clients: clients.map(({ client_id: id = null }) => id) }
}

/** What the embedded tenant serves: grants and applications, and not what belongs to one (credentials, organizations, previews). */
function isKnown({ path }: Exchange): boolean {
  return /^\/api\/v2\/(client-grants|clients)(\/[^/]+)?$/.test(path)
}

/** What is changed through requests that it does not serve stands as it was recorded. */
function follow(tenant: Tenant, { method, path, status, responseBody }: Exchange): void {
  const id = /^\/api\/v2\/clients\/([^/]+)$/.exec(path)?.[1]
  if (status >= 300) return
  if (method === 'DELETE' && id !== undefined) tenant.clients.remove(id)
  if (method === 'POST' && path === '/api/v2/clients') {
    // The recorded one takes the place of the one that was just made.
    const made = tenant.clients.items.at(-1)
    if (made !== undefined && made.tenant === 'simulator') tenant.clients.remove(tenant.clients.idOf(made))
  }
  if (!isJsonObject(responseBody) || typeof responseBody.client_id !== 'string') return
  if (!/^\/api\/v2\/clients(\/[^/]+)?$/.test(path)) return
  // The keys that an answer to a write leaves out: those of lists alone, and where an application was registered from.
  const before = Object.entries(tenant.clients.find(responseBody.client_id) ?? {})
  const left = before.filter(([key]) => key === 'tenant' || key === 'global' || key.startsWith('external_'))
  tenant.clients.put({ ...Object.fromEntries(left), ...responseBody })
}

/** Puts what the recording shows for the first time. */
function seed(tenant: Tenant, { method, path, query, status, responseBody }: Exchange): boolean {
  if (status !== 200 || method === 'DELETE') return false
  const isGlobal = new URLSearchParams(query ?? '').get('is_global') === 'true'
  const items = path.startsWith('/api/v2/clients')
    ? itemsIn(responseBody, 'clients')
    : itemsIn(responseBody, 'client_grants')
  const [collection, key] = path.startsWith('/api/v2/clients')
    ? ([tenant.clients, 'client_id'] as const)
    : ([tenant.grants, 'id'] as const)
  const unseen = items.filter((item) => {
    const id = item[key]
    const known = typeof id === 'string' ? collection.find(id) : {}
    // A list of ids alone shows nothing of what it lists.
    return known === undefined || (key === 'client_id' && method === 'PATCH' && known.name === undefined)
  })
  for (const item of unseen) {
    const id = item[key]
    const { tenant: name, global } = (typeof id === 'string' ? collection.find(id) : undefined) ?? {}
    collection.put({
      ...(name !== undefined && { tenant: name }),
      ...((isGlobal || global === true) && { global: true }),
      ...item,
    })
  }
  // A list that lacks what was there is one that somebody else changed meanwhile.
  return unseen.length > 0
}

function itemsIn(body: Json, key: string): readonly JsonObject[] {
  if (!isJsonObject(body)) return []
  const list = body[key]
  return Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : [body]
}

/** The answer with the id that was recorded; the tenant goes on with it. */
function bind(tenant: Tenant, body: Json, { method, responseBody }: Exchange): Json {
  if (method !== 'POST' || !isJsonObject(body) || !isJsonObject(responseBody)) return body
  const { id } = responseBody
  if (typeof body.id !== 'string' || typeof id !== 'string') return body
  tenant.grants.remove(body.id)
  tenant.grants.put({ ...body, id })
  return { ...body, id }
}
