import type { FieldRow } from '../schema/field-row.ts'
import { childRows, FIELDS, keyOf, topRows } from '../schema/fields.ts'
import { fromEntries, isJsonObject, type Json, type JsonObject } from '../schema/json.ts'

export interface KnownFields {
  readonly values: JsonObject
  /** Paths of what was left out, an item of a list as `*`. */
  readonly unknown: readonly string[]
}

/**
 * One resource server without the keys that the catalogue lacks, at any depth. For sources that were copied from a tenant: what Auth0 adds one day is
 * in them before this version knows it.
 */
export function knownFields(server: JsonObject, rows: readonly FieldRow[] = FIELDS): KnownFields {
  const unknown = new Set<string>()
  const values = pick(server, topRows(rows), '', false)
  return { values, unknown: [...unknown] }

  function pick(object: JsonObject, known: readonly FieldRow[], at: string, isOpen: boolean): JsonObject {
    const entries = Object.entries(object).flatMap(([key, child]): readonly (readonly [string, Json])[] => {
      const row = known.find((candidate) => keyOf(candidate) === key)
      if (row !== undefined) return [[key, within(row, child)]]
      if (isOpen) return [[key, child]]
      unknown.add(at + key)
      return []
    })
    return fromEntries(entries)
  }

  function within(row: FieldRow, value: Json): Json {
    if (row.compare === 'object' && isJsonObject(value)) {
      return pick(value, childRows(row.path, rows), `${row.path}.`, false)
    }
    if (row.compare !== 'map' || !Array.isArray(value)) return value
    const items = childRows(`${row.path}.*`, rows)
    return (value as readonly Json[]).map((item) =>
      isJsonObject(item) ? pick(item, items, `${row.path}.*.`, row.openItems === true) : item,
    )
  }
}
