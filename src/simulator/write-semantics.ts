import { bareDefaults, topRows } from '../schema/fields.ts'
import { fromEntries, isJsonObject, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { publicKeyThumbprint } from '../schema/public-key.ts'
import type { SystemApi } from '../schema/system-apis.ts'
import type { Random } from './random.ts'
import { systemScopes } from './system-scopes.ts'

/** Keys in the order in which new objects were recorded; what was sent besides follows in the order sent. */
const FIRST_KEYS: readonly string[] = topRows()
  .filter((row) => row.wirePlace !== undefined)
  .toSorted((a, b) => (a.wirePlace ?? 0) - (b.wirePlace ?? 0))
  .map((row) => row.path)

export interface CreateContext {
  readonly random: Random
  /** Top-level defaults that this tenant does not return yet. */
  readonly withoutDefaults: Set<string>
}

/** What a POST leaves: the measured defaults under what was sent; a null is as if it had not been sent. */
export function createApi(sent: JsonObject, context: CreateContext): JsonObject {
  return assembleApi({ ...defaults(context), ...stored(sent) }, sent, context)
}

/**
 * What a POST of a reserved identifier leaves: the system's own name whatever was sent, its profile, and of what was sent only what may be changed.
 * The scopes are those that the answer to the POST had; the tenant adds more by itself later (`grownScopes`).
 */
export function createSystemApi(sent: JsonObject, system: SystemApi, context: CreateContext): JsonObject {
  const scopes = systemScopes(system.kind).created
  const given = Object.entries(sent).filter(([key]) => system.mutable.includes(key))
  const fixed: JsonObject = {
    name: system.name,
    identifier: own(sent, 'identifier') ?? '',
    ...(scopes.length > 0 && { scopes }),
    is_system: true,
  }
  return assembleApi(
    { ...defaults(context), ...fixed, ...system.profile, ...stored(fromEntries(given)) },
    sent,
    context,
  )
}

/** Shallow: members are replaced whole, null takes the key away, keys keep their place. Measured on 509 recorded PATCHes. */
export function patchApi(before: JsonObject, sent: JsonObject, random: Random): JsonObject {
  const merged: Record<string, Json> = { ...before, ...stored(sent) }
  for (const [key, value] of Object.entries(sent)) if (value === null) delete merged[key]
  return withSigningSecret(merged, random)
}

function defaults(context: CreateContext): JsonObject {
  return fromEntries(Object.entries(bareDefaults()).filter(([key]) => !context.withoutDefaults.has(key)))
}

function assembleApi(values: JsonObject, sent: JsonObject, context: CreateContext): JsonObject {
  const given = own(sent, 'id')
  const complete = withSigningSecret(
    { id: typeof given === 'string' ? given : context.random.id(), ...values },
    context.random,
  )
  const first = FIRST_KEYS.filter((key) => Object.hasOwn(complete, key))
  const rest = Object.keys(complete).filter((key) => !FIRST_KEYS.includes(key))
  return fromEntries([...first, ...rest].map((key) => [key, own(complete, key) ?? null] as const))
}

/** HS256 without a secret gets a generated one: 32 letters and digits, as all recorded ones. A secret stays when the algorithm changes. */
function withSigningSecret(api: JsonObject, random: Random): JsonObject {
  if (api.signing_alg !== 'HS256' || own(api, 'signing_secret') !== undefined) return api
  return { ...api, signing_secret: random.text(32) }
}

/** As it is kept: without nulls, and the PEM of an encryption key as its RFC 7638 thumbprint (the PEM never comes back). */
function stored(sent: JsonObject): JsonObject {
  return fromEntries(
    Object.entries(sent)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, key === 'token_encryption' ? withThumbprint(value) : value] as const),
  )
}

function withThumbprint(encryption: Json): Json {
  if (!isJsonObject(encryption) || !isJsonObject(encryption.encryption_key)) return encryption
  const { pem, ...key } = encryption.encryption_key
  if (typeof pem !== 'string') return encryption
  const result = publicKeyThumbprint(pem)
  return { ...encryption, encryption_key: result.ok ? { ...key, thumbprint_sha256: result.thumbprint } : key }
}
