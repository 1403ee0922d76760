/** What goes over the wire: `body` is text ready to send, null for none. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Any of these opens the list of applications. */
export const CLIENT_SCOPES = ['read:clients', 'read:client_keys', 'read:client_credentials', 'read:client_summary']

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

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonText(status, JSON.stringify(value), headers)
}

export function jsonText(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-cache', ...headers }, body }
}

/** The Management API's error shape; `errorCode` is last, and missing where recordings have none. */
export function problem(
  status: number,
  message: string,
  errorCode?: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = { statusCode: status, error: REASONS[status] ?? 'Error', message }
  return json(status, errorCode === undefined ? body : { ...body, errorCode }, headers)
}

/** Recorded on this endpoint. */
export const notFound = (): Answer => problem(404, 'The resource server does not exist', 'inexistent_resource_server')

/** Recorded on this endpoint. */
export const tooManyRequests = (headers: Readonly<Record<string, string>>): Answer =>
  problem(429, 'Global limit has been reached', 'too_many_requests', headers)

/** Recorded (on another endpoint). */
export const insufficientScope = (scope: string): Answer =>
  problem(403, `Insufficient scope, expected any of: ${scope}`, 'insufficient_scope')

/** Recorded. */
export const missingAuthentication = (): Answer =>
  problem(401, 'Missing authentication', undefined, { 'www-authenticate': 'Bearer' })

/** As public reports quote it: the message stands in `attributes` once more. */
export function invalidToken(message: string): Answer {
  return json(401, { statusCode: 401, error: 'Unauthorized', message, attributes: { error: message } })
}

/** The condition is documented for other endpoints with offsets. */
export const invalidPaging = (page: number): Answer =>
  problem(
    400,
    `Requesting page ${page} exceeds the allowed maximum of 1000 records. To fetch results beyond 1000, use the checkpoint pagination method.`,
    'invalid_paging',
  )

/** What endpoints beside those of resource servers say where they refuse, or have no such thing. */
const ROOMS: readonly {
  readonly begins: string
  readonly scope: string
  readonly notFound?: readonly [message: string, errorCode?: string]
}[] = [
  { begins: '/api/v2/logs', scope: 'read:logs', notFound: ['The log checkpoint does not exist.'] },
  {
    begins: '/api/v2/client-grants',
    scope: 'read:client_grants',
    notFound: ['The client grant does not exist', 'inexistent_client_grant'],
  },
  {
    begins: '/api/v2/clients',
    scope: CLIENT_SCOPES.join(','),
    notFound: ['The client does not exist', 'inexistent_client'],
  },
  { begins: '/api/v2/tenants/settings', scope: 'read:tenant_settings' },
]

/** The body that a status has on the real endpoints, for faults. */
export function problemFor(status: number, path: string, nowSeconds: number): Answer {
  if (path === '/oauth/token') return tokenProblem(status)
  if (status === 401) return invalidToken('Invalid signature received for JSON Web Token validation')
  const room = ROOMS.find(({ begins }) => path.startsWith(begins))
  if (status === 403) return insufficientScope(room?.scope ?? 'read:resource_servers')
  if (status === 404) return room?.notFound === undefined ? notFound() : problem(404, ...room.notFound)
  if (status === 429) {
    return tooManyRequests({
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(nowSeconds + 1),
    })
  }
  return problem(status, REASONS[status] ?? 'An error of the simulator, made on purpose')
}

function tokenProblem(status: number): Answer {
  if (status === 429) {
    return json(
      status,
      { error: 'too_many_requests', error_description: 'Client quota exceeded' },
      { 'retry-after': '1' },
    )
  }
  if (status < 500) return json(status, { error: 'access_denied', error_description: 'Unauthorized' })
  return problem(status, REASONS[status] ?? 'An error of the simulator, made on purpose')
}
