import { describe, expect, it } from 'vitest'
import { assemble } from '../../src/sources/provider-assemble.ts'
import { fromProvider, scopesFromProvider } from '../../src/sources/provider-resource.ts'
import { SAMPLE_PEMS } from '../../src/schema/sample-keys.ts'

const [PEM] = SAMPLE_PEMS

describe('an API of the provider', () => {
  it('gets the names and values of the wire from a Pulumi program', () => {
    const read = fromProvider(
      {
        __defaults: [],
        identifier: 'urn:a',
        signingAlg: 'PS256',
        tokenLifetime: 3600,
        allowOfflineAccess: false,
        tokenDialect: 'rfc9068_profile',
        proofOfPossession: { __defaults: [], mechanism: 'dpop', required: true, requiredFor: 'public_clients' },
        subjectTypeAuthorization: { user: { policy: 'deny_all' }, client: { policy: 'require_client_grant' } },
        tokenEncryption: {
          format: 'compact-nested-jwe',
          encryptionKey: { algorithm: 'RSA-OAEP-256', kid: 'k1', name: 'key', pem: PEM },
        },
        authorizationDetails: [{ type: 'payment' }, { type: 'transfer' }],
        authorizationPolicy: { policyId: 'p-1' },
      },
      'pulumi',
    )

    expect(read).toEqual({
      values: {
        identifier: 'urn:a',
        signing_alg: 'PS256',
        token_lifetime: 3600,
        allow_offline_access: false,
        token_dialect: 'rfc9068_profile',
        proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'public_clients' },
        subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'require_client_grant' } },
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { alg: 'RSA-OAEP-256', kid: 'k1', name: 'key', pem: PEM },
        },
        authorization_details: [{ type: 'payment' }, { type: 'transfer' }],
        authorization_policy: { policy_id: 'p-1' },
      },
      notKnown: [],
    })
  })

  it('takes every way of switching a thing off as null, in both spellings', () => {
    const off = { consent_policy: null, authorization_details: null, token_encryption: null, proof_of_possession: null }
    const terraform = fromProvider(
      {
        consent_policy: 'null',
        authorization_details: [{ disable: true, type: '' }],
        token_encryption: [{ disable: true, format: '', encryption_key: [] }],
        proof_of_possession: [{ disable: true, mechanism: '', required: false, required_for: '' }],
      },
      'terraform',
    )
    const pulumi = fromProvider(
      {
        consentPolicy: 'null',
        authorizationDetails: [{ disable: true }],
        tokenEncryption: { disable: true },
        proofOfPossession: { disable: 'true' },
      },
      'pulumi',
    )

    expect([terraform.values, pulumi.values]).toEqual([off, off])
  })

  it('hears nothing in what a state holds of attributes that are not set', () => {
    const read = fromProvider(
      {
        id: '66a1f0000000000000000001',
        identifier: 'urn:a',
        client_id: '',
        is_system: false,
        name: '',
        signing_secret: null,
        verification_location: '',
        authorization_details: [],
        authorization_policy: [{ policy_id: '' }],
        subject_type_authorization: [{ client: [], user: [{ policy: '' }] }],
      },
      'terraform',
    )

    expect(read).toEqual({ values: { identifier: 'urn:a' }, notKnown: [] })
  })

  it('leaves out members of a block that are not set, and keeps false', () => {
    const read = fromProvider(
      { proof_of_possession: [{ disable: false, mechanism: 'mtls', required: false, required_for: '' }] },
      'terraform',
    )

    expect(read.values).toEqual({ proof_of_possession: { mechanism: 'mtls', required: false } })
  })

  it('names every attribute that it has no meaning for, at any depth', () => {
    const read = fromProvider(
      {
        identifier: 'urn:a',
        verificationLocation: 'https://jwks.example.com/',
        somethingNew: false,
        proofOfPossession: { mechanism: 'dpop', required: true, colour: 'red' },
        authorizationDetails: [{ type: 'payment', actions: ['read'] }],
      },
      'pulumi',
    )

    expect(read.notKnown).toEqual([
      { path: 'verification_location', why: 'unmapped', attribute: 'verificationLocation' },
      { path: 'something_new', why: 'unmapped', attribute: 'somethingNew' },
      { path: 'proof_of_possession.colour', why: 'unmapped', attribute: 'proofOfPossession.colour' },
      { path: 'authorization_details.payment.actions', why: 'unmapped', attribute: 'authorizationDetails.actions' },
    ])
  })

  it('is read by the name of the wire where a newer provider has an attribute that the table lacks', () => {
    const pulumi = {
      subjectTypeAuthorization: { user: { policy: 'allow_all' }, anonymousUser: { policy: 'deny_all' } },
      tokenLifetimeForAnonymousAccessTokens: 60,
    }
    const terraform = {
      subject_type_authorization: [{ user: [{ policy: 'allow_all' }], anonymous_user: [{ policy: 'deny_all' }] }],
      token_lifetime_for_anonymous_access_tokens: 60,
    }

    const read = [fromProvider(pulumi, 'pulumi'), fromProvider(terraform, 'terraform')]

    const values = {
      subject_type_authorization: { user: { policy: 'allow_all' }, anonymous_user: { policy: 'deny_all' } },
      token_lifetime_for_anonymous_access_tokens: 60,
    }
    expect(read).toEqual([
      { values, notKnown: [] },
      { values, notKnown: [] },
    ])
  })

  it.each(['terraform', 'pulumi'] as const)('holds its scopes itself before 1.0 of the provider: %s', (style) => {
    const read = fromProvider(
      { identifier: 'urn:a', scopes: [{ value: 'r', description: 'Read' }, { value: 'w' }] },
      style,
    )
    const odd = fromProvider({ identifier: 'urn:a', scopes: ['r'] }, style)

    expect(read.values.scopes).toEqual([{ value: 'r', description: 'Read' }, { value: 'w' }])
    expect(odd).toEqual({
      values: { identifier: 'urn:a' },
      notKnown: [{ path: 'scopes', why: 'unread', attribute: 'scopes' }],
    })
  })

  it('does not guess the key of an API that was imported without its PEM', () => {
    const key = { algorithm: 'RSA-OAEP-256', kid: '', name: 'key', pem: '' }
    const read = fromProvider(
      {
        identifier: 'urn:a',
        token_encryption: [{ disable: false, format: 'compact-nested-jwe', encryption_key: [key] }],
      },
      'terraform',
    )

    expect(read).toEqual({
      values: { identifier: 'urn:a' },
      notKnown: [{ path: 'token_encryption', why: 'keyless', attribute: 'token_encryption' }],
    })
  })

  it('reads scalars that were written as texts', () => {
    const read = fromProvider(
      { identifier: 'urn:a', tokenLifetime: '3600', enforcePolicies: 'true', name: 7 },
      'pulumi',
    )

    expect(read.values).toEqual({ identifier: 'urn:a', token_lifetime: 3600, enforce_policies: true, name: '7' })
  })
})

describe('scopes in resources of their own', () => {
  it('are whole in the one, and at least one in the other', () => {
    const many = scopesFromProvider(
      'scopes',
      {
        resourceServerIdentifier: 'urn:a',
        scopes: [{ name: 'r', description: 'Read', __defaults: [] }, { name: 'w' }],
      },
      'pulumi',
    )
    const one = scopesFromProvider(
      'scope',
      { id: 'urn:a::r', resource_server_identifier: 'urn:a', scope: 'r', description: '', colour: 'red' },
      'terraform',
    )

    expect(many).toEqual({
      identifier: 'urn:a',
      scopes: [{ value: 'r', description: 'Read' }, { value: 'w' }],
      isWhole: true,
      notKnown: [],
    })
    expect(one).toEqual({
      identifier: 'urn:a',
      scopes: [{ value: 'r' }],
      isWhole: false,
      notKnown: [{ path: 'scopes.colour', why: 'unmapped', attribute: 'colour' }],
    })
  })

  it.each([
    ['scopes', { resourceServerIdentifier: 'urn:a', scopes: 'unknown' }],
    ['scopes', { resourceServerIdentifier: 'urn:a' }],
    ['scopes', { resourceServerIdentifier: 'urn:a', scopes: [{ name: 'r' }, { name: { encrypted: true } }] }],
    ['scope', { resourceServerIdentifier: 'urn:a', scope: { encrypted: true } }],
  ] as const)('that cannot be told are not none: %s %j', (kind, inputs) => {
    expect(scopesFromProvider(kind, inputs, 'pulumi').scopes).toBeNull()
  })

  const server = (identifier: string) => ({ values: { identifier }, at: identifier })
  const whole = (at: string, ...values: string[]) => ({
    identifier: 'urn:a',
    scopes: values.map((value) => ({ value })),
    isWhole: true,
    at,
  })
  const single = (at: string, value: string, description?: string) => ({
    identifier: 'urn:a',
    scopes: [description === undefined ? { value } : { value, description }],
    isWhole: false,
    at,
  })

  it('are joined with their API; one without says nothing of scopes', () => {
    const joined = assemble([server('urn:a'), server('urn:b')], [single('1', 'r'), single('2', 'w')])

    expect(joined).toEqual({
      apis: [
        { values: { identifier: 'urn:a', scopes: [{ value: 'r' }, { value: 'w' }] }, at: 'urn:a', scopesAt: '1' },
        { values: { identifier: 'urn:b' }, at: 'urn:b', scopesAt: null },
      ],
      contradictions: [],
    })
  })

  it('may be an empty list, which says that there are none', () => {
    expect(assemble([server('urn:a')], [whole('1')]).apis[0]?.values).toEqual({ identifier: 'urn:a', scopes: [] })
  })

  it('may be given both ways where both say the same', () => {
    const joined = assemble([server('urn:a')], [single('1', 'w'), whole('2', 'r', 'w'), whole('3', 'w', 'r')])

    expect(joined.contradictions).toEqual([])
    expect(joined.apis[0]?.values.scopes).toEqual([{ value: 'r' }, { value: 'w' }])
  })

  it.each([
    ['one by itself that the list lacks', [whole('1', 'r'), single('2', 'w')]],
    ['two lists that differ', [whole('1', 'r'), whole('2', 'w')]],
    ['one scope with two descriptions', [single('1', 'r', 'Read'), single('2', 'r', 'Write')]],
  ])('contradict each other: %s', (_, pieces) => {
    const { contradictions } = assemble([server('urn:a')], pieces)

    expect(contradictions.map(({ at, earlier }) => [at, earlier])).toEqual([['2', '1']])
  })

  it('of an API that is declared elsewhere are its declaration where they are whole, and where not they must exist', () => {
    const list = assemble([], [whole('1', 'r')])
    const some = assemble([], [single('1', 'r'), single('2', 'w')])

    expect(list.apis).toEqual([{ values: { identifier: 'urn:a', scopes: [{ value: 'r' }] }, at: null, scopesAt: '1' }])
    expect(some.apis).toEqual([
      {
        values: { identifier: 'urn:a', scopes: [{ value: 'r' }, { value: 'w' }] },
        at: null,
        scopesAt: '1',
        isSomeScopes: true,
      },
    ])
  })
})
