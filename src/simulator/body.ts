import { isJsonObject } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { problem } from './answers.ts'
import type { Answer } from './answers.ts'

/** What a body is; undefined where it is no JSON. */
export function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The object that a body is; null for anything else. */
export function objectIn(text: string): JsonObject | null {
  const body = jsonIn(text)
  return isJsonObject(body) ? body : null
}

/** How the Management API refuses a body that is no JSON. */
export const malformed = (): Answer => problem(400, 'Invalid request payload JSON format')

/** How the Management API refuses what stands in a body. */
export function refuseBody(message: string, property?: string | null): Answer {
  const place = property === undefined || property === null ? '' : ` on property ${property}`
  return problem(400, `Payload validation error: '${message}'${place}.`, 'invalid_body')
}
