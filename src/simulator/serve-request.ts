import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { setTimeout as wait } from 'node:timers/promises'
import { invalidPaging, jsonAnswer, jsonBody, problemFor, tooManyRequests } from './answers.ts'
import type { Answer } from './answers.ts'
import { askedPage } from './faults.ts'
import { bendPage, renderPage } from './list-page.ts'
import type { ServedPage } from './list-page.ts'
import { refuseFields } from './list-query.ts'
import type { Fault, SeenRequest } from './options.ts'
import type { Tenant } from './tenant.ts'
import { cutAfter, resetConnection } from './wire.ts'

/** Empty where the app is called in process, without a socket. */
export type SimulatorEnv = { Bindings: Partial<HttpBindings | Http2Bindings> }

/** `fault` is one that changes what the endpoint has to say, and not how it says it. */
export type Handler = (request: SeenRequest, fault: Fault | null) => ServedPage | Answer | Promise<ServedPage | Answer>

const BODILESS = new Set([204, 205, 304])
const DEFAULT_SLOW_MS = 3000
const HTML = '<!DOCTYPE html><html><head><title>Sorry</title></head><body><h1>We will be back soon</h1></body></html>'

/** What one request goes through: count, hooks, latency, rate limit, faults, the answer itself, faults of the answer. `scopes`: what a fault with 403 names. */
export async function serveRequest(
  tenant: Tenant,
  closed: Promise<void>,
  c: Context<SimulatorEnv>,
  handler: Handler,
  scopes: readonly string[] = [],
): Promise<Response> {
  const request = see(c)
  tenant.count(request)
  for (const hook of tenant.hooks) await hook(request)
  if (tenant.latencyMs > 0) await wait(tenant.latencyMs)
  const rate = request.path.startsWith('/api/') ? tenant.bucket?.take() : undefined
  if (rate?.allowed === false) return respond(tooManyRequests(rate.headers))
  const hit = tenant.faults.take(request)
  if (hit === null) return respond(withHeaders(renderAnswer(await handler(request, null)), rate?.headers))
  const { fault, hits } = hit
  if (fault.kind === 'hang') {
    await closed
    return RESPONSE_ALREADY_SENT
  }
  if (fault.kind === 'reset') {
    resetConnection(c.env)
    return RESPONSE_ALREADY_SENT
  }
  if (fault.kind === 'slow') await wait(fault.ms ?? DEFAULT_SLOW_MS)
  const instead = answerInstead(tenant, fault, request, scopes)
  const answer = instead ?? spoil(await handler(request, fault), fault, hits)
  if (fault.kind === 'cut') {
    await cutAfter(c.env, answer)
    return RESPONSE_ALREADY_SENT
  }
  return respond(withHeaders(answer, rate?.headers))
}

function see(c: Context<SimulatorEnv>): SeenRequest {
  const url = new URL(c.req.url)
  return {
    method: c.req.method,
    path: url.pathname,
    query: url.searchParams,
    page: askedPage(c.req.method, url.pathname, url.searchParams),
    headers: c.req.raw.headers,
  }
}

/** Faults that answer in place of the tenant; null where the tenant answers. */
function answerInstead(tenant: Tenant, fault: Fault, request: SeenRequest, scopes: readonly string[]): Answer | null {
  switch (fault.kind) {
    case 'status':
      return problemFor(fault.status ?? 500, request.path, scopes, Math.floor(tenant.now() / 1000))
    case 'empty':
      return jsonBody(200, '')
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: HTML }
    case 'refuse-offset':
      return invalidPaging(request.page ?? 0)
    case 'refuse-fields':
      return refuseFields(request.query.get('fields') ?? '')
    default:
      return null
  }
}

/** Faults of the answer. Those of lists put an empty envelope where an answer is no list: nothing that anybody could read as an API or a token. */
function spoil(given: ServedPage | Answer, fault: Fault, hits: number): Answer {
  if ('items' in given) return truncated(renderPage(bendPage(given, fault, hits)), fault)
  switch (fault.kind) {
    case 'short-page':
    case 'duplicate':
    case 'total-changes':
    case 'total-too-small':
    case 'empty-list':
      return jsonAnswer(200, { total: 0, start: 0, limit: 50, resource_servers: [] })
    default:
      return truncated(given, fault)
  }
}

function truncated(answer: Answer, fault: Fault): Answer {
  if (fault.kind !== 'truncate' || answer.body === null) return answer
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
}

function renderAnswer(given: ServedPage | Answer): Answer {
  return 'items' in given ? renderPage(given) : given
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>> | undefined): Answer {
  return headers === undefined ? answer : { ...answer, headers: { ...answer.headers, ...headers } }
}

function respond(answer: Answer): Response {
  // A fault may ask for a status that cannot have a body.
  const body = BODILESS.has(answer.status) ? null : answer.body
  return new Response(body, { status: answer.status, headers: answer.headers })
}
