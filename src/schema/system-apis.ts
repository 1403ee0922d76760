import type { JsonObject } from './json.ts'

export type SystemKind = 'management' | 'my-account' | 'my-org' | 'express-configure' | 'other'

export interface SystemApi {
  readonly kind: SystemKind
  readonly name: string
  /** True for identifiers that the tenant reserves for this API. */
  readonly matches: (identifier: string) => boolean
  /** Keys of a new one that differ from an ordinary API's, as recorded; `undefined` never stands in it. */
  readonly profile: JsonObject
  /** False where no new one was ever recorded, so that its profile is a guess. */
  readonly isMeasured: boolean
  /** Fields that the tenant lets anybody change. */
  readonly mutable: readonly string[]
  /** Of these only the members named: a PATCH with another one is refused, and what is not sent stays. */
  readonly mutableMembers?: Readonly<Record<string, readonly string[]>>
}

const OF_ANY_OTHER = [
  'token_lifetime',
  'proof_of_possession',
  'skip_consent_for_verifiable_first_party_clients',
  'subject_type_authorization',
  'authorization_policy',
]

/** What may be changed of a resource server: `fields` null where that is all that anybody may send. */
export interface Mutable {
  readonly fields: readonly string[] | null
  readonly members: Readonly<Record<string, readonly string[]>>
}

/** What a tenant lets anybody change of this API. `management` is the identifier of its Management API, where the reading knows it. */
export function mutableOf(api: JsonObject, management: string | null): Mutable {
  const kind = management !== null && api.identifier === management ? 'management' : systemKind(api)
  if (kind === null) return { fields: null, members: {} }
  const system = SYSTEM_APIS.find((known) => known.kind === kind)
  return { fields: system?.mutable ?? OF_ANY_OTHER, members: system?.mutableMembers ?? {} }
}

/** Measured profiles (recorded traffic 2018 to 2026; what a PATCH may change: the official provider and deploy tool). */
export const SYSTEM_APIS: readonly SystemApi[] = [
  {
    kind: 'management',
    name: 'Auth0 Management API',
    matches: (identifier) => /^https:\/\/[^/]+\/api\/v2\/$/.test(identifier),
    profile: {},
    isMeasured: true,
    mutable: ['token_lifetime', 'skip_consent_for_verifiable_first_party_clients', 'subject_type_authorization'],
    mutableMembers: { subject_type_authorization: ['user'] },
  },
  {
    kind: 'my-account',
    name: 'Auth0 My Account API',
    matches: (identifier) => /^https:\/\/[^/]+\/me\/$/.test(identifier),
    profile: {
      allow_offline_access: true,
      skip_consent_for_verifiable_first_party_clients: true,
      token_lifetime: 600,
      token_lifetime_for_web: 600,
      proof_of_possession: { mechanism: 'dpop', required: false },
      subject_type_authorization: { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } },
    },
    isMeasured: true,
    mutable: OF_ANY_OTHER,
  },
  {
    kind: 'my-org',
    name: 'Auth0 My Organization API',
    matches: (identifier) => /^https:\/\/[^/]+\/my-org\/$/.test(identifier),
    profile: {},
    isMeasured: false,
    mutable: OF_ANY_OTHER,
  },
  {
    kind: 'express-configure',
    name: 'Okta OIN Express Configuration API',
    matches: (identifier) => identifier === 'urn:auth0:express-configure',
    profile: {
      enforce_policies: true,
      token_lifetime: 300,
      subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'allow_all' } },
    },
    isMeasured: true,
    mutable: [],
  },
]

/** Which system API a resource server is; null for an ordinary one. `is_system` is the tenant sends it only where it is true. */
export function systemKind(api: JsonObject): SystemKind | null {
  if (api.is_system !== true) return null
  const { identifier } = api
  return typeof identifier === 'string'
    ? (SYSTEM_APIS.find((known) => known.matches(identifier))?.kind ?? 'other')
    : 'other'
}
