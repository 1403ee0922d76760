import type { Context, Hono } from 'hono'
import { insufficientScope } from './answers.ts'
import type { Answer } from './answers.ts'
import { answerDeleteClient, answerPatchClient, answerPostClient } from './client-writes.ts'
import { answerClient, answerClients, answerSettings, CLIENT_SCOPES } from './clients.ts'
import { answerDeleteGrant, answerGrant, answerGrants, answerPatchGrant, answerPostGrant } from './client-grants.ts'
import { logRequest } from './log-writes.ts'
import type { SeenRequest } from './options.ts'
import { serveRequest } from './serve-request.ts'
import type { Env } from './serve-request.ts'
import type { Tenant } from './tenant.ts'

const GRANTS = '/api/v2/client-grants'
const CLIENTS = '/api/v2/clients'

interface Asked {
  readonly request: SeenRequest
  readonly scopes: ReadonlySet<string>
  /** The last part of the path. */
  readonly id: string
  /** The body as it was sent. */
  readonly sent: string
}

/** Who may get tokens: client grants and clients, and the tenant's settings, to be read. */
export function addApplicationRoutes(app: Hono<Env>, tenant: Tenant, closed: Promise<void>): void {
  /** Behind the token and any one of the scopes; what is answered leaves its event in the tenant log. */
  const behind =
    (allowed: readonly string[], answer: (asked: Asked) => Answer) =>
    (c: Context<Env>): Promise<Response> =>
      serveRequest(tenant, closed, c, async (request) => {
        const scopes = await tenant.tokens.check(request.headers.get('authorization'), tenant.audiences)
        if ('status' in scopes) return scopes
        if (!allowed.some((scope) => scopes.has(scope))) return insufficientScope(allowed.join(','))
        const sent = await c.req.text()
        const given = answer({ request, scopes, id: c.req.param('id') ?? '', sent })
        logRequest(tenant, request, sent, given)
        return given
      })

  app.get(
    GRANTS,
    behind(['read:client_grants'], ({ request }) => answerGrants(tenant, request)),
  )
  app.post(
    GRANTS,
    behind(['create:client_grants'], ({ sent }) => answerPostGrant(tenant, sent)),
  )
  app.get(
    `${GRANTS}/:id`,
    behind(['read:client_grants'], ({ id }) => answerGrant(tenant.grants, id)),
  )
  app.patch(
    `${GRANTS}/:id`,
    behind(['update:client_grants'], ({ id, sent }) => answerPatchGrant(tenant, id, sent)),
  )
  app.delete(
    `${GRANTS}/:id`,
    behind(['delete:client_grants'], ({ id }) => answerDeleteGrant(tenant, id)),
  )
  app.get(
    CLIENTS,
    behind(CLIENT_SCOPES, ({ request, scopes }) => answerClients(tenant, request, scopes)),
  )
  app.post(
    CLIENTS,
    behind(['create:clients'], ({ sent }) => answerPostClient(tenant, sent)),
  )
  app.get(
    `${CLIENTS}/:id`,
    behind(CLIENT_SCOPES, ({ request, scopes, id }) => answerClient(tenant, request, id, scopes)),
  )
  app.patch(
    `${CLIENTS}/:id`,
    behind(['update:clients'], ({ id, sent }) => answerPatchClient(tenant, id, sent)),
  )
  app.delete(
    `${CLIENTS}/:id`,
    behind(['delete:clients'], ({ id }) => answerDeleteClient(tenant, id)),
  )
  app.get(
    '/api/v2/tenants/settings',
    behind(['read:tenant_settings'], ({ request }) => answerSettings(tenant, request)),
  )
}
