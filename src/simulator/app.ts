import { Hono } from 'hono'
import { problem } from './answers.ts'
import { addApplicationRoutes } from './application-routes.ts'
import { addControlRoutes } from './control-routes.ts'
import { gateOf } from './gate.ts'
import { answerDelete, answerGet, answerList, answerPatch, answerPost } from './management-routes.ts'
import { answerLogs } from './log-routes.ts'
import { APIS, LOGS } from './paths.ts'
import type { SeenRequest } from './options.ts'
import { serveRequest } from './serve-request.ts'
import type { SimulatorEnv } from './serve-request.ts'
import type { Tenant } from './tenant.ts'
import { answerTokenRequest } from './token-endpoint.ts'

/** The tenant as an application: the Management API's resource servers and who may get tokens for them, the token endpoint, and the control of the simulator. */
export function simulatorApp(tenant: Tenant, closed: Promise<void>): Hono<SimulatorEnv> {
  const app = new Hono<SimulatorEnv>()
  addControlRoutes(app, tenant)

  const behind = gateOf(tenant, closed)

  app.post('/oauth/token', (c) =>
    serveRequest(tenant, closed, c, async () =>
      answerTokenRequest(tenant, c.req.header('content-type') ?? null, await c.req.text()),
    ),
  )
  app.get(
    APIS,
    behind(['read:resource_servers'], ({ request }) => answerList(tenant, request)),
  )
  app.post(
    APIS,
    behind(['create:resource_servers'], ({ sent }) => answerPost(tenant, sent)),
  )
  app.get(
    `${APIS}/:id`,
    behind(['read:resource_servers'], ({ request }) => answerGet(tenant, request, segmentOf(request))),
  )
  app.patch(
    `${APIS}/:id`,
    behind(['update:resource_servers'], ({ request, sent }) => answerPatch(tenant, segmentOf(request), sent)),
  )
  app.delete(
    `${APIS}/:id`,
    behind(['delete:resource_servers'], ({ request }) => answerDelete(tenant, segmentOf(request))),
  )
  app.get(
    LOGS,
    behind(['read:logs'], ({ request, fault }) => answerLogs(tenant, request, fault), 'nothing'),
  )
  addApplicationRoutes(app, tenant, behind)
  app.all('*', (c) => serveRequest(tenant, closed, c, () => problem(404, 'Not Found')))
  return app
}

/** The last part of the path, still encoded: the router's own decoding would lose a second encoding. */
function segmentOf(request: SeenRequest): string {
  return request.path.slice(APIS.length + 1)
}
