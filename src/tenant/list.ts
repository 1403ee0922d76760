import { exceedsDepth, isJsonObject, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import type { Question, Session } from './session.ts'
import { withoutSecretKey } from '../schema/secret-field.ts'

export const API_PATH = '/api/v2/resource-servers'
/** Deeper JSON overflows the stack of whatever walks it later. */
const DEEPEST = 64

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

/** One page. An envelope has `total`, `start` and `limit`; a bare array has `links` instead, where the tenant sent any. */
export interface ListPage {
  readonly shape: 'array' | 'envelope'
  readonly items: readonly JsonObject[]
  readonly total: number | null
  readonly start: number | null
  readonly limit: number | null
  readonly links: Readonly<Partial<Record<'first' | 'prev' | 'next' | 'last', string>>>
}

export interface ListQuestion extends Pick<Question, 'purpose' | 'what'> {
  readonly keepsSecret: boolean
  readonly signal: AbortSignal
}

/** One page within a session. @throws RequestFault */
export function askList(session: Session, parameters: ListParameters, question: ListQuestion): Promise<ListPage> {
  const { keepsSecret, purpose, signal, what } = question
  const path = `${API_PATH}${queryOf(parameters)}`
  return session.ask({ path, purpose, what }, (json, answer) => readPage(json, answer.link, keepsSecret, what), signal)
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

function readPage(json: Json, link: string | null, keepsSecret: boolean, what: string): ListPage {
  if (Array.isArray(json)) {
    const items = readItems(json as readonly Json[], keepsSecret, what)
    return { shape: 'array', items, total: null, start: null, limit: null, links: readLinks(link) }
  }
  const items = isJsonObject(json) ? own(json, 'resource_servers') : undefined
  if (!isJsonObject(json) || !Array.isArray(items))
    throw unexpectedShape(what, 'neither a list nor an envelope with one')
  const count = (key: string): number | null => {
    const value = own(json, key)
    if (value === undefined) return null
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw unexpectedShape(what, `${key} is not a count`)
    return value
  }
  return {
    shape: 'envelope',
    items: readItems(items as readonly Json[], keepsSecret, what),
    total: count('total'),
    start: count('start'),
    limit: count('limit'),
    links: readLinks(link),
  }
}

function readItems(list: readonly Json[], keepsSecret: boolean, what: string): JsonObject[] {
  return list.map((item, index) => readItem(item, keepsSecret, `${what}, item ${index}`))
}

/**
 * One resource server as it came, unknown keys and all, without its secret.
 * @throws RequestFault `unexpected_shape` where it is no object, lacks `id` or `identifier`, or is nested deeper than 64
 */
export function readItem(item: Json, keepsSecret: boolean, what: string): JsonObject {
  if (!isJsonObject(item)) throw unexpectedShape(what, 'not an object')
  for (const key of ['id', 'identifier']) {
    const value = own(item, key)
    if (typeof value !== 'string' || value === '') throw unexpectedShape(what, `without a string as ${key}`)
  }
  if (exceedsDepth(item, DEEPEST)) throw unexpectedShape(what, `nested deeper than ${DEEPEST}`)
  return keepsSecret ? item : withoutSecretKey(item)
}

/** `<url>; rel="next"`, separated by commas; the tenant writes http:// in them, so they are shown and never followed. */
function readLinks(header: string | null): ListPage['links'] {
  const links: Partial<Record<string, string>> = {}
  for (const match of (header ?? '').matchAll(/<([^>]*)>\s*;\s*rel="?(first|prev|next|last)"?/g))
    links[match[2] ?? ''] = match[1] ?? ''
  return links
}
