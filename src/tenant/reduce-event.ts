import { SIGNING_SECRET } from '../schema/secret-field.ts'
import type { Actor, Through } from '../schema/changed-by.ts'
import {
  exceedsDepth,
  fromEntries,
  isJsonObject,
  objectAt,
  own,
  textAt,
  type Json,
  type JsonObject,
} from '../schema/json.ts'
import { API_PATH, DEEPEST } from './list.ts'
import type { LogEvent } from '../schema/log-event.ts'
import { percentDecoded } from '../schema/percent.ts'
import { isPrivateKey, soundsSecret } from '../schema/sounds-secret.ts'

const METHODS = ['post', 'patch', 'put', 'delete'] as const
const DASHBOARD_URL = 'https://manage.auth0.com/'
const LONGEST_TOOL = 200

/**
 * What of one entry of a tenant log may be known to the rest of us: a successful write to a resource server, who made it, which keys it sent and how
 * the API stood afterwards. Null for everything else. Secrets, credentials and addresses are dropped here; persons too, unless they were asked for.
 * `entry` is the event itself, or a stream's `{log_id, data}`.
 */
export function reduceEvent(entry: unknown, persons: boolean): LogEvent | null {
  const event = bareEvent(entry)
  if (event === null || exceedsDepth(event, DEEPEST)) return null
  const [log, date] = [filledAt(event, 'log_id') ?? filledAt(event, '_id'), filledAt(event, 'date')]
  const details = objectAt(event, 'details')
  const [request, response] = [objectAt(details, 'request'), objectAt(details, 'response')]
  const method = METHODS.find((each) => each === filledAt(request, 'method')?.toLowerCase())
  const names = pathNames(filledAt(request, 'path'))
  const at = Date.parse(date ?? '')
  if (log === null || Number.isNaN(at) || method === undefined || names === null || !isSuccess(response)) return null
  const sent = own(request, 'body')
  const answer = method === 'delete' ? undefined : own(response, 'body')
  const isWhole = isJsonObject(answer) && typeof answer.id === 'string' && typeof answer.identifier === 'string'
  return {
    log,
    at,
    method,
    names,
    sent: isJsonObject(sent) ? Object.keys(sent) : null,
    ...(isWhole ? openedAnswer(answer) : { after: null, veiled: [] }),
    ...callerOf(event, request, persons),
  }
}

function bareEvent(entry: unknown): JsonObject | null {
  if (!isJsonObject(entry)) return null
  const data = own(entry, 'data')
  if (!isJsonObject(data)) return entry
  const id = textAt(entry, 'log_id')
  return id === null ? data : { log_id: id, ...data }
}

function isSuccess(response: JsonObject): boolean {
  const status = own(response, 'statusCode')
  return typeof status === 'number' && status >= 200 && status <= 299
}

/** Both forms were recorded: ids, and identifiers encoded once or twice. Null for another endpoint. */
function pathNames(path: string | null): readonly string[] | null {
  const whole = path?.split('?')[0]
  if (whole === undefined || (whole !== API_PATH && !whole.startsWith(`${API_PATH}/`))) return null
  const names: string[] = []
  let name: string | null = whole.slice(API_PATH.length + 1)
  while (name !== null && name !== '' && !names.includes(name)) {
    names.push(name)
    name = percentDecoded(name)
  }
  return names
}

function openedAnswer(answer: JsonObject): Pick<LogEvent, 'after' | 'veiled'> {
  const veiled: string[] = []
  const kept = Object.entries(answer).filter(([key, value]) => {
    if (key === SIGNING_SECRET) return false
    if (!soundsSecret(key) && isOpen(key, value)) return true
    veiled.push(key)
    return false
  })
  return { after: fromEntries(kept), veiled }
}

/** False where something in it is masked or sounds like a secret. */
function isOpen(key: string, value: Json): boolean {
  if (typeof value === 'string') return !isPrivateKey(value) && !(MASKED.has(key) && isMasked(value))
  if (Array.isArray(value)) return (value as readonly Json[]).every((item) => isOpen('', item))
  if (!isJsonObject(value)) return true
  return Object.entries(value).every(([name, member]) => !soundsSecret(name) && isOpen(name, member))
}

/** Masking replaces these wherever they stand, an API's own name too, by asterisks or by a hash (xxHash). */
const MASKED: ReadonlySet<string> = new Set(['name', 'email', 'user_name'])

function isMasked(text: string): boolean {
  return /^\*+$|\*{3}|^[0-9a-f]{16}$/i.test(text)
}

function callerOf(
  event: JsonObject,
  request: JsonObject,
  persons: boolean,
): Pick<LogEvent, 'through' | 'actor' | 'tool'> {
  const user = own(objectAt(request, 'auth'), 'user')
  const isPerson = isJsonObject(user) && Object.keys(user).length > 0
  const isDashboard = isPerson && filledAt(request, 'channel') === DASHBOARD_URL
  const through: Through = isDashboard ? 'dashboard' : isPerson ? 'person' : 'application'
  const id = filledAt(event, 'client_id')
  const application =
    id === null || isDashboard ? null : { client_id: id, name: unmasked(filledAt(event, 'client_name')) }
  const actor: Actor = {
    application,
    ...(persons && isPerson
      ? { person: { name: unmasked(filledAt(user, 'name')), email: unmasked(filledAt(user, 'email')) } }
      : {}),
  }
  return { through, actor, tool: toolOf(event, request) }
}

function unmasked(text: string | null): string | null {
  return text === null || isMasked(text) ? null : text
}

/** What it says of itself: the header of the SDKs before the user agent. */
function toolOf(event: JsonObject, request: JsonObject): string | null {
  const client = objectAt(event, 'auth0_client')
  const [name, version] = [filledAt(client, 'name'), filledAt(client, 'version')]
  const said =
    name === null
      ? (filledAt(request, 'userAgent') ?? filledAt(event, 'user_agent'))
      : [name, version].filter((part) => part !== null).join(' ')
  return said === null ? null : said.slice(0, LONGEST_TOOL)
}

/** An empty text says as little as none. */
function filledAt(object: JsonObject, key: string): string | null {
  return textAt(object, key) || null
}
