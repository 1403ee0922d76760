import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { Json } from '../schema/json.ts'
import { isBug } from '../way/error-chain.ts'
import { timeLimit } from '../way/time-limit.ts'
import { connectionFault } from './connection-fault.ts'
import { malformedBody, RequestFault, timedOut, type AnswerBody } from './faults.ts'
import type { RateHeaders } from './rate-limit.ts'

/** A hundred APIs with a thousand scopes each stay below it. */
const LARGEST_BODY = 192 * 1024 * 1024
const inflate = promisify(gunzip)

export interface Request {
  readonly method: 'GET' | 'POST'
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Words for messages: `page 3 of the list`. Never an address or a value. */
  readonly what: string
}

/** One whole answer, whatever its status. */
export interface TenantAnswer extends AnswerBody {
  readonly rate: RateHeaders
  readonly retryAfterMs: number | null
}

/**
 * Sends one request and reads its answer to the end.
 * @throws RequestFault `timed_out` after `timeoutMs`, `unreachable`, or `malformed_body` where the connection ended within the body
 */
export async function exchange(
  dispatcher: Dispatcher,
  origin: string,
  request: Request,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TenantAnswer> {
  const { signal: timeout, clear } = timeLimit(timeoutMs)
  let inBody = false
  try {
    const response = await dispatcher.request({
      origin,
      path: request.path,
      method: request.method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': 'tenant-drift',
        ...request.headers,
      },
      body: request.body ?? null,
      signal: AbortSignal.any([timeout, signal]),
    })
    inBody = true
    const bytes = await readBody(response, request.what)
    const header = (name: string): string | null => oneHeader(response.headers[name])
    return {
      status: response.statusCode,
      rate: {
        limit: numberIn(header('x-ratelimit-limit')),
        remaining: numberIn(header('x-ratelimit-remaining')),
        reset: numberIn(header('x-ratelimit-reset')),
        date: secondsIn(header('date')),
      },
      retryAfterMs: retryAfter(header('retry-after')),
      json: parse(bytes),
      claimsJson: /\bjson\b/i.test(header('content-type') ?? ''),
    }
  } catch (error) {
    throw faultOf(error, request.what, inBody, timeout, signal)
  } finally {
    clear()
  }
}

function faultOf(error: unknown, what: string, inBody: boolean, timeout: AbortSignal, signal: AbortSignal): unknown {
  if (isBug(error)) return error
  // Given up because a sibling failed: the sibling's error is the one that is told.
  if (signal.aborted) return signal.reason
  if (timeout.aborted) return timedOut(what)
  return error instanceof RequestFault ? error : connectionFault(error, what, inBody)
}

async function readBody(response: Dispatcher.ResponseData, what: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST_BODY) throw malformedBody(`${what}: larger than any list`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (oneHeader(response.headers['content-encoding']) !== 'gzip' || bytes.length === 0) return bytes
  return inflate(bytes, { maxOutputLength: LARGEST_BODY }).catch(() => {
    throw malformedBody(what)
  })
}

/** The raw value of JSON.parse is what is compared: it keeps a key named `__proto__` as an own key, where zod would drop it. */
function parse(bytes: Buffer): TenantAnswer['json'] {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json }
  } catch {
    return { ok: false }
  }
}

function oneHeader(value: string | string[] | undefined): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? value : value.join(', ')
}

function numberIn(text: string | null): number | null {
  return text !== null && /^\d{1,12}$/.test(text.trim()) ? Number(text) : null
}

function secondsIn(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? null : ms / 1000
}

/** In seconds on the wire (token quotas); the form with a date is not used by Auth0 and is ignored. */
function retryAfter(text: string | null): number | null {
  const seconds = numberIn(text)
  return seconds === null ? null : seconds * 1000
}
