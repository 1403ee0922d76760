import * as z from 'zod'
import type { Inferred } from '../schema/inferred.ts'
import type { Json, JsonObject } from '../schema/json.ts'

const shortText = z.string()

/**
 * Who makes a write. `dashboard`: a person in the dashboard; `person`: one with the CLI or a token of their own; `application`: a client with its
 * own credentials. What is left out is invented.
 */
export const actorSchema = z.strictObject({
  kind: z.enum(['dashboard', 'person', 'application']),
  user_id: shortText.exactOptional(),
  name: shortText.exactOptional(),
  email: shortText.exactOptional(),
  client_id: shortText.exactOptional(),
  client_name: shortText.exactOptional(),
  ip: shortText.exactOptional(),
  user_agent: shortText.exactOptional(),
  /** What the header `auth0-client` says of the tool. */
  auth0_client: z.strictObject({ name: shortText, version: shortText }).exactOptional(),
})
export type LogActor = Inferred<typeof actorSchema>

/** One entry of the tenant log, as it goes over the wire. */
export type LogEntry = JsonObject & { readonly date: string; readonly log_id: string; readonly type: string }

export interface Happened {
  readonly type: 'sapi' | 'mgmt_api_read'
  readonly method: string
  /** As it was sent, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** What was sent; left out where nothing was. */
  readonly sent?: Json
  readonly status: number
  /** Left out where the answer has no body. */
  readonly answer?: Json
  readonly accessedSecrets?: readonly string[]
  readonly actor: LogActor
}

export const DASHBOARD: LogActor = { kind: 'dashboard' }
const DASHBOARD_CHANNEL = 'https://manage.auth0.com/'
const DASHBOARD_CLIENT = 'AaiyAPdpYdesoKnqjj8HJqRn4T5titww'
/** Of the Auth0 CLI. */
const CLI_CLIENT = '2iZo3Uczt5LFHacKdM0zzgUO2eG2uDjT'
const BROWSER = 'Chrome 141.0.0 / Mac OS X 10.15.7'

/** Summaries of the endpoints: real descriptions are these, and have changed over the years. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  get: 'Get resource servers',
  post: 'Create a resource server',
  patch: 'Update a resource server',
  put: 'Update a resource server',
  delete: 'Delete a resource server',
}

/**
 * An event as the published schema of `sapi` and `mgmt_api_read` has it. Kinds of callers differ in `channel`, `auth.user`, `user_id` and client, as in
 * public events of other endpoints; of resource servers none is public, so the description is the endpoint's summary and nothing evidences it.
 */
export function logEntry(happened: Happened, at: number, number: number, tenant: string): LogEntry {
  const { method, path, query, sent, status, answer, accessedSecrets } = happened
  const actor = wholeActor(happened.actor)
  const isPerson = actor.kind !== 'application'
  // As the published schemas have it: an empty object there, an empty text here.
  const nobody = happened.type === 'sapi' ? {} : ''
  const user = isPerson ? { user_id: actor.user_id, name: actor.name, email: actor.email } : nobody
  const id = logId(at, number)
  return {
    date: new Date(at).toISOString(),
    type: happened.type,
    description: DESCRIPTIONS[method.toLowerCase()] ?? 'Call of the Management API',
    client_id: actor.client_id,
    client_name: actor.client_name,
    ip: actor.ip,
    user_agent: actor.user_agent,
    details: {
      request: {
        method: method.toLowerCase(),
        path,
        query,
        userAgent: actor.user_agent,
        ...(sent === undefined ? {} : { body: sent }),
        channel: actor.kind === 'dashboard' ? DASHBOARD_CHANNEL : 'api',
        ip: actor.ip,
        auth: {
          user,
          strategy: 'jwt',
          credentials: { jti: `jti-${number}`, scopes: ['update:resource_servers'] },
        },
      },
      response: { statusCode: status, ...(answer === undefined ? {} : { body: answer }) },
      ...(accessedSecrets === undefined ? {} : { accessedSecrets }),
    },
    user_id: isPerson ? actor.user_id : '',
    ...(actor.auth0_client === undefined ? {} : { auth0_client: { ...actor.auth0_client } }),
    log_id: id,
    _id: id,
    isMobile: false,
    tenant_name: tenant,
    environment_name: 'prod-eu-1',
    $event_schema: { version: '1.0.0' },
  }
}

function wholeActor(actor: LogActor): Required<Omit<LogActor, 'auth0_client'>> & Pick<LogActor, 'auth0_client'> {
  const client = {
    dashboard: { client_id: DASHBOARD_CLIENT, client_name: '', user_agent: BROWSER },
    person: { client_id: CLI_CLIENT, client_name: '', user_agent: 'Auth0 CLI 1.31.0' },
    application: { client_id: 'simulatedApplication00000000001', client_name: 'deploy', user_agent: 'Other 0.0.0' },
  }[actor.kind]
  return {
    user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
    name: 'Alex Example',
    email: 'alex@example.com',
    ip: '203.0.113.7',
    ...client,
    ...actor,
  }
}

/** Sorted by time; as long as real ones are. */
function logId(at: number, number: number): string {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '')
  return `9002${digits}${String(number).padStart(30, '0')}`
}
