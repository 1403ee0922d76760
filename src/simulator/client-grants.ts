import { DAY_MS } from '../schema/duration.ts'
import { fromEntries, own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { deleted, invalidPaging, jsonAnswer, noGrant, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import { malformed, objectIn, refuseBody } from './body.ts'
import type { Collection } from './collection.ts'
import {
  CHECKPOINT,
  flagParameter,
  PAGING,
  parsePaging,
  parseTake,
  refuseCheckpoint,
  refuseStrangers,
} from './query.ts'
import { pageByNumber, pageFromCheckpoint } from './pages.ts'
import type { SeenRequest } from './options.ts'
import type { Tenant } from './tenant.ts'

const DEEPEST_RECORD = 1000
const FILTERS = ['audience', 'client_id', 'subject_type', 'default_for'] as const
const KNOWN = new Set<string>([...FILTERS, 'allow_any_organization', ...PAGING, ...CHECKPOINT])
const POLICED = new Set(['client', 'user', 'anonymous_user'])

/**
 * `GET /api/v2/client-grants`. With `take` (or `from`) one page by checkpoint, `{client_grants, next}`, whatever else is sent, as recorded; else pages by
 * number: with totals an envelope, without a bare array.
 */
export function answerGrants(tenant: Tenant, request: SeenRequest): Answer {
  const { query } = request
  const refused = refuseStrangers(query, KNOWN)
  if (refused !== null) return refused
  const anyOrganization = flagParameter(query, 'allow_any_organization', null)
  if (typeof anyOrganization === 'object' && anyOrganization !== null) return anyOrganization
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const chosen = tenant.grants.items.filter(
    (grant) =>
      FILTERS.every((name) => query.get(name) === null || own(grant, name) === query.get(name)) &&
      (anyOrganization === null || (own(grant, 'allow_any_organization') === true) === anyOrganization),
  )
  if (query.has('take') || query.has('from')) return fromCheckpoint(tenant, query, chosen)
  if ((paging.page + 1) * paging.perPage > DEEPEST_RECORD) return invalidPaging(paging.page)
  return pageByNumber({ key: 'client_grants', items: chosen }, paging)
}

/** A checkpoint is good for a day. */
function fromCheckpoint(tenant: Tenant, query: URLSearchParams, chosen: readonly JsonObject[]): Answer {
  const take = parseTake(query)
  if (typeof take !== 'number') return take
  const from = query.get('from')
  const place = from === null ? null : checkpointOf(from)
  const isFresh = place !== null && tenant.now() - place.at <= DAY_MS
  const after = isFresh ? chosen.findIndex((grant) => grant.id === place.after) : -1
  if (from !== null && after < 0) return refuseCheckpoint()
  const list = { key: 'client_grants', items: chosen } as const
  return pageFromCheckpoint(list, after, take, (last) => nextFrom(tenant.grants.idOf(last), tenant.now()))
}

function nextFrom(after: string, at: number): string {
  return Buffer.from(JSON.stringify({ after, at })).toString('base64url')
}

function checkpointOf(from: string): { readonly after: string; readonly at: number } | null {
  const place = objectIn(Buffer.from(from, 'base64url').toString('utf8'))
  if (typeof place?.after !== 'string' || typeof place.at !== 'number') return null
  return { after: place.after, at: place.at }
}

export function answerGrant(grants: Collection, { query }: SeenRequest, id: string): Answer {
  const refused = refuseStrangers(query, new Set())
  if (refused !== null) return refused
  const grant = grants.find(id)
  return grant === undefined ? noGrant() : jsonAnswer(200, grant)
}

/** Recorded: the grant as sent, with its id and the subject that it is for. */
export function answerPostGrant(tenant: Tenant, text: string): Answer {
  const body = objectIn(text)
  if (body === null) return malformed()
  const { audience, client_id: client, subject_type: subject = 'client' } = body
  if (typeof audience !== 'string') return refuseBody("Missing required property: 'audience'")
  if (typeof client !== 'string' && body.default_for === undefined)
    return refuseBody("Missing required property: 'client_id'")
  if (typeof subject !== 'string' || !POLICED.has(subject)) return refuseBody('No enum match for: subject_type')
  const isThere = tenant.grants.items.some(
    (grant) =>
      grant.audience === audience &&
      own(grant, 'client_id') === client &&
      (own(grant, 'subject_type') ?? 'client') === subject,
  )
  if (isThere) return problem(409, 'A client grant with the same audience and client already exists.')
  const grant = { id: tenant.grantId(), ...body, subject_type: subject }
  tenant.grants.put(grant)
  return jsonAnswer(201, grant)
}

/** Recorded: what is sent takes the place of what stood there; a grant of all scopes names none. */
export function answerPatchGrant(tenant: Tenant, id: string, text: string): Answer {
  const before = tenant.grants.find(id)
  if (before === undefined) return noGrant()
  const body = objectIn(text)
  if (body === null) return malformed()
  const merged: JsonObject = { ...before, ...body }
  const grant =
    body.allow_all_scopes === true && body.scope === undefined
      ? fromEntries(Object.entries(merged).filter(([key]) => key !== 'scope'))
      : merged
  tenant.grants.put(grant)
  return jsonAnswer(200, grant)
}

export function answerDeleteGrant(tenant: Tenant, id: string): Answer {
  tenant.grants.remove(id)
  return deleted()
}
