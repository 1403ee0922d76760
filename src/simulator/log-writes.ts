import * as z from 'zod'
import { isJsonObject, own, parseJson } from '../schema/json.ts'
import type { Answer } from './answers.ts'
import type { ListPage } from './list-page.ts'
import type { Actor } from './log-event.ts'
import type { Placed } from './log-store.ts'
import { SILENT } from './options.ts'
import type { SeenRequest } from './options.ts'
import type { Tenant } from './tenant.ts'

/** The header by which a test says who makes a request: a `Write` as JSON. */
const HEADER = 'x-simulator-write'

const time = z.union([z.number(), z.iso.datetime().transform((text) => Date.parse(text))])
const text = z.string()

export const actorSchema = z.strictObject({
  kind: z.enum(['dashboard', 'person', 'application']),
  user_id: text.exactOptional(),
  name: text.exactOptional(),
  email: text.exactOptional(),
  client_id: text.exactOptional(),
  client_name: text.exactOptional(),
  ip: text.exactOptional(),
  user_agent: text.exactOptional(),
  auth0_client: z.strictObject({ name: text, version: text }).exactOptional(),
})

export const writeSchema = z.union([
  z.literal(SILENT),
  z.strictObject({
    actor: actorSchema.exactOptional(),
    at: time.exactOptional(),
    shownAt: time.exactOptional(),
    sent: z.record(text, z.json()).exactOptional(),
  }),
])

/** The event of a request that was answered: of a write, and of a reading that showed secrets. Refused ones leave none here. */
export function logRequest(tenant: Tenant, request: SeenRequest, sent: string, answer: Answer | ListPage): void {
  if (!('status' in answer)) {
    const shown = secretsIn(...answer.items)
    if (shown.length > 0) logReading(tenant, request, 200, shown)
    return
  }
  if (answer.status < 200 || answer.status > 299) return
  if (request.method === 'GET') {
    const shown = secretsIn(answer.body ?? '')
    if (shown.length > 0) logReading(tenant, request, answer.status, shown)
    return
  }
  const write = writeOf(tenant, request)
  if (write === SILENT) return
  const { actor, placed } = write
  const [body, result] = [parseJson(sent), answer.body === null ? undefined : parseJson(answer.body)]
  tenant.log.add(
    {
      type: 'sapi',
      method: request.method,
      path: request.path,
      query: Object.fromEntries(request.query),
      ...(body === undefined ? {} : { sent: body }),
      status: answer.status,
      ...(result === undefined ? {} : { answer: result }),
      actor,
    },
    placed,
  )
}

const SECRETS = ['signing_secret', 'client_secret']

function secretsIn(...bodies: readonly string[]): readonly string[] {
  return SECRETS.filter((key) => bodies.some((body) => body.includes(`"${key}"`)))
}

/** Bodies of these hold ids alone. */
function logReading(tenant: Tenant, request: SeenRequest, status: number, accessedSecrets: readonly string[]): void {
  const write = writeOf(tenant, request)
  if (write === SILENT) return
  tenant.log.add(
    {
      type: 'mgmt_api_read',
      method: 'GET',
      path: request.path,
      query: Object.fromEntries(request.query),
      status,
      answer: {},
      accessedSecrets,
      actor: write.actor,
    },
    write.placed,
  )
}

/** What the header says, else the client of the token with what its own headers say of it. */
function writeOf(
  tenant: Tenant,
  { headers }: SeenRequest,
): typeof SILENT | { readonly actor: Actor; readonly placed: Placed } {
  const given = writeSchema.safeParse(parseJson(headers.get(HEADER) ?? ''))
  if (given.success) {
    if (given.data === SILENT) return SILENT
    const { actor, ...placed } = given.data
    return { actor: actor ?? callerOf(tenant, headers), placed }
  }
  return { actor: callerOf(tenant, headers), placed: {} }
}

function callerOf(tenant: Tenant, headers: Headers): Actor {
  const tool = parseJson(Buffer.from(headers.get('auth0-client') ?? '', 'base64').toString('utf8'))
  const [name, version] = isJsonObject(tool) ? [own(tool, 'name'), own(tool, 'version')] : []
  return {
    kind: 'application',
    client_id: tenant.clientId,
    client_name: 'tenant-drift simulator',
    user_agent: headers.get('user-agent') ?? 'Other 0.0.0',
    ip: '127.0.0.1',
    ...(typeof name === 'string' && typeof version === 'string' ? { auth0_client: { name, version } } : {}),
  }
}
