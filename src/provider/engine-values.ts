import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts'

/** What the engine sends in place of a value that is not known yet, by type (pulumi, sdk/go/common/resource/plugin/rpc.go). */
const UNKNOWNS: ReadonlySet<Json> = new Set([
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
])

/** The key by which the engine marks secrets, assets and references (sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d'

/** The kind of thing marked: a secret. */
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

/** A value as the engine marks a secret on the wire. */
export function asSecret(value: Json): JsonObject {
  return { [SIGNATURE]: SECRET, value }
}

export function isUnknown(value: Json | undefined): boolean {
  return value !== undefined && UNKNOWNS.has(value)
}

/** Whether a value is, or holds, something that is not known yet. */
export function holdsUnknown(value: Json | undefined): boolean {
  if (isUnknown(value)) return true
  return typeof value === 'object' && value !== null && Object.values(value).some((child) => holdsUnknown(child))
}

/**
 * A tenant's text must stay text: one that is a sentinel of the engine would make a policy skip the difference it stands in. Such texts
 * and keys get a visible prefix. What is `undefined` is left out, because the engine's encoding refuses it.
 */
export function toEngine(value: unknown): Json {
  if (typeof value === 'string') return UNKNOWNS.has(value) ? `text:${value}` : value
  if (Array.isArray(value)) return value.map(toEngine)
  if (!isJsonObject(value)) return (value ?? null) as Json
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>)
      .filter(([, child]) => child !== undefined)
      .map(([key, child]) => [key === SIGNATURE ? `text:${key}` : key, toEngine(child)]),
  )
}

/** Inputs as the engine gives them, without the provider's own text. */
export function withoutProvider(props: JsonObject): JsonObject {
  const { __provider: _text, ...rest } = props
  return rest
}

/** A text as it is; anything else, which only a mistake can bring, as JSON. */
export function textOrJson(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
