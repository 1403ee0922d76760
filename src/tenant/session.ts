import type { Json } from '../schema/json.ts'
import { createBudget } from './budget.ts'
import type { Budget } from './budget.ts'
import type { TenantConfig } from './config.ts'
import { exchange } from './exchange.ts'
import type { TenantAnswer } from './exchange.ts'
import { answerFault, edgeFault, knownErrorCode, malformedBody, RequestFault, textIn, timedOut } from './faults.ts'
import { createLine } from './line.ts'
import type { TenantLine } from './line.ts'
import { clocksOf } from './options.ts'
import type { Clocks, ReaderOptions } from './options.ts'
import type { RequestLimit } from './request-limit.ts'
import { withRetries } from './retry.ts'
import { createTally } from './tally.ts'
import type { Purpose, Tally } from './tally.ts'
import { getToken } from './token.ts'
import type { Token } from './token.ts'

/** One request may take this long, in ms, or what is left of the deadline. */
const LONGEST_REQUEST_MS = 30_000

/** One GET of the Management API. */
export interface Question {
  readonly path: string
  readonly purpose: Purpose
  /** Words for messages: `page 3 of the list`. */
  readonly what: string
}

/** What one reader holds while it talks to a tenant: connections, token, deadline and counts. */
export interface Session {
  readonly config: TenantConfig
  readonly line: TenantLine
  readonly budget: Budget
  readonly clocks: Clocks
  readonly tally: Tally
  readonly limit: RequestLimit | undefined
  /** Set once a tenant has refused `fields`: then it is not asked for again. */
  fieldsRefused: boolean
  /**
   * Sends a GET until it is answered with 200 and `read` accepts the JSON, or until repeating cannot help.
   * @throws RequestFault, or what `signal` was aborted with
   */
  ask<T>(question: Question, read: (json: Json, answer: TenantAnswer) => T, signal?: AbortSignal): Promise<T>
  /** The token in use. */
  token(): Promise<Token>
}

export function createSession(config: TenantConfig, options: ReaderOptions, sharedLine?: TenantLine): Session {
  const clocks = clocksOf(options)
  const line = sharedLine ?? createLine(config, clocks, options)
  const budget = createBudget(config.deadlineMs, clocks.clock)
  const tally = createTally()
  const never = new AbortController().signal
  let current: Promise<Token> | null = null
  let isRenewed = false
  let isFetchedHere = false

  function token(): Promise<Token> {
    current ??= fetchToken(null)
    return current
  }

  async function fetchToken(stale: Token | null): Promise<Token> {
    const fetched = await getToken(config, { now: clocks.now, send: sendTokenRequest }, stale)
    options.onSecret?.(fetched.value)
    return fetched
  }

  /** Once per reader: one from the cache may have been revoked, any may have expired; a new one that is refused stays refused. */
  function renew(stale: Token): Promise<Token> | null {
    const isExpired = stale.expiresAt !== null && stale.expiresAt <= clocks.now()
    if (config.credential.kind === 'token' || isRenewed || (isFetchedHere && !isExpired)) return null
    isRenewed = true
    current = fetchToken(stale)
    return current
  }

  const sendTokenRequest: Parameters<typeof getToken>[1]['send'] = (makeRequest, read) =>
    withRetries({ budget, tally, clocks, signal: never }, async () => {
      const request = await makeRequest()
      const timeoutMs = timeLeft(request.what)
      options.limit?.take()
      tally.requests.token += 1
      isFetchedHere = true
      return read(await exchange(line.dispatcher, config.origin, request, timeoutMs, never))
    })

  function timeLeft(what: string): number {
    const rest = budget.rest()
    if (rest <= 0) throw timedOut(`${what}: the deadline of ${budget.totalMs / 1000} s is used up`)
    return Math.min(LONGEST_REQUEST_MS, rest)
  }

  async function askOnce<T>(
    question: Question,
    bearer: Token,
    read: (json: Json, answer: TenantAnswer) => T,
    signal: AbortSignal,
  ): Promise<T> {
    await line.rateLimit.take(budget, tally, signal)
    let answer: TenantAnswer | null = null
    try {
      const timeoutMs = timeLeft(question.what)
      options.limit?.take()
      tally.requests[question.purpose] = (tally.requests[question.purpose] ?? 0) + 1
      const request = { method: 'GET', headers: { authorization: `Bearer ${bearer.value}` }, ...question } as const
      answer = await exchange(line.dispatcher, config.origin, request, timeoutMs, signal)
    } finally {
      line.rateLimit.learn(answer?.rate ?? null)
    }
    if (!answer.json.ok && (answer.status === 200 || isCutRefusal(answer))) throw malformedBody(question.what)
    if (answer.status !== 200 || !answer.json.ok) throw answerRefusal(answer, question.what, bearer)
    return read(answer.json.value, answer)
  }

  return {
    config,
    line,
    budget,
    clocks,
    tally,
    limit: options.limit,
    fieldsRefused: false,
    token,
    ask: (question, read, signal = never) =>
      budget.run(async () => {
        const used = await token()
        const send = (bearer: Token): ReturnType<typeof askOnce<ReturnType<typeof read>>> =>
          withRetries({ budget, tally, clocks, signal }, () => askOnce(question, bearer, read, signal))
        try {
          return await send(used)
        } catch (error) {
          if (!(error instanceof RequestFault) || error.status !== 401) throw error
          const latest = (await token()).value === used.value ? renew(used) : token()
          if (latest === null) throw error
          return send(await latest)
        }
      }),
  }
}

/** Of 400 and 404 the error code decides what they mean; a piece of such an answer means nothing yet. */
function isCutRefusal(answer: TenantAnswer): boolean {
  return (answer.status === 400 || answer.status === 404) && answer.claimsJson
}

function answerRefusal(answer: TenantAnswer, what: string, token: Token): RequestFault {
  const edge = edgeFault(answer, what)
  if (edge !== null) return edge
  const isForOther =
    textIn(answer, 'message')?.startsWith('Bad audience') === true ||
    (token.audiences.length > 0 && !token.audiences.some((audience) => audience.endsWith('/api/v2/')))
  if (answer.status === 401 && isForOther)
    return new RequestFault(
      'wrong_audience',
      `The token was made for another API (${what}: HTTP 401)`,
      'Give a token whose audience is https://TENANT/api/v2/, or set AUTH0_AUDIENCE (Pulumi config auth0:audience) to it.',
      { retry: 'never', status: 401 },
    )
  return answerFault(answer.status, knownErrorCode(textIn(answer, 'errorCode')), answer.retryAfterMs, what)
}
