import { fromEntries, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import type { NotKnownReason } from '../schema/not-known.ts'

/** The engine marks a secret in an export by this key and value (pulumi/pulumi, sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

export function isSecret(value: Json): boolean {
  return isJsonObject(value) && own(value, SIGNATURE) === SECRET
}

/**
 * `pulumi stack export --show-secrets` writes a secret as the JSON text of its value; otherwise it stays what it is, encrypted. With a wrong passphrase
 * the engine writes `null` for every secret: that is a value that could not be read, and no secret of ours is null.
 */
function reveal(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reveal)
  if (!isJsonObject(value)) return value
  if (!isSecret(value)) return fromEntries(Object.entries(value).map(([key, child]) => [key, reveal(child)] as const))
  const plaintext = own(value, 'plaintext')
  if (typeof plaintext !== 'string') return value
  try {
    const shown = JSON.parse(plaintext) as Json
    return shown === null ? value : reveal(shown)
  } catch {
    return value
  }
}

/** An input that was left out, because it holds a secret that could not be read. */
export interface HiddenInput {
  readonly name: string
  readonly why: Extract<NotKnownReason, 'encrypted' | 'undecrypted'>
}

/** Inputs with their secrets revealed where the export shows them, and without those that hold one that it does not. */
export function withoutEncrypted(inputs: JsonObject): {
  readonly values: JsonObject
  readonly hidden: readonly HiddenInput[]
} {
  const fields = Object.entries(inputs).map(([key, value]) => [key, reveal(value)] as const)
  const hidden = fields.flatMap(([name, value]): readonly HiddenInput[] => {
    const why = whyHidden(value)
    return why === null ? [] : [{ name, why }]
  })
  const names = new Set(hidden.map(({ name }) => name))
  return { values: fromEntries(fields.filter(([key]) => !names.has(key))), hidden }
}

/** Null where no secret is left in it. */
function whyHidden(value: Json): HiddenInput['why'] | null {
  if (typeof value !== 'object' || value === null) return null
  if (isSecret(value)) return Object.hasOwn(value, 'plaintext') ? 'undecrypted' : 'encrypted'
  for (const child of Object.values<Json>(value)) {
    const why = whyHidden(child)
    if (why !== null) return why
  }
  return null
}
