import { fromEntries, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'

/** The engine marks a secret in an export by this key and value (pulumi/pulumi, sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

export function isSecret(value: Json): boolean {
  return isJsonObject(value) && own(value, SIGNATURE) === SECRET
}

/** `pulumi stack export --show-secrets` writes a secret as the JSON text of its value; otherwise it stays what it is, encrypted. */
function reveal(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reveal)
  if (!isJsonObject(value)) return value
  if (!isSecret(value)) return fromEntries(Object.entries(value).map(([key, child]) => [key, reveal(child)] as const))
  const plaintext = own(value, 'plaintext')
  if (typeof plaintext !== 'string') return value
  try {
    return reveal(JSON.parse(plaintext) as Json)
  } catch {
    return value
  }
}

/** Inputs with their secrets revealed where the export shows them, and without those that hold one that it keeps encrypted. */
export function withoutEncrypted(inputs: JsonObject): {
  readonly values: JsonObject
  readonly hidden: readonly string[]
} {
  const fields = Object.entries(inputs).map(([key, value]) => [key, reveal(value)] as const)
  const hidden = fields.filter(([, value]) => holdsSecret(value)).map(([key]) => key)
  return { values: fromEntries(fields.filter(([key]) => !hidden.includes(key))), hidden }
}

function holdsSecret(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  return isSecret(value) || Object.values<Json>(value).some(holdsSecret)
}
