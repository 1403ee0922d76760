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
export function whole(
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
export function flag<T extends boolean | null>(query: URLSearchParams, name: string, absent: T): boolean | T | Answer {
  const text = query.get(name)
  if (text === null) return absent
  if (text === 'true' || text === 'false') return text === 'true'
  return refuseQuery('Expected type boolean but found type string', name)
}

/** Parameters that an endpoint does not know are refused, as its schema does. */
export function refuseStrangers(query: URLSearchParams, known: ReadonlySet<string>): Answer | null {
  const strangers = [...query.keys()].filter((key) => !known.has(key))
  return strangers.length === 0 ? null : refuseQuery(`Additional properties not allowed: ${strangers.join(',')}`)
}
