import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { startSimulator } from '../../src/simulator/front.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { call, get, itemPath, LIST, post, start } from './call.ts'
import type { Answered } from './call.ts'

const control = (simulator: Simulator, name: string, body?: Json): Promise<Answered> =>
  call(simulator, `/__simulator/${name}`, { authorization: null, ...(body !== undefined && { method: 'POST', body }) })

const OTHER_TENANT = {
  id: '5'.repeat(24),
  identifier: 'https://acme.eu.auth0.com/api/v2/',
  name: 'Auth0 Management API',
  is_system: true,
  signing_alg: 'RS256',
}

describe('control in process', () => {
  it('edits as the dashboard does: unknown keys too, null takes away, without a request', async () => {
    const simulator = await start({ apis: 1 })
    const api = 'https://api-00001.example.com/'
    simulator.edit(api, { signing_alg: 'HS256', new_setting: 'x', scopes: null })
    const live = (await get(simulator, api)).json
    expect(live).toMatchObject({ signing_alg: 'HS256', new_setting: 'x', signing_secret: expect.any(String) })
    expect(live).not.toHaveProperty('scopes')
    expect(() => simulator.edit('urn:none', {})).toThrow('urn:none')
    expect(simulator.requests()).toEqual({ [`GET ${itemPath(api)}`]: 1 })
  })

  it('creates, puts and removes', async () => {
    const simulator = await start()
    expect(simulator.create({ identifier: 'urn:a' })).toMatchObject({ signing_alg: 'RS256' })
    simulator.put({ identifier: 'urn:b', id: 'b' })
    expect([simulator.remove('urn:a'), simulator.remove('urn:a'), simulator.remove(simulator.audience)]).toEqual([
      true,
      false,
      true,
    ])
    expect(simulator.list()).toEqual([{ identifier: 'urn:b', id: 'b' }])
  })

  it('calls hooks before the answer, so that the tenant can change between two pages', async () => {
    const simulator = await start({ apis: 3 })
    const end = simulator.onRequest(async (request) => {
      await Promise.resolve()
      if (request.page === 1) simulator.remove('https://api-00001.example.com/')
    })
    const totals = async (number: number) =>
      (await call(simulator, `${LIST}?include_totals=true&per_page=2&page=${number}`)).json as unknown as {
        total: number
      }
    expect([(await totals(0)).total, (await totals(1)).total]).toEqual([4, 3])
    end()
    simulator.create({ identifier: 'https://api-00001.example.com/' })
    expect((await totals(1)).total).toBe(4)
  })

  it('closes twice without harm', async () => {
    const simulator = await startSimulator()
    await simulator.close()
    await simulator.close()
    await expect(call(simulator, LIST)).rejects.toThrow(TypeError)
  })
})

describe('control over HTTP', () => {
  it('needs no token, is not counted, and counts by method and path', async () => {
    const simulator = await start({ apis: 1 })
    await call(simulator, `${LIST}?page=0`)
    await call(simulator, `${LIST}?page=1`)
    await call(simulator, LIST, { authorization: null })
    await control(simulator, 'list')
    expect((await control(simulator, 'requests')).json).toEqual({ [`GET ${LIST}`]: 3 })
  })

  it('sets faults, and reset forgets them and the counts', async () => {
    const simulator = await start()
    expect((await control(simulator, 'faults', { match: { path: LIST }, kind: 'status', status: 503 })).status).toBe(
      200,
    )
    expect((await call(simulator, LIST)).status).toBe(503)
    await control(simulator, 'reset', {})
    expect((await call(simulator, LIST)).status).toBe(200)
    expect(simulator.requests()).toEqual({ [`GET ${LIST}`]: 1 })
  })

  it.each<Json>([{ kind: 'nonsense' }, {}, { kind: 'status', match: { pages: 1 } }, { kind: 'status', times: 0 }])(
    'refuses the fault %j',
    async (fault) => {
      const simulator = await start()
      expect((await control(simulator, 'faults', fault)).status).toBe(400)
      expect((await call(simulator, LIST)).status).toBe(200)
    },
  )

  it('creates, edits and removes', async () => {
    const simulator = await start()
    expect((await control(simulator, 'create', { identifier: 'urn:a' })).status).toBe(201)
    expect(
      (await control(simulator, 'edit', { identifier: 'urn:a', patch: { token_lifetime: 5 } })).json,
    ).toMatchObject({ token_lifetime: 5 })
    expect((await control(simulator, 'edit', { identifier: 'urn:b', patch: {} })).status).toBe(404)
    expect((await control(simulator, 'remove', { identifier: 'urn:a' })).json).toEqual({ removed: true })
    expect((await get(simulator, 'urn:a')).status).toBe(404)
  })

  it('changes what new APIs get', async () => {
    const simulator = await start()
    await control(simulator, 'settings', { withoutDefaults: ['subject_type_authorization'] })
    expect((await post(simulator, { identifier: 'urn:a' })).json).not.toHaveProperty('subject_type_authorization')
  })
})

describe('load', () => {
  const ITEM = { id: '6'.repeat(24), identifier: 'urn:a', odd_key: [1], name: 'A' }

  it.each<[string, Json]>([
    ['a snapshot file', { schemaVersion: 1, tenant: 'x', items: [ITEM] }],
    ['a list answer', { total: 1, resource_servers: [ITEM] }],
    ['an array', [ITEM]],
    ['one object', ITEM],
  ])('takes %s and puts its items as they are', async (_title, load) => {
    const [atStart, later] = await Promise.all([start({ load }), start()])
    await control(later, 'load', load)
    for (const simulator of [atStart, later]) expect((await call(simulator, `${LIST}/${ITEM.id}`)).json).toEqual(ITEM)
  })

  it.each<Json>([{}, 3, [{ id: 'x' }]])('refuses %j', async (load) => {
    await expect(startSimulator({ load })).rejects.toThrow(/resource server/)
    expect((await control(await start(), 'load', load)).status).toBe(400)
  })

  it('of another tenant makes it that tenant: its Management API is the only one, and new tokens name it', async () => {
    const simulator = await start({ load: [OTHER_TENANT] })
    expect(simulator.audience).toBe(OTHER_TENANT.identifier)
    expect(simulator.list()).toEqual([OTHER_TENANT])
    expect((await call(simulator, LIST)).status).toBe(200)
    expect((await call(simulator, itemPath(OTHER_TENANT.identifier), { method: 'DELETE' })).status).toBe(400)
  })

  it('while it runs does the same, and the token given out before stays good', async () => {
    const simulator = await start()
    await control(simulator, 'load', OTHER_TENANT)
    expect((await call(simulator, LIST)).json).toEqual([OTHER_TENANT] satisfies JsonObject[])
  })
})

describe('the certificate of a tenant with TLS', () => {
  it('is a whole file, so that another one can follow it', async () => {
    const [one, other] = [await start({ tls: true }), await start({ tls: true })]
    const both = `${one.ca}${other.ca}`
    expect(both.match(/^-----END CERTIFICATE-----$/gm)).toHaveLength(2)
    expect(both.match(/^-----BEGIN CERTIFICATE-----$/gm)).toHaveLength(2)
    expect(both.endsWith('\n')).toBe(true)
  })
})
