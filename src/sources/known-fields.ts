import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS, itemKeyOf } from '../schema/fields.ts'
import { fromEntries, isJsonObject, textAt, type Json, type JsonObject } from '../schema/json.ts'
import { pathText, type Path } from '../schema/path.ts'
import { shownKey } from '../schema/shown-key.ts'
import { catalogueTree, type RowNode } from '../schema/tree.ts'

export interface KnownFields {
  readonly values: JsonObject
  /** Property paths of what was left out. */
  readonly unknown: readonly string[]
}

/**
 * One resource server without the keys that the catalogue lacks, at any depth. For sources that were copied from a tenant: what Auth0 adds one day is
 * in them before this version knows it.
 */
export function knownFields(server: JsonObject, rows: readonly FieldRow[] = FIELDS): KnownFields {
  const unknown = new Set<string>()
  const values = pick(server, catalogueTree(rows), [], false)
  return { values, unknown: [...unknown] }

  function pick(object: JsonObject, known: ReadonlyMap<string, RowNode>, at: Path, isOpen: boolean): JsonObject {
    const entries = Object.entries(object).flatMap(([key, child]): readonly (readonly [string, Json])[] => {
      const node = known.get(key)
      if (node !== undefined) return [[key, within(node, child, [...at, key])]]
      if (isOpen) return [[key, child]]
      unknown.add(pathText([...at, shownKey(key)]))
      return []
    })
    return fromEntries(entries)
  }

  function within({ row, members, items }: RowNode, value: Json, at: Path): Json {
    if (row.compare === 'object' && isJsonObject(value)) return pick(value, members, at, false)
    if (row.compare !== 'map' || !Array.isArray(value)) return value
    return (value as readonly Json[]).map((item) => {
      if (!isJsonObject(item)) return item
      const key = textAt(item, itemKeyOf(row))
      return pick(item, items, key === null ? at : [...at, key], row.openItems === true)
    })
  }
}
