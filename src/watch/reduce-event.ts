import type { StoredEvent } from '../history/front.ts'
import { exceedsDepth, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { soundsSecret } from '../schema/sounds-secret.ts'

const API_PATH = /^\/api\/v2\/resource-servers(?:\/|$)/
const WRITES = new Set(['post', 'patch', 'put', 'delete'])

/**
 * What is kept of one item of a log stream (`{log_id, data}`, or the event itself): null where it is no write to an API. Nothing of a person, an address or
 * a credential is kept, and no value under a name that sounds like a secret.
 */
export function reduceEvent(item: Json): StoredEvent | null {
  const event = isJsonObject(item) && isJsonObject(own(item, 'data') ?? null) ? own(item, 'data') : item
  if (!isJsonObject(event) || own(event, 'type') !== 'sapi') return null
  const id = textIn(item, 'log_id') ?? textIn(event, 'log_id') ?? textIn(event, '_id')
  const at = Date.parse(textIn(event, 'date') ?? '')
  const details = objectIn(event, 'details')
  const [request, response] = [objectIn(details, 'request'), objectIn(details, 'response')]
  const [method, path] = [textIn(request, 'method')?.toLowerCase() ?? '', textIn(request, 'path') ?? '']
  if (id === null || id.length > 200 || Number.isNaN(at) || !WRITES.has(method) || !API_PATH.test(path)) return null
  const body = objectIn(response, 'body')
  const redacted = {
    log_id: id,
    date: new Date(at).toISOString(),
    type: 'sapi',
    client_id: textIn(event, 'client_id'),
    client_name: textIn(event, 'client_name'),
    auth0_client: textIn(objectIn(event, 'auth0_client'), 'name'),
    details: {
      request: {
        method,
        path,
        channel: textIn(request, 'channel'),
        // A person or an application: whether there was one, and not who.
        is_person: isJsonObject(own(objectIn(request, 'auth'), 'user') ?? null),
        body: withoutSecrets(own(request, 'body') ?? null),
      },
      response: { statusCode: own(response, 'statusCode') ?? null, body: withoutSecrets(body) },
    },
  }
  return { id, at, identifier: textIn(body, 'identifier'), redacted: JSON.stringify(redacted) }
}

/** Values under names that sound like a secret, and whatever is a key, are left out. */
function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return /-----BEGIN /.test(value) ? '(hidden)' : value
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutSecrets)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, soundsSecret(key) ? '(hidden)' : withoutSecrets(inner)] as const),
  )
}

function objectIn(value: Json | undefined, key: string): JsonObject {
  const found = isJsonObject(value ?? null) ? own(value as JsonObject, key) : undefined
  return isJsonObject(found ?? null) ? (found as JsonObject) : {}
}

function textIn(value: Json | undefined, key: string): string | null {
  const found = isJsonObject(value ?? null) ? own(value as JsonObject, key) : undefined
  return typeof found === 'string' && found !== '' ? found : null
}

/** The items of a body: a list, one item, or one in each line. Null where it is none of these. */
export function itemsIn(text: string): readonly Json[] | null {
  const whole = parse(text)
  if (Array.isArray(whole)) return whole as readonly Json[]
  if (whole !== undefined) return isJsonObject(whole) ? [whole] : null
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const items = lines.map(parse)
  return lines.length === 0 || items.some((item) => !isJsonObject(item ?? null)) ? null : (items as readonly Json[])
}

const DEEPEST = 64

function parse(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return exceedsDepth(value, DEEPEST) ? undefined : value
  } catch {
    return undefined
  }
}
