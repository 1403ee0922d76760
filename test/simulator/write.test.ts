import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { call, get, itemPath, LIST, patch, post, start } from './call.ts'

const API = 'https://orders.example.com/'

describe('POST', () => {
  it('leaves the measured defaults, in the recorded order, and nothing else', async () => {
    const simulator = await start()
    const answer = await post(simulator, { name: 'Orders', identifier: API })
    expect(answer.status).toBe(201)
    expect(answer.text).toBe(
      JSON.stringify({
        id: (answer.json as JsonObject).id,
        name: 'Orders',
        identifier: API,
        allow_offline_access: false,
        skip_consent_for_verifiable_first_party_clients: false,
        subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
        token_lifetime: 86_400,
        token_lifetime_for_web: 7200,
        signing_alg: 'RS256',
      }),
    )
  })

  it('gives no name where none was sent', async () => {
    const simulator = await start()
    expect((await post(simulator, { identifier: API })).json).not.toHaveProperty('name')
  })

  it('leaves out a default that the tenant does not have yet', async () => {
    const simulator = await start({ withoutDefaults: ['subject_type_authorization'] })
    expect((await post(simulator, { identifier: API })).json).not.toHaveProperty('subject_type_authorization')
  })

  it('keeps scopes as sent: their order, their keys, an empty description, an empty list', async () => {
    const simulator = await start()
    const scopes = [{ description: 'z', value: 'z' }, { value: 'a' }, { value: 'b', description: '' }]
    expect(JSON.stringify(((await post(simulator, { identifier: API, scopes })).json as JsonObject).scopes)).toBe(
      JSON.stringify(scopes),
    )
    expect((await post(simulator, { identifier: 'urn:b', scopes: [] })).json).toHaveProperty('scopes', [])
  })

  it('makes a secret of 32 letters and digits for HS256, and keeps a given one', async () => {
    const simulator = await start()
    expect((await post(simulator, { identifier: API, signing_alg: 'HS256' })).json).toHaveProperty(
      'signing_secret',
      expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    )
    const given = { identifier: 'urn:b', signing_alg: 'RS256', signing_secret: 'an-invented-secret' }
    expect((await post(simulator, given)).json).toHaveProperty('signing_secret', 'an-invented-secret')
  })

  it('refuses an identifier that is taken with 409, and a reserved one with 400', async () => {
    const simulator = await start()
    await post(simulator, { identifier: API })
    expect(await post(simulator, { identifier: API })).toMatchObject({
      status: 409,
      json: {
        statusCode: 409,
        error: 'Conflict',
        message: 'A resource server with the same identifier already exists.',
      },
    })
    expect(await post(simulator, { identifier: `${simulator.url}/userinfo` })).toMatchObject({
      status: 400,
      json: { message: 'The selected identifier is reserved.' },
    })
  })

  it.each([
    [
      'My Account',
      (host: string) => `https://${host}/me/`,
      'Auth0 My Account API',
      { token_lifetime: 600, allow_offline_access: true },
    ],
    [
      'express-configure',
      () => 'urn:auth0:express-configure',
      'Okta OIN Express Configuration API',
      { token_lifetime: 300, token_lifetime_for_web: 7200 },
    ],
    ['My Organization', (host: string) => `https://${host}/my-org/`, 'Auth0 My Organization API', {}],
  ])(
    'of the identifier of %s makes the system API and ignores the name',
    async (_title, identifierOf, name, profile) => {
      const simulator = await start()
      const identifier = identifierOf(new URL(simulator.url).host)
      const answer = await post(simulator, { name: 'Mine', identifier })
      expect(answer).toMatchObject({ status: 201, json: { name, identifier, is_system: true, ...profile } })
    },
  )

  it('of My Account answers three scopes, and the tenant adds its others by itself', async () => {
    const simulator = await start()
    const identifier = `https://${new URL(simulator.url).host}/me/`
    const created = await post(simulator, { identifier })
    const later = await get(simulator, identifier)
    expect((created.json as { scopes: Json[] }).scopes).toHaveLength(3)
    expect((later.json as { scopes: Json[] }).scopes).toHaveLength(8)
  })

  it('of such an identifier under another host makes an ordinary API', async () => {
    const simulator = await start()
    expect((await post(simulator, { identifier: 'https://example.com/me/' })).json).not.toHaveProperty('is_system')
  })
})

describe('PATCH', () => {
  it('answers 200, keeps the place of keys, replaces objects whole, and takes away what is null', async () => {
    const simulator = await start()
    await post(simulator, {
      identifier: API,
      proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'all_clients' },
    })
    const set = await patch(simulator, API, {
      token_lifetime: 60,
      proof_of_possession: { mechanism: 'mtls', required: false },
    })
    expect(set).toMatchObject({ status: 200, json: { token_lifetime: 60 } })
    expect(set.json).toHaveProperty('proof_of_possession', { mechanism: 'mtls', required: false })
    const cleared = await patch(simulator, API, { proof_of_possession: null })
    expect(cleared.json).not.toHaveProperty('proof_of_possession')
    expect((await get(simulator, API)).text).toBe(cleared.text)
  })

  it('makes a secret on the way to HS256, and keeps it on the way back', async () => {
    const simulator = await start()
    await post(simulator, { identifier: API })
    const symmetric = (await patch(simulator, API, { signing_alg: 'HS256' })).json as JsonObject
    const back = (await patch(simulator, API, { signing_alg: 'RS256' })).json as JsonObject
    expect(symmetric.signing_secret).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(back.signing_secret).toBe(symmetric.signing_secret)
  })

  it('keeps the thumbprint of an encryption key and drops its PEM', async () => {
    const simulator = await start()
    await post(simulator, { identifier: API })
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    const answer = await patch(simulator, API, {
      token_encryption: {
        format: 'compact-nested-jwe',
        encryption_key: { name: 'k', alg: 'RSA-OAEP-256', kid: '1', pem: pem.toString() },
      },
    })
    expect(answer.status).toBe(200)
    expect((answer.json as JsonObject).token_encryption).toEqual({
      format: 'compact-nested-jwe',
      encryption_key: {
        name: 'k',
        alg: 'RSA-OAEP-256',
        kid: '1',
        thumbprint_sha256: await calculateJwkThumbprint(await exportJWK(publicKey)),
      },
    })
  })

  it('of an API that is not there answers 404 as recorded', async () => {
    const simulator = await start()
    expect(await patch(simulator, 'urn:none', { name: 'x' })).toMatchObject({
      status: 404,
      json: {
        statusCode: 404,
        error: 'Not Found',
        message: 'The resource server does not exist',
        errorCode: 'inexistent_resource_server',
      },
    })
  })
})

describe('system APIs', () => {
  const refused: readonly [string, JsonObject, string][] = [
    ['scopes', { scopes: [] }, 'Additional properties not allowed: scopes'],
    ['name', { name: 'Mine' }, 'Additional properties not allowed: name'],
    [
      'clients of subject_type_authorization',
      { subject_type_authorization: { client: { policy: 'deny_all' } } },
      'Additional properties not allowed: client',
    ],
  ]

  it.each(refused)('the Management API refuses %s', async (_title, body, message) => {
    const simulator = await start()
    const answer = await patch(simulator, simulator.audience, body)
    expect(answer).toMatchObject({
      status: 400,
      json: { errorCode: 'invalid_body', message: expect.stringContaining(message) },
    })
  })

  it('the Management API keeps what clients may do, which nobody may send, when users are sent', async () => {
    const simulator = await start()
    const client = { policy: 'require_client_grant' }
    simulator.edit(simulator.audience, { subject_type_authorization: { client, user: { policy: 'allow_all' } } })
    const sent = { subject_type_authorization: { user: { policy: 'deny_all' } } }
    const kept = { client, user: { policy: 'deny_all' } }
    expect((await patch(simulator, simulator.audience, sent)).json).toHaveProperty('subject_type_authorization', kept)
    await post(simulator, { identifier: API })
    expect((await patch(simulator, API, sent)).json).toHaveProperty(
      'subject_type_authorization',
      sent.subject_type_authorization,
    )
  })

  it('the Management API takes a lifetime, and cannot be deleted', async () => {
    const simulator = await start()
    expect(await patch(simulator, simulator.audience, { token_lifetime: 60 })).toMatchObject({
      status: 200,
      json: { token_lifetime: 60 },
    })
    expect(await call(simulator, itemPath(simulator.audience), { method: 'DELETE' })).toMatchObject({
      status: 400,
      json: { message: 'System resource servers cannot be deleted.' },
    })
  })

  it('express-configure takes nothing, and can be deleted', async () => {
    const simulator = await start()
    await post(simulator, { identifier: 'urn:auth0:express-configure' })
    expect((await patch(simulator, 'urn:auth0:express-configure', { name: 'x' })).status).toBe(400)
    expect((await call(simulator, itemPath('urn:auth0:express-configure'), { method: 'DELETE' })).status).toBe(204)
  })
})

describe('GET and DELETE of one', () => {
  it.each([
    ['its id', ({ id }: JsonObject) => (typeof id === 'string' ? id : '')],
    ['its identifier, encoded', () => encodeURIComponent(API)],
    ['its identifier, encoded but for the colon', () => 'https:%2F%2Forders.example.com%2F'],
    ['its identifier, encoded twice', () => encodeURIComponent(encodeURIComponent(API))],
  ])('finds it by %s', async (_title, segmentOf) => {
    const simulator = await start()
    const created = await post(simulator, { identifier: API })
    const answer = await call(simulator, `${LIST}/${segmentOf(created.json as JsonObject)}`)
    expect(answer).toMatchObject({ status: 200, text: created.text })
  })

  it('gives chosen fields', async () => {
    const simulator = await start()
    await post(simulator, { identifier: API, signing_alg: 'HS256' })
    expect((await call(simulator, `${itemPath(API)}?fields=identifier,signing_alg`)).json).toEqual({
      identifier: API,
      signing_alg: 'HS256',
    })
    expect(
      (await call(simulator, `${itemPath(API)}?fields=signing_secret&include_fields=false`)).json,
    ).not.toHaveProperty('signing_secret')
  })

  it('deletes with 204, also what is gone', async () => {
    const simulator = await start()
    await post(simulator, { identifier: API })
    expect(await call(simulator, itemPath(API), { method: 'DELETE' })).toMatchObject({ status: 204, text: '' })
    expect((await call(simulator, itemPath(API), { method: 'DELETE' })).status).toBe(204)
    expect((await get(simulator, API)).status).toBe(404)
  })
})
