import { isJsonObject, type Json, type JsonObject } from '../../../src/schema/json.ts'

// A mapping of its own, written from the package's types: were it made from our table, a mistake there would cancel out here.

const PLAIN: readonly (readonly [camel: string, wire: string])[] = [
  ['identifier', 'identifier'],
  ['name', 'name'],
  ['signingAlg', 'signing_alg'],
  ['signingSecret', 'signing_secret'],
  ['allowOfflineAccess', 'allow_offline_access'],
  ['allowOnlineAccess', 'allow_online_access'],
  ['allowOnlineAccessWithEphemeralSessions', 'allow_online_access_with_ephemeral_sessions'],
  ['tokenLifetime', 'token_lifetime'],
  ['tokenLifetimeForWeb', 'token_lifetime_for_web'],
  ['skipConsentForVerifiableFirstPartyClients', 'skip_consent_for_verifiable_first_party_clients'],
  ['enforcePolicies', 'enforce_policies'],
  ['tokenDialect', 'token_dialect'],
]

/** What the tenant sets and a program cannot. */
export const OUTPUT_ONLY = ['clientId', 'isSystem'] as const

/** Every output that the provider fills in where a program gives no input, so that it is not known before the API is made. */
export const COMPUTED = [
  ...PLAIN.map(([camel]) => camel).filter((camel) => camel !== 'identifier'),
  'consentPolicy',
  'authorizationDetails',
  'authorizationPolicy',
  'proofOfPossession',
  'subjectTypeAuthorization',
  'tokenEncryption',
  ...OUTPUT_ONLY,
]

/** The body of a POST for a program's inputs. `verificationLocation` is an attribute without a wire field. */
export function toWire(inputs: JsonObject): JsonObject {
  const body: Record<string, Json> = {}
  for (const [camel, wire] of PLAIN) if (inputs[camel] !== undefined) body[wire] = inputs[camel]
  const { consentPolicy, tokenEncryption, authorizationDetails, proofOfPossession } = inputs
  const { subjectTypeAuthorization, authorizationPolicy } = inputs
  if (consentPolicy !== undefined) body.consent_policy = consentPolicy === 'null' ? null : consentPolicy
  if (isJsonObject(tokenEncryption)) body.token_encryption = encryptionToWire(tokenEncryption)
  if (Array.isArray(authorizationDetails)) body.authorization_details = detailsToWire(authorizationDetails)
  if (isJsonObject(proofOfPossession)) {
    const { disable, mechanism, required, requiredFor } = proofOfPossession
    body.proof_of_possession = disable === true ? null : given({ mechanism, required, required_for: requiredFor })
  }
  if (isJsonObject(subjectTypeAuthorization)) {
    const { user, client } = subjectTypeAuthorization
    body.subject_type_authorization = given({ user: policyToWire(user), client: policyToWire(client) })
  }
  if (isJsonObject(authorizationPolicy)) body.authorization_policy = given({ policy_id: authorizationPolicy.policyId })
  return body
}

function encryptionToWire({ disable, format, encryptionKey }: JsonObject): Json {
  if (disable === true) return null
  if (!isJsonObject(encryptionKey)) return given({ format })
  const { name, algorithm, kid, pem } = encryptionKey
  return given({ format, encryption_key: given({ name, alg: algorithm, kid, pem }) })
}

function detailsToWire(details: readonly Json[]): Json {
  const blocks = details.filter(isJsonObject)
  return blocks.some(({ disable }) => disable === true) ? null : blocks.map(({ type }) => given({ type }))
}

function policyToWire(side: Json | undefined): Json | undefined {
  return isJsonObject(side) ? given({ policy: side.policy }) : undefined
}

/** Outputs for an API as the tenant returns it. The PEM of a key never comes back, so it stays what the program gave. */
export function fromWire(api: JsonObject, inputs: JsonObject): JsonObject {
  const outputs: Record<string, Json> = {}
  for (const [camel, wire] of PLAIN) if (api[wire] !== undefined) outputs[camel] = api[wire]
  const { token_encryption, authorization_details, proof_of_possession } = api
  const { subject_type_authorization, authorization_policy } = api
  return {
    ...outputs,
    consentPolicy: api.consent_policy ?? 'null',
    tokenEncryption: isJsonObject(token_encryption) ? encryptionFromWire(token_encryption, inputs) : { disable: true },
    authorizationDetails: Array.isArray(authorization_details)
      ? (authorization_details as readonly Json[]).filter(isJsonObject).map(({ type }) => given({ type }))
      : [{ disable: true }],
    proofOfPossession: isJsonObject(proof_of_possession)
      ? given({
          mechanism: proof_of_possession.mechanism,
          required: proof_of_possession.required,
          requiredFor: proof_of_possession.required_for,
        })
      : { disable: true },
    ...(isJsonObject(subject_type_authorization) && { subjectTypeAuthorization: subject_type_authorization }),
    ...(isJsonObject(authorization_policy) && {
      authorizationPolicy: given({ policyId: authorization_policy.policy_id }),
    }),
    ...(typeof inputs.verificationLocation === 'string' && { verificationLocation: inputs.verificationLocation }),
    clientId: api.client_id ?? '',
    isSystem: api.is_system ?? false,
  }
}

function encryptionFromWire({ format, encryption_key: key }: JsonObject, inputs: JsonObject): JsonObject {
  const { tokenEncryption: before } = inputs
  const { pem } = isJsonObject(before) && isJsonObject(before.encryptionKey) ? before.encryptionKey : {}
  if (!isJsonObject(key)) return given({ format })
  return given({ format, encryptionKey: given({ name: key.name, algorithm: key.alg, kid: key.kid, pem }) })
}

export function scopesToWire(scopes: Json | undefined): readonly JsonObject[] {
  const blocks = Array.isArray(scopes) ? (scopes as readonly Json[]).filter(isJsonObject) : []
  return blocks.map(({ name, description }) => given({ value: name, description }))
}

export function scopesFromWire(scopes: Json | undefined): readonly JsonObject[] {
  const items = Array.isArray(scopes) ? (scopes as readonly Json[]).filter(isJsonObject) : []
  return items.map(({ value, description }) => given({ name: value, description }))
}

/** Without what is not given. */
export function given(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}
