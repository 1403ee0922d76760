import { fromEntries, own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { jsonAnswer, noClient } from './answers.ts'
import type { Answer } from './answers.ts'
import { pageByNumber, pageFromCheckpoint } from './pages.ts'
import {
  CHECKPOINT,
  flagParameter,
  isProjected,
  PAGING,
  parsePaging,
  parseProjection,
  parseTake,
  project,
  PROJECTION,
  refuseCheckpoint,
  refuseStrangers,
} from './query.ts'
import type { SeenRequest } from './options.ts'
import type { Tenant } from './tenant.ts'

const KNOWN = new Set([
  ...PROJECTION,
  ...PAGING,
  ...CHECKPOINT,
  'is_global',
  'is_first_party',
  'app_type',
  'external_client_id',
  'q',
])

/** Any of these opens the list. */
export const CLIENT_SCOPES = ['read:clients', 'read:client_keys', 'read:client_credentials', 'read:client_summary']
/** What every one of them shows. */
const SUMMARY = new Set(['client_id', 'name', 'app_type', 'description'])
/** What only those who may read keys or credentials see. */
const KEYS = new Set([
  'client_secret',
  'encryption_key',
  'signing_keys',
  'signing_key',
  'client_authentication_methods',
])
/** What is there beside the fields that were asked for, as recorded: in the list, and of one. */
const ALWAYS = { list: 'tenant', one: 'signing_keys' } as const

/** `GET /api/v2/clients`: pages by number, with totals or as a bare array, or one page by checkpoint. */
export function answerClients(tenant: Tenant, request: SeenRequest, scopes: ReadonlySet<string>): Answer {
  const { query } = request
  const refused = refuseStrangers(query, KNOWN)
  if (refused !== null) return refused
  const isGlobal = flagParameter(query, 'is_global', null)
  const isFirstParty = flagParameter(query, 'is_first_party', null)
  for (const each of [isGlobal, isFirstParty]) if (typeof each === 'object' && each !== null) return each
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const take = parseTake(query)
  if (typeof take !== 'number') return take
  const show = showing(query, scopes, ALWAYS.list)
  if (typeof show !== 'function') return show
  const kinds = query.get('app_type')?.split(',') ?? null
  // The one that stands for all of them is listed last, as recorded.
  const ordered = [false, true].flatMap((global) => tenant.clients.items.filter((client) => isOfAll(client) === global))
  const chosen = ordered.filter(
    (client) =>
      (isGlobal === null || isOfAll(client) === isGlobal) &&
      (isFirstParty === null || (own(client, 'is_first_party') !== false) === isFirstParty) &&
      (kinds === null || kinds.some((kind) => own(client, 'app_type') === kind)),
  )
  const list = { key: 'clients', items: chosen, show } as const
  if (!query.has('take') && !query.has('from')) return pageByNumber(list, paging)
  const from = query.get('from')
  const place = chosen.findIndex((client) => client.client_id === from)
  if (from !== null && place < 0) return refuseCheckpoint()
  return pageFromCheckpoint(list, place, take, (last) => tenant.clients.idOf(last))
}

const isOfAll = (client: JsonObject): boolean => own(client, 'global') === true

/** `GET /api/v2/clients/{id}`. */
export function answerClient(tenant: Tenant, request: SeenRequest, id: string, scopes: ReadonlySet<string>): Answer {
  const refused = refuseStrangers(request.query, PROJECTION)
  if (refused !== null) return refused
  const show = showing(request.query, scopes, ALWAYS.one)
  if (typeof show !== 'function') return show
  const client = tenant.clients.find(id)
  if (client === undefined) return noClient()
  const { tenant: _tenant, global: _global, ...one } = show(client)
  return jsonAnswer(200, one)
}

/** What of a client whoever asks may see, and asked for. */
function showing(
  query: URLSearchParams,
  scopes: ReadonlySet<string>,
  always: string,
): ((client: JsonObject) => JsonObject) | Answer {
  const projection = parseProjection(query)
  if ('status' in projection) return projection
  const sees = (key: string): boolean => {
    if (SUMMARY.has(key)) return true
    if (KEYS.has(key)) return scopes.has('read:client_keys') || scopes.has('read:client_credentials')
    return scopes.has('read:clients') || scopes.has('read:client_keys')
  }
  const isAsked = (key: string): boolean => isProjected(key, projection) || (projection.includeFields && key === always)
  return (client) => fromEntries(Object.entries(client).filter(([key]) => sees(key) && isAsked(key)))
}

/** `GET /api/v2/tenants/settings`. */
export function answerSettings(tenant: Tenant, request: SeenRequest): Answer {
  const refused = refuseStrangers(request.query, PROJECTION)
  if (refused !== null) return refused
  const projection = parseProjection(request.query)
  return 'status' in projection ? projection : jsonAnswer(200, project(tenant.settings, projection))
}
