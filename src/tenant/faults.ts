import { TenantDriftError } from '../schema/errors.ts'
import type { ErrorCode } from '../schema/errors.ts'
import { isJsonObject, textAt, type Json } from '../schema/json.ts'

/**
 * Whether the same request may help: `never`, `once` (a timeout costs up to half a minute), `few` (a moment later it may work), or
 * `throttled` (429: again and again, until the deadline).
 */
export type RetryRule = 'never' | 'once' | 'few' | 'throttled'

interface FaultDetails {
  readonly retry: RetryRule
  /** HTTP status; absent where no answer came. */
  readonly status?: number
  readonly errorCode?: KnownErrorCode | null
  /** What the tenant asked to wait, in ms. */
  readonly retryAfterMs?: number | null
}

/** The tenant's error codes that decide something. Others are the tenant's text, and an error that is printed shows its fields. */
const KNOWN_ERROR_CODES = ['inexistent_resource_server', 'invalid_paging'] as const
export type KnownErrorCode = (typeof KNOWN_ERROR_CODES)[number]

export function knownErrorCode(text: string | null): KnownErrorCode | null {
  return KNOWN_ERROR_CODES.find((known) => known === text) ?? null
}

/**
 * A failed request. Its text and fields are ours alone: never a token, a header or a piece of the answer. So it has no `cause` either: a
 * SyntaxError quotes the body, and undici's parser error carries it.
 */
export class RequestFault extends TenantDriftError {
  override readonly name = 'RequestFault'
  readonly retry: RetryRule
  readonly status: number | null
  readonly errorCode: KnownErrorCode | null
  readonly retryAfterMs: number | null

  constructor(code: ErrorCode, message: string, advice: string, details: FaultDetails) {
    super(code, message, advice)
    this.retry = details.retry
    this.status = details.status ?? null
    this.errorCode = details.errorCode ?? null
    this.retryAfterMs = details.retryAfterMs ?? null
  }
}

const LOOK_AT_PROXY = 'Run again. If it stays so, check the proxy or gateway between here and the tenant.'

export function timedOut(what: string): RequestFault {
  const advice = 'Run again. If it stays so, check the network, or raise TENANT_DRIFT_DEADLINE.'
  return new RequestFault('timed_out', `The tenant did not answer in time (${what})`, advice, { retry: 'once' })
}

export function malformedBody(what: string): RequestFault {
  return new RequestFault('malformed_body', `The answer is not complete JSON (${what})`, LOOK_AT_PROXY, {
    retry: 'few',
  })
}

export function unexpectedShape(what: string, why: string): RequestFault {
  const message = `The answer is JSON, but not of the shape that this endpoint has (${what}): ${why}`
  return new RequestFault('unexpected_shape', message, LOOK_AT_PROXY, { retry: 'never' })
}

/** What of an answer tells who gave it. */
export interface AnswerBody {
  readonly status: number
  readonly json: { readonly ok: true; readonly value: Json } | { readonly ok: false }
  /** True where the answer calls itself JSON, whether or not it is. */
  readonly claimsJson: boolean
}

/** The text that the body of an answer holds under a key. The words of a tenant decide only where nothing else tells two cases apart; they are never repeated. */
export function textIn({ json }: AnswerBody, key: string): string | null {
  return json.ok ? textAt(json.value, key) : null
}

/**
 * An answer that is not the tenant's: 407 is a proxy's by its meaning, and the tenant says 401 and 403 in JSON with an error in it, where a proxy, a gateway
 * or a firewall that opens TLS shows a page (which may call itself what was asked for). Null where the tenant may have said it.
 */
export function edgeFault({ status, claimsJson, json }: AnswerBody, what: string): RequestFault | null {
  const body = json.ok ? json.value : null
  const isTenants = claimsJson && isJsonObject(body) && ['error', 'errorCode', 'statusCode'].some((key) => key in body)
  if (status !== 407 && (isTenants || (status !== 401 && status !== 403))) return null
  return new RequestFault(
    'unreachable',
    `Something between here and the tenant refused the request: a proxy, a gateway or a firewall (${what}: HTTP ${status})`,
    'Ask its operator to let requests to the domain of the tenant through, or check the proxy variables (HTTPS_PROXY, NO_PROXY).',
    { retry: 'never' },
  )
}

/** The tenant answered a management request with something else than success. */
export function answerFault(
  status: number,
  errorCode: KnownErrorCode | null,
  retryAfterMs: number | null,
  what: string,
): RequestFault {
  const fault = (code: ErrorCode, message: string, advice: string, retry: RetryRule = 'never'): RequestFault =>
    new RequestFault(code, `${message} (${what}: HTTP ${status})`, advice, { retry, status, errorCode, retryAfterMs })
  if (status === 401)
    return fault(
      'unauthorized',
      'The tenant refused the token',
      'Get a new AUTH0_API_TOKEN, or set AUTH0_CLIENT_ID with AUTH0_CLIENT_SECRET so that tokens are fetched; check that they belong to AUTH0_DOMAIN.',
    )
  if (status === 403)
    return fault(
      'insufficient_scope',
      'The token may not read the APIs of the tenant',
      'Grant read:resource_servers of the Auth0 Management API to the application (Applications, APIs, Machine to Machine Applications).',
    )
  if (status === 404 || (status >= 300 && status < 400))
    return fault('not_found', 'The tenant has no such address', 'Check AUTH0_DOMAIN (Pulumi config auth0:domain).')
  if (status === 408) return fault('timed_out', 'The tenant gave up waiting', 'Run again.', 'once')
  if (status === 429)
    return fault(
      'rate_limited',
      'The rate limit of the tenant is used up',
      'Run it when the tenant is less busy, or raise TENANT_DRIFT_DEADLINE.',
      'throttled',
    )
  if (status >= 500)
    return fault(
      'server_error',
      'The tenant answered with a server error',
      'Run again. If it stays so, see the status page of Auth0.',
      'few',
    )
  if (status >= 400)
    return fault(
      'bad_request',
      'The tenant refused the request as invalid',
      'Check AUTH0_DOMAIN and the token. If they are right, update tenant-drift.',
    )
  return unexpectedShape(what, `HTTP ${status} where 200 was expected`)
}
