import { Hono } from 'hono'
import { insufficientScope, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import { addApplicationRoutes } from './application-routes.ts'
import { addControlRoutes } from './control-routes.ts'
import type { ListPage } from './list-page.ts'
import { answerDelete, answerGet, answerList, answerPatch, answerPost } from './management-routes.ts'
import type { SeenRequest } from './options.ts'
import { serveRequest } from './serve-request.ts'
import type { Env } from './serve-request.ts'
import type { Tenant } from './tenant.ts'
import { answerTokenRequest } from './token-endpoint.ts'

const LIST = '/api/v2/resource-servers'

/** The tenant as an application: the Management API's resource servers and who may get tokens for them, the token endpoint, and the control of the simulator. */
export function createApp(tenant: Tenant, closed: Promise<void>): Hono<Env> {
  const app = new Hono<Env>()
  addControlRoutes(app, tenant)

  /** A handler behind the token and its scope: 401 before 403 before anything about the request itself. */
  const behind =
    (scope: string, handler: (request: SeenRequest) => ListPage | Answer | Promise<ListPage | Answer>) =>
    async (request: SeenRequest): Promise<ListPage | Answer> => {
      const scopes = await tenant.tokens.check(request.headers.get('authorization'), tenant.audiences)
      if ('status' in scopes) return scopes
      return scopes.has(scope) ? handler(request) : insufficientScope(scope)
    }

  app.post('/oauth/token', (c) =>
    serveRequest(tenant, closed, c, async () =>
      answerTokenRequest(tenant, c.req.header('content-type') ?? null, await c.req.text()),
    ),
  )
  app.get(LIST, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind('read:resource_servers', (request) => answerList(tenant, request)),
    ),
  )
  app.post(LIST, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind('create:resource_servers', async () => answerPost(tenant, await c.req.text())),
    ),
  )
  app.get(`${LIST}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind('read:resource_servers', (request) => answerGet(tenant, request, segmentOf(request))),
    ),
  )
  app.patch(`${LIST}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind('update:resource_servers', async (request) => answerPatch(tenant, segmentOf(request), await c.req.text())),
    ),
  )
  app.delete(`${LIST}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind('delete:resource_servers', (request) => answerDelete(tenant, segmentOf(request))),
    ),
  )
  addApplicationRoutes(app, tenant, closed)
  app.all('*', (c) => serveRequest(tenant, closed, c, () => problem(404, 'Not Found')))
  return app
}

/** The last part of the path, still encoded: the router's own decoding would lose a second encoding. */
function segmentOf(request: SeenRequest): string {
  return request.path.slice(LIST.length + 1)
}
