import { listOf, memberOf, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import type { Random } from './random.ts'

const TYPES = ['regular_web', 'spa', 'native', 'non_interactive'] as const
const GRANT_TYPES = {
  regular_web: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  spa: ['authorization_code', 'implicit', 'refresh_token'],
  native: ['authorization_code', 'refresh_token'],
  non_interactive: ['client_credentials'],
} as const

/** The keys of a client, and what stands in them after a create, as recorded. */
function clientOf(tenant: string, random: Random, given: JsonObject): JsonObject {
  return {
    tenant,
    global: false,
    is_token_endpoint_ip_header_trusted: false,
    is_first_party: true,
    oidc_conformant: true,
    sso_disabled: false,
    cross_origin_auth: false,
    refresh_token: {
      expiration_type: 'non-expiring',
      leeway: 0,
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: true,
      token_lifetime: 31_557_600,
      idle_token_lifetime: 2_592_000,
      rotation_type: 'non-rotating',
    },
    cross_origin_authentication: false,
    signing_keys: [{ cert: `invented ${random.text(12)}`, subject: 'deprecated' }],
    client_id: random.text(32),
    callback_url_template: false,
    client_secret: random.text(64),
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
    custom_login_page_on: true,
    ...given,
  }
}

/** The client that the credentials of the tenant belong to, and the one that stands for all of them. */
export function ownClients(tenant: string, clientId: string, secret: string, random: Random): readonly JsonObject[] {
  return [
    clientOf(tenant, random, {
      name: 'tenant-drift simulator',
      client_id: clientId,
      client_secret: secret,
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
    }),
    {
      tenant,
      global: true,
      callbacks: [],
      is_first_party: true,
      name: 'All Applications',
      client_id: random.text(32),
      client_secret: random.text(64),
      custom_login_page_on: true,
    },
  ]
}

/**
 * The `index`-th invented application (from 0). Every tenth is somebody else's, every second of these follows the policy of an API without a grant; every
 * sixth proves possession of a key; every fourth is a machine.
 */
export function makeClient(tenant: string, index: number, random: Random): JsonObject {
  const type = TYPES[index % TYPES.length] ?? 'regular_web'
  const isThirdParty = index % 10 === 9
  return clientOf(tenant, random, {
    name: `Application ${String(index + 1).padStart(5, '0')}`,
    app_type: type,
    grant_types: [...GRANT_TYPES[type]],
    token_endpoint_auth_method: type === 'spa' || type === 'native' ? 'none' : 'client_secret_post',
    ...(index % 3 === 0 && { description: `Invented application number ${index + 1}` }),
    ...(index % 6 === 2 && { require_proof_of_possession: true }),
    ...(isThirdParty && { is_first_party: false }),
    ...(isThirdParty && index % 20 === 19 && { third_party_security_mode: 'permissive' }),
  })
}

/**
 * The grants of the `index`-th invented API: of applications in turn, half of them to act as themselves and half to act for users, each with one scope, the
 * next with two. The last of every tenth API is the one that third-party applications have by default.
 */
export function makeGrants(
  api: JsonObject,
  index: number,
  count: number,
  clients: readonly string[],
  grantId: () => string,
): readonly JsonObject[] {
  const scopes = scopesOfApi(api)
  return Array.from({ length: count }, (_, at): JsonObject => {
    const turn = index * count + at
    const isDefault = index % 10 === 9 && at === count - 1 && count > 1
    const isForUsers = (at + Math.floor(at / clients.length)) % 2 === 1
    return {
      id: grantId(),
      ...(isDefault ? {} : { client_id: clients[turn % clients.length] ?? null }),
      audience: own(api, 'identifier') ?? null,
      scope: scopes.slice(0, 1 + (at % 2)),
      subject_type: isForUsers && !isDefault ? 'user' : 'client',
      ...(isDefault && { default_for: 'third_party_clients' }),
    }
  })
}

function scopesOfApi(api: JsonObject): readonly Json[] {
  return listOf(own(api, 'scopes')).flatMap((scope) => memberOf(scope, 'value') ?? [])
}
