import { fromEntries } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { problem } from './answers.ts'
import type { Answer } from './answers.ts'

/** How the Management API refuses a parameter of a query. */
export function refuseQuery(message: string, property?: string): Answer {
  const place = property === undefined ? '' : ` on property ${property}`
  return problem(400, `Query validation error: '${message}'${place}.`, 'invalid_query_string')
}

/** A checkpoint that is none, or is one no more. */
export const refuseCheckpoint = (): Answer => refuseQuery('The checkpoint is not valid, or no longer', 'from')

/** A whole number of the query, or the answer that refuses it. */
function wholeParameter(
  query: URLSearchParams,
  name: string,
  absent: number,
  least: number,
  most: number,
): number | Answer {
  const text = query.get(name)
  if (text === null) return absent
  if (!/^-?\d+$/.test(text)) return refuseQuery('Expected type integer but found type string', name)
  const value = Number(text)
  if (value < least) return refuseQuery(`Value ${value} is less than minimum ${least}`, name)
  return value > most ? refuseQuery(`Value ${value} is greater than maximum ${most}`, name) : value
}

/** A switch of the query, or the answer that refuses it. */
export function flagParameter<T extends boolean | null>(
  query: URLSearchParams,
  name: string,
  absent: T,
): boolean | T | Answer {
  const text = query.get(name)
  if (text === null) return absent
  if (text === 'true' || text === 'false') return text === 'true'
  return refuseQuery('Expected type boolean but found type string', name)
}

/** The parameters of a page by number, and of one by checkpoint. */
export const PAGING = ['page', 'per_page', 'include_totals'] as const
export const CHECKPOINT = ['from', 'take'] as const

const USUAL_SIZE = 50
const MOST_PER_PAGE = 100

export interface Paging {
  readonly page: number
  readonly perPage: number
  readonly includeTotals: boolean
}

/** Which page by number a list is asked for, or the answer that refuses it: all lists take the same. */
export function parsePaging(query: URLSearchParams): Paging | Answer {
  const page = wholeParameter(query, 'page', 0, 0, Number.MAX_SAFE_INTEGER)
  if (typeof page !== 'number') return page
  const perPage = wholeParameter(query, 'per_page', USUAL_SIZE, 1, MOST_PER_PAGE)
  if (typeof perPage !== 'number') return perPage
  const includeTotals = flagParameter(query, 'include_totals', false)
  return typeof includeTotals === 'boolean' ? { page, perPage, includeTotals } : includeTotals
}

/** How many a list is asked for from a checkpoint, or the answer that refuses it. */
export function parseTake(query: URLSearchParams): number | Answer {
  return wholeParameter(query, 'take', USUAL_SIZE, 1, MOST_PER_PAGE)
}

export interface Projection {
  /** Null for all. */
  readonly fields: readonly string[] | null
  readonly includeFields: boolean
}

export const PROJECTION: ReadonlySet<string> = new Set(['fields', 'include_fields'])

/** `fields` and `include_fields`, or the answer that refuses them. */
export function parseProjection(query: URLSearchParams): Projection | Answer {
  const includeFields = flagParameter(query, 'include_fields', true)
  if (typeof includeFields !== 'boolean') return includeFields
  return { fields: query.get('fields')?.split(',') ?? null, includeFields }
}

export function isProjected(key: string, { fields, includeFields }: Projection): boolean {
  return fields === null || fields.includes(key) === includeFields
}

export function project(value: JsonObject, projection: Projection): JsonObject {
  if (projection.fields === null) return value
  return fromEntries(Object.entries(value).filter(([key]) => isProjected(key, projection)))
}

/** Parameters that an endpoint does not know are refused, as its schema does. */
export function refuseStrangers(query: URLSearchParams, known: ReadonlySet<string>): Answer | null {
  const strangers = [...query.keys()].filter((key) => !known.has(key))
  return strangers.length === 0 ? null : refuseQuery(`Additional properties not allowed: ${strangers.join(',')}`)
}
