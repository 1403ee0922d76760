import { describe, expect, it } from 'vitest'
import { gatewayTo, identifiersOf, LIST, QUICK, readerOf, requestsOf, tenantWith } from './with-tenant.ts'

async function snapshotOf(reader: ReturnType<typeof readerOf>) {
  const reading = await reader.inventory()
  if (!reading.ok) throw new Error(`${reading.code}: ${reading.message}`)
  return reading.snapshot
}

describe('requests of a reading', () => {
  it.each([
    { apis: 0, pages: 1 },
    { apis: 98, pages: 1 },
    { apis: 99, pages: 2, why: 'a full last page is followed by one more request' },
    { apis: 100, pages: 2 },
    { apis: 999, pages: 11 },
    { apis: 1000, pages: 11 },
  ])('reads $apis APIs and the Management API in $pages pages and one token', async ({ apis, pages }) => {
    const tenant = await tenantWith({ apis })
    const snapshot = await snapshotOf(readerOf(tenant))
    expect(snapshot.complete).toBe(true)
    expect(snapshot.items).toHaveLength(apis + 1)
    expect(snapshot.proof).toMatchObject({
      total: apis + 1,
      items: apis + 1,
      pages,
      rereads: 0,
      secondLook: false,
      fieldsRefused: false,
      requests: { token: 1, list: pages, confirm: 0, secret: 0 },
      retries: 0,
      waits: 0,
      notes: [],
    })
    expect(requestsOf(tenant)).toEqual({ token: 1, list: pages, item: 0 })
  })

  it('asks once for everybody: a thousand callers share one reading, and a second run shares the token', async () => {
    const tenant = await tenantWith({ apis: 250 })
    const reader = readerOf(tenant)
    const ids = identifiersOf(tenant)
    const looks = await Promise.all(Array.from({ length: 1000 }, (_, n) => reader.find([ids[n % ids.length] ?? ''])))
    expect(looks.flatMap((look) => [...look.values()]).every((look) => look.status === 'read')).toBe(true)
    await Promise.all([reader.inventory(), readerOf(tenant).inventory()])
    expect(requestsOf(tenant)).toEqual({ token: 1, list: 6, item: 0 })
  })

  it('reads anew after fresh(), with the same token and a proof of its own', async () => {
    const tenant = await tenantWith({ apis: 3 })
    const reader = readerOf(tenant)
    await reader.inventory()
    const [identifier = ''] = identifiersOf(tenant)
    tenant.edit(identifier, { name: 'Renamed' })
    const fresh = reader.fresh()
    await reader.close()
    const look = (await fresh.find([identifier])).get(identifier)
    expect(look).toMatchObject({ status: 'read', live: { name: 'Renamed' } })
    expect(fresh.proof().requests).toEqual({ token: 0, list: 1, confirm: 0, secret: 0 })
    await fresh.close()
  })
})

describe('what a reading hands on', () => {
  it('never holds a signing secret, and does not ask for it', async () => {
    const tenant = await tenantWith({ apis: 2 })
    const [identifier = ''] = identifiersOf(tenant)
    tenant.edit(identifier, { signing_alg: 'HS256', signing_secret: 'planted-secret-0123456789' })
    const queries: string[] = []
    tenant.onRequest((request) => void queries.push(request.query.toString()))
    const snapshot = await snapshotOf(readerOf(tenant))
    expect(JSON.stringify(snapshot)).not.toContain('planted-secret')
    expect(queries).toContain('page=0&per_page=100&include_totals=true&fields=signing_secret&include_fields=false')
  })

  it('reads a tenant that refuses fields in full, says so, and drops the key', async () => {
    const tenant = await tenantWith({ apis: 150 })
    const [identifier = ''] = identifiersOf(tenant)
    tenant.edit(identifier, { signing_alg: 'HS256', signing_secret: 'planted-secret-0123456789' })
    tenant.setFault({ kind: 'refuse-fields' })
    const snapshot = await snapshotOf(readerOf(tenant))
    expect(snapshot).toMatchObject({ complete: true, proof: { fieldsRefused: true, requests: { list: 3 } } })
    expect(JSON.stringify(snapshot)).not.toContain('planted-secret')
  })

  it('keeps keys it does not know, and one named __proto__', async () => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.put(
      JSON.parse('{"id":"a1","identifier":"urn:odd","new_field":{"a":[1]},"__proto__":{"x":1},"signing_secret":"s"}'),
    )
    const look = (await readerOf(tenant).find(['urn:odd'])).get('urn:odd')
    expect(JSON.stringify(look)).toBe(
      '{"status":"read","live":{"id":"a1","identifier":"urn:odd","new_field":{"a":[1]},"__proto__":{"x":1}}}',
    )
  })

  it.each([
    ['an item nested deeper than 64', `{"id":"a","identifier":"urn:a","x":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['an item without an id', '{"identifier":"urn:a"}'],
    ['an item whose id is a number', '{"id":1,"identifier":"urn:a"}'],
  ])('refuses %s', async (_, text) => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.put(JSON.parse(text))
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: false, code: 'unexpected_shape' })
    expect(requestsOf(tenant).list).toBe(1)
  })

  it.each([
    ['text', '"no"'],
    ['an object without a list', '{"total":1}'],
    ['an item that is not an object', '{"total":1,"start":0,"limit":100,"resource_servers":[7]}'],
    ['a total that is no count', '{"total":"1","start":0,"limit":100,"resource_servers":[]}'],
    ['a list without a total', '[]'],
    [
      '20,000 levels',
      `{"total":1,"start":0,"limit":100,"resource_servers":[{"id":"a","identifier":"b","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}]}`,
    ],
  ])('refuses %s in place of a list', async (_, body) => {
    const server = await gatewayTo(await tenantWith(), ({ url }) =>
      url.startsWith(LIST) ? { status: 200, body } : null,
    )
    await expect(readerOf(server).inventory()).resolves.toMatchObject({ ok: false, code: 'unexpected_shape' })
  })

  it('follows a tenant that grants smaller pages than were asked for', async () => {
    const tenant = await tenantWith({ apis: 120 })
    tenant.onRequest((request) => {
      if (request.page !== null) request.query.set('per_page', '50')
    })
    const snapshot = await snapshotOf(readerOf(tenant))
    expect(snapshot).toMatchObject({ complete: true, proof: { items: 121, pages: 3 } })
  })

  it('takes an item nested 64 deep', async () => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.put(JSON.parse(`{"id":"a","identifier":"urn:a","x":${'['.repeat(63)}${']'.repeat(63)}}`))
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: true })
  })
})

describe('canary', () => {
  it.each([
    { given: 'a token with an audience', env: {}, binding: 'token-audience', notes: [] },
    { given: 'an opaque token and an audience', opaque: true, binding: 'configured-audience', notes: [] },
    { given: 'an opaque token alone', opaque: true, bare: true, binding: 'unbound', notes: ['tenant not bound'] },
  ])('is recognised with $given', async ({ opaque, bare, binding, notes }) => {
    const tenant = await tenantWith({ apis: 1, audience: 'https://acme.eu.auth0.com/api/v2/' })
    const env = {
      ...(opaque === true && { AUTH0_API_TOKEN: 'opaque' }),
      ...(bare === true && { AUTH0_AUDIENCE: '' }),
    }
    const server = opaque === true ? await gatewayTo(tenant, () => null) : tenant
    const snapshot = await snapshotOf(readerOf(server, {}, env))
    expect(snapshot.proof.canary).toEqual({ identifier: tenant.audience, binding })
    expect(snapshot.proof.notes).toEqual(notes)
  })

  it('is missed in a list that lacks the Management API, however many others it has', async () => {
    const tenant = await tenantWith({ apis: 5 })
    tenant.remove(tenant.audience)
    const reader = readerOf(tenant)
    const identifiers = [...identifiersOf(tenant), 'https://gone.example.com/']
    const looks = [...(await reader.find(identifiers)).values()]
    expect(looks.map((look) => look.status === 'unreadable' && look.code)).toEqual(
      identifiers.map(() => 'implausible_list'),
    )
    expect(reader.proof()).toMatchObject({ rereads: 1, canary: null })
  })

  it("is another tenant's where only the identifier differs from the audience of the token", async () => {
    const tenant = await tenantWith({ apis: 2 })
    const [canary] = tenant.list().filter((api) => api['is_system'] === true)
    tenant.remove(tenant.audience)
    tenant.put({ ...canary, identifier: 'https://other.eu.auth0.com/api/v2/' })
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: false, code: 'implausible_list' })
  })
})

describe('a list that changes while it is read', () => {
  it('is read again when an API is deleted between two pages', async () => {
    const tenant = await tenantWith({ apis: 250 })
    const [first = ''] = identifiersOf(tenant)
    const end = tenant.onRequest((request) => {
      if (request.page !== 1) return
      end()
      tenant.remove(first)
    })
    const reader = readerOf(tenant)
    const snapshot = await snapshotOf(reader)
    expect(snapshot).toMatchObject({ complete: true, proof: { total: 250, items: 250, rereads: 1 } })
  })

  it('is looked at again when the reading took longer than two seconds, and read anew when page 0 is another one', async () => {
    const tenant = await tenantWith({ apis: 250 })
    const [first = ''] = identifiersOf(tenant)
    let time = 0
    let page0 = 0
    // After page 0: one API goes and one comes, so that every total and every page size still fits.
    tenant.onRequest((request) => {
      time += 900
      if (request.page === 0) page0 += 1
      if (request.page !== 1 || page0 > 1) return
      tenant.remove(first)
      tenant.create({ identifier: 'https://by-hand.example.com/' })
    })
    const reader = readerOf(tenant, { clock: () => time })
    const snapshot = await snapshotOf(reader)
    expect(snapshot.proof).toMatchObject({ total: 251, rereads: 1, secondLook: true, requests: { list: 8 } })
    expect(snapshot.items.map((item) => item['identifier'])).toContain('https://by-hand.example.com/')
  })

  it('is unreadable when it never stops changing', async () => {
    const tenant = await tenantWith({ apis: 250 })
    tenant.onRequest((request) => {
      if (request.page === 1) tenant.remove(identifiersOf(tenant)[0] ?? '')
    })
    const reader = readerOf(tenant)
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code: 'unstable_list' })
    expect(reader.proof().rereads).toBe(2)
  })
})

describe('a tenant that refuses deep offsets', () => {
  it('has an incomplete inventory, and declared APIs are looked up by name', async () => {
    const tenant = await tenantWith({ apis: 1150 })
    tenant.setFault({ kind: 'refuse-offset' })
    const declared = identifiersOf(tenant).slice(-25)
    const [gone = '', ...left] = declared
    tenant.remove(gone)
    const reader = readerOf(tenant)
    const snapshot = await snapshotOf(reader)
    expect(snapshot).toMatchObject({
      complete: false,
      proof: { total: 1150, items: 1000, notes: ['inventory incomplete: invalid_paging'] },
    })
    tenant.reset()
    const looks = await reader.find(declared)
    expect(left.map((identifier) => looks.get(identifier)?.status)).toEqual(left.map(() => 'read'))
    expect(looks.get(gone)).toEqual({ status: 'missing' })
    expect(requestsOf(tenant)).toEqual({ token: 0, list: 3, item: 1 })
  })

  it('is incomplete as well where only the page after a full last one is refused', async () => {
    const tenant = await tenantWith({ apis: 999 })
    tenant.setFault({ kind: 'refuse-offset' })
    const snapshot = await snapshotOf(readerOf(tenant))
    expect(snapshot).toMatchObject({ complete: false, proof: { items: 1000, pages: 10 } })
  })

  it('proves five absences one by one, and leaves the others unreadable', async () => {
    const tenant = await tenantWith({ apis: 1050 })
    tenant.setFault({ kind: 'refuse-offset' })
    const gone = identifiersOf(tenant).slice(-8)
    for (const identifier of gone) tenant.remove(identifier)
    const statuses = [...(await readerOf(tenant).find(gone)).values()].map((look) =>
      look.status === 'unreadable' ? look.code : look.status,
    )
    expect(statuses.filter((status) => status === 'missing')).toHaveLength(5)
    expect(statuses.filter((status) => status === 'incomplete_inventory')).toHaveLength(3)
  })
})

describe('a reading of named APIs', () => {
  it('asks for ten at once and claims no inventory', async () => {
    const tenant = await tenantWith({ apis: 300 })
    const targets = identifiersOf(tenant).slice(0, 23)
    const reader = readerOf(tenant, { targets: [...targets, 'https://gone.example.com/'] })
    const snapshot = await snapshotOf(reader)
    expect(snapshot).toMatchObject({ complete: false, proof: { total: null, canary: null, items: 23, pages: 3 } })
    const looks = await reader.find([...targets, 'https://gone.example.com/'])
    expect([...looks.values()].map((look) => look.status)).toEqual([...targets.map(() => 'read'), 'missing'])
    expect(requestsOf(tenant)).toEqual({ token: 1, list: 3, item: 1 })
  })

  it('keeps addresses short when identifiers are long', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const targets = Array.from({ length: 10 }, (_, n) => `https://long.example.com/${n}/${'%'.repeat(570)}`)
    for (const identifier of targets) tenant.create({ identifier })
    let longest = 0
    tenant.onRequest((request) => {
      longest = Math.max(longest, request.query.toString().length)
    })
    const looks = await readerOf(tenant, { targets }).find(targets)
    expect([...looks.values()].every((look) => look.status === 'read')).toBe(true)
    expect(longest).toBeLessThan(4500)
  })

  it('confirms more than five absences by one complete reading', async () => {
    const tenant = await tenantWith({ apis: 250 })
    const targets = identifiersOf(tenant).slice(0, 9)
    for (const identifier of targets.slice(0, 7)) tenant.remove(identifier)
    const reader = readerOf(tenant, { targets, ...QUICK })
    const looks = [...(await reader.find(targets)).values()].map((look) => look.status)
    expect(looks).toEqual([...Array<string>(7).fill('missing'), 'read', 'read'])
    expect(requestsOf(tenant)).toEqual({ token: 1, list: 1 + 3, item: 0 })
  })

  it('trusts no answer that holds an API nobody asked for', async () => {
    const tenant = await tenantWith({ apis: 5 })
    const [real = ''] = identifiersOf(tenant)
    // A gateway that drops the query answers with the beginning of the list.
    tenant.onRequest((request) => request.query.delete('identifiers'))
    await expect(readerOf(tenant, { targets: [real] }).inventory()).resolves.toMatchObject({
      ok: false,
      code: 'unexpected_shape',
    })
  })
})
