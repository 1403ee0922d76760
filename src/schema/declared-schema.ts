import * as z from 'zod'
import { isCleanValue, MOST_ITEMS } from './clean-value.ts'
import type { FieldRow } from './field-row.ts'
import { childRows, FIELDS, itemKeyOf, rowKey, topRows } from './fields.ts'
import { isJsonObject, own, type Json } from './json.ts'
import { nearOrAll } from './near.ts'
import { oncePer } from './once-per.ts'
import { SIGNING_SECRET } from './secret-field.ts'
import { shownKey, shownPath } from './shown-key.ts'

/** One mistake inside a declared resource server; `path` counts list items from 0. Its message never holds a value. */
export interface ValueMistake {
  readonly path: readonly (string | number)[]
  /** The place as it is shown. */
  readonly at: string
  readonly message: string
}

/** The zod schema of one declared resource server: the API's constraints, strict, with a message for every mistake. */
export function declaredSchema(rows: readonly FieldRow[] = FIELDS): z.ZodType {
  return objectShape(topRows(rows), rows, 'a resource server')
}

const schemaFor = oncePer((rows: readonly FieldRow[]) => declaredSchema(rows))

/** All mistakes of one declared resource server; empty where it has none. */
export function declaredMistakes(value: Json, rows: readonly FieldRow[] = FIELDS): readonly ValueMistake[] {
  if (isCleanValue(value, rows)) return []
  const result = schemaFor(rows).safeParse(value)
  if (result.success) return []
  return result.error.issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
    if (issue.code !== 'unrecognized_keys') return [{ path, at: shownPath(path), message: issue.message }]
    return issue.keys.map((key) => {
      const known = nearOrAll(key, issue.message)
      if (path.length === 0 && isRestOfSecret(value, key))
        return {
          path: [key],
          at: shownPath(path),
          message: `signing_secret ends before this word: put quotes around the secret`,
        }
      const message = `unknown field ${JSON.stringify(shownKey(key))}; ${known}`
      return { path: [...path, key], at: shownPath([...path, key]), message }
    })
  })
}

/** `{signing_secret: a,b}` has a key `b` without a value: the rest of a secret that has a comma in it. */
function isRestOfSecret(value: Json, key: string): boolean {
  return isJsonObject(value) && Object.hasOwn(value, SIGNING_SECRET) && own(value, key) === null
}

function rowSchema(row: FieldRow, rows: readonly FieldRow[]): z.ZodType {
  const present = presentSchema(row, rows)
  return row.nullable ? present.nullable() : present
}

function presentSchema(row: FieldRow, rows: readonly FieldRow[]): z.ZodType {
  if (row.schema !== undefined) return row.schema
  if (row.compare === 'map') return listShape(row, rows)
  const object = objectShape(childRows(row.path, rows), rows, rowKey(row))
  const { rule } = row
  if (rule === undefined) return object
  const broken = (value: unknown): string | null => (isJsonObject(value) ? rule(value) : null)
  return object.refine((value) => broken(value) === null, {
    // Also where a member is missing, so that all mistakes are told at once.
    when: () => true,
    error: ({ input }) => `${rowKey(row)} ${broken(input)}`,
  })
}

function objectShape(
  children: readonly FieldRow[],
  rows: readonly FieldRow[],
  what: string,
  isOpen = false,
): z.ZodType {
  const shape = Object.fromEntries(
    children.map((row) => {
      const schema = rowSchema(row, rows)
      return [rowKey(row), row.required === true ? required(schema, rowKey(row)) : schema.optional()]
    }),
  )
  const known = children.map(rowKey).join(', ')
  const error: z.core.$ZodErrorMap = (issue) =>
    issue.code === 'unrecognized_keys' ? `known in ${what}: ${known}` : `${what} must be an object`
  return isOpen ? z.looseObject(shape, { error }) : z.strictObject(shape, { error })
}

/** Says that a member is missing, where the member's own schema would say what it must look like. */
function required(schema: z.ZodType, key: string): z.ZodType {
  const { def } = schema._zod
  const usual = def.error as z.core.$ZodErrorMap | undefined
  const error: z.core.$ZodErrorMap = (issue) => (issue.input === undefined ? `${key} is missing` : usual?.(issue))
  return schema.clone({ ...def, error })
}

function listShape(row: FieldRow, rows: readonly FieldRow[]): z.ZodType {
  const what = rowKey(row)
  const key = itemKeyOf(row)
  const item = objectShape(childRows(`${row.path}.*`, rows), rows, `an item of ${what}`, row.openItems)
  return z
    .array(item, { error: `${what} must be a list` })
    .max(MOST_ITEMS, { error: `${what} must have at most ${MOST_ITEMS} items` })
    .superRefine((items, context) => {
      const seen = new Map<Json, number>()
      for (const [index, value] of items.entries()) {
        if (!isJsonObject(value)) continue
        const name = value[key]
        if (typeof name !== 'string') continue
        const first = seen.get(name)
        if (first === undefined) seen.set(name, index)
        else context.addIssue({ code: 'custom', path: [index, key], message: `${key} appears twice in ${what}` })
      }
    })
}
