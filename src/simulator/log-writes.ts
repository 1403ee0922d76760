import { parseJson, textAt } from '../schema/json.ts'
import type { Answer } from './answers.ts'
import type { ServedPage } from './list-page.ts'
import type { LogActor } from './log-event.ts'
import type { Placed } from './log-store.ts'
import { SILENT, writeSchema } from './options.ts'
import type { SeenRequest } from './options.ts'
import type { Tenant } from './tenant.ts'

/** The header by which a test says who makes a request: a `Write` as JSON. */
const HEADER = 'x-simulator-write'

/** The event of a request that was answered: of a write, and of a reading that showed secrets. Refused ones leave none here. */
export function logRequest(tenant: Tenant, request: SeenRequest, sent: string, answer: Answer | ServedPage): void {
  if ('items' in answer) {
    logReading(tenant, request, 200, secretKeysIn(...answer.items))
    return
  }
  if (answer.status < 200 || answer.status > 299) return
  if (request.method === 'GET') {
    logReading(tenant, request, answer.status, secretKeysIn(answer.body ?? ''))
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

function secretKeysIn(...bodies: readonly string[]): readonly string[] {
  return SECRETS.filter((key) => bodies.some((body) => body.includes(`"${key}"`)))
}

/** Where it showed secrets. Bodies of these hold ids alone. */
function logReading(tenant: Tenant, request: SeenRequest, status: number, accessedSecrets: readonly string[]): void {
  const write = accessedSecrets.length === 0 ? SILENT : writeOf(tenant, request)
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
): typeof SILENT | { readonly actor: LogActor; readonly placed: Placed } {
  const given = writeSchema.safeParse(parseJson(headers.get(HEADER) ?? ''))
  if (given.success) {
    if (given.data === SILENT) return SILENT
    const { actor, ...placed } = given.data
    return { actor: actor ?? callerOf(tenant, headers), placed }
  }
  return { actor: callerOf(tenant, headers), placed: {} }
}

function callerOf(tenant: Tenant, headers: Headers): LogActor {
  const tool = parseJson(Buffer.from(headers.get('auth0-client') ?? '', 'base64').toString('utf8'))
  const [name, version] = [textAt(tool, 'name'), textAt(tool, 'version')]
  return {
    kind: 'application',
    client_id: tenant.clientId,
    client_name: 'tenant-drift simulator',
    user_agent: headers.get('user-agent') ?? 'Other 0.0.0',
    ip: '127.0.0.1',
    ...(name !== null && version !== null && { auth0_client: { name, version } }),
  }
}
