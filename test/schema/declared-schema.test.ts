import { describe, expect, it } from 'vitest'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import { mutations, noOps } from '../support/corpus.ts'

const mistakesOf = (server: Json) =>
  declaredMistakes(server).map(({ path, message }) => `${path.join('.')}: ${message}`)

const key = (members: JsonObject) => ({
  token_encryption: { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', ...members } },
})
const KEY = 'token_encryption.encryption_key'
const pop = (members: JsonObject) => ({ proof_of_possession: members })
const long = (length: number) => 'x'.repeat(length)

/** What is wrong, and the one message for it. */
const MISTAKES: readonly (readonly [server: JsonObject, mistake: string])[] = [
  [{ identifier: '' }, 'identifier: identifier must not be empty'],
  [{ identifier: long(601) }, 'identifier: identifier must have at most 600 characters'],
  [{ identifier: 5 }, 'identifier: identifier must be a string'],
  [{ id: '66A1' }, 'id: id must have 24 hexadecimal digits'],
  [{ name: long(201) }, 'name: name must have at most 200 characters'],
  [{ name: 'a<b' }, 'name: name must not contain < or >'],
  [{ scopes: {} }, 'scopes: scopes must be a list'],
  [{ scopes: ['read'] }, 'scopes.0: an item of scopes must be an object'],
  [{ scopes: [{}] }, 'scopes.0.value: value is missing'],
  [{ scopes: [{ value: '' }] }, 'scopes.0.value: value must not be empty'],
  [{ scopes: [{ value: long(281) }] }, 'scopes.0.value: value must have at most 280 characters'],
  [
    { scopes: [{ value: 'a', description: long(501) }] },
    'scopes.0.description: description must have at most 500 characters',
  ],
  [{ scopes: [{ value: 'a' }, { value: 'a' }] }, 'scopes.1.value: value appears twice in scopes'],
  [
    { scopes: [{ value: 'a', colour: 'red' }] },
    'scopes.0.colour: unknown field "colour"; known in an item of scopes: value, description',
  ],
  [
    { scopes: Array.from({ length: 1001 }, (_, index) => ({ value: `s${index}` })) },
    'scopes: scopes must have at most 1000 items',
  ],
  [{ signing_alg: 'none' }, 'signing_alg: must be one of HS256, RS256, RS512, PS256'],
  [{ signing_alg: null }, 'signing_alg: must be one of HS256, RS256, RS512, PS256'],
  [{ signing_secret: 'short' }, 'signing_secret: signing_secret must have at least 16 characters'],
  [{ allow_offline_access: 'yes' }, 'allow_offline_access: must be true or false'],
  [{ allow_offline_access: null }, 'allow_offline_access: must be true or false'],
  [{ token_lifetime: -1 }, 'token_lifetime: must be at least 0 seconds'],
  [{ token_lifetime: 2_592_001 }, 'token_lifetime: must be at most 2592000 seconds (30 days)'],
  [{ token_lifetime: 1.5 }, 'token_lifetime: must be a whole number of seconds'],
  [{ token_lifetime: '3600' }, 'token_lifetime: must be a whole number of seconds'],
  [
    { token_dialect: 'jwt' },
    'token_dialect: must be one of access_token, access_token_authz, rfc9068_profile, rfc9068_profile_authz',
  ],
  [{ consent_policy: 'none' }, 'consent_policy: must be one of transactional-authorization-with-mfa, standard'],
  [{ token_encryption: { format: 'compact-nested-jwe' } }, `${KEY}: encryption_key is missing`],
  [
    { token_encryption: { format: 'jwe', encryption_key: { alg: 'RSA-OAEP-256', pem: SAMPLE_PEMS[0] } } },
    'token_encryption.format: must be one of compact-nested-jwe',
  ],
  [key({}), `${KEY}: encryption_key must have either pem or thumbprint_sha256`],
  [
    key({ pem: SAMPLE_PEMS[0], thumbprint_sha256: SAMPLE_THUMBPRINTS[0] }),
    `${KEY}: encryption_key must have either pem or thumbprint_sha256`,
  ],
  [key({ pem: SAMPLE_PEMS[0], alg: 'RSA' }), `${KEY}.alg: must be one of RSA-OAEP-256, RSA-OAEP-384, RSA-OAEP-512`],
  [key({ pem: SAMPLE_PEMS[0], kid: long(129) }), `${KEY}.kid: kid must have at most 128 characters`],
  [key({ pem: SAMPLE_PEMS[0], name: '' }), `${KEY}.name: name must not be empty`],
  [
    key({ thumbprint_sha256: 'abc' }),
    `${KEY}.thumbprint_sha256: thumbprint_sha256 must be an RFC 7638 thumbprint: 43 base64url characters`,
  ],
  [{ authorization_details: [{ kind: 'a' }] }, 'authorization_details.0.type: type is missing'],
  [
    { authorization_details: [{ type: 'a' }, { type: 'a' }] },
    'authorization_details.1.type: type appears twice in authorization_details',
  ],
  [pop({ required: true }), 'proof_of_possession.mechanism: mechanism is missing'],
  [pop({ mechanism: 'dpop' }), 'proof_of_possession.required: required is missing'],
  [pop({ mechanism: 'tls', required: true }), 'proof_of_possession.mechanism: must be one of mtls, dpop, none'],
  [
    pop({ mechanism: 'mtls', required: true, required_for: 'public_clients' }),
    'proof_of_possession: proof_of_possession mtls cannot be required for public_clients',
  ],
  [{ subject_type_authorization: null }, 'subject_type_authorization: subject_type_authorization must be an object'],
  [
    { subject_type_authorization: { client: { policy: 'allow_all' } } },
    'subject_type_authorization.client.policy: must be one of require_client_grant, deny_all',
  ],
  [
    { subject_type_authorization: { robot: {} } },
    'subject_type_authorization.robot: unknown field "robot"; known in subject_type_authorization: user, client, anonymous_user',
  ],
  [{ authorization_policy: {} }, 'authorization_policy.policy_id: policy_id is missing'],
]

describe('a declared resource server', () => {
  it.each(MISTAKES.map(([server, mistake]) => [mistake, server] as const))('is refused: %s', (mistake, server) => {
    expect(mistakesOf({ identifier: 'urn:x', ...server })).toEqual([mistake])
  })

  it.each([null, [], 'text', 5, true])('is refused where it is no object: %s', (value) => {
    expect(mistakesOf(value)).toEqual([': a resource server must be an object'])
  })

  it('is refused without an identifier', () => {
    expect(mistakesOf({})).toEqual(['identifier: identifier is missing'])
  })

  it('names all mistakes at once', () => {
    expect(mistakesOf({ identifier: '', token_lifetime: -1, other: 1 })).toHaveLength(3)
  })

  it.each(['{"identifier":"urn:x","__proto__":{"a":1}}', '{"identifier":"urn:x","constructor":1}'])(
    'is refused with a key that is everybody’s by nature: %s',
    (text) => {
      expect(mistakesOf(JSON.parse(text) as Json)).toEqual([expect.stringContaining('unknown field')])
    },
  )

  it('is accepted for every sample of every field', () => {
    const servers = [...mutations(), ...noOps()].map(({ declared }) => declared)

    expect(servers.flatMap((server) => mistakesOf(server))).toEqual([])
    expect(new Set([...mutations(), ...noOps()].map(({ row }) => row.path)).size).toBeGreaterThan(FIELDS.length / 2)
  })

  it('is accepted at the very edges', () => {
    const edges = [
      { identifier: long(600), name: long(200), token_lifetime: 0, token_lifetime_for_web: 2_592_000 },
      { identifier: 'x', signing_secret: long(16), scopes: [{ value: long(280), description: long(500) }] },
      { identifier: 'x', scopes: Array.from({ length: 1000 }, (_, index) => ({ value: `s${index}` })) },
    ]

    expect(edges.flatMap((server) => mistakesOf(server))).toEqual([])
  })

  it('never says a value in a message', () => {
    const planted = 'planted-value'
    const server = Object.fromEntries(
      FIELDS.filter((row) => !row.path.includes('.')).map((row) => [row.path, { [planted]: planted }]),
    )
    const text = mistakesOf(server)
      .map((line) => line.replaceAll(JSON.stringify(planted), '').replace(/^[^:]*:/, ''))
      .join('\n')

    expect(text).not.toContain(planted)
    expect(mistakesOf({ identifier: 'urn:x', signing_secret: planted }).join()).not.toContain(planted)
  })
})
