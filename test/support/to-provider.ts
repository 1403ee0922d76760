import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import { isJsonObject, own, type Json, type JsonObject } from '../../src/schema/json.ts'

/**
 * An API as a program or a state of the Auth0 provider would hold it, written by hand and not from the product's table: what a person who
 * writes these values with the provider writes. Settings that the provider has no attribute for are left out.
 */
export interface ProviderForm {
  readonly server: JsonObject
  /** The resource for all scopes; null where the API says nothing of scopes. */
  readonly scopes: JsonObject | null
}

const TOP = [
  'identifier',
  'name',
  'signing_alg',
  'signing_secret',
  'allow_offline_access',
  'allow_online_access',
  'allow_online_access_with_ephemeral_sessions',
  'skip_consent_for_verifiable_first_party_clients',
  'token_lifetime',
  'token_lifetime_for_web',
  'enforce_policies',
  'token_dialect',
  'consent_policy',
]

const CAMEL: Readonly<Record<string, string>> = {
  signing_alg: 'signingAlg',
  signing_secret: 'signingSecret',
  allow_offline_access: 'allowOfflineAccess',
  allow_online_access: 'allowOnlineAccess',
  allow_online_access_with_ephemeral_sessions: 'allowOnlineAccessWithEphemeralSessions',
  skip_consent_for_verifiable_first_party_clients: 'skipConsentForVerifiableFirstPartyClients',
  token_lifetime: 'tokenLifetime',
  token_lifetime_for_web: 'tokenLifetimeForWeb',
  enforce_policies: 'enforcePolicies',
  token_dialect: 'tokenDialect',
  consent_policy: 'consentPolicy',
  authorization_details: 'authorizationDetails',
  authorization_policy: 'authorizationPolicy',
  policy_id: 'policyId',
  proof_of_possession: 'proofOfPossession',
  required_for: 'requiredFor',
  subject_type_authorization: 'subjectTypeAuthorization',
  token_encryption: 'tokenEncryption',
  encryption_key: 'encryptionKey',
  resource_server_identifier: 'resourceServerIdentifier',
}

/** As Terraform's state has it: blocks are lists of one, and a block's members that are not set are there, empty. */
export function toTerraform(api: JsonObject): ProviderForm {
  const server: Record<string, Json> = { id: '66a1f0000000000000000001' }
  for (const key of TOP)
    if (Object.hasOwn(api, key)) server[key] = own(api, key) ?? (key === 'consent_policy' ? 'null' : null)
  const block = (key: string, make: (value: JsonObject) => JsonObject, off: JsonObject): void => {
    const value = own(api, key)
    if (value === null) server[key] = [off]
    else if (isJsonObject(value)) server[key] = [make(value)]
  }
  block(
    'token_encryption',
    (value) => {
      const key = own(value, 'encryption_key')
      const keys = isJsonObject(key) ? [keyBlock(key)] : []
      return { disable: false, format: own(value, 'format') ?? '', encryption_key: keys }
    },
    { disable: true, format: '', encryption_key: [] },
  )
  block('proof_of_possession', (value) => ({ disable: false, required_for: '', ...value }), {
    disable: true,
    mechanism: '',
    required: false,
    required_for: '',
  })
  block('authorization_policy', (value) => value, { policy_id: '' })
  block(
    'subject_type_authorization',
    (value) => Object.fromEntries(['user', 'client'].map((who) => [who, accessBlocks(own(value, who))])),
    {},
  )
  const details = own(api, 'authorization_details')
  if (details === null) server.authorization_details = [{ disable: true, type: '' }]
  else if (Array.isArray(details))
    server.authorization_details = (details as readonly JsonObject[]).map(({ type }) => ({
      disable: false,
      type: type ?? '',
    }))
  // No scopes at all is an empty list there.
  const scopes = own(api, 'scopes') === null ? [] : own(api, 'scopes')
  return {
    server,
    scopes: Array.isArray(scopes)
      ? {
          id: own(api, 'identifier') ?? null,
          resource_server_identifier: own(api, 'identifier') ?? null,
          scopes: (scopes as readonly JsonObject[]).map(({ value, description }) => ({
            name: value ?? null,
            description: description ?? '',
          })),
        }
      : null,
  }
}

/** As a Pulumi program writes it: objects, camelCase, nothing that is not set. */
export function toPulumi(api: JsonObject): ProviderForm {
  const { server, scopes } = toTerraform(api)
  const { id: _id, ...written } = server
  const { id: _scopesId, ...scopesWritten } = scopes ?? {}
  return {
    server: camel(written) as JsonObject,
    scopes: scopes === null ? null : (camel(scopesWritten) as JsonObject),
  }
}

function keyBlock(key: JsonObject): JsonObject {
  const { alg, kid, name, pem, thumbprint_sha256: thumbprint } = key
  // The provider takes the key itself, whose thumbprint the tenant then returns.
  const known = SAMPLE_PEMS[SAMPLE_THUMBPRINTS.findIndex((sample) => sample === thumbprint)]
  return { algorithm: alg ?? '', kid: kid ?? '', name: name ?? '', pem: pem ?? known ?? '' }
}

function accessBlocks(access: Json | undefined): Json {
  return isJsonObject(access) ? [{ policy: own(access, 'policy') ?? '' }] : []
}

function camel(value: Json, key = ''): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => camel(item))
    return key === 'scopes' || key === 'authorization_details' ? items : (items[0] ?? {})
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) =>
      child === '' || child === null ? [] : [[CAMEL[name] ?? name, camel(child, name)] as const],
    ),
  )
}
