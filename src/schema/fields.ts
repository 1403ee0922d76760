import * as z from 'zod'
import type { FieldRow } from './field-row.ts'
import type { JsonObject } from './json.ts'
import {
  always,
  judgeAccess,
  judgeAuthorizationDetail,
  judgeAuthorizationPolicy,
  judgeEnforcePolicies,
  judgePopRequired,
  judgePopRequiredFor,
  judgeProofOfPossession,
  judgeScope,
  judgeSigningAlg,
  judgeSigningSecret,
  judgeTokenDialect,
  judgeTokenEncryption,
  lifetime,
  riskySwitch,
} from './judge.ts'
import { publicKeyThumbprint } from './public-key.ts'

/** The endpoint's reference; most fields have no page of their own. */
const REFERENCE = 'https://auth0.com/docs/api/management/v2/resource-servers/get-resource-servers'
const POP_DOCS = 'https://auth0.com/docs/secure/sender-constraining'
const JWE_DOCS = 'https://auth0.com/docs/secure/tokens/access-tokens/json-web-encryption'
const RAR_DOCS = 'https://auth0.com/docs/get-started/apis/configure-rich-authorization-requests'
const ACCESS_DOCS = 'https://auth0.com/docs/get-started/apis/api-access-policies-for-applications'

const text = (max: number, what: string) =>
  z
    .string({ error: `${what} must be a text` })
    .min(1, { error: `${what} must not be empty` })
    .max(max, { error: `${what} must have at most ${max} characters` })

const oneOf = (values: readonly [string, ...string[]]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })
const flag = z.boolean({ error: 'must be true or false' })
const seconds = z
  .int({ error: 'must be a whole number of seconds' })
  .min(0, { error: 'must be at least 0 seconds' })
  .max(2_592_000, { error: 'must be at most 2592000 seconds (30 days)' })

const pem = text(4096, 'pem').superRefine((value, context) => {
  const result = publicKeyThumbprint(value)
  if (!result.ok) context.addIssue({ code: 'custom', message: `pem ${result.message}` })
})

const SAMPLE_THUMBPRINTS = [
  'w0kIFOc-q7KKK-pa2Uj5b_Cl3f0hAgFeseLg8iEmWu0',
  'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
] as const

/** What most rows share: an optional field that a user sets and that is absent until then. */
const optional = {
  nullable: true,
  presence: 'optional',
  absentEquals: [],
  compare: 'plain',
  setBy: 'user',
  writable: 'both',
  watched: true,
  link: REFERENCE,
} as const satisfies Partial<FieldRow>

/** A field that every resource server has, so that null can never be its value. */
const present = { ...optional, nullable: false, presence: 'always' } as const satisfies Partial<FieldRow>

/** A member without which its parent is a mistake. */
const member = { ...optional, nullable: false, required: true } as const satisfies Partial<FieldRow>

const access = (
  subject: 'user' | 'client' | 'anonymous_user',
  whenAbsent: string,
  policies: readonly [string, ...string[]],
) =>
  [
    {
      ...optional,
      path: `subject_type_authorization.${subject}`,
      json: 'object',
      nullable: false,
      compare: 'object',
      perMember: true,
      absentEquals: [{}],
      judge: always('neutral', 'low'),
      weakened: null,
      strengthened: null,
      neutral: null,
      sentence: `Access to this API for ${subject === 'anonymous_user' ? 'anonymous sessions' : `${subject} flows`}.`,
      link: ACCESS_DOCS,
      samples: [],
    },
    {
      ...optional,
      path: `subject_type_authorization.${subject}.policy`,
      json: 'string',
      schema: oneOf(policies),
      nullable: false,
      absentEquals: [whenAbsent],
      judge: judgeAccess(subject, whenAbsent),
      weakened: 'a more open policy',
      strengthened:
        policies.length > 2 ? 'allow_all to require_client_grant (clients without a grant lose access)' : null,
      neutral: 'to deny_all: clients lose access; or a policy this version does not know',
      sentence: `Which clients may get tokens for this API in ${subject === 'anonymous_user' ? 'anonymous sessions' : `${subject} flows`}.`,
      link: ACCESS_DOCS,
      samples: policies,
    },
  ] as const satisfies readonly FieldRow[]

/**
 * The field catalogue: one row per field of a resource server and per nested field that can drift on its own.
 * Schemas, the comparer, policies, the editors' JSON Schema, the docs table, the test corpus and the embedded tenant's validation come from it.
 * Constraints, defaults and equalities are the ones measured on recorded traffic; where the reference page differs, the wire wins.
 */
export const FIELDS: readonly FieldRow[] = [
  {
    ...present,
    path: 'id',
    json: 'string',
    schema: z.string().regex(/^[0-9a-f]{24}$/, { error: 'id must have 24 hexadecimal digits' }),
    judge: always('neutral', 'high', 'breaks-clients'),
    weakened: null,
    strengthened: null,
    neutral: 'another id: the API was deleted and created again, and its grants are gone',
    setBy: 'tenant',
    writable: 'never',
    watched: false,
    sentence: "The tenant's own id of the API.",
    samples: ['66a1f0000000000000000001', '66a1f0000000000000000002'],
  },
  {
    ...present,
    path: 'identifier',
    json: 'string',
    schema: text(600, 'identifier'),
    required: true,
    compare: 'key',
    judge: always('neutral', 'critical'),
    weakened: null,
    strengthened: null,
    neutral: null,
    writable: 'create',
    watched: false,
    sentence: 'The audience of the API: unique, and fixed once set.',
    samples: ['https://orders.example.com/', 'urn:orders'],
  },
  {
    ...optional,
    path: 'name',
    json: 'string',
    schema: text(200, 'name').regex(/^[^<>]+$/, { error: 'name must not contain < or >' }),
    judge: always('neutral', 'low'),
    weakened: null,
    strengthened: null,
    neutral: 'another name',
    watched: false,
    sentence: 'The name people see.',
    samples: ['Orders', 'Orders API'],
  },
  {
    ...optional,
    path: 'is_system',
    json: 'boolean',
    schema: flag,
    absentEquals: [false],
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: 'a custom API became a system API, or the other way round',
    setBy: 'tenant',
    writable: 'never',
    watched: false,
    sentence: 'Whether the API is one of the tenant’s own; on the wire only where it is true.',
    samples: [true, false],
  },
  {
    ...optional,
    path: 'client_id',
    json: 'string',
    schema: text(600, 'client_id'),
    judge: always('neutral', 'high'),
    weakened: null,
    strengthened: null,
    neutral: 'another client is linked: only the linked one can act on behalf of users here',
    setBy: 'tenant',
    writable: 'never',
    watched: false,
    sentence: 'The client that is linked to this API (set through the clients endpoint).',
    samples: ['clientOrders000000000000000000001', 'clientOrders000000000000000000002'],
  },
  {
    ...optional,
    path: 'scopes',
    json: 'list',
    compare: 'map',
    itemKey: 'value',
    absentEquals: [[]],
    judge: judgeScope,
    weakened: 'a scope was added: high where RBAC is off and every client may ask for it',
    strengthened: 'a scope was removed: callers that ask for it break',
    neutral: 'only its description differs',
    sentence: 'The permissions that tokens for this API can carry; their order means nothing.',
    samples: [],
  },
  {
    ...member,
    path: 'scopes.*.value',
    json: 'string',
    schema: text(280, 'value'),
    compare: 'key',
    judge: always('neutral', 'low'),
    weakened: null,
    strengthened: null,
    neutral: null,
    sentence: 'The name of a permission.',
    samples: ['read:orders', 'write:orders'],
  },
  {
    ...optional,
    path: 'scopes.*.description',
    json: 'string',
    schema: z
      .string({ error: 'description must be a text' })
      .max(500, { error: 'description must have at most 500 characters' }),
    absentEquals: [''],
    judge: always('neutral', 'low'),
    weakened: null,
    strengthened: null,
    neutral: 'another description',
    sentence: 'What people read about a permission on the consent page.',
    samples: ['Read orders', 'Read all orders'],
  },
  {
    ...present,
    path: 'signing_alg',
    json: 'string',
    schema: oneOf(['HS256', 'RS256', 'RS512', 'PS256']),
    judge: judgeSigningAlg,
    weakened: 'to HS256, whose secret the API itself holds: critical; PS256 to RS256 or RS512: medium',
    strengthened: 'from HS256 to a private key',
    neutral: 'another asymmetric algorithm: validators that expect one algorithm break',
    onCreate: 'RS256',
    sentence: 'The algorithm that signs access tokens.',
    samples: ['RS256', 'HS256', 'PS256', 'RS512'],
  },
  {
    ...optional,
    path: 'signing_secret',
    json: 'string',
    schema: z
      .string({ error: 'signing_secret must be a text' })
      .min(16, { error: 'signing_secret must have at least 16 characters' }),
    compare: 'secret',
    judge: judgeSigningSecret,
    weakened: 'changed while HS256 signs: whoever holds it forges tokens',
    strengthened: null,
    neutral: 'changed while another algorithm signs',
    watched: false,
    sentence: 'The secret that signs with HS256; compared, never shown.',
    samples: ['an-invented-secret-1', 'an-invented-secret-2'],
  },
  {
    ...present,
    path: 'allow_offline_access',
    json: 'boolean',
    schema: flag,
    judge: riskySwitch('medium'),
    weakened: 'on: refresh tokens are issued',
    strengthened: 'off',
    neutral: null,
    onCreate: false,
    sentence: 'Whether refresh tokens may be issued for this API.',
    samples: [false, true],
  },
  {
    ...optional,
    path: 'allow_online_access',
    json: 'boolean',
    schema: flag,
    absentEquals: [false],
    judge: riskySwitch('low'),
    weakened: 'on: online refresh tokens are issued',
    strengthened: 'off',
    neutral: null,
    setBy: 'entitlement',
    sentence: 'Whether online refresh tokens may be issued.',
    samples: [true, false],
  },
  {
    ...optional,
    path: 'allow_online_access_with_ephemeral_sessions',
    json: 'boolean',
    schema: flag,
    absentEquals: [false],
    judge: riskySwitch('medium'),
    weakened: 'on: online refresh tokens are issued in ephemeral sessions too',
    strengthened: 'off',
    neutral: null,
    setBy: 'entitlement',
    sentence: 'Whether online refresh tokens may be issued in ephemeral sessions.',
    samples: [true, false],
  },
  {
    ...optional,
    path: 'allow_anonymous_access',
    json: 'boolean',
    schema: flag,
    absentEquals: [false],
    judge: riskySwitch('high'),
    weakened: 'on: anonymous sessions may get tokens',
    strengthened: 'off',
    neutral: null,
    setBy: 'entitlement',
    sentence: 'Whether anonymous sessions may get tokens for this API.',
    samples: [true, false],
  },
  {
    ...optional,
    path: 'agent_subject_claims',
    json: 'any',
    schema: z.json(),
    absentEquals: [false],
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: 'any change: it alters the sub claim',
    setBy: 'entitlement',
    sentence: 'How agents appear in the subject of tokens; its shape is not documented yet.',
    samples: [true, 'agent'],
  },
  {
    ...present,
    path: 'skip_consent_for_verifiable_first_party_clients',
    json: 'boolean',
    schema: flag,
    judge: riskySwitch('medium'),
    weakened: 'on: first-party clients get tokens without asking',
    strengthened: 'off',
    neutral: null,
    onCreate: false,
    sentence: 'Whether first-party clients skip the consent page; third parties always show it.',
    samples: [false, true],
  },
  ...(['token_lifetime', 'token_lifetime_for_web'] as const).map(
    (path) =>
      ({
        ...present,
        path,
        json: 'integer',
        schema: seconds,
        judge: lifetime,
        weakened: 'longer: medium; beyond the ceiling (86400 s unless configured): high',
        strengthened: 'shorter',
        neutral: null,
        onCreate: path === 'token_lifetime' ? 86_400 : 7200,
        sentence:
          path === 'token_lifetime'
            ? 'Seconds that an access token from the token endpoint lives.'
            : 'Seconds that an access token from a browser flow lives.',
        samples: path === 'token_lifetime' ? [86_400, 3600, 100_000] : [7200, 3600, 100_000],
      }) as const satisfies FieldRow,
  ),
  {
    ...optional,
    path: 'token_lifetime_for_anonymous_access_tokens',
    json: 'integer',
    schema: seconds,
    judge: lifetime,
    weakened: 'longer: medium; beyond the ceiling (86400 s unless configured): high',
    strengthened: 'shorter',
    neutral: 'set or unset: its default is not known, so neither is called safer',
    setBy: 'entitlement',
    sentence: 'Seconds that an access token of an anonymous session lives.',
    samples: [3600, 7200, 100_000],
  },
  {
    ...optional,
    path: 'enforce_policies',
    json: 'boolean',
    schema: flag,
    absentEquals: [false],
    judge: judgeEnforcePolicies,
    weakened: 'off: permissions are no longer checked; critical where every client may act for users',
    strengthened: 'on: callers without the permissions break',
    neutral: null,
    sentence: 'Whether role-based access control decides which scopes a token gets.',
    samples: [true, false],
  },
  {
    ...optional,
    path: 'token_dialect',
    json: 'string',
    schema: oneOf(['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz']),
    absentEquals: ['access_token'],
    judge: judgeTokenDialect,
    weakened: 'the RFC 9068 profile was left',
    strengthened: 'the RFC 9068 profile was taken up',
    neutral: 'the permissions claim came or went: high where RBAC is on, for the claim is what the API checks',
    sentence: 'The claims that an access token has.',
    samples: ['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'],
  },
  {
    ...optional,
    path: 'token_encryption',
    json: 'object',
    compare: 'object',
    judge: judgeTokenEncryption,
    weakened: 'encryption was removed',
    strengthened: 'encryption was added: an API without the key cannot read its tokens',
    neutral: null,
    setBy: 'entitlement',
    sentence: 'Encrypts access tokens for the API.',
    link: JWE_DOCS,
    samples: [],
  },
  {
    ...member,
    path: 'token_encryption.format',
    json: 'string',
    schema: oneOf(['compact-nested-jwe']),
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: 'another format',
    setBy: 'entitlement',
    sentence: 'The format of encrypted tokens.',
    link: JWE_DOCS,
    samples: ['compact-nested-jwe'],
  },
  {
    ...member,
    path: 'token_encryption.encryption_key',
    json: 'object',
    compare: 'object',
    perMember: true,
    rule: (key) => {
      const given = ['pem', 'thumbprint_sha256'].filter((name) => Object.hasOwn(key, name))
      return given.length === 1 ? null : 'must have either pem or thumbprint_sha256'
    },
    judge: always('weakened', 'critical'),
    weakened: null,
    strengthened: null,
    neutral: null,
    setBy: 'entitlement',
    sentence: 'The public key that tokens are encrypted for.',
    link: JWE_DOCS,
    samples: [],
  },
  {
    ...optional,
    path: 'token_encryption.encryption_key.name',
    json: 'string',
    schema: text(128, 'name'),
    judge: always('neutral', 'low'),
    weakened: null,
    strengthened: null,
    neutral: 'another name',
    setBy: 'entitlement',
    sentence: 'The name of the key.',
    link: JWE_DOCS,
    samples: ['orders key', 'orders key 2'],
  },
  {
    ...member,
    path: 'token_encryption.encryption_key.alg',
    json: 'string',
    schema: oneOf(['RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512']),
    judge: always('neutral', 'low'),
    weakened: null,
    strengthened: null,
    neutral: 'another algorithm',
    setBy: 'entitlement',
    sentence: 'The algorithm that wraps the content key.',
    link: JWE_DOCS,
    samples: ['RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'],
  },
  {
    ...optional,
    path: 'token_encryption.encryption_key.kid',
    json: 'string',
    schema: text(128, 'kid'),
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: 'another key id: the API may look for the wrong key',
    setBy: 'entitlement',
    sentence: 'The id of the key in token headers.',
    link: JWE_DOCS,
    samples: ['orders-2026-01', 'orders-2026-02'],
  },
  {
    ...optional,
    path: 'token_encryption.encryption_key.pem',
    json: 'string',
    schema: pem,
    nullable: false,
    compare: 'public-key',
    judge: always('weakened', 'critical'),
    weakened: null,
    strengthened: null,
    neutral: null,
    setBy: 'entitlement',
    sentence:
      'The public key itself (one CERTIFICATE or PUBLIC KEY block, RSA). The tenant never returns it: it is compared by thumbprint.',
    link: JWE_DOCS,
    samples: [],
  },
  {
    ...optional,
    path: 'token_encryption.encryption_key.thumbprint_sha256',
    json: 'string',
    schema: z
      .string({ error: 'thumbprint_sha256 must be a text' })
      .regex(/^[A-Za-z0-9_-]{43}$/, {
        error: 'thumbprint_sha256 must be an RFC 7638 thumbprint: 43 base64url characters',
      }),
    nullable: false,
    judge: always('weakened', 'critical'),
    weakened: 'another key: whoever holds its private half reads the tokens, and the API no longer can',
    strengthened: null,
    neutral: null,
    setBy: 'entitlement',
    writable: 'never',
    sentence: 'The RFC 7638 thumbprint of the public key, as the tenant returns it; may be declared in place of pem.',
    link: JWE_DOCS,
    samples: SAMPLE_THUMBPRINTS,
  },
  {
    ...optional,
    path: 'consent_policy',
    json: 'string',
    schema: oneOf(['transactional-authorization-with-mfa', 'standard']),
    absentEquals: ['standard'],
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: 'either way',
    setBy: 'entitlement',
    sentence: 'How consent is asked for a transaction.',
    link: RAR_DOCS,
    samples: ['transactional-authorization-with-mfa', 'standard'],
  },
  {
    ...optional,
    path: 'authorization_details',
    json: 'list',
    compare: 'map',
    itemKey: 'type',
    openItems: true,
    absentEquals: [[]],
    judge: judgeAuthorizationDetail,
    weakened: 'a type was added',
    strengthened: null,
    neutral: 'a type was removed (requests with it fail), or an item changed',
    setBy: 'entitlement',
    sentence: 'The types of rich authorization requests; their order means nothing.',
    link: RAR_DOCS,
    samples: [],
  },
  {
    ...member,
    path: 'authorization_details.*.type',
    json: 'string',
    schema: text(1024, 'type'),
    compare: 'key',
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: null,
    setBy: 'entitlement',
    sentence: 'A type of authorization details.',
    link: RAR_DOCS,
    samples: ['payment', 'transfer'],
  },
  {
    ...optional,
    path: 'proof_of_possession',
    json: 'object',
    compare: 'object',
    // The documents name a mechanism "none", the schemas do not: it stands for no proof of possession at all.
    absentWhen: (value) => value.mechanism === 'none',
    rule: (value) =>
      value.mechanism === 'mtls' && value.required_for === 'public_clients'
        ? 'mtls cannot be required for public_clients'
        : null,
    judge: judgeProofOfPossession,
    weakened: 'removed: critical where it was required, else medium',
    strengthened: 'offered, and not required',
    neutral: 'newly required: clients without it fail',
    sentence: 'Binds access tokens to a key of the client, so that a stolen token is useless.',
    link: POP_DOCS,
    samples: [],
  },
  {
    ...member,
    path: 'proof_of_possession.mechanism',
    json: 'string',
    schema: oneOf(['mtls', 'dpop', 'none']),
    judge: always('neutral', 'medium'),
    weakened: null,
    strengthened: null,
    neutral: 'mtls and dpop swapped',
    link: POP_DOCS,
    sentence: 'How possession is proven: mutual TLS or DPoP.',
    samples: ['mtls', 'dpop'],
  },
  {
    ...member,
    path: 'proof_of_possession.required',
    json: 'boolean',
    schema: flag,
    judge: judgePopRequired,
    weakened: 'no longer required: stolen tokens can be replayed',
    strengthened: null,
    neutral: 'newly required: clients without it fail',
    link: POP_DOCS,
    sentence: 'Whether tokens without proof of possession are refused.',
    samples: [true, false],
  },
  {
    ...optional,
    path: 'proof_of_possession.required_for',
    json: 'string',
    schema: oneOf(['public_clients', 'all_clients']),
    nullable: false,
    absentEquals: ['all_clients'],
    judge: judgePopRequiredFor,
    weakened: 'confidential clients no longer need it',
    strengthened: 'confidential clients need it too',
    neutral: null,
    link: POP_DOCS,
    sentence: 'Which clients must prove possession.',
    samples: ['all_clients', 'public_clients'],
  },
  {
    ...present,
    path: 'subject_type_authorization',
    json: 'object',
    compare: 'object',
    perMember: true,
    // Some tenants do not return it yet: absent stands for the default of each member.
    presence: 'optional',
    absentEquals: [{}],
    judge: always('neutral', 'high'),
    weakened: null,
    strengthened: null,
    neutral: null,
    onCreate: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
    sentence: 'Which clients may get tokens for this API, by kind of subject.',
    link: ACCESS_DOCS,
    samples: [],
  },
  ...access('user', 'allow_all', ['allow_all', 'require_client_grant', 'deny_all']),
  ...access('client', 'require_client_grant', ['require_client_grant', 'deny_all']),
  ...access('anonymous_user', 'deny_all', ['deny_all', 'require_client_grant']),
  {
    ...optional,
    path: 'authorization_policy',
    json: 'object',
    compare: 'object',
    judge: judgeAuthorizationPolicy,
    weakened: 'removed',
    strengthened: 'added',
    neutral: null,
    setBy: 'entitlement',
    sentence: 'The authorization policy that guards this API.',
    samples: [],
  },
  {
    ...member,
    path: 'authorization_policy.policy_id',
    json: 'string',
    schema: text(1024, 'policy_id'),
    judge: judgeAuthorizationPolicy,
    weakened: 'another policy',
    strengthened: null,
    neutral: null,
    setBy: 'entitlement',
    sentence: 'The id of the authorization policy.',
    samples: ['policy-1', 'policy-2'],
  },
]

/** Rows without a parent: the keys of a resource server. One policy guards each. */
export function topRows(rows: readonly FieldRow[] = FIELDS): readonly FieldRow[] {
  return rows.filter((row) => !row.path.includes('.'))
}

/** Rows one step below `path`: members of an object, or of a list's items (`path.*`). */
export function childRows(path: string, rows: readonly FieldRow[] = FIELDS): readonly FieldRow[] {
  return rows.filter((row) => row.path.startsWith(`${path}.`) && !row.path.slice(path.length + 1).includes('.'))
}

/** The last step of a row's path: its key on the wire. */
export function keyOf(row: FieldRow): string {
  return row.path.slice(row.path.lastIndexOf('.') + 1)
}

/** What a bare create leaves, `identifier` added by the caller. */
export function bareDefaults(rows: readonly FieldRow[] = FIELDS): JsonObject {
  return Object.fromEntries(
    topRows(rows).flatMap((row) => (row.onCreate === undefined ? [] : [[row.path, row.onCreate]])),
  )
}
