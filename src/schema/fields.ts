import type { FieldRow } from './field-row.ts'
import type { JsonObject } from './json.ts'
import { ACCESS } from './rows/access.ts'
import { CONSENT } from './rows/consent.ts'
import { ENCRYPTION } from './rows/encryption.ts'
import { IDENTITY } from './rows/identity.ts'
import { TOKENS } from './rows/tokens.ts'

/**
 * The field catalogue: one row per field of a resource server and per nested field that can drift on its own.
 * Schemas, the comparer, policies, the editors' JSON Schema, the docs table, the test corpus and the embedded tenant's validation come from it.
 * Constraints, defaults and equalities are the ones measured on recorded traffic; where the reference page differs, the wire wins.
 */
export const FIELDS: readonly FieldRow[] = [...IDENTITY, ...TOKENS, ...ENCRYPTION, ...CONSENT, ...ACCESS]

/** Rows without a parent: the keys of a resource server. One policy guards each. */
export function topRows(rows: readonly FieldRow[] = FIELDS): readonly FieldRow[] {
  return rows.filter((row) => !row.path.includes('.'))
}

/** Rows one step below `path`: members of an object, or of a list's items (`path.*`). */
export function childRows(path: string, rows: readonly FieldRow[] = FIELDS): readonly FieldRow[] {
  return rows.filter((row) => row.path.startsWith(`${path}.`) && !row.path.slice(path.length + 1).includes('.'))
}

/** Rows directly under one: the fields of a resource server (null), members of an object, or of each item of a list. */
export function rowsInside(parent: FieldRow | null, rows: readonly FieldRow[] = FIELDS): readonly FieldRow[] {
  if (parent === null) return topRows(rows)
  return childRows(parent.compare === 'map' ? `${parent.path}.*` : parent.path, rows)
}

/** The last step of a row's path: its key on the wire. */
export function rowKey(row: FieldRow): string {
  return row.path.slice(row.path.lastIndexOf('.') + 1)
}

/** The member that names the items of a keyed list. */
export function itemKeyOf(row: FieldRow): string {
  return row.itemKey ?? 'value'
}

/** What a bare create leaves, `identifier` added by the caller. */
export function bareDefaults(rows: readonly FieldRow[] = FIELDS): JsonObject {
  return Object.fromEntries(
    topRows(rows).flatMap((row) => (row.onCreate === undefined ? [] : [[row.path, row.onCreate]])),
  )
}
