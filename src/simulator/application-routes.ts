import type { Hono } from 'hono'
import { answerDeleteClient, answerPatchClient, answerPostClient } from './client-writes.ts'
import { answerClient, answerClients, answerSettings, CLIENT_SCOPES } from './clients.ts'
import { answerDeleteGrant, answerGrant, answerGrants, answerPatchGrant, answerPostGrant } from './client-grants.ts'
import { CLIENTS, GRANTS, TENANT_SETTINGS } from './paths.ts'
import type { EndpointGate } from './gate.ts'
import type { SimulatorEnv } from './serve-request.ts'
import type { Tenant } from './tenant.ts'

/** Who may get tokens: client grants and clients, and the tenant's settings, to be read. */
export function addApplicationRoutes(app: Hono<SimulatorEnv>, tenant: Tenant, behind: EndpointGate): void {
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
    behind(['read:client_grants'], ({ request, id }) => answerGrant(tenant.grants, request, id)),
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
    TENANT_SETTINGS,
    behind(['read:tenant_settings'], ({ request }) => answerSettings(tenant, request)),
  )
}
