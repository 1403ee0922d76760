import { generateKeyPairSync } from 'node:crypto'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { publicKeyThumbprint } from '../../src/schema/public-key.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { bareApi } from '../support/corpus.ts'
import { compareOne, said } from '../support/scenes.ts'

const certificate = await generate([{ name: 'commonName', value: 'api.example.com' }], { keySize: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })
const THUMBPRINT = thumbprintOf(certificate.cert)

function thumbprintOf(pem: string): string {
  const result = publicKeyThumbprint(pem)
  return result.ok ? result.thumbprint : ''
}

const jwe = (key: JsonObject) => ({
  token_encryption: { format: 'compact-nested-jwe', encryption_key: { name: 'k', alg: 'RSA-OAEP-256', ...key } },
})
const scopes = (...items: readonly JsonObject[]) => ({ scopes: items })
const read = { value: 'read', description: 'Read' }
const write = { description: 'Write', value: 'write' }

/** Declared and live that mean the same. */
const SILENT: Readonly<Record<string, readonly [declared: JsonObject, live: JsonObject]>> = {
  'scopes in another order': [scopes(read, write), scopes(write, read)],
  'keys of a scope in another order': [scopes(read), scopes({ description: 'Read', value: 'read' })],
  'no description and an empty one': [scopes({ value: 'a' }), scopes({ value: 'a', description: '' })],
  'an empty description and none': [scopes({ value: 'a', description: '' }), scopes({ value: 'a' })],
  'a description that is null': [scopes({ value: 'a', description: null }), scopes({ value: 'a' })],
  'no scopes: an empty list and none': [scopes(), {}],
  'no scopes: null and an empty list': [{ scopes: null }, scopes()],
  'types in another order': [
    { authorization_details: [{ type: 'a' }, { type: 'b', limits: { x: 1, y: [1, 2] } }] },
    { authorization_details: [{ limits: { y: [1, 2], x: 1 }, type: 'b' }, { type: 'a' }] },
  ],
  'no types': [{ authorization_details: [] }, {}],
  'members of an object in another order': [
    { subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'deny_all' } } },
    { subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'deny_all' } } },
  ],
  'a member at its default': [
    { subject_type_authorization: { user: { policy: 'allow_all' } } },
    { subject_type_authorization: { client: { policy: 'require_client_grant' } } },
  ],
  'an object without members where the tenant returns none': [{ subject_type_authorization: {} }, {}],
  'required_for at its default': [
    { proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'all_clients' } },
    { proof_of_possession: { required: true, mechanism: 'dpop' } },
  ],
  'proof of possession by nothing': [{ proof_of_possession: { mechanism: 'none', required: false } }, {}],
  'null and no such key': [{ token_encryption: null, consent_policy: null, client_id: null }, {}],
  'the standard consent and none': [{ consent_policy: 'standard' }, {}],
  'a certificate and its thumbprint': [jwe({ pem: certificate.cert }), jwe({ thumbprint_sha256: THUMBPRINT })],
  'a public key and the thumbprint of its certificate': [
    jwe({ pem: certificate.public }),
    jwe({ thumbprint_sha256: THUMBPRINT }),
  ],
  'a PEM with white space around it': [
    jwe({ pem: `\n ${certificate.cert.replaceAll(/\r?\n/g, '\r\n')}\n` }),
    jwe({ thumbprint_sha256: THUMBPRINT }),
  ],
  'a thumbprint and itself': [jwe({ thumbprint_sha256: THUMBPRINT }), jwe({ thumbprint_sha256: THUMBPRINT })],
  'minus zero': [{ token_lifetime: JSON.parse('-0') as Json }, { token_lifetime: 0 }],
}

describe('what means the same is silent', () => {
  it.each(Object.entries(SILENT))('%s', (_title, [declared, live]) => {
    const api = { ...bareApi(), ...live }

    expect(compareOne({ declared, live: api }).findings).toEqual([])
    expect(compareOne({ declared, live: api, base: declared }).findings).toEqual([])
  })

  it('a base that says the same in other words is no edit of the code', () => {
    const words = { scopes: [read, write], ...jwe({ pem: certificate.cert }) }
    const others = { scopes: [write, read], ...jwe({ pem: certificate.public }) }
    const live = { ...bareApi(), ...others, ...jwe({ thumbprint_sha256: THUMBPRINT }) }

    expect(compareOne({ declared: words, base: others, live })).toEqual({ findings: [], adopted: 0, touched: false })
    expect(compareOne({ declared: words, base: others, live: null }).findings).toMatchObject([{ origin: 'drift' }])
  })

  it('what nobody declares and stands at its default is silent', () => {
    expect(compareOne({ declared: { identifier: 'urn:x' }, live: bareApi() }).findings).toEqual([])
  })

  it('values in objects without a prototype are values', () => {
    const detail = Object.assign(Object.create(null) as JsonObject, { type: 'a', more: [1] })

    expect(
      compareOne({
        declared: { authorization_details: [detail] },
        live: { ...bareApi(), authorization_details: [{ type: 'a', more: [1] }] },
      }).findings,
    ).toEqual([])
  })
})

describe('a key', () => {
  it('that was swapped is found by its thumbprint, at the thumbprint', () => {
    const declared = jwe({ pem: certificate.cert })
    const live = { ...bareApi(), ...jwe({ thumbprint_sha256: thumbprintOf(other.toString()) }) }

    expect(compareOne({ declared, live }).findings).toMatchObject([
      {
        path: 'token_encryption.encryption_key.thumbprint_sha256',
        declared: THUMBPRINT,
        live: thumbprintOf(other.toString()),
        severity: 'critical',
      },
    ])
  })

  it.each([jwe({ pem: certificate.cert }), jwe({ thumbprint_sha256: THUMBPRINT })])(
    'without a live thumbprint is unreadable, and the rest of it is compared',
    (declared) => {
      const live = { ...bareApi(), ...jwe({ name: 'other' }) }

      expect(said(compareOne({ declared, live }).findings)).toEqual([
        'changed drift token_encryption.encryption_key.name',
        'unreadable - token_encryption.encryption_key.thumbprint_sha256',
      ])
    },
  )

  it('without a live thumbprint is unreadable too where it was recorded, or taken out of the code', () => {
    const live = { ...bareApi(), ...jwe({}) }
    const before = jwe({ thumbprint_sha256: THUMBPRINT })
    const unreadable = 'unreadable - token_encryption.encryption_key.thumbprint_sha256'

    expect(said(compareOne({ declared: {}, recorded: { ...bareApi(), ...before }, live }).findings)).toEqual([
      unreadable,
    ])
    expect(said(compareOne({ declared: {}, base: before, live }).findings)).toContain(unreadable)
  })

  it('that live no longer has at all is a whole that was removed, not an unreadable part', () => {
    expect(said(compareOne({ declared: jwe({ pem: certificate.cert }), live: bareApi() }).findings)).toEqual([
      'changed drift token_encryption',
    ])
  })
})

describe('a value of the wrong JSON type', () => {
  const WRONG: readonly (readonly [JsonObject, JsonObject, string])[] = [
    [{ token_lifetime: 1 }, { token_lifetime: '1' }, 'token_lifetime'],
    [{ token_lifetime: 1 }, { token_lifetime: 1.5 }, 'token_lifetime'],
    [{ signing_alg: 'RS256' }, { signing_alg: 256 }, 'signing_alg'],
    [{ allow_offline_access: false }, { allow_offline_access: 'false' }, 'allow_offline_access'],
    [scopes(read), { scopes: {} }, 'scopes'],
    [scopes(read), { scopes: ['read'] }, 'scopes'],
    [scopes(read), { scopes: [{ value: 1 }] }, 'scopes'],
    [scopes(read), scopes(read, read), 'scopes'],
    [scopes(read), scopes({ value: 'read', description: 5 }), 'scopes.read.description'],
    [{ proof_of_possession: null }, { proof_of_possession: [] }, 'proof_of_possession'],
    [
      { proof_of_possession: { mechanism: 'dpop', required: true } },
      { proof_of_possession: { mechanism: 'dpop', required: 'yes' } },
      'proof_of_possession.required',
    ],
    [
      { subject_type_authorization: { user: { policy: 'deny_all' } } },
      { subject_type_authorization: { user: 'deny_all' } },
      'subject_type_authorization.user',
    ],
  ]

  it.each(WRONG)('%j and %j is unreadable at %s, and the rest is compared', (declared, live, path) => {
    const { findings } = compareOne({
      declared: { ...declared, token_dialect: 'access_token', name: 'Orders' },
      live: { ...bareApi(), ...live, token_dialect: 'rfc9068_profile', name: 'Orders' },
    })

    expect(said(findings).toSorted()).toEqual(['changed drift token_dialect', `unreadable - ${path}`].toSorted())
  })

  it.each(WRONG)('%j and %j where nobody declares it is unreadable too', (_declared, live, path) => {
    expect(said(compareOne({ declared: {}, live: { ...bareApi(), ...live } }).findings)).toEqual([
      `unreadable - ${path}`,
    ])
  })

  it.each(['token_lifetime', 'signing_alg', 'id'])(
    'a declared %s that the tenant does not return is unreadable',
    (key) => {
      const { [key]: declared = null, ...live } = bareApi()

      expect(compareOne({ declared: { [key]: declared }, live }).findings).toMatchObject([
        { kind: 'unreadable', path: key, code: 'unexpected_shape' },
      ])
    },
  )

  it('of an API that was taken out of the code is unreadable, not a conflict', () => {
    const base = { identifier: 'urn:x', token_lifetime: 1, signing_alg: 'RS256' }

    expect(said(compareOne({ base, live: { ...bareApi(), token_lifetime: 'long' } }).findings)).toEqual([
      'unmanaged pending (api) notice',
      'unreadable - token_lifetime',
    ])
  })

  it.each([
    [{ signing_alg: 'RS256' }, { signing_alg: 'EdDSA' }, 'signing_alg'],
    [{ token_dialect: null }, { token_dialect: 'dialect_of_tomorrow' }, 'token_dialect'],
    [
      { subject_type_authorization: {} },
      { subject_type_authorization: { anonymous_user: { policy: 'allow_some' } } },
      'subject_type_authorization.anonymous_user.policy',
    ],
  ])('is not the same as a value nobody knows: %j and %j is changed', (declared, live, path) => {
    expect(said(compareOne({ declared, live: { ...bareApi(), ...live } }).findings)).toEqual([`changed drift ${path}`])
  })
})
