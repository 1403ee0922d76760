import * as z from 'zod'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { childRows, FIELDS, rowKey, topRows } from '../../src/schema/fields.ts'
import { isJsonObject, type Json } from '../../src/schema/json.ts'

/** The source of src/schema/resource-server.ts: TypeScript types of a declared resource server, made from the catalogue. */
export function resourceServerTypes(rows: readonly FieldRow[] = FIELDS): string {
  return [
    "import type { Json } from './json.ts'",
    '',
    '/**',
    ' * One declared resource server, in the names of the API. Null means "must not be set"; a key left out means "I say nothing about it".',
    ' * Generated from the field catalogue (npm run generate).',
    ' */',
    `export interface DeclaredResourceServer ${objectText(topRows(rows), rows, '')}`,
    '',
  ].join('\n')
}

function objectText(children: readonly FieldRow[], rows: readonly FieldRow[], indent: string, isOpen = false): string {
  const lines = children.flatMap((row) => {
    const optional = row.required === true ? '' : '?'
    const type = `${typeText(row, rows, `${indent}  `)}${row.nullable ? ' | null' : ''}`
    return [`${indent}  /** ${row.sentence} */`, `${indent}  readonly ${rowKey(row)}${optional}: ${type}`]
  })
  if (isOpen) lines.push(`${indent}  readonly [member: string]: Json`)
  return ['{', ...lines, `${indent}}`].join('\n')
}

function typeText(row: FieldRow, rows: readonly FieldRow[], indent: string): string {
  if (row.compare === 'map')
    return `readonly ${objectText(childRows(`${row.path}.*`, rows), rows, indent, row.openItems)}[]`
  if (row.schema === undefined) return objectText(childRows(row.path, rows), rows, indent)
  const values = enumValues(row.schema)
  if (values !== null)
    return values.map((value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))).join(' | ')
  return row.json === 'integer' ? 'number' : row.json
}

function enumValues(schema: z.ZodType): readonly Json[] | null {
  const json: unknown = z.toJSONSchema(schema, { unrepresentable: 'any' })
  return isJsonObject(json) && Array.isArray(json.enum) ? (json.enum as readonly Json[]) : null
}
