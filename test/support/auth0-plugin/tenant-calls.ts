import { isJsonObject, type Json, type JsonObject } from '../../../src/schema/json.ts'

/** What the plugin does to a tenant. */
export interface TenantCalls {
  create(body: JsonObject): Promise<JsonObject>
  /** By id or identifier; null where there is none. */
  get(name: string): Promise<JsonObject | null>
  patch(name: string, body: JsonObject): Promise<JsonObject>
  remove(name: string): Promise<void>
}

export function tenantCalls(url: string, token: string): TenantCalls {
  const list = `${url}/api/v2/resource-servers`
  const at = (name: string) => `${list}/${encodeURIComponent(name)}`

  async function call(method: string, address: string, body?: JsonObject): Promise<Response> {
    const response = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (response.ok || (method === 'GET' && response.status === 404)) return response
    throw new Error(`${method} ${new URL(address).pathname}: ${response.status} ${await response.text()}`)
  }

  return {
    create: async (body) => objectOf(await call('POST', list, body)),
    async get(name) {
      const response = await call('GET', at(name))
      return response.status === 404 ? null : objectOf(response)
    },
    patch: async (name, body) => objectOf(await call('PATCH', at(name), body)),
    async remove(name) {
      await call('DELETE', at(name))
    },
  }
}

async function objectOf(response: Response): Promise<JsonObject> {
  const answer = (await response.json()) as Json
  if (!isJsonObject(answer)) throw new Error('the tenant answered with no object')
  return answer
}
