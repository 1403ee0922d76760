import type { Hono } from 'hono'
import { insufficientScope } from './answers.ts'
import type { Answer } from './answers.ts'
import { answerDeleteClient, answerPatchClient, answerPostClient } from './client-writes.ts'
import { answerClient, answerClients, answerSettings, CLIENT_SCOPES } from './clients.ts'
import { answerDeleteGrant, answerGrant, answerGrants, answerPatchGrant, answerPostGrant } from './client-grants.ts'
import type { SeenRequest } from './options.ts'
import { serveRequest } from './serve-request.ts'
import type { Env, Handler } from './serve-request.ts'
import type { Tenant } from './tenant.ts'

const GRANTS = '/api/v2/client-grants'
const CLIENTS = '/api/v2/clients'

/** Who may get tokens: client grants and clients, and the tenant's settings, to be read. */
export function addApplicationRoutes(app: Hono<Env>, tenant: Tenant, closed: Promise<void>): void {
  /** A handler behind the token and any one of the scopes. */
  const behind =
    (
      allowed: readonly string[],
      handler: (request: SeenRequest, scopes: ReadonlySet<string>) => Answer | Promise<Answer>,
    ): Handler =>
    async (request) => {
      const scopes = await tenant.tokens.check(request.headers.get('authorization'), tenant.audiences)
      if ('status' in scopes) return scopes
      return allowed.some((scope) => scopes.has(scope))
        ? handler(request, scopes)
        : insufficientScope(allowed.join(','))
    }

  app.get(GRANTS, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['read:client_grants'], (request) => answerGrants(tenant, request)),
    ),
  )
  app.post(GRANTS, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['create:client_grants'], async () => answerPostGrant(tenant, await c.req.text())),
    ),
  )
  app.get(`${GRANTS}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['read:client_grants'], () => answerGrant(tenant.grants, c.req.param('id'))),
    ),
  )
  app.patch(`${GRANTS}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['update:client_grants'], async () => answerPatchGrant(tenant, c.req.param('id'), await c.req.text())),
    ),
  )
  app.delete(`${GRANTS}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['delete:client_grants'], () => answerDeleteGrant(tenant, c.req.param('id'))),
    ),
  )
  app.get(CLIENTS, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(CLIENT_SCOPES, (request, scopes) => answerClients(tenant, request, scopes)),
    ),
  )
  app.post(CLIENTS, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['create:clients'], async () => answerPostClient(tenant, await c.req.text())),
    ),
  )
  app.patch(`${CLIENTS}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['update:clients'], async () => answerPatchClient(tenant, c.req.param('id'), await c.req.text())),
    ),
  )
  app.delete(`${CLIENTS}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['delete:clients'], () => answerDeleteClient(tenant, c.req.param('id'))),
    ),
  )
  app.get(`${CLIENTS}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(CLIENT_SCOPES, (request, scopes) => answerClient(tenant, request, c.req.param('id'), scopes)),
    ),
  )
  app.get('/api/v2/tenants/settings', (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(['read:tenant_settings'], (request) => answerSettings(tenant, request)),
    ),
  )
}
