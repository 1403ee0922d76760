import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import { addressOf, placeOf, type DeclaredApi, type DeclaredState } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import { ROOT } from '../../tools/run.mjs'
import { compareAll, said } from '../support/scenes.ts'
import { throughSource } from '../support/through-source.ts'
import { toTerraform } from '../support/to-provider.ts'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'

type Texts = Readonly<Record<string, string>>

const fixture = (name: string): string => readFileSync(join(ROOT, 'test', 'fixtures', 'terraform', name), 'utf8')
const STATE = fixture('terraform.tfstate.json')
const SHOW = fixture('show.json')
const PROVIDER = 'provider["registry.terraform.io/auth0/auth0"]'

const read = (text: string, more: Texts = {}, sources: readonly string[] = ['tfstate:s.tfstate']) =>
  parseDeclaredFiles(sources, memoryFiles({ 's.tfstate': text, ...more }), { variables: {} })

/** A state of version 4 with one instance of each resource, named a, b, c, ... */
function stateOf(
  ...resources: readonly (readonly [type: string, attributes: JsonObject, provider?: string])[]
): string {
  const entries = resources.map(([type, attributes, provider = PROVIDER], index) => ({
    mode: 'managed',
    type: `auth0_resource_server${type}`,
    name: 'abcdef'[index],
    provider,
    instances: [{ schema_version: 0, attributes }],
  }))
  return JSON.stringify({ version: 4, resources: entries }, null, 1)
}

function apiOf(state: DeclaredState, identifier: string): DeclaredApi {
  const api = state.apis.find((each) => each.identifier === identifier)
  if (api === undefined) throw new Error(`${identifier} was not read`)
  return api
}

describe('a Terraform state', () => {
  const ORDERS = 'https://orders.example.com/'
  const EU = 'https://invoices.eu.example.com/'

  it.each([
    [
      'a state',
      {
        version: 4,
        resources: [
          {
            mode: 'managed',
            type: 'auth0_resource_server',
            name: 'a',
            provider: PROVIDER,
            instances: [
              {
                attributes: { identifier: 'urn:a', signing_alg: 'HS256', token_lifetime: 60 },
                sensitive_attributes: [
                  [{ type: 'get_attr', value: 'signing_alg' }],
                  [{ type: 'get_attr', value: 'token_encryption' }, { type: 'index' }],
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      'what terraform show prints',
      {
        format_version: '1.0',
        values: {
          root_module: {
            resources: [
              {
                mode: 'managed',
                type: 'auth0_resource_server',
                address: 'auth0_resource_server.a',
                values: { identifier: 'urn:a', signing_alg: 'HS256', token_lifetime: 60 },
                sensitive_values: {
                  signing_alg: true,
                  token_encryption: [{ format: true }],
                  scopes: [{}],
                  name: false,
                },
              },
            ],
          },
        },
      },
    ],
  ])('knows what came through a sensitive variable, and so was written: %s', async (_, value) => {
    expect(apiOf(await read(JSON.stringify(value)), 'urn:a').written).toEqual(['signing_alg', 'token_encryption'])
  })

  it('says what was applied of its managed resources, whatever was never written or computed', async () => {
    const state = await read(STATE)

    expect(state.apis.map(({ identifier }) => identifier)).toEqual([EU, 'https://invoices.us.example.com/', ORDERS])
    expect(apiOf(state, ORDERS).values).toEqual({
      identifier: ORDERS,
      id: '66a1f0000000000000000001',
      name: 'Orders',
      signing_alg: 'RS256',
      allow_offline_access: false,
      allow_online_access: false,
      allow_online_access_with_ephemeral_sessions: false,
      skip_consent_for_verifiable_first_party_clients: false,
      token_lifetime: 86_400,
      token_lifetime_for_web: 7200,
      enforce_policies: true,
      token_dialect: 'rfc9068_profile',
      token_encryption: null,
      consent_policy: null,
      authorization_details: null,
      proof_of_possession: { mechanism: 'dpop', required: true },
      subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
      scopes: [{ value: 'read:orders', description: 'Read orders' }, { value: 'write:orders' }],
    })
    // An empty text means that the provider looked and found none.
    expect(apiOf(state, EU).values).toMatchObject({
      token_dialect: null,
      signing_secret: 'an-invented-secret-in-a-state',
    })
  })

  it('and what `terraform show -json` prints of it say the same, module by module', async () => {
    const [state, shown] = [await read(STATE), await read(SHOW)]

    expect(shown.apis.map(({ values, at, fieldsAt }) => [values, at, fieldsAt])).toEqual(
      state.apis.map(({ values, at, fieldsAt }) => [values, at, fieldsAt]),
    )
  })

  it('keeps address and line of each resource, those of scopes apart', async () => {
    const state = await read(STATE)
    const lineOf = (text: string, after: string): number =>
      STATE.slice(0, STATE.indexOf(text, STATE.indexOf(after))).split('\n').length
    const [orders, eu] = [apiOf(state, ORDERS), apiOf(state, EU)]

    expect([addressOf(orders, 'signing_alg'), addressOf(orders, 'scopes.read:orders')]).toEqual([
      'auth0_resource_server.orders',
      'auth0_resource_server_scopes.orders',
    ])
    expect(addressOf(eu, 'name')).toBe('module.shop.auth0_resource_server.invoices["eu"]')
    expect(addressOf(eu, 'scopes')).toBe('module.shop.auth0_resource_server_scope.invoices[0]')
    const ids = '"id": "66a1f0000000000000000001"'
    expect(placeOf(orders, 'signing_alg')).toEqual({ file: 's.tfstate', line: lineOf('"signing_alg"', ids) })
    expect(placeOf(orders, 'scopes').line).toBe(lineOf('"scopes"', '"id": "https://orders.example.com/"'))
  })

  it('shows no secret, and warns of none: a state holds them in clear', async () => {
    const state = await read(STATE)

    expect(state.warnings).toEqual([])
  })

  it('does not know what has no meaning here, and a key that was imported without its PEM', async () => {
    const key = { name: 'k', algorithm: 'RSA-OAEP-256', kid: '', pem: '' }
    const encryption = [{ disable: false, format: 'compact-nested-jwe', encryption_key: [key] }]
    const state = await read(
      stateOf(
        ['', { identifier: 'urn:a', token_encryption: encryption, verification_location: 'https://x.example' }],
        ['', { identifier: 'urn:b', verification_location: 'https://y.example', brand_new: 1 }],
      ),
    )

    expect(state.apis.map(({ values }) => values)).toEqual([{ identifier: 'urn:a' }, { identifier: 'urn:b' }])
    expect(state.apis.map(({ notKnown }) => notKnown)).toEqual([
      [
        { path: 'verification_location', why: 'unmapped' },
        { path: 'token_encryption', why: 'keyless' },
      ],
      [
        { path: 'verification_location', why: 'unmapped' },
        { path: 'brand_new', why: 'unmapped' },
      ],
    ])
  })

  it('of two configurations of the provider is refused, or read by the name of one', async () => {
    const text = stateOf(
      ['', { identifier: 'urn:a', token_lifetime: 60 }],
      ['', { identifier: 'urn:a', token_lifetime: 90 }, `${PROVIDER}.us`],
      ['', { identifier: 'urn:b' }, `module.m.${PROVIDER}`],
    )
    const chosen = async (name: string) =>
      (await read(text, {}, [`tfstate:s.tfstate#${name}`])).apis.map(({ values }) => values)

    expect((await mistakesOf(read(text))).join('\n')).toContain(
      'several configurations of the provider and possibly to several tenants: auth0, auth0.us, module.m:auth0. Choose one by its name, as in FILE#auth0',
    )
    expect(await chosen('auth0')).toEqual([{ identifier: 'urn:a', token_lifetime: 60 }])
    expect(await chosen('auth0.us')).toEqual([{ identifier: 'urn:a', token_lifetime: 90 }])
    expect(await chosen('module.m:auth0')).toEqual([{ identifier: 'urn:b' }])
    expect((await mistakesOf(chosen('auth0.eu'))).join('\n')).toContain('no API belongs to the provider configuration')
  })

  it('finds the API of scopes that name it by its id', async () => {
    const id = '66a1f0000000000000000001'
    const state = await read(
      stateOf(
        ['_scopes', { id, resource_server_identifier: id, scopes: [{ name: 'r', description: '' }] }],
        ['', { id, identifier: 'urn:a' }],
      ),
    )

    expect(state.apis.map(({ values }) => values)).toEqual([{ id, identifier: 'urn:a', scopes: [{ value: 'r' }] }])
  })

  it('as base cannot tell what it lacks: an older provider has no attribute for it', async () => {
    const [api] = (await read(stateOf(['', { identifier: 'urn:a', signing_alg: null, name: 'A' }]))).apis

    expect(api?.cannotSay).toContain('signing_alg')
    expect(api?.cannotSay).not.toContain('name')
    expect(api?.cannotSay).not.toContain('scopes')
  })

  it.each([
    ['of version 3', '{"version": 3, "modules": []}', 's.tfstate:1:2: is a state of version 3'],
    ['without Auth0 APIs', '{"version": 4, "resources": []}', 'holds no auth0_resource_server'],
    ['that is empty, as shown', '{"format_version": "1.0"}', 'holds no auth0_resource_server'],
    [
      'with nothing but data sources',
      STATE.replaceAll('"mode": "managed"', '"mode": "data"'),
      'holds no auth0_resource_server',
    ],
    ['that is a plan', '{"format_version": "1.2", "planned_values": {}, "prior_state": {}}', 'is a plan'],
    ['that is encrypted', '{"serial": 1, "lineage": "x", "encrypted_data": "eA=="}', 'is an encrypted state'],
    ['that is another JSON', '{"a": 1}', 'is neither a Terraform state'],
    ['that is a list', '[]', 'is neither a Terraform state'],
    ['that is no JSON', 'Error: no state', 's.tfstate:1:1: not valid JSON'],
    [
      'with an API without identifier',
      stateOf(['', { id: 'x' }]),
      'auth0_resource_server.a: its identifier is missing',
    ],
    [
      'with scopes of nobody',
      stateOf(['_scopes', { scopes: [] }]),
      'auth0_resource_server_scopes.a: the identifier of the API that it is about is missing',
    ],
    [
      'with scopes that are none',
      stateOf(['_scopes', { resource_server_identifier: 'urn:a', scopes: null }]),
      'urn:a: its scopes cannot be read',
    ],
    [
      'with a value that no API can have',
      stateOf(['', { identifier: 'urn:a', signing_alg: 'none' }]),
      's.tfstate:14:7: urn:a: signing_alg: must be one of',
    ],
    [
      'with a private key',
      stateOf(['', { identifier: 'urn:a', name: '-----BEGIN PRIVATE KEY-----' }]),
      'auth0_resource_server.a: name: this is a PRIVATE key',
    ],
    [
      'with a private key behind a key that a value has run into',
      stateOf(['', { identifier: 'urn:a', 'signing_secret:hunter2': { pem: '-----BEGIN PRIVATE KEY-----' } }]),
      'auth0_resource_server.a: signing_secret….pem: this is a PRIVATE key',
    ],
    [
      'with attributes in a form of long ago',
      STATE.replaceAll('"attributes"', '"attributes_flat"'),
      'its attributes cannot be read',
    ],
    [
      'whose scopes contradict one another',
      stateOf(
        ['', { identifier: 'urn:a' }],
        ['_scopes', { resource_server_identifier: 'urn:a', scopes: [{ name: 'x' }] }],
        ['_scope', { resource_server_identifier: 'urn:a', scope: 'y', description: '' }],
      ),
      'auth0_resource_server_scope.c: urn:a: the scope y has its own resource',
    ],
    [
      'that has an API twice and differently',
      stateOf(['', { identifier: 'urn:a', name: 'A' }], ['', { identifier: 'urn:a', name: 'B' }]),
      'urn:a (auth0_resource_server.b): declared differently in s.tfstate:14:7, auth0_resource_server.a (name)',
    ],
  ])('%s is a mistake, never an empty declaration', async (_name, text, expected) => {
    const found = await mistakesOf(read(text))

    expect(found[0]).toContain(expected)
    expect(found.join()).not.toContain('BEGIN')
  })

  it('beside a file that declares an API otherwise is a mistake at both places', async () => {
    const file = 'resource_servers:\n  - {identifier: urn:a, name: B}\n'
    const state = stateOf(['', { identifier: 'urn:a', name: 'A' }])

    const found = await mistakesOf(read(state, { 'a.yaml': file }, ['a.yaml', 'tfstate:s.tfstate']))

    expect(found).toEqual([
      expect.stringMatching(
        /^s\.tfstate:14:7: urn:a \(auth0_resource_server\.a\): declared differently in a\.yaml:2:25 \(name\): declare it in one place, or give a state as the base of files$/,
      ),
    ])
  })

  it('beside a file that declares another API is both', async () => {
    const file = 'resource_servers:\n  - {identifier: urn:b}\n'
    const state = await read(stateOf(['', { identifier: 'urn:a' }]), { 'a.yaml': file }, [
      'tfstate:s.tfstate',
      'a.yaml',
    ])

    expect(state.apis.map(({ identifier }) => identifier)).toEqual(['urn:a', 'urn:b'])
  })
})

describe('a Terraform state as the base of declared files', () => {
  const state = stateOf(['', { id: '66a1f0000000000000000001', identifier: 'urn:a', signing_alg: 'RS256', name: 'A' }])
  const live = (values: JsonObject): JsonObject => ({ id: '66a1f0000000000000000001', identifier: 'urn:a', ...values })
  const compare = async (declared: JsonObject, tenant: JsonObject): Promise<readonly string[]> => {
    const base = await read(state)
    return said(
      compareAll({ declared: [{ identifier: 'urn:a', ...declared }], live: [tenant], input: { base } }).findings,
    )
  }

  it.each([
    ['a a b: drift', 'RS256', 'PS256', ['changed drift signing_alg']],
    ['a b a: pending', 'PS256', 'RS256', ['changed pending signing_alg notice']],
    ['a b b: adopted', 'PS256', 'PS256', []],
    ['a b c: conflict', 'PS256', 'RS512', ['changed conflict signing_alg']],
  ])('tells %s', async (_name, declared, found, expected) => {
    expect(await compare({ signing_alg: declared }, live({ signing_alg: found, name: 'A' }))).toEqual(expected)
  })

  it('takes no setting for taken away that the code never named, the id among them', async () => {
    expect(await compare({}, live({ signing_alg: 'RS256', name: 'A' }))).toEqual([])
  })
})

describe('the mutation corpus through a Terraform state', () => {
  /** As the provider writes what it read: the PEM it was given, false and "" where the tenant has no value, a list where scopes are managed. */
  function write(api: JsonObject): Texts {
    const { server, scopes } = toTerraform(withPem(api))
    const none = {
      allow_online_access: false,
      allow_online_access_with_ephemeral_sessions: false,
      enforce_policies: false,
      token_dialect: '',
    }
    const unset = Object.fromEntries(Object.entries(none).filter(([key]) => server[key] === null))
    const owner = { resource_server_identifier: api.identifier ?? null }
    const list = api.scopes === null ? { ...owner, scopes: [] } : scopes
    const attributes = { ...server, ...unset, id: api.id ?? null }
    return { 's.tfstate': stateOf(['', attributes], ...(list === null ? [] : [['_scopes', list] as const])) }
  }

  it('has the same findings as through declared files, but for what the provider cannot say', async () => {
    expect(await throughSource({ source: 'tfstate:s.tfstate', write })).toEqual({
      unsayable: [
        'access_token = absent',
        'access_token.claims_mapping = absent',
        'access_token.claims_mapping.custom_claims = [{"name":"plan","expression":"anonymous_session.metadata....',
        'access_token.claims_mapping.custom_claims = absent',
        'access_token.claims_mapping.custom_claims.*.expression = "anonymous_session.metadata.country"',
        'access_token.claims_mapping.custom_claims.*.expression = "anonymous_session.metadata.plan"',
        'agent_subject_claims = "auth0-v1"',
        'agent_subject_claims = absent',
        'allow_anonymous_access = absent',
        'allow_anonymous_access = false',
        'allow_anonymous_access = true',
        'authorization_details = [{"type":"payment","actions":["read"]}]',
        'authorization_policy = absent',
        'client_id = "clientOrders000000000000000000001"',
        'client_id = "clientOrders000000000000000000002"',
        'client_id = absent',
        'is_system = absent',
        'is_system = false',
        'is_system = true',
        'name = absent',
        'require_consent_non_repudiation = absent',
        'require_consent_non_repudiation = false',
        'require_consent_non_repudiation = true',
        'signing_secret = absent',
        'subject_type_authorization = absent',
        'subject_type_authorization.anonymous_user.policy = "require_client_grant"',
        'token_lifetime_for_anonymous_access_tokens = 172800',
        'token_lifetime_for_anonymous_access_tokens = 2592000',
        'token_lifetime_for_anonymous_access_tokens = 86400',
        'token_lifetime_for_anonymous_access_tokens = absent',
      ],
      otherwise: [],
    })
  })
})

/** A key that is declared by thumbprint, as its PEM. */
function withPem(api: JsonObject): JsonObject {
  const text = JSON.stringify(api)
  return SAMPLE_THUMBPRINTS.reduce<JsonObject>((found, thumbprint, index) => {
    const by = `"thumbprint_sha256":"${thumbprint}"`
    return text.includes(by)
      ? (JSON.parse(text.replace(by, `"pem":${JSON.stringify(SAMPLE_PEMS[index])}`)) as JsonObject)
      : found
  }, api)
}
