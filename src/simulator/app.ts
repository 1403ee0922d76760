import { Hono } from 'hono'
import { insufficientScope, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import { addApplicationRoutes } from './application-routes.ts'
import { addControlRoutes } from './control-routes.ts'
import type { ListPage } from './list-page.ts'
import { answerDelete, answerGet, answerList, answerPatch, answerPost } from './management-routes.ts'
import { answerLogs, LOGS } from './log-routes.ts'
import { logRequest } from './log-writes.ts'
import type { Fault, SeenRequest } from './options.ts'
import { serveRequest } from './serve-request.ts'
import type { Env, Handler } from './serve-request.ts'
import type { Tenant } from './tenant.ts'
import { answerTokenRequest } from './token-endpoint.ts'

const LIST = '/api/v2/resource-servers'

/** The tenant as an application: the Management API's resource servers and who may get tokens for them, the token endpoint, and the control of the simulator. */
export function createApp(tenant: Tenant, closed: Promise<void>): Hono<Env> {
  const app = new Hono<Env>()
  addControlRoutes(app, tenant)

  /** A handler behind the token and its scope: 401 before 403 before anything about the request itself. */
  const behind =
    (scope: string, handler: Handler) =>
    async (request: SeenRequest, fault: Fault | null): Promise<ListPage | Answer> => {
      const scopes = await tenant.tokens.check(request.headers.get('authorization'), tenant.audiences)
      if ('status' in scopes) return scopes
      return scopes.has(scope) ? handler(request, fault) : insufficientScope(scope)
    }

  /** The same, with what it leaves in the tenant log. */
  const logged =
    (answer: (request: SeenRequest, sent: string) => ListPage | Answer, text: () => Promise<string>): Handler =>
    async (request) => {
      const sent = await text()
      const given = answer(request, sent)
      logRequest(tenant, request, sent, given)
      return given
    }
  const none = (): Promise<string> => Promise.resolve('')

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
      behind(
        'read:resource_servers',
        logged((request) => answerList(tenant, request), none),
      ),
    ),
  )
  app.post(LIST, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(
        'create:resource_servers',
        logged(
          (_request, sent) => answerPost(tenant, sent),
          () => c.req.text(),
        ),
      ),
    ),
  )
  app.get(`${LIST}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(
        'read:resource_servers',
        logged((request) => answerGet(tenant, request, segmentOf(request)), none),
      ),
    ),
  )
  app.patch(`${LIST}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(
        'update:resource_servers',
        logged(
          (request, sent) => answerPatch(tenant, segmentOf(request), sent),
          () => c.req.text(),
        ),
      ),
    ),
  )
  app.delete(`${LIST}/:id`, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind(
        'delete:resource_servers',
        logged((request) => answerDelete(tenant, segmentOf(request)), none),
      ),
    ),
  )
  app.get(LOGS, (c) =>
    serveRequest(
      tenant,
      closed,
      c,
      behind('read:logs', (request, fault) => answerLogs(tenant, request, fault)),
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
