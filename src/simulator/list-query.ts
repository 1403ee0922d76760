import { topRows } from '../schema/fields.ts'
import type { Answer } from './answers.ts'
import { flag, refuseQuery, refuseStrangers, whole } from './query.ts'

export interface ListQuery {
  readonly page: number
  readonly perPage: number
  readonly includeTotals: boolean
  readonly fields: readonly string[] | null
  readonly includeFields: boolean
  /** Null for no filter. */
  readonly identifiers: readonly string[] | null
}

const DEFAULT_PER_PAGE = 50
const MOST_PER_PAGE = 100
const MOST_IDENTIFIERS = 10
const KNOWN = new Set(['page', 'per_page', 'include_totals', 'fields', 'include_fields', 'identifiers'])

/** The parameters of the list, or the answer that refuses them. Unknown ones are refused, as the endpoint does. */
export function parseListQuery(query: URLSearchParams): ListQuery | Answer {
  const refused = refuseStrangers(query, KNOWN)
  if (refused !== null) return refused
  const page = whole(query, 'page', 0, 0, Number.MAX_SAFE_INTEGER)
  if (typeof page !== 'number') return page
  const perPage = whole(query, 'per_page', DEFAULT_PER_PAGE, 1, MOST_PER_PAGE)
  if (typeof perPage !== 'number') return perPage
  const includeTotals = flag(query, 'include_totals', false)
  if (typeof includeTotals !== 'boolean') return includeTotals
  const projection = parseProjection(query)
  if ('status' in projection) return projection
  const identifiers = query.has('identifiers') ? query.getAll('identifiers') : null
  if (identifiers?.includes('') === true)
    return refuseQuery('String is too short (0 chars), minimum 1', 'identifiers[0]')
  if (identifiers !== null && identifiers.length > MOST_IDENTIFIERS) {
    return refuseQuery(`Array is too long (${identifiers.length}), maximum ${MOST_IDENTIFIERS}`, 'identifiers')
  }
  return { page, perPage, includeTotals, ...projection, identifiers }
}

/** `fields` and `include_fields`: of the list, and of one resource server. */
export function parseProjection(query: URLSearchParams): Pick<ListQuery, 'fields' | 'includeFields'> | Answer {
  const includeFields = flag(query, 'include_fields', true)
  if (typeof includeFields !== 'boolean') return includeFields
  const text = query.get('fields')
  if (text === null) return { fields: null, includeFields }
  const fields = text.split(',')
  const known = topRows().map((row) => row.path)
  if (fields.every((field) => known.includes(field))) return { fields, includeFields }
  return refuseFields(text)
}

/** How the endpoints of this API refuse the parameter `fields`. */
export function refuseFields(text: string): Answer {
  const known = topRows().map((row) => row.path)
  return refuseQuery(
    `String '${text}' does not match pattern. Must be a comma separated list of the following values: ${known.join(',')}`,
    'fields',
  )
}
