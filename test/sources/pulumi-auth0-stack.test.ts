import { describe, expect, it } from 'vitest'
import { addressOf, placeOf } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { mistakesOf, parse } from '../declared/memory-files.ts'

const API = 'auth0:index/resourceServer:ResourceServer'
const SCOPES = 'auth0:index/resourceServerScopes:ResourceServerScopes'
const SCOPE = 'auth0:index/resourceServerScope:ResourceServerScope'
const CHECK = 'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck'
const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' }
const URN = 'urn:pulumi:prod::shop'

const resource = (type: string, name: string, inputs: object, more: object = {}) => ({
  urn: `${URN}::${type}::${name}`,
  custom: true,
  type,
  inputs,
  ...more,
})
const provider = (name: string, inputs: object, id = '0a1b') => ({
  ...resource('pulumi:providers:auth0', name, inputs),
  id,
})
const of = (name: string, id = '0a1b') => ({ provider: `${URN}::pulumi:providers:auth0::${name}::${id}` })
const texts = (...resources: readonly object[]) => ({
  'stack.json': JSON.stringify({ version: 3, deployment: { resources } }, null, 2),
})
const read = (...resources: readonly object[]) => parse(texts(...resources), ['pulumi-stack:stack.json'])
const valuesOf = async (...resources: readonly object[]): Promise<readonly JsonObject[]> =>
  (await read(...resources)).apis.map(({ values }) => values)

describe('a stack of @pulumi/auth0', () => {
  it('gives the inputs of its APIs with their scopes, and never the outputs', async () => {
    const orders = resource(
      API,
      'orders',
      { __defaults: [], identifier: 'urn:a', signingAlg: 'PS256', tokenLifetime: 3600 },
      { outputs: { identifier: 'urn:a', signingAlg: 'HS256', allowOfflineAccess: true, id: '66a1' } },
    )
    const scopes = resource(SCOPES, 'orders', {
      __defaults: [],
      resourceServerIdentifier: 'urn:a',
      scopes: [{ __defaults: [], name: 'r', description: 'Read' }, { name: 'w' }],
    })

    expect(await valuesOf(orders, scopes)).toEqual([
      {
        identifier: 'urn:a',
        signing_alg: 'PS256',
        token_lifetime: 3600,
        scopes: [{ value: 'r', description: 'Read' }, { value: 'w' }],
      },
    ])
  })

  it('makes a list of scopes that stand one by one, and says nothing of scopes where none does', async () => {
    expect(
      await valuesOf(
        resource(API, 'a', { identifier: 'urn:a' }),
        resource(API, 'b', { identifier: 'urn:b' }),
        resource(SCOPE, 'r', { resourceServerIdentifier: 'urn:a', scope: 'r', description: 'Read' }),
        resource(SCOPE, 'w', { resourceServerIdentifier: 'urn:a', scope: 'w' }),
      ),
    ).toEqual([
      { identifier: 'urn:a', scopes: [{ value: 'r', description: 'Read' }, { value: 'w' }] },
      { identifier: 'urn:b' },
    ])
  })

  it('says where an API and its scopes stand: URN, file and line', async () => {
    const state = await read(
      resource(API, 'orders', { identifier: 'urn:a', signingAlg: 'PS256' }),
      resource(SCOPES, 'all', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }] }),
    )

    const [api] = state.apis
    expect(api).toBeDefined()
    if (api === undefined) return
    expect(addressOf(api, 'signing_alg')).toBe(`${URN}::${API}::orders`)
    expect(addressOf(api, 'scopes.r')).toBe(`${URN}::${SCOPES}::all`)
    expect(placeOf(api, 'signing_alg')).toEqual({ file: 'stack.json', line: 9 })
    expect(placeOf(api, 'scopes.r')).toEqual({ file: 'stack.json', line: 21 })
  })

  it('leaves out what is replaced and waits to be deleted, and what a program only looks up', async () => {
    expect(
      await valuesOf(
        resource(API, 'a', { identifier: 'urn:a' }),
        resource(API, 'a', { identifier: 'urn:old' }, { delete: true }),
        resource(API, 'b', { identifier: 'urn:b' }, { external: true }),
      ),
    ).toEqual([{ identifier: 'urn:a' }])
  })

  it('does not know what is encrypted, at any depth', async () => {
    const hidden = [
      resource(API, 'a', {
        identifier: 'urn:a',
        signingSecret: { ...SECRET, ciphertext: 'v1:a' },
        tokenEncryption: { format: 'compact-nested-jwe', encryptionKey: { ...SECRET, ciphertext: 'v1:b' } },
      }),
      resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: { ...SECRET, ciphertext: 'v1:c' } }),
    ]

    expect(await valuesOf(...hidden)).toEqual([{ identifier: 'urn:a' }])
    expect((await read(...hidden)).apis[0]?.notKnown).toEqual([
      { path: 'scopes', why: 'encrypted' },
      { path: 'signing_secret', why: 'encrypted' },
      { path: 'token_encryption', why: 'encrypted' },
    ])
  })

  it('reads what --show-secrets shows, at any depth', async () => {
    const shown = (value: unknown) => ({ ...SECRET, plaintext: JSON.stringify(value) })

    expect(
      await valuesOf(
        resource(API, 'a', {
          identifier: shown('urn:a'),
          proofOfPossession: { mechanism: shown('dpop'), required: true },
        }),
      ),
    ).toEqual([{ identifier: 'urn:a', proof_of_possession: { mechanism: 'dpop', required: true } }])
  })

  it.each(['null', '', '{'])('does not know what was decrypted with a wrong passphrase: %j', async (plaintext) => {
    const state = await read(resource(API, 'a', { identifier: 'urn:a', signingAlg: { ...SECRET, plaintext } }))

    expect(state.apis[0]?.notKnown).toEqual([{ path: 'signing_alg', why: 'undecrypted' }])
  })

  it('names what it cannot map, of each API', async () => {
    const one = { verificationLocation: 'https://a.example.com/', novelty: 1 }

    const state = await read(resource(API, 'a', { identifier: 'urn:a', ...one }))

    expect(state.apis[0]?.notKnown).toEqual([
      { path: 'verification_location', why: 'unmapped' },
      { path: 'novelty', why: 'unmapped' },
    ])
  })

  it('does not know a description that a refresh took out of the inputs and left in the outputs', async () => {
    const described = [{ name: 'r', description: 'Read' }, { name: 'bare' }]
    const refreshed = {
      ...resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }, { name: 'bare' }] }),
      outputs: { scopes: described },
    }
    const state = await read(resource(API, 'a', { identifier: 'urn:a' }), refreshed)

    expect(state.apis[0]?.notKnown).toEqual([{ path: 'scopes.r.description', why: 'lost' }])
  })

  it('declares nothing of what the program ignores', async () => {
    const inputs = {
      identifier: 'urn:a',
      name: 'A',
      signingAlg: 'RS256',
      subjectTypeAuthorization: { user: { policy: 'deny_all' }, client: { policy: 'deny_all' } },
    }
    const ignoring = (...ignoreChanges: readonly string[]) => read({ ...resource(API, 'a', inputs), ignoreChanges })
    const [one, part, all] = await Promise.all([
      ignoring('signingAlg', 'tokenLifetime'),
      ignoring('subjectTypeAuthorization.user'),
      ignoring('*'),
    ])
    const scopes = { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }] }
    const [list] = await valuesOf(resource(API, 'a', { identifier: 'urn:a' }), {
      ...resource(SCOPES, 'a', scopes),
      ignoreChanges: ['scopes[0].description'],
    })

    expect(Object.keys(one.apis[0]?.values ?? {})).toEqual(['identifier', 'name', 'subject_type_authorization'])
    expect(part.apis[0]?.notKnown).toEqual([{ path: 'subject_type_authorization.user', why: 'ignored' }])
    expect([all.apis[0]?.values, list]).toEqual([{ identifier: 'urn:a' }, { identifier: 'urn:a' }])
  })

  it('finds the API of scopes that name it by its id', async () => {
    const id = '66a1f0000000000000000001'
    const scopes = [
      resource(SCOPES, 'a', { resourceServerIdentifier: id, scopes: [{ name: 'r' }] }),
      { ...resource(API, 'a', { identifier: 'urn:a' }), id },
    ]

    expect(await valuesOf(...scopes)).toEqual([{ identifier: 'urn:a', scopes: [{ value: 'r' }] }])
  })

  it('knows the tenant where the provider holds it in clear', async () => {
    const state = await read(
      provider('default', { domain: 'acme.eu.auth0.com' }),
      provider('unused', { domain: 'other.eu.auth0.com' }),
      resource(API, 'a', { identifier: 'urn:a' }, of('default')),
    )

    expect(state.tenant).toBe('acme.eu.auth0.com')
  })

  it('takes providers of one tenant for one', async () => {
    const state = await read(
      provider('default_3_48_0', {}),
      provider('default_3_49_0', {}, '77'),
      resource(API, 'a', { identifier: 'urn:a' }, of('default_3_48_0')),
      resource(API, 'b', { identifier: 'urn:b' }, of('default_3_49_0', '77')),
    )

    expect([state.tenant, state.apis.length]).toEqual([null, 2])
  })

  it('of one tenant that two providers write in different ways is of that tenant', async () => {
    const state = await read(
      provider('one', { domain: 'acme.eu.auth0.com' }),
      provider('two', { domain: 'https://ACME.eu.auth0.com' }),
      resource(API, 'a', { identifier: 'urn:a' }, of('one')),
      resource(API, 'b', { identifier: 'urn:b' }, of('two')),
    )

    expect([state.tenant, state.apis.length]).toEqual(['acme.eu.auth0.com', 2])
  })

  it.each([
    ['two that are named', { domain: 'stage.eu.auth0.com' }, 'stage.eu.auth0.com'],
    ['one that is named and one that is not', {}, 'a tenant that the state does not name'],
  ])('of two tenants is a mistake that names both: %s', async (_, inputs, said) => {
    const found = await mistakesOf(
      read(
        provider('prod', { domain: 'prod.eu.auth0.com' }),
        provider('stage', inputs),
        resource(API, 'a', { identifier: 'urn:a' }, of('prod')),
        resource(API, 'b', { identifier: 'urn:a' }, of('stage')),
      ),
    )

    expect(found).toEqual([
      expect.stringContaining(`auth0::prod (prod.eu.auth0.com), ${URN}::pulumi:providers:auth0::stage (${said})`),
    ])
  })

  it.each([
    ['without inputs', [{ type: API, urn: 'urn:x' }], 'this resource has no inputs in the state'],
    ['without an identifier', [resource(API, 'a', {})], 'its identifier is missing'],
    [
      'with an encrypted identifier',
      [resource(API, 'a', { identifier: SECRET })],
      'its identifier cannot be read: it is encrypted',
    ],
    ['of scopes without an API', [resource(SCOPES, 'a', { scopes: [] })], 'the identifier of the API'],
    [
      'of scopes that are no list',
      [resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: 'r' })],
      'urn:a: its scopes cannot be read',
    ],
    [
      'of scopes that contradict each other',
      [
        resource(API, 'a', { identifier: 'urn:a' }),
        resource(SCOPES, 'all', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }] }),
        resource(SCOPE, 'w', { resourceServerIdentifier: 'urn:a', scope: 'w' }),
      ],
      `but the resource for all scopes removes it (stack.json:17:9, ${URN}::${SCOPES}::all)`,
    ],
    [
      'that stands twice and differs',
      [
        resource(API, 'a', { identifier: 'urn:a', signingAlg: 'PS256' }),
        resource(API, 'b', { identifier: 'urn:a', signingAlg: 'RS256' }),
      ],
      'declared differently in stack.json:9:9, urn:pulumi:prod::shop::auth0:index/resourceServer:ResourceServer::a (signing_alg)',
    ],
    [
      'with a value that the tenant would refuse',
      [resource(API, 'a', { identifier: 'urn:a', signingAlg: 'none' })],
      'urn:a: signing_alg: must be one of',
    ],
  ])('%s is a mistake, never an empty declaration', async (_, resources, expected) => {
    expect(await mistakesOf(read(...resources))).toEqual([expect.stringContaining(expected)])
  })

  it('declares only scopes of an API that another stack makes, where they are whole', async () => {
    expect(
      await valuesOf(resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }] })),
    ).toEqual([{ identifier: 'urn:a', scopes: [{ value: 'r' }] }])
  })
})

describe('an API and its scopes in two stacks', () => {
  const both = ['pulumi-stack:stack.json', 'pulumi-stack:scopes.json']
  const scopes = resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }] })
  const other = (...resources: readonly object[]) => ({ 'scopes.json': texts(...resources)['stack.json'] })

  it.each([both, both.toReversed()])('are one declaration, each at its place: %s, %s', async (...sources) => {
    const api = resource(API, 'a', { identifier: 'urn:a', signingAlg: 'PS256' })

    const state = await parse({ ...texts(api), ...other(scopes) }, sources)

    const [joined] = state.apis
    expect(state.apis).toHaveLength(1)
    expect(joined).toMatchObject({
      values: { identifier: 'urn:a', signing_alg: 'PS256', scopes: [{ value: 'r' }] },
      at: `${URN}::${API}::a`,
      fieldsAt: { scopes: `${URN}::${SCOPES}::a` },
    })
    expect(joined === undefined ? null : placeOf(joined, 'scopes.r').file).toBe('scopes.json')
    expect(joined === undefined ? null : placeOf(joined, 'signing_alg').file).toBe('stack.json')
  })

  it('may not both say the scopes, and differ', async () => {
    const api = resource(API, 'a', { identifier: 'urn:a' })
    const own = resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: [] })

    expect(await mistakesOf(parse({ ...texts(api, own), ...other(scopes) }, both))).toEqual([
      expect.stringMatching(/^scopes\.json:11:11: urn:a .*: declared differently in stack\.json:19:11.* \(scopes\)/),
    ])
  })

  it('may both say the same scopes', async () => {
    const api = resource(API, 'a', { identifier: 'urn:a' })

    const state = await parse({ ...texts(api, scopes), ...other(scopes) }, both)

    expect(state.apis.map(({ values }) => values)).toEqual([{ identifier: 'urn:a', scopes: [{ value: 'r' }] }])
  })
})

describe('a stack that holds an API and a check of it', () => {
  const api = resource(API, 'a', { identifier: 'urn:a', signingAlg: 'PS256', tokenLifetime: 60 })
  const scopes = resource(SCOPES, 'a', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }, { name: 'w' }] })

  it('declares what both say together', async () => {
    const check = resource(CHECK, 'a', {
      identifier: 'urn:a',
      signing_alg: 'PS256',
      allow_anonymous_access: false,
      scopes: [{ value: 'w' }, { value: 'r' }],
    })

    const [values] = await valuesOf(check, api, scopes)

    expect(values).toEqual({
      identifier: 'urn:a',
      signing_alg: 'PS256',
      token_lifetime: 60,
      allow_anonymous_access: false,
      scopes: [{ value: 'r' }, { value: 'w' }],
    })
  })

  it('names the resource and the property of a private key, and no value that a key has run into', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----'
    const leaky = resource(API, 'b', { identifier: 'urn:b', 'signing_secret:hunter2': { pem } })

    expect(await mistakesOf(read(resource(API, 'a', { identifier: 'urn:a', name: pem }), leaky))).toEqual([
      expect.stringContaining(`${URN}::${API}::a: name: this is a PRIVATE key`),
      expect.stringContaining(`${URN}::${API}::b: signing_secret….pem: this is a PRIVATE key`),
    ])
  })

  it('may not say two things of one field', async () => {
    const check = resource(CHECK, 'a', { identifier: 'urn:a', signing_alg: 'RS256' })

    expect(await mistakesOf(read(api, check))).toEqual([
      expect.stringMatching(/its check declares another signing_alg than .*::a \(stack\.json:9:9\)$/),
    ])
  })
})
