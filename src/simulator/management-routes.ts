import { isJsonObject, own, parseJson } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { percentDecoded } from '../schema/percent.ts'
import { mutableOf, systemKind } from '../schema/system-apis.ts'
import { deleted, jsonAnswer, jsonBody, noApi, problem } from './answers.ts'
import type { Answer } from './answers.ts'
import { malformed, refuseBody } from './body.ts'
import { listPage } from './list-page.ts'
import type { ServedPage } from './list-page.ts'
import { parseKnownFields, parseListQuery } from './list-query.ts'
import type { SeenRequest } from './options.ts'
import { project, PROJECTION, refuseStrangers } from './query.ts'
import { requiredIdentifier } from './store.ts'
import type { Tenant } from './tenant.ts'
import { validateBody } from './validate-body.ts'
import type { BodyProblem } from './validate-body.ts'

/** `GET /api/v2/resource-servers`: a page, or the answer that refuses the query. */
export function answerList(tenant: Tenant, request: SeenRequest): ServedPage | Answer {
  const query = parseListQuery(request.query)
  // Recorded links have the scheme http, whatever the request came by.
  return 'status' in query
    ? query
    : listPage(tenant.store, query, request.query, `http://${tenant.host}${request.path}`)
}

export function answerGet(tenant: Tenant, request: SeenRequest, segment: string): Answer {
  const refused = refuseStrangers(request.query, PROJECTION)
  if (refused !== null) return refused
  const projection = parseKnownFields(request.query)
  if ('status' in projection) return projection
  const api = find(tenant, segment)
  return api === undefined ? noApi() : jsonBody(200, JSON.stringify(project(api, projection)))
}

export function answerPost(tenant: Tenant, text: string): Answer {
  const body = parseJson(text)
  if (body === undefined) return malformed()
  const mistake = validateBody(body, 'create')
  if (mistake !== null || !isJsonObject(body)) return refuseMistake(mistake)
  const identifier = requiredIdentifier(body)
  if (isReserved(tenant, identifier)) return problem(400, 'The selected identifier is reserved.')
  // The code is not evidenced anywhere, so there is none.
  if (tenant.store.has(identifier)) return problem(409, 'A resource server with the same identifier already exists.')
  return jsonAnswer(201, tenant.create(body))
}

/** 200 on the wire, 509 of 509 recordings, whatever the reference page says. */
export function answerPatch(tenant: Tenant, segment: string, text: string): Answer {
  const api = find(tenant, segment)
  if (api === undefined) return noApi()
  const body = parseJson(text)
  if (body === undefined) return malformed()
  const mistake = isJsonObject(body) ? systemMistake(tenant, api, body) : null
  if (mistake !== null) return refuseMistake(mistake)
  const invalid = validateBody(body, 'update')
  if (invalid !== null || !isJsonObject(body)) return refuseMistake(invalid)
  return jsonAnswer(200, tenant.patch(api, isManagement(tenant, api) ? withOwnAccess(api, body) : body))
}

/**
 * Of the Management API nobody may send more of `subject_type_authorization` than `user`, so what clients may do stays as it is; elsewhere a PATCH
 * replaces the object whole. Otherwise the official provider, which sends what it may, would see a change for ever.
 */
function withOwnAccess(api: JsonObject, body: JsonObject): JsonObject {
  const [before, sent] = [own(api, 'subject_type_authorization'), own(body, 'subject_type_authorization')]
  if (!isJsonObject(before) || !isJsonObject(sent)) return body
  return { ...body, subject_type_authorization: { ...before, ...sent } }
}

export function answerDelete(tenant: Tenant, segment: string): Answer {
  const api = find(tenant, segment)
  if (api !== undefined && isManagement(tenant, api)) return problem(400, 'System resource servers cannot be deleted.')
  if (api !== undefined) tenant.store.remove(requiredIdentifier(api))
  return deleted()
}

/** By id or identifier, encoded once or twice: both were recorded. */
function find(tenant: Tenant, segment: string): JsonObject | undefined {
  let name = segment
  for (let round = 0; round < 3; round += 1) {
    const api = tenant.store.find(name)
    const next = percentDecoded(name)
    if (api !== undefined || next === null || next === name) return api
    name = next
  }
  return undefined
}

function isManagement(tenant: Tenant, api: JsonObject): boolean {
  return api.identifier === tenant.audience || systemKind(api) === 'management'
}

/** The user info endpoint is an audience of every token; nobody can have it as an API. */
function isReserved(tenant: Tenant, identifier: string): boolean {
  return tenant.issuers.some((issuer) => identifier === `${issuer}userinfo`)
}

/** What a system API does not let anybody change is answered like an unknown property. */
function systemMistake(tenant: Tenant, api: JsonObject, body: JsonObject): BodyProblem | null {
  const { fields, members } = mutableOf(api, tenant.audience)
  if (fields === null) return null
  const unknown = (keys: readonly string[], known: readonly string[], property: string | null): BodyProblem | null => {
    const strangers = keys.filter((key) => !known.includes(key))
    return strangers.length === 0
      ? null
      : { text: `Additional properties not allowed: ${strangers.join(',')}`, property }
  }
  const mistakes = Object.entries(members).flatMap(([field, known]) => {
    const sent = own(body, field)
    return isJsonObject(sent) ? (unknown(Object.keys(sent), known, field) ?? []) : []
  })
  return unknown(Object.keys(body), fields, null) ?? mistakes[0] ?? null
}

function refuseMistake(mistake: BodyProblem | null): Answer {
  return refuseBody(mistake?.text ?? 'Expected type object', mistake?.property)
}
