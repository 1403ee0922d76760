import { FIELDS } from './fields.ts'
import { canonicalText, fromEntries, isJsonObject, type Json, type JsonObject } from './json.ts'
import { parsePath } from './path.ts'
import { withoutSecretKey } from './secret-field.ts'
import { digestSecretNow, isSecretDigest } from './secret-digest.ts'
import { isPrivateKey, soundsSecret } from './sounds-secret.ts'

/**
 * Names that the catalogue has somewhere, wherever that is: what stands under them is compared field by field. A set and not the tree: a name that is
 * known elsewhere is no new field that may hold a secret, and of ten thousand APIs every key is asked.
 */
const KNOWN: ReadonlySet<string> = new Set(FIELDS.flatMap(({ path }) => parsePath(path) ?? [path]))

/** An API as it may be written down: in a snapshot, a record, a history. */
export function keptItem(tenant: string, item: JsonObject): JsonObject {
  return redactUnknown(tenant, withoutSecretKey(item))
}

/**
 * An API with digests in place of values that this version knows nothing of and that sound like secrets: a new field may hold one, and a file that
 * is kept must not. Equal values have equal digests in one tenant, so that a change still shows. The same object where there is nothing to hide.
 */
export function redactUnknown(tenant: string, item: JsonObject): JsonObject {
  return mayHold(item, false) ? redactObject(tenant, item, false) : item
}

/** Whether there is anything to look at more closely. Of ten thousand APIs this is asked in every run, and almost always answered no. */
function mayHold(value: Json, isUnknown: boolean): boolean {
  if (typeof value !== 'object') return isUnknown && isPrivateKey(value)
  if (value === null) return false
  if (Array.isArray(value)) return (value as readonly Json[]).some((item) => mayHold(item, isUnknown))
  for (const key in value as JsonObject) {
    const isStranger = isUnknown || !KNOWN.has(key)
    if (isStranger && soundsSecret(key)) return true
    const member = (value as JsonObject)[key] ?? null
    if ((isStranger || typeof member === 'object') && mayHold(member, isStranger)) return true
  }
  return false
}

function redactObject(tenant: string, value: JsonObject, isUnknown: boolean): JsonObject {
  let isChanged = false
  const entries = Object.entries(value).map(([key, member]): readonly [string, Json] => {
    const isStranger = isUnknown || !KNOWN.has(key)
    const redacted =
      isStranger && soundsSecret(key) ? hide(tenant, key, member) : redact(tenant, key, member, isStranger)
    isChanged ||= redacted !== member
    return [key, redacted]
  })
  return isChanged ? fromEntries(entries) : value
}

function redact(tenant: string, key: string, value: Json, isUnknown: boolean): Json {
  if (isJsonObject(value)) return redactObject(tenant, value, isUnknown)
  if (!Array.isArray(value)) return isUnknown && isPrivateKey(value) ? hide(tenant, key, value) : value
  const before: readonly Json[] = value
  const items: readonly Json[] = before.map((item) => redact(tenant, key, item, isUnknown))
  return items.some((item, index) => item !== before[index]) ? items : before
}

/** Nothing, yes and no are no secrets, whatever they are called. */
function hide(tenant: string, key: string, value: Json): Json {
  if (value === null || typeof value === 'boolean' || value === '' || isSecretDigest(value)) return value
  return digestSecretNow(tenant, key, canonicalText(value))
}
