import { listOf, memberOf, type Json } from '../schema/json.ts'
import { unexpectedShape } from './faults.ts'

/** The items of a list answer: a bare list, or an envelope that holds one under `key`. @throws RequestFault `unexpected_shape` */
export function listedItems(json: Json, key: string, what: string): readonly Json[] {
  const list = Array.isArray(json) ? json : memberOf(json, key)
  if (!Array.isArray(list)) throw unexpectedShape(what, 'neither a list nor an envelope with one')
  return listOf(list)
}

/** A number of an envelope; null where it says none. @throws RequestFault `unexpected_shape` */
export function countIn(json: Json, key: string, what: string): number | null {
  const count = memberOf(json, key)
  if (count === undefined) return null
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
    throw unexpectedShape(what, `${key} is not a count`)
  return count
}
