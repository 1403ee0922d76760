import { fromEntries, isJsonObject, memberOf, own, parseJson, type Json, type JsonObject } from '../schema/json.ts'
import type { NotKnownReason } from '../schema/not-known.ts'
import type { HiddenInput } from './provider-source.ts'

/** The engine marks a secret in an export by this key and value (pulumi/pulumi, sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

export function isSecret(value: Json): boolean {
  return memberOf(value, SIGNATURE) === SECRET
}

/**
 * `pulumi stack export --show-secrets` writes a secret as the JSON text of its value; otherwise it stays what it is, encrypted. With a wrong passphrase
 * the engine writes `null` for every secret: that is a value that could not be read, and no secret of ours is null.
 */
function revealSecrets(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(revealSecrets)
  if (!isJsonObject(value)) return value
  if (!isSecret(value))
    return fromEntries(Object.entries(value).map(([key, child]) => [key, revealSecrets(child)] as const))
  const plaintext = own(value, 'plaintext')
  const shown = typeof plaintext === 'string' ? (parseJson(plaintext) ?? null) : null
  return shown === null ? value : revealSecrets(shown)
}

/** Inputs that can be read, and those that were left out because they hold something that cannot. */
export interface ReadableInputs {
  readonly values: JsonObject
  readonly hidden: readonly HiddenInput[]
}

type Why = (value: Json) => NotKnownReason | null

/** Inputs with their secrets revealed where the export shows them, and without those that hold one that it does not. */
export function withoutEncrypted(inputs: JsonObject): ReadableInputs {
  const revealed = Object.entries(inputs).map(([key, value]) => [key, revealSecrets(value)] as const)
  return withoutHidden(revealed, (value) => {
    if (!isSecret(value)) return null
    return memberOf(value, 'plaintext') === undefined ? 'encrypted' : 'undecrypted'
  })
}

/** Takes out the inputs that hold, at any depth, a value that cannot be read. `whyNot` says why of one value alone. */
export function withoutHidden(inputs: readonly (readonly [string, Json])[], whyNot: Why): ReadableInputs {
  const hidden = inputs.flatMap(([name, value]): readonly HiddenInput[] => {
    const why = firstWhy(value, whyNot)
    return why === null ? [] : [{ name, why }]
  })
  const names = new Set(hidden.map(({ name }) => name))
  return { values: fromEntries(inputs.filter(([name]) => !names.has(name))), hidden }
}

function firstWhy(value: Json, whyNot: Why): NotKnownReason | null {
  const why = whyNot(value)
  if (why !== null || typeof value !== 'object' || value === null) return why
  for (const inner of Object.values<Json>(value)) {
    const found = firstWhy(inner, whyNot)
    if (found !== null) return found
  }
  return null
}
