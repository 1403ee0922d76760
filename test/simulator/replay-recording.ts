import { isDeepStrictEqual } from 'node:util'
import { simulatorApp } from '../../src/simulator/app.ts'
import { Tenant } from '../../src/simulator/tenant.ts'
import { isJsonObject } from '../../src/schema/json.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'

/** One recorded exchange; those of one `file` and `blob` are one run against one tenant, in order of `seq`. */
export interface Exchange {
  readonly source: string
  readonly file: string
  readonly blob: string
  readonly seq: number
  readonly method: string
  readonly path: string
  readonly query: string | null
  readonly status: number
  readonly requestBody: JsonObject | null
  readonly responseBody: Json
  /** How the recording was kept: bodies are the wire's own where it begins with `raw`. */
  readonly processed: string
}

type Outcome =
  | { readonly kind: 'match' }
  /** First sight of an object: nothing to compare with, so it is put as recorded. Not counted. */
  | { readonly kind: 'seeded' }
  | { readonly kind: 'status' | 'body'; readonly got: string; readonly expected: string; readonly reason: string }

export interface Replayed {
  readonly exchange: Exchange
  readonly outcome: Outcome
}

const LATE_DEFAULT = 'subject_type_authorization'

/** Replays one recording against a fresh tenant in process. */
export async function replay(exchanges: readonly Exchange[]): Promise<readonly Replayed[]> {
  // A recording from before the rollout of a default is a tenant that does not have it.
  const tenant = new Tenant({ withoutDefaults: lacksLateDefault(exchanges) ? [LATE_DEFAULT] : [] }, '127.0.0.1:1')
  // Whose Management API it is, the recording says where it lists it.
  tenant.store.remove(tenant.audience)
  const app = simulatorApp(tenant, Promise.resolve())
  const token = await tenant.issueToken()
  const replayed: Replayed[] = []
  for (const exchange of exchanges) {
    if (seed(tenant, exchange)) {
      replayed.push({ exchange, outcome: { kind: 'seeded' } })
      continue
    }
    const query = exchange.query === null ? '' : `?${exchange.query}`
    const answer = await app.fetch(
      new Request(`http://127.0.0.1:1${exchange.path}${query}`, {
        method: exchange.method,
        headers: { authorization: `Bearer ${token}` },
        body: exchange.requestBody === null ? null : JSON.stringify(exchange.requestBody),
      }),
    )
    const text = await answer.text()
    const body = text === '' ? null : (JSON.parse(text) as Json)
    const bound = bind(body, exchange)
    replayed.push({ exchange, outcome: judge(exchange, answer.status, bound) })
    if (exchange.status < 300) follow(tenant, bound, exchange.responseBody)
  }
  return replayed
}

function lacksLateDefault(exchanges: readonly Exchange[]): boolean {
  return exchanges.some(
    ({ method, status, responseBody }) =>
      method === 'POST' && status === 201 && isJsonObject(responseBody) && !Object.hasOwn(responseBody, LATE_DEFAULT),
  )
}

/** Puts what the recording shows for the first time. True where there was any, so that nothing can be compared. */
function seed(tenant: Tenant, { method, status, responseBody }: Exchange): boolean {
  if (status !== 200 || (method !== 'GET' && method !== 'PATCH')) return false
  const unseen = objectsIn(responseBody).filter(
    ({ id }) => typeof id === 'string' && tenant.store.find(id) === undefined,
  )
  for (const api of unseen) if (typeof api.identifier === 'string') tenant.store.put(api)
  return unseen.length > 0
}

function objectsIn(body: Json): readonly JsonObject[] {
  if (Array.isArray(body)) return (body as readonly Json[]).filter(isJsonObject)
  if (!isJsonObject(body)) return []
  return Array.isArray(body.resource_servers) ? (body.resource_servers as readonly Json[]).filter(isJsonObject) : [body]
}

/** The answer with the recording's id and, where the tenant made one, its secret. */
function bind(body: Json, { method, requestBody, responseBody }: Exchange): Json {
  if (method !== 'POST' && method !== 'PATCH') return body
  if (!isJsonObject(body) || !isJsonObject(responseBody)) return body
  const isMade = requestBody?.signing_secret === undefined && body.signing_secret !== undefined
  return {
    ...body,
    ...(responseBody.id !== undefined && { id: responseBody.id }),
    ...(isMade && responseBody.signing_secret !== undefined && { signing_secret: responseBody.signing_secret }),
  }
}

function judge(exchange: Exchange, status: number, body: Json): Outcome {
  if (status !== exchange.status) {
    return { kind: 'status', got: String(status), expected: String(exchange.status), reason: reasonOf(exchange) }
  }
  if (!exchange.processed.startsWith('raw') || isDeepStrictEqual(body, exchange.responseBody)) return { kind: 'match' }
  return {
    kind: 'body',
    got: differing(body, exchange.responseBody),
    expected: differing(exchange.responseBody, body),
    reason: reasonOf(exchange),
  }
}

/** Keys of `a` whose values `b` does not have, as JSON; secrets are invented on our side and left out of the text. */
function differing(a: Json, b: Json): string {
  if (!isJsonObject(a) || !isJsonObject(b)) return 'another shape'
  const keys = Object.keys(a).filter((key) => !isDeepStrictEqual(a[key], b[key]))
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, key === 'signing_secret' ? '(secret)' : a[key]])))
}

/** After each exchange the tenant stands as recorded, so that one difference is counted once. */
function follow(tenant: Tenant, answered: Json, recorded: Json): void {
  if (!isJsonObject(answered) || typeof answered.identifier !== 'string') return
  const live = tenant.store.find(answered.identifier)
  if (live === undefined || !isJsonObject(recorded) || recorded.id === undefined) return
  tenant.store.put({
    ...live,
    id: recorded.id,
    ...(answered.signing_secret !== undefined && { signing_secret: answered.signing_secret }),
  })
}

function reasonOf({ method, responseBody }: Exchange): string {
  if (isJsonObject(responseBody) && responseBody.client_id !== undefined)
    return 'a client was linked through another endpoint'
  if (method === 'PATCH' && isJsonObject(responseBody) && Object.keys(responseBody).length === 0)
    return 'the body of the answer was lost'
  return 'unexplained'
}
