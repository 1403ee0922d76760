import { exceedsDepth, isJsonObject, textAt } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { countIn, listedItems } from './in-answers.ts'
import type { Question, Session } from './session.ts'
import { withoutSecretKey } from '../schema/secret-field.ts'

export const API_PATH = '/api/v2/resource-servers'
/** Deeper JSON overflows the stack of whatever walks it later. */
export const DEEPEST = 64

/** Every parameter of `GET /api/v2/resource-servers`, by its name on the wire. */
export interface ListParameters {
  /** At most ten; sent as `identifiers=a&identifiers=b`. */
  readonly identifiers?: readonly string[]
  /** From 0. */
  readonly page?: number
  /** 1 to 100; the tenant takes 50 where it is absent. */
  readonly per_page?: number
  readonly include_totals?: boolean
  /** Undocumented for this endpoint but honoured by it. */
  readonly fields?: readonly string[]
  readonly include_fields?: boolean
}

/** One page; `total`, `start` and `limit` are null in a bare array. */
export interface ListPage {
  readonly items: readonly JsonObject[]
  readonly total: number | null
  readonly start: number | null
  readonly limit: number | null
}

export interface ListQuestion extends Pick<Question, 'purpose' | 'what'> {
  readonly keepsSecret: boolean
  readonly signal?: AbortSignal
}

/** One page within a session. @throws RequestFault */
export function askList(session: Session, parameters: ListParameters, question: ListQuestion): Promise<ListPage> {
  const { keepsSecret, purpose, signal, what } = question
  const path = `${API_PATH}${queryOf(parameters)}`
  return session.ask({ path, purpose, what }, (json) => readPage(json, keepsSecret, what), signal)
}

export function isRefusedPaging(error: unknown): boolean {
  return error instanceof RequestFault && error.status === 400 && error.errorCode === 'invalid_paging'
}

/** `?a=b&c=d`, each value percent-encoded as the endpoint demands; empty where nothing is asked. */
export function queryOf(parameters: ListParameters): string {
  const pairs: [string, string][] = []
  for (const identifier of parameters.identifiers ?? []) pairs.push(['identifiers', identifier])
  if (parameters.page !== undefined) pairs.push(['page', String(parameters.page)])
  if (parameters.per_page !== undefined) pairs.push(['per_page', String(parameters.per_page)])
  if (parameters.include_totals !== undefined) pairs.push(['include_totals', String(parameters.include_totals)])
  if (parameters.fields !== undefined) pairs.push(['fields', parameters.fields.join(',')])
  if (parameters.include_fields !== undefined) pairs.push(['include_fields', String(parameters.include_fields)])
  return pairs.length === 0 ? '' : `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`
}

function readPage(json: Json, keepsSecret: boolean, what: string): ListPage {
  const items = listedItems(json, 'resource_servers', what)
  return {
    items: items.map((item, index) => readListItem(item, keepsSecret, `${what}, item ${index}`)),
    total: countIn(json, 'total', what),
    start: countIn(json, 'start', what),
    limit: countIn(json, 'limit', what),
  }
}

/**
 * One resource server as it came, unknown keys and all, without its secret.
 * @throws RequestFault `unexpected_shape` where it is no object, lacks `id` or `identifier`, or is nested deeper than 64
 */
export function readListItem(item: Json, keepsSecret: boolean, what: string): JsonObject {
  if (!isJsonObject(item)) throw unexpectedShape(what, 'not an object')
  for (const key of ['id', 'identifier']) {
    if ((textAt(item, key) ?? '') === '') throw unexpectedShape(what, `without a string as ${key}`)
  }
  if (exceedsDepth(item, DEEPEST)) throw unexpectedShape(what, `nested deeper than ${DEEPEST}`)
  return keepsSecret ? item : withoutSecretKey(item)
}
