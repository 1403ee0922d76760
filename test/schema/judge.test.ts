import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import { SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { bareApi } from '../support/corpus.ts'
import { compareOne } from '../support/scenes.ts'

/**
 * Defaults and equalities, field by field, as measured on recorded traffic, written out by hand: what is declared, what is live,
 * at which path, and what that is worth. Where the table says nothing of a cell, the line says why it is as it is.
 */
type Worth = `${'weakened' | 'strengthened' | 'neutral'} ${'low' | 'medium' | 'high' | 'critical'}${'' | ' breaks'}`
type Line = readonly [
  declared: JsonObject,
  live: JsonObject,
  path: string,
  worth: Worth,
  /** The rest of the API, on both sides. */
  siblings?: JsonObject,
]

const [KEY_A, KEY_B] = SAMPLE_THUMBPRINTS
const RBAC = { enforce_policies: true }
const GRANTS = { subject_type_authorization: { user: { policy: 'require_client_grant' } } }
const MANAGEMENT = { is_system: true, identifier: 'https://acme.eu.auth0.com/api/v2/' }
const MY_ACCOUNT = { is_system: true, identifier: 'https://acme.eu.auth0.com/me/' }
const scopes = (...values: readonly string[]) => ({ scopes: values.map((value) => ({ value })) })
const user = (value: string) => ({ subject_type_authorization: { user: { policy: value } } })
const client = (value: string) => ({ subject_type_authorization: { client: { policy: value } } })
const anonymous = (value: string) => ({ subject_type_authorization: { anonymous_user: { policy: value } } })
const pop = (mechanism: string, required: boolean, more: JsonObject = {}) => ({
  proof_of_possession: { mechanism, required, ...more },
})
const jwe = (key: JsonObject) => ({
  token_encryption: {
    format: 'compact-nested-jwe',
    encryption_key: { name: 'key', alg: 'RSA-OAEP-256', kid: 'kid', thumbprint_sha256: KEY_A, ...key },
  },
})
const claims = (...list: readonly (readonly [name: string, expression: string])[]) => ({
  access_token: { claims_mapping: { custom_claims: list.map(([name, expression]) => ({ name, expression })) } },
})
const CLAIMS = 'access_token.claims_mapping.custom_claims'
const KEY = 'token_encryption.encryption_key'
const POP = 'proof_of_possession'
const ACCESS = 'subject_type_authorization'

const TABLE: Readonly<Record<string, readonly Line[]>> = {
  id: [[{ id: '66a1f0000000000000000001' }, { id: '66a1f0000000000000000002' }, 'id', 'neutral high breaks']],
  name: [[{ name: 'a' }, { name: 'b' }, 'name', 'neutral low']],
  is_system: [[{ is_system: true }, {}, 'is_system', 'neutral medium']], // not in the table: nobody can set it
  client_id: [[{ client_id: 'a' }, { client_id: 'b' }, 'client_id', 'neutral high']],
  scopes: [
    [scopes('a'), scopes('a', 'b'), 'scopes.b', 'weakened high'],
    [scopes('a'), scopes('a', 'b'), 'scopes.b', 'weakened medium', RBAC],
    [scopes('a'), scopes('a', 'b'), 'scopes.b', 'weakened medium', GRANTS],
    [scopes('a', 'b'), scopes('a'), 'scopes.b', 'strengthened medium breaks'],
    [
      { scopes: [{ value: 'a', description: 'x' }] },
      { scopes: [{ value: 'a', description: 'y' }] },
      'scopes.a.description',
      'neutral low',
    ],
  ],
  signing_alg: [
    [{ signing_alg: 'RS256' }, { signing_alg: 'HS256' }, 'signing_alg', 'weakened critical'],
    [{ signing_alg: 'PS256' }, { signing_alg: 'HS256' }, 'signing_alg', 'weakened critical'],
    [{ signing_alg: 'PS256' }, { signing_alg: 'RS256' }, 'signing_alg', 'weakened medium'],
    [{ signing_alg: 'PS256' }, { signing_alg: 'RS512' }, 'signing_alg', 'weakened medium'],
    [{ signing_alg: 'RS256' }, { signing_alg: 'RS512' }, 'signing_alg', 'neutral medium'],
    [{ signing_alg: 'RS256' }, { signing_alg: 'PS256' }, 'signing_alg', 'neutral medium'],
    [{ signing_alg: 'RS256' }, { signing_alg: 'ES256' }, 'signing_alg', 'neutral medium'],
    // Not in the table: the opposite of the gravest change; validators that hold the secret break all the same.
    [{ signing_alg: 'HS256' }, { signing_alg: 'RS256' }, 'signing_alg', 'strengthened medium'],
  ],
  signing_secret: [
    [{ signing_secret: 'a' }, { signing_secret: 'b' }, 'signing_secret', 'weakened critical', { signing_alg: 'HS256' }],
    [{ signing_secret: 'a' }, { signing_secret: 'b' }, 'signing_secret', 'neutral low', { signing_alg: 'RS256' }],
  ],
  allow_offline_access: switched('allow_offline_access', 'weakened medium', 'strengthened low'),
  allow_online_access: switched('allow_online_access', 'weakened low', 'strengthened low'),
  allow_online_access_with_ephemeral_sessions: switched(
    'allow_online_access_with_ephemeral_sessions',
    'weakened medium',
    'strengthened low',
  ),
  allow_anonymous_access: switched('allow_anonymous_access', 'weakened high', 'strengthened low'),
  agent_subject_claims: [
    [
      { agent_subject_claims: null },
      { agent_subject_claims: 'auth0-v1' },
      'agent_subject_claims',
      'neutral medium breaks',
    ],
    [{ agent_subject_claims: 'auth0-v1' }, {}, 'agent_subject_claims', 'neutral medium breaks'],
  ],
  require_consent_non_repudiation: switched(
    'require_consent_non_repudiation',
    'strengthened low breaks',
    'weakened high',
  ),
  access_token: [
    [claims(['a', 'x.y']), claims(['a', 'x.y'], ['b', 'x.z']), `${CLAIMS}.b`, 'weakened medium'],
    [claims(['a', 'x.y']), {}, `${CLAIMS}.a`, 'neutral medium breaks'],
    [claims(), claims(['a', 'x.y']), `${CLAIMS}.a`, 'weakened medium'],
    [claims(['a', 'x.y']), claims(['a', 'x.z']), `${CLAIMS}.a.expression`, 'weakened medium'],
  ],
  skip_consent_for_verifiable_first_party_clients: switched(
    'skip_consent_for_verifiable_first_party_clients',
    'weakened medium',
    'strengthened low',
  ),
  token_lifetime: lifetimes('token_lifetime'),
  token_lifetime_for_web: lifetimes('token_lifetime_for_web'),
  token_lifetime_for_anonymous_access_tokens: [
    ...lifetimes('token_lifetime_for_anonymous_access_tokens'),
    // Its default is unknown, so its absence is neither longer nor shorter.
    [
      { token_lifetime_for_anonymous_access_tokens: 100 },
      {},
      'token_lifetime_for_anonymous_access_tokens',
      'neutral medium',
    ],
  ],
  enforce_policies: [
    [{ enforce_policies: true }, { enforce_policies: false }, 'enforce_policies', 'weakened critical'],
    [{ enforce_policies: true }, {}, 'enforce_policies', 'weakened critical'],
    [{ enforce_policies: true }, {}, 'enforce_policies', 'weakened high', GRANTS],
    [{ enforce_policies: false }, { enforce_policies: true }, 'enforce_policies', 'strengthened low breaks'],
  ],
  token_dialect: [
    [dialect('rfc9068_profile'), dialect('access_token'), 'token_dialect', 'weakened medium'],
    [dialect('rfc9068_profile'), {}, 'token_dialect', 'weakened medium'],
    [dialect('rfc9068_profile_authz'), dialect('access_token_authz'), 'token_dialect', 'weakened medium', RBAC],
    [dialect('access_token_authz'), dialect('access_token'), 'token_dialect', 'neutral high breaks', RBAC],
    [dialect('rfc9068_profile_authz'), dialect('rfc9068_profile'), 'token_dialect', 'neutral high breaks', RBAC],
    [dialect('access_token_authz'), dialect('access_token'), 'token_dialect', 'neutral low'],
    // Both lines of the table at once: the direction of the one, the severity of the other.
    [dialect('rfc9068_profile_authz'), dialect('access_token'), 'token_dialect', 'weakened high breaks', RBAC],
    [dialect('access_token'), dialect('rfc9068_profile'), 'token_dialect', 'strengthened low'],
    [dialect('access_token'), dialect('a_new_one'), 'token_dialect', 'neutral medium'],
  ],
  token_encryption: [
    [jwe({}), {}, 'token_encryption', 'weakened high'],
    [{ token_encryption: null }, jwe({}), 'token_encryption', 'strengthened medium breaks'],
    [jwe({}), jwe({ thumbprint_sha256: KEY_B }), `${KEY}.thumbprint_sha256`, 'weakened critical'],
    [jwe({}), jwe({ kid: 'other' }), `${KEY}.kid`, 'neutral medium'],
    [jwe({}), jwe({ name: 'other' }), `${KEY}.name`, 'neutral low'],
    [jwe({}), jwe({ alg: 'RSA-OAEP-512' }), `${KEY}.alg`, 'neutral low'],
  ],
  consent_policy: [
    [{ consent_policy: null }, consent('transactional-authorization-with-mfa'), 'consent_policy', 'neutral medium'],
    [consent('transactional-authorization-with-mfa'), {}, 'consent_policy', 'neutral medium'],
    [consent('transactional-authorization-with-mfa'), consent('standard'), 'consent_policy', 'neutral medium'],
  ],
  authorization_details: [
    [types('a'), types('a', 'b'), 'authorization_details.b', 'weakened medium'],
    [types('a', 'b'), types('a'), 'authorization_details.b', 'neutral medium breaks'],
    [types('a'), { authorization_details: [{ type: 'a', x: 1 }] }, 'authorization_details.a.x', 'neutral medium'],
  ],
  proof_of_possession: [
    [pop('dpop', true), pop('dpop', false), `${POP}.required`, 'weakened critical'],
    [pop('dpop', true), {}, POP, 'weakened critical'],
    [pop('dpop', true), pop('none', false), POP, 'weakened critical'],
    [pop('dpop', false), {}, POP, 'weakened medium'],
    [pop('dpop', true), pop('dpop', true, { required_for: 'public_clients' }), `${POP}.required_for`, 'weakened high'],
    [
      pop('dpop', true, { required_for: 'public_clients' }),
      pop('dpop', true),
      `${POP}.required_for`,
      'strengthened high breaks',
    ],
    [pop('dpop', true), pop('mtls', true), `${POP}.mechanism`, 'neutral medium'],
    [pop('dpop', false), pop('dpop', true), `${POP}.required`, 'neutral high breaks'],
    [{ proof_of_possession: null }, pop('dpop', true), POP, 'neutral high breaks'],
    [{ proof_of_possession: null }, pop('dpop', false), POP, 'strengthened low'],
  ],
  subject_type_authorization: [
    [user('require_client_grant'), user('allow_all'), `${ACCESS}.user.policy`, 'weakened high', RBAC],
    [user('deny_all'), user('allow_all'), `${ACCESS}.user.policy`, 'weakened high', RBAC],
    [user('require_client_grant'), user('allow_all'), `${ACCESS}.user.policy`, 'weakened critical'],
    [user('require_client_grant'), {}, `${ACCESS}.user.policy`, 'weakened critical'],
    [
      user('require_client_grant'),
      user('allow_all'),
      `${ACCESS}.user.policy`,
      'weakened critical',
      { ...RBAC, ...MANAGEMENT },
    ],
    [
      user('require_client_grant'),
      user('allow_all'),
      `${ACCESS}.user.policy`,
      'weakened critical',
      { ...RBAC, ...MY_ACCOUNT },
    ],
    [user('deny_all'), user('require_client_grant'), `${ACCESS}.user.policy`, 'weakened medium'],
    [client('deny_all'), client('require_client_grant'), `${ACCESS}.client.policy`, 'weakened medium'],
    [client('deny_all'), {}, `${ACCESS}.client.policy`, 'weakened medium'],
    [anonymous('deny_all'), anonymous('require_client_grant'), `${ACCESS}.anonymous_user.policy`, 'weakened high'],
    [user('allow_all'), user('deny_all'), `${ACCESS}.user.policy`, 'neutral high breaks'],
    [client('require_client_grant'), client('deny_all'), `${ACCESS}.client.policy`, 'neutral high breaks'],
    [anonymous('require_client_grant'), {}, `${ACCESS}.anonymous_user.policy`, 'neutral high breaks'],
    // Not in the table: clients without a grant lose access, the others keep it.
    [user('allow_all'), user('require_client_grant'), `${ACCESS}.user.policy`, 'strengthened medium breaks'],
    [user('allow_all'), user('a_new_one'), `${ACCESS}.user.policy`, 'neutral high'],
  ],
  authorization_policy: [
    [policy('a'), {}, 'authorization_policy', 'weakened high'],
    [policy('a'), policy('b'), 'authorization_policy.policy_id', 'weakened high'],
    [{ authorization_policy: null }, policy('a'), 'authorization_policy', 'strengthened medium'],
  ],
}

function switched(field: string, on: Worth, off: Worth): readonly Line[] {
  return [
    [{ [field]: false }, { [field]: true }, field, on],
    [{ [field]: true }, { [field]: false }, field, off],
  ]
}

function lifetimes(field: string): readonly Line[] {
  return [
    [{ [field]: 3600 }, { [field]: 7200 }, field, 'weakened medium'],
    [{ [field]: 3600 }, { [field]: 86_400 }, field, 'weakened medium'],
    [{ [field]: 3600 }, { [field]: 86_401 }, field, 'weakened high'],
    [{ [field]: 7200 }, { [field]: 3600 }, field, 'strengthened low'],
  ]
}

function dialect(value: string) {
  return { token_dialect: value }
}

function consent(value: string) {
  return { consent_policy: value }
}

function types(...names: readonly string[]) {
  return { authorization_details: names.map((type) => ({ type })) }
}

function policy(id: string) {
  return { authorization_policy: { policy_id: id } }
}

const LINES = Object.entries(TABLE).flatMap(([field, lines]) =>
  lines.map((line) => [`${field}: ${text(line[0])} to ${text(line[1])} beside ${text(line[4] ?? {})}`, line] as const),
)

function text(value: Json): string {
  return JSON.stringify(value).slice(0, 140)
}

describe('what a difference is worth', () => {
  it.each(LINES)('%s', (_title, [declared, live, path, worth, siblings = {}]) => {
    const field = Object.keys(declared)[0] ?? ''
    const { [field]: _default, ...bare } = bareApi()
    const secret = live.signing_secret
    const { findings } = compareOne({
      declared: { ...siblings, ...declared },
      live: { ...bare, ...siblings, ...live },
      input: { secret: { status: 'read', digest: typeof secret === 'string' ? secret : null } },
    })

    const found = findings.filter((finding) => finding.kind === 'changed')
    expect(found.map((one) => one.path)).toEqual([path])
    expect(found.map((one) => `${one.direction} ${one.severity}${one.impact === null ? '' : ' breaks'}`)).toEqual([
      worth,
    ])
  })

  it('is written down here for every field of the catalogue', () => {
    const fields = FIELDS.filter((row) => !row.path.includes('.') && row.compare !== 'key').map((row) => row.path)

    expect(Object.keys(TABLE).toSorted()).toEqual(fields.toSorted())
  })

  it('takes the ceiling of a lifetime from the configuration', () => {
    const { findings } = compareOne({
      declared: { token_lifetime: 60 },
      live: { ...bareApi(), token_lifetime: 601 },
      context: { lifetimeCeiling: 600 },
    })

    expect(findings).toMatchObject([{ kind: 'changed', direction: 'weakened', severity: 'high' }])
  })

  it('of a missing API is critical and neutral: it fails closed, and its callers with it', () => {
    expect(compareOne({ declared: { identifier: 'urn:gone' }, live: null }).findings).toMatchObject([
      { kind: 'missing', path: '', direction: 'neutral', severity: 'critical', impact: 'breaks-clients' },
    ])
  })
})

/** The table's column "absent equals", by hand: what each value is worth where the other side has no such key. */
const ABSENT_EQUALS: Readonly<Record<string, readonly Json[] | 'always present'>> = {
  id: 'always present',
  name: [],
  is_system: [false],
  client_id: [],
  scopes: [[]],
  'scopes.*.description': [''],
  signing_alg: 'always present',
  signing_secret: [],
  allow_offline_access: 'always present',
  allow_online_access: [false],
  allow_online_access_with_ephemeral_sessions: [false],
  skip_consent_for_verifiable_first_party_clients: 'always present',
  token_lifetime: 'always present',
  token_lifetime_for_web: 'always present',
  token_lifetime_for_anonymous_access_tokens: [],
  allow_anonymous_access: [false],
  agent_subject_claims: [],
  require_consent_non_repudiation: [false],
  'access_token.claims_mapping.custom_claims': [[]],
  enforce_policies: [false],
  token_dialect: ['access_token'],
  token_encryption: [],
  consent_policy: ['standard'],
  authorization_details: [[]],
  proof_of_possession: [],
  'proof_of_possession.required_for': ['all_clients'],
  'subject_type_authorization.user.policy': ['allow_all'],
  'subject_type_authorization.client.policy': ['require_client_grant'],
  'subject_type_authorization.anonymous_user.policy': ['deny_all'],
  authorization_policy: [],
}

describe('what an absent key equals', () => {
  it.each(Object.entries(ABSENT_EQUALS))('%s', (path, equals) => {
    const row = FIELDS.find((candidate) => candidate.path === path)

    expect(row?.presence === 'always' ? 'always present' : row?.absentEquals).toEqual(equals)
  })

  it('covers every field', () => {
    const fields = FIELDS.filter((row) => !row.path.includes('.') && row.perMember !== true && row.compare !== 'key')

    expect(fields.map((row) => row.path).filter((path) => !Object.hasOwn(ABSENT_EQUALS, path))).toEqual([])
  })

  it('proof of possession by the mechanism "none" is none at all', () => {
    expect(
      compareOne({ declared: { proof_of_possession: null }, live: { ...bareApi(), ...pop('none', false) } }).findings,
    ).toEqual([])
    expect(compareOne({ declared: pop('none', false), live: bareApi() }).findings).toEqual([])
  })

  it('these fields are never undeclared', () => {
    expect(FIELDS.filter((row) => !row.path.includes('.') && !row.watched).map((row) => row.path)).toEqual([
      'id',
      'identifier',
      'name',
      'is_system',
      'client_id',
      'signing_secret',
    ])
  })
})
