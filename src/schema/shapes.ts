import * as z from 'zod'
import { ERROR_CODES, type ErrorCode } from './errors.ts'
import { FINDING_KINDS, ORIGINS, SEVERITIES, VERDICTS, type Shown } from './finding.ts'
import type { Json, JsonObject } from './json.ts'

/** Shapes that several of our documents have. */
export const text = z.string()
export const count = z.int().min(0)
export const time = text.describe('RFC 3339, UTC.')
export const kind = z.enum(FINDING_KINDS)
export const severity = z.enum(SEVERITIES)
export const origin = z.enum(ORIGINS)
export const verdict = z.enum(VERDICTS)
export const errorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]])
/** Any JSON. What was parsed from JSON is JSON: looking into it again would only cost time and stack. */
export const json = z.custom<Json>((value) => value !== undefined)
export const shown = z
  .custom<Shown>((value) => value !== undefined)
  .exactOptional()
  .describe('The value, or {"hidden": true} in place of a secret; left out where there is no value.')
export const ourTool = z.object({ name: z.literal('tenant-drift'), version: text })
export const exitCode = z.union([z.literal(0), z.literal(1), z.literal(2)])

/** JSON Schema (2020-12) of a shape: of what is read (`input`), or of what is written. */
export function jsonSchemaOf(shape: z.ZodType, io: 'input' | 'output'): JsonObject {
  return JSON.parse(JSON.stringify(z.toJSONSchema(shape, { unrepresentable: 'any', io }))) as JsonObject
}

/** The same as a document of its own. */
export function titledSchema(title: string, shape: z.ZodType): JsonObject {
  const { $schema = null, ...rest } = jsonSchemaOf(shape, 'input')
  return { $schema, title, ...rest }
}
