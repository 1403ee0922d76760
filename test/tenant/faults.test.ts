import { describe, expect, it } from 'vitest'
import type { FaultKind, Simulator } from '../../src/simulator/front.ts'
import { FAULT_KINDS } from '../../src/simulator/front.ts'
import type { Instead } from './with-tenant.ts'
import { gatewayTo, identifiersOf, LIST, readerOf, requestsOf, tenantWith, TOKEN } from './with-tenant.ts'

const GONE = 'https://gone.example.com/'
const DEADLINE_MS = 10_000
/** Where only the deadline ends it. */
const SHORT_DEADLINE_MS = 400
/** Two pages: 151 APIs with the Management API. */
const APIS = 150

const PLACES = {
  'the first page': { path: LIST, page: 0 },
  'a later page': { path: LIST, page: 1 },
  'the token request': { path: TOKEN },
  'the confirmation': { path: `${LIST}/${GONE}` },
} as const
type Place = keyof typeof PLACES

/** How far a cut answer came is a matter of luck: nothing of it (unreachable) or its beginning. */
const CUT = /^(malformed_body|unreachable)$/

/** What each fault for ever is called, at the first page, a later page, the token request and the confirmation. */
const CODES = {
  status: ['server_error', 'server_error', 'server_error', 'server_error'],
  reset: ['unreachable', 'unreachable', 'unreachable', 'unreachable'],
  slow: ['timed_out', 'timed_out', 'timed_out', 'timed_out'],
  hang: ['timed_out', 'timed_out', 'timed_out', 'timed_out'],
  truncate: ['malformed_body', 'malformed_body', 'malformed_body', 'malformed_body'],
  cut: [CUT, CUT, CUT, CUT],
  empty: ['malformed_body', 'malformed_body', 'malformed_body', 'malformed_body'],
  html: ['malformed_body', 'malformed_body', 'malformed_body', 'malformed_body'],
  'short-page': ['unstable_list', 'unstable_list', 'unexpected_shape', 'unexpected_shape'],
  duplicate: ['unstable_list', 'unstable_list', 'unexpected_shape', 'unexpected_shape'],
  'total-changes': ['unstable_list', 'unstable_list', 'unexpected_shape', 'unexpected_shape'],
  'total-too-small': ['unstable_list', 'unstable_list', 'unexpected_shape', 'unexpected_shape'],
  'empty-list': ['implausible_list', 'unstable_list', 'unexpected_shape', 'unexpected_shape'],
  // Only a page can be refused; a later one leaves the inventory incomplete (below).
  'refuse-offset': ['incomplete_inventory', null, null, null],
  // Overcome everywhere (below).
  'refuse-fields': [null, null, null, null],
} satisfies Record<FaultKind, readonly (string | RegExp | null)[]>

const CASES = FAULT_KINDS.flatMap((kind) =>
  (Object.keys(PLACES) as Place[]).map((place, index) => ({ kind, place, code: CODES[kind][index] ?? null })),
).filter(({ code }) => code !== null)

async function look(tenant: Simulator, deadlineMs = DEADLINE_MS) {
  const reader = readerOf(tenant, {}, { TENANT_DRIFT_DEADLINE: `${deadlineMs}ms` })
  const begun = performance.now()
  const declared = [...identifiersOf(tenant), GONE]
  const looks = await reader.find(declared)
  const reading = await reader.inventory()
  return { looks, reading, proof: reader.proof(), ms: performance.now() - begun }
}

describe.each([{ tls: false }, { tls: true }])('a tenant that fails for ever (TLS: $tls)', ({ tls }) => {
  it.each(CASES)('$kind at $place is $code, never missing and never clean', async ({ kind, place, code }) => {
    const tenant = await tenantWith({ apis: APIS, tls })
    tenant.setFault({ kind, match: PLACES[place] })
    const deadlineMs = kind === 'hang' || kind === 'slow' ? SHORT_DEADLINE_MS : DEADLINE_MS
    const { looks, reading, ms } = await look(tenant, deadlineMs)
    const gone = looks.get(GONE)
    expect(gone?.status === 'unreadable' && gone.code).toMatch(code ?? '')
    const others = [...looks].filter(([identifier]) => identifier !== GONE)
    const expected = place === 'the confirmation' ? 'read' : 'unreadable'
    expect(others.filter(([, each]) => each.status !== expected)).toEqual([])
    expect(reading.ok).toBe(place === 'the confirmation')
    expect(ms).toBeLessThan(Math.min(deadlineMs + 1000, 5000))
  })

  it.each(Object.keys(PLACES) as Place[])('refusing `fields` at %s is read without it', async (place) => {
    const tenant = await tenantWith({ apis: APIS, tls })
    tenant.setFault({ kind: 'refuse-fields', match: PLACES[place] })
    const { looks, reading } = await look(tenant)
    expect(reading.ok && reading.snapshot.complete).toBe(true)
    expect(looks.get(GONE)).toEqual({ status: 'missing' })
  })

  it('refusing deep offsets at a later page leaves the inventory incomplete', async () => {
    const tenant = await tenantWith({ apis: APIS, tls })
    tenant.setFault({ kind: 'refuse-offset', match: PLACES['a later page'] })
    const { looks, reading } = await look(tenant)
    expect(reading.ok && reading.snapshot.complete).toBe(false)
    expect([...looks.values()].filter((each) => each.status === 'read')).toHaveLength(APIS)
  })
})

describe.each([{ tls: false }, { tls: true }])('a tenant that fails twice (TLS: $tls)', ({ tls }) => {
  it.each(
    (['status', 'reset', 'truncate', 'cut', 'empty', 'html'] as const).flatMap((kind) =>
      (Object.keys(PLACES) as Place[]).map((place) => ({ kind, place })),
    ),
  )('$kind at $place is overcome, and the repeats are counted', async ({ kind, place }) => {
    const tenant = await tenantWith({ apis: APIS, tls })
    tenant.setFault({ kind, match: PLACES[place], times: 2 })
    const { looks, reading, proof } = await look(tenant)
    expect(reading.ok && reading.snapshot.complete).toBe(true)
    expect(looks.get(GONE)).toEqual({ status: 'missing' })
    expect(proof.retries).toBeGreaterThanOrEqual(2)
    const { token, list, item } = requestsOf(tenant)
    const { requests } = proof
    // A connection that is lost takes requests with it before the tenant sees them.
    expect([requests.token >= token, requests.list >= list, requests.confirm >= item]).toEqual([true, true, true])
  })

  it.each(['short-page', 'duplicate', 'total-changes', 'total-too-small'] as const)(
    '%s is overcome by reading again',
    async (kind) => {
      const tenant = await tenantWith({ apis: APIS, tls })
      tenant.setFault({ kind, match: PLACES['a later page'], times: 2 })
      const { reading, proof } = await look(tenant)
      expect(reading.ok && reading.snapshot.complete).toBe(true)
      expect(proof).toMatchObject({ rereads: 2, total: APIS + 1, items: APIS + 1 })
    },
  )
})

describe('a tenant that refuses', () => {
  it.each([
    { status: 401, code: 'unauthorized', advice: /AUTH0_API_TOKEN/ },
    { status: 403, code: 'insufficient_scope', advice: /read:resource_servers/ },
    { status: 404, code: 'not_found', advice: /AUTH0_DOMAIN/ },
    { status: 302, code: 'not_found', advice: /AUTH0_DOMAIN/ },
    { status: 400, code: 'bad_request', advice: /AUTH0_DOMAIN/ },
  ])('with $status is $code at once, with advice', async ({ status, code, advice }) => {
    const tenant = await tenantWith({ apis: 3 })
    tenant.setFault({ kind: 'status', status, match: { path: LIST } })
    const reader = readerOf(tenant)
    const reading = await reader.inventory()
    expect(reading).toMatchObject({ ok: false, code, advice: expect.stringMatching(advice) })
    expect(reader.proof().retries).toBe(0)
  })

  it.each([
    { status: 404, body: '<html>nothing here</html>', headers: { 'content-type': 'text/html' }, code: 'not_found' },
    { status: 404, body: '{"statusCode":404,"error":"Not Found","message":"Not Found"}', code: 'not_found' },
    { status: 404, body: '{"errorCode":"inexistent_resource_', code: 'malformed_body' },
    { status: 200, body: '{"id":"b","identifier":"another"}', code: 'unexpected_shape' },
    { status: 200, body: '{}', code: 'unexpected_shape' },
    { status: 204, body: '', code: 'unexpected_shape' },
  ])(
    'to confirm with its own words ($status $body) has not proven that an API is gone',
    async ({ code, ...answer }: Instead & { code: string }) => {
      const tenant = await tenantWith({ apis: 3 })
      const gateway = await gatewayTo(tenant, ({ url }) => (url.startsWith(`${LIST}/`) ? answer : null))
      expect((await readerOf(gateway).find([GONE])).get(GONE)).toMatchObject({ status: 'unreadable', code })
    },
  )

  it('for want of a scope tells which scope to grant', async () => {
    const tenant = await tenantWith({ apis: 3, scopes: ['read:clients'] })
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({
      ok: false,
      code: 'insufficient_scope',
      advice: expect.stringContaining('read:resource_servers'),
    })
  })

  const JSON_TYPE = 'application/json; charset=utf-8'
  const PAGES = [
    { what: 'a page', body: '<html>no</html>', type: 'text/html' },
    { what: 'a page that calls itself JSON', body: '<!doctype html><h1>Access denied</h1>', type: JSON_TYPE },
    { what: 'JSON of another program', body: '{"message":"Forbidden"}', type: JSON_TYPE },
    { what: 'a text in JSON', body: '"denied"', type: JSON_TYPE },
    { what: 'nothing', body: '', type: JSON_TYPE },
  ]
  const REFUSALS = [LIST, TOKEN].flatMap((path) => [401, 403, 407].map((status) => ({ path, status })))

  it.each(PAGES.flatMap((page) => REFUSALS.map((at) => ({ ...page, ...at }))))(
    'with $what ($status at $path) is not the tenant: what stands between is named, and no scope',
    async (at) => {
      const tenant = await tenantWith({ apis: 3 })
      const page = { status: at.status, body: at.body, headers: { 'content-type': at.type } }
      const gateway = await gatewayTo(tenant, ({ url }) => (url.startsWith(at.path) ? page : null))
      const reader = readerOf(gateway)
      await expect(reader.inventory()).resolves.toMatchObject({
        ok: false,
        code: 'unreachable',
        message: expect.stringMatching(/between here and the tenant.*proxy/),
        advice: expect.not.stringMatching(/read:resource_servers|AUTH0_CLIENT_SECRET/),
      })
      expect(reader.proof()).toMatchObject({ retries: 0, requests: { token: 1, list: at.path === LIST ? 1 : 0 } })
    },
  )
})
