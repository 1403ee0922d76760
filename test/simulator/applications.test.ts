import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { call, start } from './call.ts'

const GRANTS = '/api/v2/client-grants'
const CLIENTS = '/api/v2/clients'
const HOUR = 3_600_000

interface Page {
  readonly grants: readonly JsonObject[]
  readonly next: string | null
  readonly keys: readonly string[]
}

async function grants(simulator: Simulator, query: string): Promise<Page> {
  const { json } = await call(simulator, `${GRANTS}?${query}`)
  const body = isJsonObject(json) ? json : {}
  return {
    grants: items(body.client_grants),
    next: typeof body.next === 'string' ? body.next : null,
    keys: Object.keys(body),
  }
}

const items = (list: Json | undefined): readonly JsonObject[] =>
  Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : []

const textOf = (object: Json | undefined, key: string): string => {
  const value = isJsonObject(object) ? object[key] : undefined
  return typeof value === 'string' ? value : ''
}

const clientsOf = (json: Json | undefined): readonly JsonObject[] =>
  isJsonObject(json) ? items(json.clients) : items(json)

describe('client grants', () => {
  const scopes = ['read:client_grants', 'create:client_grants', 'update:client_grants', 'delete:client_grants']

  it('come by checkpoint: every one once, next while there is more, also with the parameters of the other form', async () => {
    const simulator = await start({ apis: 3, clients: 50, grantsPerApi: 40, scopes })
    const seen: (Json | undefined)[] = []
    let query = 'take=50&per_page=50&include_totals=true'
    let pages = 0
    for (;;) {
      const page = await grants(simulator, query)
      expect(page.keys.filter((key) => key !== 'next')).toEqual(['client_grants'])
      seen.push(...page.grants.map(({ id }) => id))
      pages += 1
      if (page.next === null) break
      query = `take=50&from=${encodeURIComponent(page.next)}`
    }
    expect({ pages, seen: seen.length, once: new Set(seen).size }).toEqual({ pages: 3, seen: 120, once: 120 })
  })

  it('end without next where the last page is full', async () => {
    const simulator = await start({ apis: 2, clients: 20, grantsPerApi: 50, scopes })
    expect(await grants(simulator, 'take=100')).toMatchObject({ next: null, keys: ['client_grants'] })
  })

  it.each<[string, string, number]>([
    ['of one API', `audience=${encodeURIComponent('https://api-00002.example.com/')}`, 12],
    ['of nobody', 'audience=urn%3Anobody', 0],
  ])('are filtered by audience in both forms: %s', async (_title, filter, count) => {
    const simulator = await start({ apis: 3, clients: 20, grantsPerApi: 12, scopes })
    const byNumber = await call(simulator, `${GRANTS}?${filter}&per_page=100&include_totals=true`)
    expect(byNumber.json).toMatchObject({ total: count, start: 0, limit: 100 })
    expect((await grants(simulator, `${filter}&take=100`)).grants).toHaveLength(count)
    expect((await call(simulator, `${GRANTS}?${filter}&per_page=100`)).json).toHaveLength(count)
  })

  it('are filtered by application, by subject and by what they are a default for', async () => {
    const simulator = await start({ apis: 10, clients: 5, grantsPerApi: 4, scopes })
    const client = textOf(simulator.grants()[0], 'client_id')
    const mine = await grants(simulator, `client_id=${client}&take=100`)
    expect(mine.grants.length).toBeGreaterThan(1)
    expect(mine.grants.every(({ client_id: id }) => id === client)).toBe(true)
    expect((await grants(simulator, 'default_for=third_party_clients&take=100')).grants).toMatchObject([
      { default_for: 'third_party_clients', audience: 'https://api-00010.example.com/' },
    ])
    const users = await grants(simulator, 'subject_type=user&take=100')
    expect(users.grants.length).toBeGreaterThan(0)
    expect(users.grants.every(({ subject_type: subject }) => subject === 'user')).toBe(true)
  })

  it('refuse a checkpoint that is a day old, or none at all', async () => {
    let now = Date.parse('2026-11-30T08:00:00Z')
    const simulator = await start({ apis: 2, clients: 9, grantsPerApi: 9, scopes, now: () => now })
    const { next } = await grants(simulator, 'take=10')
    now += 23 * HOUR
    const path = `${GRANTS}?take=10&from=${encodeURIComponent(next ?? '')}`
    const token = `Bearer ${await simulator.issueToken({ expiresInSeconds: 7 * 86_400 })}`
    expect((await call(simulator, path, { authorization: token })).status).toBe(200)
    now += 2 * HOUR
    expect(await call(simulator, path, { authorization: token })).toMatchObject({
      status: 400,
      json: { errorCode: 'invalid_query_string' },
    })
    expect((await call(simulator, `${GRANTS}?from=nonsense`, { authorization: token })).status).toBe(400)
  })

  it.each(['per_page=101', 'take=0', 'page=x', 'include_totals=maybe', 'nobody=1'])('refuse %s', async (query) => {
    const simulator = await start({ scopes })
    expect((await call(simulator, `${GRANTS}?${query}`)).status).toBe(400)
  })

  it('are made, changed and taken away as recorded', async () => {
    const simulator = await start({ scopes })
    const sent = { client_id: simulator.client_id, audience: 'urn:a', scope: ['read:a'] }
    const made = await call(simulator, GRANTS, { method: 'POST', body: sent })
    expect(made).toMatchObject({ status: 201, json: { ...sent, subject_type: 'client' } })
    const path = `${GRANTS}/${textOf(made.json, 'id')}`
    expect((await call(simulator, GRANTS, { method: 'POST', body: sent })).status).toBe(409)
    const all = await call(simulator, path, { method: 'PATCH', body: { allow_all_scopes: true } })
    expect(all.json).not.toHaveProperty('scope')
    expect((await call(simulator, path)).json).toEqual(all.json)
    expect((await call(simulator, path, { method: 'DELETE' })).status).toBe(204)
    expect((await call(simulator, path, { method: 'DELETE' })).status).toBe(204)
    expect((await call(simulator, path)).status).toBe(404)
  })
})

describe('applications', () => {
  const SUMMARY = ['app_type', 'client_id', 'description', 'name']

  const keysOf = async (scopes: readonly string[], query = ''): Promise<readonly string[]> => {
    const simulator = await start({ clients: 12, scopes })
    const { json } = await call(simulator, `${CLIENTS}?is_global=false&include_totals=true${query}`)
    return [...new Set(clientsOf(json).flatMap((client) => Object.keys(client)))].sort()
  }

  it.each<[string, readonly string[]]>([
    ['read:clients', ['read:clients']],
    ['read:client_summary', ['read:client_summary']],
    ['read:client_summary beside read:clients', ['read:client_summary', 'read:clients']],
  ])('show no secret with %s', async (_title, scopes) => {
    const keys = await keysOf(scopes)
    expect(keys).toEqual(expect.arrayContaining(SUMMARY))
    expect(keys.filter((key) => ['client_secret', 'signing_keys'].includes(key))).toEqual([])
  })

  it.each(['read:client_keys', 'read:client_credentials'])('show secrets with %s', async (scope) => {
    expect(await keysOf([scope])).toEqual(expect.arrayContaining(['client_secret', 'signing_keys', ...SUMMARY]))
  })

  it('show four keys with read:client_summary, whatever is asked for', async () => {
    expect(await keysOf(['read:client_summary'])).toEqual(SUMMARY)
    expect(await keysOf(['read:client_summary'], '&fields=name,grant_types,client_secret&include_fields=true')).toEqual(
      ['name'],
    )
  })

  it('show the fields that are asked for, and the tenant beside them, as recorded', async () => {
    expect(await keysOf(['read:clients'], '&fields=client_id,name&include_fields=true')).toEqual([
      'client_id',
      'name',
      'tenant',
    ])
    expect(await keysOf(['read:clients'], '&fields=tenant,name&include_fields=false')).not.toContain('name')
  })

  it('come in pages by number, with and without the one that stands for all', async () => {
    const simulator = await start({ clients: 130, scopes: ['read:clients'] })
    const page = (query: string) => call(simulator, `${CLIENTS}?include_totals=true&${query}`)
    expect((await page('page=1&per_page=100&is_global=false')).json).toMatchObject({
      total: 130,
      start: 100,
      limit: 100,
    })
    expect(clientsOf((await page('page=1&per_page=100&is_global=false')).json)).toHaveLength(30)
    expect((await page('page=0&per_page=100')).json).toMatchObject({ total: 131 })
    expect((await page('is_global=true')).json).toMatchObject({ total: 1, clients: [{ name: 'All Applications' }] })
  })

  it('are the same for the same seed, and leave the APIs as they are', async () => {
    const [a, b, bare] = [
      await start({ apis: 5, clients: 8, grantsPerApi: 3, seed: 7 }),
      await start({ apis: 5, clients: 8, grantsPerApi: 3, seed: 7 }),
      await start({ apis: 5, seed: 7 }),
    ]
    expect(a.clients()).toEqual(b.clients())
    expect(a.grants()).toEqual(b.grants())
    expect(a.list().slice(1)).toEqual(bare.list().slice(1))
    expect(a.grants()).toHaveLength(15)
  })
})

describe('an application that is written', () => {
  const scopes = ['create', 'read', 'update', 'delete'].flatMap((verb) => [
    `${verb}:clients`,
    `${verb}:client_grants`,
    `${verb}:resource_servers`,
  ])

  it('shows at the API whose own client it becomes, and takes its grants with it', async () => {
    const simulator = await start({ apis: 1, scopes })
    const api = 'https://api-00001.example.com/'
    const body = { name: 'Own', app_type: 'resource_server', resource_server_identifier: api }
    const made = await call(simulator, CLIENTS, { method: 'POST', body })
    const id = textOf(made.json, 'client_id')
    expect(made).toMatchObject({ status: 201, json: { ...body, grant_types: [], is_first_party: true } })
    expect(simulator.list().find(({ identifier }) => identifier === api)).toMatchObject({ client_id: id })
    await call(simulator, GRANTS, { method: 'POST', body: { client_id: id, audience: api, scope: [] } })
    const path = `${CLIENTS}/${id}`
    expect(
      (await call(simulator, path, { method: 'PATCH', body: { name: 'Mine', app_type: null } })).json,
    ).toMatchObject({ client_id: id, name: 'Mine' })
    expect((await call(simulator, path)).json).not.toHaveProperty('app_type')
    expect((await call(simulator, path, { method: 'DELETE' })).status).toBe(204)
    expect([simulator.grants(), (await call(simulator, path)).status]).toEqual([[], 404])
  })

  it('leaves its event in the tenant log, and so does a list that shows secrets', async () => {
    const simulator = await start({ clients: 3, scopes: [...scopes, 'read:client_keys', 'read:logs'] })
    await call(simulator, CLIENTS, { method: 'POST', body: { name: 'a' } })
    await call(simulator, GRANTS, { method: 'POST', body: { client_id: 'a', audience: 'urn:a', scope: [] } })
    await call(simulator, `${CLIENTS}?fields=client_id,name`)
    await call(simulator, CLIENTS)
    const { json } = await call(simulator, '/api/v2/logs?sort=date:1')
    const events = Array.isArray(json) ? (json as readonly Json[]).filter(isJsonObject) : []
    expect(events).toMatchObject([
      { type: 'sapi', details: { request: { method: 'post', path: CLIENTS } } },
      { type: 'sapi', details: { request: { method: 'post', path: GRANTS } } },
      { type: 'mgmt_api_read', details: { accessedSecrets: ['client_secret'], request: { path: CLIENTS } } },
    ])
  })

  it('needs a name, and both parts of a default organization', async () => {
    const simulator = await start({ scopes })
    const post = async (body: Json) => (await call(simulator, CLIENTS, { method: 'POST', body })).status
    expect([
      await post({}),
      await post({ name: 'a', default_organization: { flows: [] } }),
      await post({ name: 'a' }),
    ]).toEqual([400, 400, 201])
  })
})

describe('settings of the tenant', () => {
  it('hold the default audience, alone where it is asked for', async () => {
    const simulator = await start({ scopes: ['read:tenant_settings'] })
    simulator.setSettings({ default_audience: 'urn:a' })
    const { json } = await call(simulator, '/api/v2/tenants/settings?fields=default_audience&include_fields=true')
    expect(json).toEqual({ default_audience: 'urn:a' })
    expect((await call(simulator, '/api/v2/tenants/settings')).json).toMatchObject({ default_audience: 'urn:a' })
  })
})

describe('control', () => {
  it('puts an application, a grant and settings, and loads lists of both', async () => {
    const simulator = await start({ scopes: ['read:clients', 'read:client_grants'] })
    const put = (name: string, body: Json) =>
      call(simulator, `/__simulator/${name}`, { method: 'POST', body, authorization: null })
    await put('clients', { client_id: 'a', name: 'A' })
    await put('grants', { client_id: 'a', audience: 'urn:a', scope: [] })
    await put('tenant', { default_audience: 'urn:a' })
    expect((await put('load', { clients: [{ client_id: 'b', name: 'B' }] })).json).toEqual({ loaded: 1 })
    expect((await put('load', { client_grants: [{ id: 'cgr_1', client_id: 'b', audience: 'urn:a' }] })).json).toEqual({
      loaded: 1,
    })
    expect(simulator.clients().map(({ name }) => name)).toEqual(expect.arrayContaining(['A', 'B']))
    expect(simulator.grants().map(({ client_id: id }) => id)).toEqual(['a', 'b'])
    expect((await put('clients', { name: 'nobody' })).status).toBe(400)
    expect((await put('grants', {})).status).toBe(400)
  })
})
