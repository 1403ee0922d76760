import type { Context } from 'hono'
import { insufficientScope } from './answers.ts'
import type { Answer } from './answers.ts'
import type { ServedPage } from './list-page.ts'
import { logRequest } from './log-writes.ts'
import type { Fault, SeenRequest } from './options.ts'
import { serveRequest } from './serve-request.ts'
import type { SimulatorEnv, Handler } from './serve-request.ts'
import type { Tenant } from './tenant.ts'

/** What an endpoint is asked. */
export interface GatedRequest {
  readonly request: SeenRequest
  readonly fault: Fault | null
  readonly scopes: ReadonlySet<string>
  /** The last part of the path, decoded once. */
  readonly id: string
  /** The body as it was sent. */
  readonly sent: string
}

/** An endpoint behind the token and any one of the scopes. */
export type EndpointGate = (
  allowed: readonly string[],
  endpoint: (asked: GatedRequest) => ServedPage | Answer,
  leaves?: 'nothing',
) => (c: Context<SimulatorEnv>) => Promise<Response>

/** 401 before 403 before anything about the request itself. What is answered leaves its event in the tenant log, unless it leaves nothing. */
export function gateOf(tenant: Tenant, closed: Promise<void>): EndpointGate {
  return (allowed, endpoint, leaves) => (c) => {
    const handler: Handler = async (request, fault) => {
      const scopes = await tenant.tokens.check(request.headers.get('authorization'), tenant.audiences)
      if ('status' in scopes) return scopes
      if (!allowed.some((scope) => scopes.has(scope))) return insufficientScope(allowed)
      const sent = await c.req.text()
      const given = endpoint({ request, fault, scopes, id: c.req.param('id') ?? '', sent })
      if (leaves !== 'nothing') logRequest(tenant, request, sent, given)
      return given
    }
    return serveRequest(tenant, closed, c, handler, allowed)
  }
}
