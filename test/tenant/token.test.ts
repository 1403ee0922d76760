import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { gatewayTo, readerOf, requestsOf, tenantWith, TOKEN } from './with-tenant.ts'
import type { Instead } from './with-tenant.ts'

describe('the token', () => {
  it('may be given, and then none is asked for', async () => {
    const tenant = await tenantWith({ apis: 1 })
    const reader = readerOf(tenant, {}, { AUTH0_API_TOKEN: tenant.token })
    await expect(reader.inventory()).resolves.toMatchObject({
      ok: true,
      snapshot: { proof: { canary: { binding: 'token-audience' } } },
    })
    expect(requestsOf(tenant)).toEqual({ token: 0, list: 1, item: 0 })
  })

  it('is asked for once in a process, however many readers begin at once', async () => {
    const tenant = await tenantWith({ apis: 1 })
    await Promise.all(Array.from({ length: 20 }, () => readerOf(tenant).inventory()))
    expect(requestsOf(tenant)).toEqual({ token: 1, list: 20, item: 0 })
  })

  it('is asked for again when its lifetime ends, and for other credentials', async () => {
    const tenant = await tenantWith({ apis: 1 })
    let now = Date.now()
    await readerOf(tenant, { now: () => now }).inventory()
    now += 86_400_000 - 59_000
    await readerOf(tenant, { now: () => now }).inventory()
    await readerOf(tenant, { now: () => now }, { AUTH0_CLIENT_SECRET: 'wrong' }).inventory()
    expect(requestsOf(tenant).token).toBe(3)
  })

  it('is asked for once more when a cached one is refused', async () => {
    const tenant = await tenantWith({ apis: 150 })
    await readerOf(tenant).inventory()
    tenant.reset()
    tenant.setFault({ kind: 'status', status: 401, match: { path: '/api/v2/resource-servers' }, times: 1 })
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: true })
    expect(requestsOf(tenant)).toEqual({ token: 1, list: 3, item: 0 })
  })

  it('is asked for once more when it ends during a run', async () => {
    const tenant = await tenantWith({ apis: 150 })
    let now = Date.now()
    const reader = readerOf(tenant, { now: () => now })
    await reader.inventory()
    now += 86_400_001
    tenant.setFault({ kind: 'status', status: 401, times: 1 })
    await expect(reader.find(['urn:gone'])).resolves.toEqual(new Map([['urn:gone', { status: 'missing' }]]))
    expect(requestsOf(tenant)).toEqual({ token: 2, list: 2, item: 2 })
  })

  it('is not asked for again when a new one is refused', async () => {
    const tenant = await tenantWith({ apis: 150 })
    tenant.setFault({ kind: 'status', status: 401, match: { path: '/api/v2/resource-servers' } })
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: false, code: 'unauthorized' })
    expect(requestsOf(tenant)).toEqual({ token: 1, list: 1, item: 0 })
  })

  it('that was asked for in vain is not remembered', async () => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.setFault({ kind: 'html', match: { path: TOKEN } })
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: false, code: 'malformed_body' })
    tenant.reset()
    await expect(readerOf(tenant).inventory()).resolves.toMatchObject({ ok: true })
  })

  it.each([
    ['made for another API', { audience: 'https://orders.example.com/' }, 'wrong_audience'],
    ['expired', { expiresInSeconds: -10 }, 'unauthorized'],
    ['without the scope', { scopes: ['read:clients'] }, 'insufficient_scope'],
  ])('%s is refused by its name', async (_, issue, code) => {
    const tenant = await tenantWith({ apis: 1 })
    const reader = readerOf(tenant, {}, { AUTH0_API_TOKEN: await tenant.issueToken(issue) })
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code })
  })
})

describe('private key JWT', () => {
  it.each([
    ['pkcs1', 'RS256'],
    ['pkcs8', 'RS384'],
    ['pkcs8', 'PS256'],
  ] as const)('with a %s key and %s gets a token, and a new assertion for every try', async (type, alg) => {
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type, format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const tenant = await tenantWith({ apis: 1, assertionKeys: [pair.publicKey] })
    const assertions: Record<string, unknown>[] = []
    const gateway = await gatewayTo(tenant, ({ url, body }) => {
      if (url !== TOKEN) return null
      const { client_assertion: assertion } = JSON.parse(body) as { client_assertion: string }
      assertions.push(JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()))
      return assertions.length === 1 ? { status: 503, body: '' } : null
    })
    const env = {
      AUTH0_CLIENT_SECRET: '',
      AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: pair.privateKey,
      AUTH0_CLIENT_ASSERTION_SIGNING_ALG: alg,
    }
    await expect(readerOf(gateway, {}, env).inventory()).resolves.toMatchObject({ ok: true })
    const [first, second] = assertions
    expect(second).toMatchObject({
      iss: tenant.client_id,
      sub: tenant.client_id,
      aud: tenant.audience.replace('api/v2/', ''),
    })
    expect(Number(second?.['exp']) - Number(second?.['iat'])).toBe(180)
    expect(second?.['jti']).not.toBe(first?.['jti'])
  })

  it('with a key the tenant does not know is unauthorized', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const tenant = await tenantWith({ apis: 1 })
    const env = { AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
    await expect(readerOf(tenant, {}, env).inventory()).resolves.toMatchObject({
      ok: false,
      code: 'unauthorized',
      advice: expect.stringMatching(/PRIVATE_KEY/),
    })
  })

  it.each([-5, 5])('signed by a clock that is %i hours off is unauthorized, and the clock is named', async (hours) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const assertionKeys = [publicKey.export({ type: 'spki', format: 'pem' }).toString()]
    const tenant = await tenantWith({ apis: 1, assertionKeys })
    const env = { AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
    const now = () => Date.now() + hours * 3_600_000
    await expect(readerOf(tenant, { now }, env).inventory()).resolves.toMatchObject({
      ok: false,
      code: 'unauthorized',
      advice: expect.stringContaining('the clock of this machine'),
    })
  })
})

describe('what the token endpoint answers', () => {
  const denied = (description: string): string =>
    JSON.stringify({ error: 'access_denied', error_description: description })

  it.each<Instead & { code: string; advice: RegExp }>([
    { status: 401, body: denied('Unauthorized'), code: 'unauthorized', advice: /AUTH0_CLIENT_SECRET/ },
    {
      status: 403,
      body: denied('Service not enabled within domain: https://x/'),
      code: 'wrong_audience',
      advice: /AUTH0_AUDIENCE/,
    },
    {
      status: 403,
      body: denied('Client is not authorized to access "https://x/".'),
      code: 'unauthorized',
      advice: /read:resource_servers/,
    },
    { status: 400, body: '{"error":"invalid_request"}', code: 'bad_request', advice: /AUTH0_CLIENT_ID/ },
    { status: 400, body: '{"error":"invalid_client"}', code: 'unauthorized', advice: /AUTH0_CLIENT_ID/ },
    { status: 404, body: 'Not Found', code: 'not_found', advice: /AUTH0_DOMAIN/ },
    { status: 307, body: '', code: 'not_found', advice: /AUTH0_DOMAIN/ },
    { status: 429, body: '{}', headers: { 'retry-after': '86400' }, code: 'rate_limited', advice: /AUTH0_API_TOKEN/ },
    { status: 200, body: '{"access_token":7}', code: 'unexpected_shape', advice: /proxy/ },
    { status: 200, body: '{"access_token":"a\\nb"}', code: 'unexpected_shape', advice: /proxy/ },
    { status: 200, body: '[]', code: 'unexpected_shape', advice: /proxy/ },
  ])('$status $body is $code at once', async ({ code, advice, ...answer }) => {
    const tenant = await tenantWith({ apis: 1 })
    const gateway = await gatewayTo(tenant, ({ url }) => (url === TOKEN ? answer : null))
    const reader = readerOf(gateway)
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code, advice: expect.stringMatching(advice) })
    expect(reader.proof().requests).toEqual({ token: 1, list: 0, confirm: 0, secret: 0 })
  })

  it('429 with a short wait is waited for', async () => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.setFault({ kind: 'status', status: 429, match: { path: TOKEN }, times: 2 })
    const reader = readerOf(tenant)
    await expect(reader.inventory()).resolves.toMatchObject({ ok: true })
    expect(reader.proof()).toMatchObject({ requests: { token: 3 }, retries: 2, waits: 2 })
  })
})
