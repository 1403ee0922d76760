import { isJsonObject, parseJson } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { problem } from './answers.ts'
import type { Answer } from './answers.ts'

/** The object that a body is; null for anything else. */
export function objectIn(text: string): JsonObject | null {
  const body = parseJson(text)
  return isJsonObject(body) ? body : null
}

/** How the Management API refuses a body that is no JSON. */
export const malformed = (): Answer => problem(400, 'Invalid request payload JSON format')

/** How the Management API refuses what stands in a body. */
export function refuseBody(message: string, property?: string | null): Answer {
  const place = property === undefined || property === null ? '' : ` on property ${property}`
  return problem(400, `Payload validation error: '${message}'${place}.`, 'invalid_body')
}
