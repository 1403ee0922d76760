import type * as z from 'zod'
import type { FieldRow } from '../schema/field-row.ts'
import { childRows, FIELDS, rowKey, topRows } from '../schema/fields.ts'
import { isJsonObject, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'

/** Most scopes that one API may have (entity limits of the reference). */
const MOST_SCOPES = 1000

export interface BodyProblem {
  readonly text: string
  /** Null for the body itself. */
  readonly property: string | null
}

/** What a body is sent for, and the catalogue that it is held against. */
interface Validation {
  readonly operation: 'create' | 'update'
  readonly rows: readonly FieldRow[]
}

/**
 * The first mistake of a body, in the words of the validator that the endpoint uses; null for none. Constraints are those of the field catalogue,
 * so a new field is accepted as soon as it has its row. It walks the rows itself and not by the tree that the comparison walks: a mistake in both
 * would cancel out.
 */
export function validateBody(
  body: Json,
  operation: Validation['operation'],
  rows: readonly FieldRow[] = FIELDS,
): BodyProblem | null {
  if (!isJsonObject(body)) return wrongType('object', body, null)
  const by: Validation = { operation, rows }
  const writable = topRows(rows).filter((row) => isWritable(row, by))
  const strangers = Object.keys(body).filter((key) => !writable.some((row) => row.path === key))
  if (strangers.length > 0) return additional(strangers, null)
  if (operation === 'create' && own(body, 'identifier') === undefined) return missing('identifier', null)
  for (const row of writable) {
    const value = own(body, row.path)
    if (value === undefined) continue
    const problem = value === null && row.wireNull === true ? null : validateValue(row, value, row.path, by)
    if (problem !== null) return problem
  }
  return null
}

function isWritable(row: FieldRow, { operation }: Validation): boolean {
  return row.writable === 'both' || row.writable === operation
}

function validateValue(row: FieldRow, value: Json, at: string, by: Validation): BodyProblem | null {
  if (row.json === 'object') return validateObject(row, value, at, by)
  if (row.json === 'list') return validateList(row, value, at, by)
  const result = row.schema?.safeParse(value)
  if (result === undefined || result.success) return null
  return { text: issueText(result.error.issues[0], value), property: at }
}

function validateObject(row: FieldRow, value: Json, at: string, by: Validation): BodyProblem | null {
  if (!isJsonObject(value)) return wrongType('object', value, at)
  const problem = validateMembers(childRows(row.path, by.rows), value, at, by)
  if (problem !== null) return problem
  const message = row.rule?.(value)
  return typeof message === 'string' ? { text: `Object didn't pass validation: ${message}`, property: at } : null
}

function validateList(row: FieldRow, value: Json, at: string, by: Validation): BodyProblem | null {
  if (!Array.isArray(value)) return wrongType('array', value, at)
  const items = value as readonly Json[]
  if (row.path === 'scopes' && items.length > MOST_SCOPES) {
    return { text: `Array is too long (${items.length}), maximum ${MOST_SCOPES}`, property: at }
  }
  // The wire takes items of any shape there; only the declared side insists on a type.
  if (row.openItems === true) return null
  const members = childRows(`${row.path}.*`, by.rows)
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item)) return wrongType('object', item, `${at}[${index}]`)
    const problem = validateMembers(members, item, `${at}[${index}]`, by)
    if (problem !== null) return problem
  }
  return null
}

function validateMembers(
  members: readonly FieldRow[],
  value: JsonObject,
  at: string,
  by: Validation,
): BodyProblem | null {
  const writable = members.filter((row) => isWritable(row, by))
  const strangers = Object.keys(value).filter((key) => !writable.some((row) => rowKey(row) === key))
  if (strangers.length > 0) return additional(strangers, at)
  for (const row of writable) {
    const member = own(value, rowKey(row))
    if (member === undefined && row.required === true) return missing(rowKey(row), at)
    if (member === undefined) continue
    const problem = validateValue(row, member, `${at}.${rowKey(row)}`, by)
    if (problem !== null) return problem
  }
  return null
}

const additional = (keys: readonly string[], property: string | null): BodyProblem => ({
  text: `Additional properties not allowed: ${keys.join(',')}`,
  property,
})

const missing = (key: string, property: string | null): BodyProblem => ({
  text: `Missing required property: ${key}`,
  property,
})

const wrongType = (expected: string, value: Json, property: string | null): BodyProblem => ({
  text: `Expected type ${expected} but found type ${typeName(value)}`,
  property,
})

function typeName(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}

/** A zod issue in the words of z-schema, which the endpoint answers with. Holds no text that was sent, but for enums and numbers. */
function issueText(issue: z.core.$ZodIssue | undefined, value: Json): string {
  if (issue?.code === 'invalid_type')
    return `Expected type ${expectedType(issue.expected)} but found type ${typeName(value)}`
  if (issue?.code === 'invalid_value')
    return typeof value === 'string'
      ? `No enum match for: ${value}`
      : `Expected type string but found type ${typeName(value)}`
  if (issue?.code === 'too_small') {
    return typeof value === 'string'
      ? `String is too short (${value.length} chars), minimum ${issue.minimum}`
      : `Value ${JSON.stringify(value)} is less than minimum ${issue.minimum}`
  }
  if (issue?.code === 'too_big') {
    return typeof value === 'string'
      ? `String is too long (${value.length} chars), maximum ${issue.maximum}`
      : `Value ${JSON.stringify(value)} is greater than maximum ${issue.maximum}`
  }
  if (issue?.code === 'invalid_format')
    return `String does not match pattern ${issue.format === 'regex' ? (issue.pattern ?? '') : issue.format}`
  return "Object didn't pass validation"
}

function expectedType(expected: string): string {
  return expected === 'int' ? 'integer' : expected
}
