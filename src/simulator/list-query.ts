import { topRows } from '../schema/fields.ts'
import type { Answer } from './answers.ts'
import { PAGING, parsePaging, parseProjection, PROJECTION, refuseQuery, refuseStrangers } from './query.ts'
import type { Paging, Projection } from './query.ts'

export interface ListQuery extends Paging, Projection {
  /** Null for no filter. */
  readonly identifiers: readonly string[] | null
}

const MOST_IDENTIFIERS = 10
const NAMES = topRows().map((row) => row.path)
const KNOWN = new Set<string>([...PAGING, ...PROJECTION, 'identifiers'])

/** The parameters of the list, or the answer that refuses them. Unknown ones are refused, as the endpoint does. */
export function parseListQuery(query: URLSearchParams): ListQuery | Answer {
  const refused = refuseStrangers(query, KNOWN)
  if (refused !== null) return refused
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const projection = parseKnownFields(query)
  if ('status' in projection) return projection
  const identifiers = query.has('identifiers') ? query.getAll('identifiers') : null
  if (identifiers?.includes('') === true)
    return refuseQuery('String is too short (0 chars), minimum 1', 'identifiers[0]')
  if (identifiers !== null && identifiers.length > MOST_IDENTIFIERS) {
    return refuseQuery(`Array is too long (${identifiers.length}), maximum ${MOST_IDENTIFIERS}`, 'identifiers')
  }
  return { ...paging, ...projection, identifiers }
}

/** `fields` and `include_fields`, of the list and of one resource server: no other names than those of its fields. */
export function parseKnownFields(query: URLSearchParams): Projection | Answer {
  const projection = parseProjection(query)
  if ('status' in projection || projection.fields === null) return projection
  if (projection.fields.every((field) => NAMES.includes(field))) return projection
  return refuseFields(query.get('fields') ?? '')
}

/** How the endpoints of this API refuse the parameter `fields`. */
export function refuseFields(text: string): Answer {
  return refuseQuery(
    `String '${text}' does not match pattern. Must be a comma separated list of the following values: ${NAMES.join(',')}`,
    'fields',
  )
}
