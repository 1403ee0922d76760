import type { FieldRow } from '../schema/field-row.ts'
import { childRows, keyOf, topRows } from '../schema/fields.ts'

/** The catalogue as a tree, so that a value can be walked together with its rows. */
export interface Node {
  readonly row: FieldRow
  readonly key: string
  /** Members of an object. */
  readonly members: ReadonlyMap<string, Node>
  /** Members of each item of a keyed list. */
  readonly items: ReadonlyMap<string, Node>
}

const trees = new WeakMap<readonly FieldRow[], ReadonlyMap<string, Node>>()

/** Nodes of the top-level fields by wire name. */
export function catalogueTree(rows: readonly FieldRow[]): ReadonlyMap<string, Node> {
  const known = trees.get(rows)
  if (known !== undefined) return known
  const tree = nodes(topRows(rows), rows)
  trees.set(rows, tree)
  return tree
}

function nodes(level: readonly FieldRow[], rows: readonly FieldRow[]): ReadonlyMap<string, Node> {
  return new Map(
    level.map((row) => [
      keyOf(row),
      {
        row,
        key: keyOf(row),
        members: nodes(childRows(row.path, rows), rows),
        items: nodes(childRows(`${row.path}.*`, rows), rows),
      },
    ]),
  )
}
