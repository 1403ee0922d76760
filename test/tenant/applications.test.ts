import { describe, expect, it, onTestFinished } from 'vitest'
import type { Applications } from '../../src/schema/affected.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { createTenantReader, tenantConfig } from '../../src/tenant/front.ts'
import { gatewayTo, tenantWith } from './with-tenant.ts'

const API = 'https://api-00001.example.com/'
const SCOPES = ['read:resource_servers', 'read:client_grants', 'read:clients', 'read:tenant_settings'] as const
const [GRANTS, CLIENTS, SETTINGS] = ['client-grants', 'clients', 'tenants/settings'].map((name) => `/api/v2/${name}?`)

/** What is learnt of a tenant that answers this, at this address, to its nth request there. */
async function learn(
  place = '',
  answer: (nth: number) => Json = () => null,
): Promise<{ read: Applications; requests: number }> {
  const tenant = await tenantWith({ apis: 2, clients: 8, grantsPerApi: 4, scopes: [...SCOPES] })
  let requests = 0
  const gateway = await gatewayTo(tenant, ({ url }) => {
    if (place === '' || !url.startsWith(place)) return null
    requests += 1
    return { status: 200, body: JSON.stringify(answer(requests)) }
  })
  const env = { AUTH0_DOMAIN: gateway.domain, AUTH0_API_TOKEN: tenant.token }
  const reader = createTenantReader(tenantConfig({ env }), { sleep: () => Promise.resolve() })
  onTestFinished(() => reader.close())
  const read = await reader.applications?.([API])
  if (read === undefined) throw new Error('a reader of a tenant reads no applications')
  return { read, requests }
}

const NOT_READABLE = { ok: false, because: 'not-readable' } as const
const grant = (id: string): JsonObject => ({ id, client_id: id, audience: API, scope: [] })
const client = (id: string): JsonObject => ({ client_id: id, name: id, is_first_party: true, grant_types: [] })

describe('the reader of applications', { timeout: 60_000 }, () => {
  it('learns all of it from a tenant that answers as it should', async () => {
    const { read } = await learn()
    expect([read.grants.ok, read.clients.ok, read.defaultAudience.ok]).toEqual([true, true, true])
    expect(read.clients).not.toHaveProperty('inPart')
  })

  it.each<[string, (nth: number) => Json]>([
    ['leads back to the same page', () => ({ client_grants: [grant('a')], next: 'same' })],
    ['leads round in a circle', (nth) => ({ client_grants: [grant('a')], next: nth % 2 === 0 ? 'b' : 'a' })],
    ['goes on without anything', (nth) => ({ client_grants: [], next: `n${nth}` })],
  ])('takes no list of grants for whole that %s, and stops asking', async (_title, answer) => {
    const { read, requests } = await learn(GRANTS, answer)
    expect([read.grants, requests <= 1000]).toEqual([NOT_READABLE, true])
  })

  it('stops asking for applications that never end, and says that it has a part', async () => {
    const page = (): Json => ({ clients: [client('a')], total: 1e9, start: 0, limit: 100 })
    const { read, requests } = await learn(CLIENTS, page)
    expect([read.clients, requests]).toEqual([expect.objectContaining({ ok: true, inPart: true }), 1000])
  })

  it('asks once where a page without anything announces some', async () => {
    const { read, requests } = await learn(CLIENTS, () => ({ clients: [], total: 1e9, start: 0, limit: 100 }))
    expect([read.clients, requests]).toEqual([expect.objectContaining({ inPart: true }), 1])
  })

  it.each<[string, Json]>([
    ['a total below nothing', { clients: [], total: -5 }],
    ['half a total', { clients: [client('a')], total: 0.5 }],
    ['a total that is a text', { clients: [client('a')], total: '1' }],
    ['an application without an id', { clients: [client('a'), { name: 'b' }], total: 2 }],
  ])('learns nothing of the applications from %s', async (_title, answer) => {
    expect((await learn(CLIENTS, () => answer)).read.clients).toEqual(NOT_READABLE)
  })

  it('does not say that an API is not the default audience where that is no text', async () => {
    const { read } = await learn(SETTINGS, () => ({ default_audience: { audience: API } }))
    expect(read.defaultAudience).toEqual(NOT_READABLE)
    const none = await learn(SETTINGS, () => ({ default_audience: null }))
    expect(none.read.defaultAudience).toEqual({ ok: true, value: '' })
  })
})
