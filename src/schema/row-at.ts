import type { FieldRow } from './field-row.ts'
import { FIELDS } from './fields.ts'
import type { Path } from './path.ts'
import { catalogueTree, deepestNode } from './tree.ts'

/** The row that says most about a path of a resource server: its own, or that of the nearest parent. A list's item is any key. */
export function rowAt(path: Path, rows: readonly FieldRow[] = FIELDS): FieldRow | null {
  return deepestNode(path, catalogueTree(rows))?.row ?? null
}

/** A row, then its parents, the nearest first. */
export function* rowsUpward(row: FieldRow | null, rows: readonly FieldRow[] = FIELDS): Generator<FieldRow> {
  for (let path = row?.path ?? ''; path !== ''; path = path.slice(0, Math.max(path.lastIndexOf('.'), 0))) {
    const at = rows.find((each) => each.path === path)
    if (at !== undefined) yield at
  }
}
