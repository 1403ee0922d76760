import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { call, LIST, post, start } from './call.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

interface TokenAnswer {
  readonly status: number
  readonly json: JsonObject
}

async function ask(
  simulator: Simulator,
  body: Record<string, string>,
  as: 'form' | 'json' = 'json',
): Promise<TokenAnswer> {
  const answer = await fetch(`${simulator.url}/oauth/token`, {
    method: 'POST',
    ...(as === 'form'
      ? { body: new URLSearchParams(body) }
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: answer.status, json: (await answer.json()) as JsonObject }
}

const bySecret = (simulator: Simulator): Record<string, string> => ({
  grant_type: 'client_credentials',
  client_id: simulator.client_id,
  client_secret: simulator.client_secret,
  audience: simulator.audience,
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

describe('POST /oauth/token', () => {
  it('gives a token for as long as the Management API says', async () => {
    const simulator = await start({})
    simulator.edit(simulator.audience, { token_lifetime: 600 })
    const { json } = await ask(simulator, bySecret(simulator), 'json')
    const { exp = 0, iat = 0 } = decodeJwt(textOf(json.access_token))
    expect([json.expires_in, exp - iat]).toEqual([600, 600])
  })

  it.each(['form', 'json'] as const)('gives a JWT for client credentials sent as %s', async (as) => {
    const simulator = await start({ scopes: ['read:resource_servers'] })
    const { status, json } = await ask(simulator, bySecret(simulator), as)
    expect(status).toBe(200)
    expect(json).toMatchObject({ scope: 'read:resource_servers', expires_in: 86_400, token_type: 'Bearer' })
    const token = textOf(json.access_token)
    expect(decodeJwt(token)).toMatchObject({
      aud: simulator.audience,
      scope: 'read:resource_servers',
      azp: simulator.client_id,
    })
    expect((await call(simulator, LIST, { authorization: `Bearer ${token}` })).status).toBe(200)
  })

  it('takes the address as audience too, where no other was configured', async () => {
    const simulator = await start()
    const { json } = await ask(simulator, { ...bySecret(simulator), audience: `${simulator.url}/api/v2/` })
    expect(decodeJwt(textOf(json.access_token)).aud).toBe(simulator.audience)
  })

  it.each<[string, (simulator: Simulator) => Record<string, string>, number, string, string]>([
    ['another secret', () => ({ client_secret: 'x' }), 401, 'access_denied', 'Unauthorized'],
    ['another client', () => ({ client_id: 'x' }), 401, 'access_denied', 'Unauthorized'],
    [
      'an audience that nobody has',
      () => ({ audience: 'urn:none' }),
      403,
      'access_denied',
      'Service not enabled within domain: urn:none',
    ],
    [
      'an API without a grant',
      () => ({ audience: 'urn:a' }),
      403,
      'access_denied',
      'Client is not authorized to access "urn:a"',
    ],
    ['another grant', () => ({ grant_type: 'password' }), 403, 'unsupported_grant_type', 'password'],
  ])('refuses %s', async (_title, change, status, error, description) => {
    const simulator = await start()
    await post(simulator, { identifier: 'urn:a' })
    const answer = await ask(simulator, { ...bySecret(simulator), ...change(simulator) })
    expect(answer).toMatchObject({ status, json: { error, error_description: expect.stringContaining(description) } })
  })

  it('with a custom domain knows the tenant’s own audience alone', async () => {
    const simulator = await start({ audience: 'https://acme.eu.auth0.com/api/v2/' })
    expect((await ask(simulator, bySecret(simulator))).status).toBe(200)
    const { status, json } = await ask(simulator, {
      ...bySecret(simulator),
      audience: `https://${new URL(simulator.url).host}/api/v2/`,
    })
    expect([status, json.error]).toEqual([403, 'access_denied'])
  })
})

describe('a client assertion', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()

  const sign = (
    simulator: Simulator,
    key: KeyObject,
    claims: { seconds?: number; audience?: string; jti?: string } = {},
  ): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(simulator.client_id)
      .setSubject(simulator.client_id)
      .setAudience(claims.audience ?? `${simulator.url}/`)
      .setJti(claims.jti ?? crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${claims.seconds ?? 180}s`)
      .sign(key)

  const byAssertion = (simulator: Simulator, assertion: string): Record<string, string> => ({
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    audience: simulator.audience,
  })

  it('signed by a registered key is accepted, once', async () => {
    const simulator = await start({ assertionKeys: [pem] })
    const assertion = await sign(simulator, pair.privateKey)
    expect((await ask(simulator, byAssertion(simulator, assertion))).status).toBe(200)
    expect((await ask(simulator, byAssertion(simulator, assertion))).status).toBe(401)
  })

  it('is accepted from a key registered later', async () => {
    const simulator = await start()
    expect((await ask(simulator, byAssertion(simulator, await sign(simulator, pair.privateKey)))).status).toBe(401)
    simulator.trustKey(pem)
    expect((await ask(simulator, byAssertion(simulator, await sign(simulator, pair.privateKey)))).status).toBe(200)
  })

  it.each([
    ['signed by another key', other.privateKey, {}],
    ['for another audience', pair.privateKey, { audience: 'https://elsewhere.example.com/' }],
    ['that lives too long', pair.privateKey, { seconds: 3600 }],
    ['that has expired', pair.privateKey, { seconds: -60 }],
  ])('%s is refused', async (_title, key, claims) => {
    const simulator = await start({ assertionKeys: [pem] })
    expect(await ask(simulator, byAssertion(simulator, await sign(simulator, key, claims)))).toMatchObject({
      status: 401,
      json: { error: 'access_denied' },
    })
  })
})

describe('the token of a request', () => {
  it('missing is 401, with the challenge', async () => {
    const simulator = await start()
    const answer = await call(simulator, LIST, { authorization: null })
    expect(answer).toMatchObject({
      status: 401,
      json: { statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' },
    })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each<[string, (simulator: Simulator) => Promise<string>, number, string]>([
    [
      'expired',
      async (simulator) => `Bearer ${await simulator.issueToken({ expiresInSeconds: -60 })}`,
      401,
      'Expired token received for JSON Web Token validation',
    ],
    [
      'for another audience',
      async (simulator) => `Bearer ${await simulator.issueToken({ audience: 'urn:a' })}`,
      401,
      'Bad audience',
    ],
    [
      'of another tenant',
      async () => `Bearer ${await (await start({ seed: 99 })).issueToken()}`,
      401,
      'Invalid signature received for JSON Web Token validation',
    ],
    ['that is no JWT', async () => 'Bearer x', 401, 'Invalid token'],
    ['in another scheme', async () => 'Basic eDp5', 400, 'Bad HTTP authentication header format'],
  ])('%s is refused', async (_title, authorizationOf, status, message) => {
    const simulator = await start()
    const answer = await call(simulator, LIST, { authorization: await authorizationOf(simulator) })
    expect(answer).toMatchObject({ status, json: { message } })
  })

  it.each([
    ['GET', LIST, 'read:resource_servers'],
    ['GET', `${LIST}/urn%3Aa`, 'read:resource_servers'],
    ['POST', LIST, 'create:resource_servers'],
    ['PATCH', `${LIST}/urn%3Aa`, 'update:resource_servers'],
    ['DELETE', `${LIST}/urn%3Aa`, 'delete:resource_servers'],
    ['GET', '/api/v2/clients', 'read:clients,read:client_keys,read:client_credentials,read:client_summary'],
    ['GET', '/api/v2/client-grants', 'read:client_grants'],
    ['GET', '/api/v2/tenants/settings', 'read:tenant_settings'],
  ])('without its scope gets 403 for %s %s', async (method, path, scope) => {
    const all = [
      'read:resource_servers',
      'create:resource_servers',
      'update:resource_servers',
      'delete:resource_servers',
      'read:clients',
      'read:client_keys',
      'read:client_grants',
      'read:tenant_settings',
    ]
    const simulator = await start({ scopes: all.filter((one) => !scope.split(',').includes(one)) })
    expect(await call(simulator, path, { method })).toMatchObject({
      status: 403,
      json: {
        statusCode: 403,
        error: 'Forbidden',
        message: `Insufficient scope, expected any of: ${scope}`,
        errorCode: 'insufficient_scope',
      },
    })
  })

  it('with read:clients lists the client itself', async () => {
    const simulator = await start({ scopes: ['read:clients'] })
    expect(
      (await call(simulator, '/api/v2/clients?page=0&per_page=100&include_totals=true&is_global=false')).json,
    ).toMatchObject({
      total: 1,
      clients: [{ client_id: simulator.client_id }],
    })
  })
})
