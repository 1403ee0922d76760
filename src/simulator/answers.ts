import { CLIENTS, GRANTS, LOGS } from './paths.ts'

/** What goes over the wire: `body` is text ready to send, null for none. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

const JSON_TYPE = 'application/json; charset=utf-8'

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonBody(status, JSON.stringify(value), headers)
}

export function jsonBody(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-cache', ...headers }, body }
}

/** What a delete is answered with, also where nothing was there: recorded double deletes. */
export const deleted = (): Answer => ({ status: 204, headers: { 'cache-control': 'no-cache' }, body: null })

/** The Management API's error shape; `errorCode` is last, and missing where recordings have none. */
export function problem(
  status: number,
  message: string,
  errorCode?: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = { statusCode: status, error: REASONS[status] ?? 'Error', message }
  return jsonAnswer(status, errorCode === undefined ? body : { ...body, errorCode }, headers)
}

/** Recorded on this endpoint. */
export function noApi(): Answer {
  return problem(404, 'The resource server does not exist', 'inexistent_resource_server')
}

export function noGrant(): Answer {
  return problem(404, 'The client grant does not exist', 'inexistent_client_grant')
}

export function noClient(): Answer {
  return problem(404, 'The client does not exist', 'inexistent_client')
}

export function noCheckpoint(): Answer {
  return problem(404, 'The log checkpoint does not exist.')
}

/** Recorded on this endpoint. */
export const tooManyRequests = (headers: Readonly<Record<string, string>>): Answer =>
  problem(429, 'Global limit has been reached', 'too_many_requests', headers)

/** Recorded (on another endpoint). */
export const insufficientScope = (scopes: readonly string[]): Answer =>
  problem(403, `Insufficient scope, expected any of: ${scopes.join(',')}`, 'insufficient_scope')

/** Recorded. */
export const missingAuthentication = (): Answer =>
  problem(401, 'Missing authentication', undefined, { 'www-authenticate': 'Bearer' })

/** As public reports quote it: the message stands in `attributes` once more. */
export function invalidToken(message: string): Answer {
  return jsonAnswer(401, { statusCode: 401, error: 'Unauthorized', message, attributes: { error: message } })
}

/** The condition is documented for other endpoints with offsets. */
export const invalidPaging = (page: number): Answer =>
  problem(
    400,
    `Requesting page ${page} exceeds the allowed maximum of 1000 records. To fetch results beyond 1000, use the checkpoint pagination method.`,
    'invalid_paging',
  )

/** What is not there, by the endpoint that says so. */
const NOT_FOUND: readonly { readonly begins: string; readonly answer: () => Answer }[] = [
  { begins: LOGS, answer: noCheckpoint },
  { begins: GRANTS, answer: noGrant },
  { begins: CLIENTS, answer: noClient },
]

/** The body that a status has on the real endpoints, for faults. `scopes`: any one of them opens this one. */
export function problemFor(status: number, path: string, scopes: readonly string[], nowSeconds: number): Answer {
  if (path === '/oauth/token') return tokenProblem(status)
  if (status === 401) return invalidToken('Invalid signature received for JSON Web Token validation')
  if (status === 403) return insufficientScope(scopes)
  if (status === 404) return (NOT_FOUND.find(({ begins }) => path.startsWith(begins))?.answer ?? noApi)()
  if (status === 429) {
    return tooManyRequests({
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(nowSeconds + 1),
    })
  }
  return onPurpose(status)
}

function onPurpose(status: number): Answer {
  return problem(status, REASONS[status] ?? 'An error of the simulator, made on purpose')
}

function tokenProblem(status: number): Answer {
  if (status === 429) {
    return jsonAnswer(
      status,
      { error: 'too_many_requests', error_description: 'Client quota exceeded' },
      { 'retry-after': '1' },
    )
  }
  if (status < 500) return jsonAnswer(status, { error: 'access_denied', error_description: 'Unauthorized' })
  return onPurpose(status)
}
