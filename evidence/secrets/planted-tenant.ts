import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import type { LogActor, LogEntry } from '../../src/simulator/log-event.ts'
import { madeUp, type Planted } from '../gate/planted.ts'

export const ORDERS = 'https://orders.example.com/'
export const SHOP = 'https://shop.example.com/'

/** More than tenant-drift asks for: what it may read it must not tell either. */
export const SCOPES = [
  'read:resource_servers',
  'update:resource_servers',
  'read:logs',
  'read:client_grants',
  'read:clients',
  'read:client_keys',
  'read:client_credentials',
  'read:tenant_settings',
]
const HOUR = 3_600_000

export interface Persons {
  readonly persons: Planted
  readonly addresses: Planted
  readonly somebody: LogActor
}

/** Every planted person is called that, so that a run can be seen to name one. */
export const FIRST_NAME = 'Kim'

/** Somebody in the dashboard. */
export function plantPersons(): Persons {
  const [name, email] = [`${FIRST_NAME} ${madeUp(16)}`, `${madeUp(14)}@${madeUp(12)}.test`]
  const [user, ip] = [`auth0|${madeUp(20)}`, '198.51.100.77']
  return {
    persons: new Map([
      ['the name of a person', name],
      ['the mail of a person', email],
    ]),
    addresses: new Map([
      ['the address of a person', ip],
      ['the id of a person', user],
    ]),
    somebody: { kind: 'dashboard', name, email, ip, user_id: user },
  }
}

/** Two APIs with secrets that drifted hours ago, one by a pipeline and one by somebody; applications, grants and settings; and secrets wherever events have room for them. */
export function plantLog(tenant: Simulator, plant: (name: string) => string, somebody: LogActor): void {
  const [now, pipeline] = [Date.now(), { kind: 'application', client_name: 'deploy-prod' } as const]
  const at = (hours: number, actor: LogActor = somebody, sent: JsonObject | null = null) => ({
    at: now - hours * HOUR,
    actor,
    ...(sent === null ? {} : { sent }),
  })
  tenant.create({ identifier: ORDERS, name: 'Orders', token_lifetime: 60 }, at(9))
  const secret = { signing_alg: 'HS256', signing_secret: plant('a live signing secret') }
  tenant.edit(ORDERS, secret, at(8))
  tenant.edit(ORDERS, { token_lifetime: 90_000 }, at(7, pipeline, { ...secret, token_lifetime: 90_000 }))
  tenant.edit(ORDERS, { partner_api_key: plant('a live value that sounds secret') }, at(6))
  tenant.create({ identifier: SHOP, name: 'Shop' }, at(9))
  tenant.edit(SHOP, { signing_alg: 'HS256', signing_secret: plant('another live signing secret') }, at(5))
  for (const entry of tenant.logs()) tenant.putLog(withSecrets(entry, plant))

  tenant.putClient({
    client_id: 'shopApplication0000000000000001',
    name: 'Shop application',
    app_type: 'regular_web',
    is_first_party: true,
    grant_types: ['authorization_code', 'refresh_token'],
    client_secret: plant('the secret of an application'),
    encryption_key: { pub: plant('the key of an application') },
    client_metadata: { api_key: plant('metadata of an application') },
  })
  tenant.putGrant({
    id: 'cgr_shop',
    client_id: 'shopApplication0000000000000001',
    audience: ORDERS,
    scope: ['read:orders'],
    subject_type: 'client',
    partner_secret: plant('a grant that sounds secret'),
  })
  tenant.setSettings({ default_audience: ORDERS, sandbox_api_key: plant('a setting of the tenant') })
}

/** The same event with secrets in what an event may hold beside the API. */
function withSecrets(entry: LogEntry, plant: (name: string) => string): LogEntry {
  const details = entry['details'] as JsonObject
  const request = details['request'] as JsonObject
  return {
    ...entry,
    details: {
      ...details,
      accessedSecrets: [plant('a secret that an event accessed')],
      request: {
        ...request,
        query: { access_token: plant('the query of an event') },
        headers: { authorization: `Bearer ${plant('the headers of an event')}` },
        auth: {
          ...(request['auth'] as JsonObject),
          credentials: { jti: plant('the credentials of an event'), scopes: ['update:resource_servers'] },
        },
      },
    },
  }
}
