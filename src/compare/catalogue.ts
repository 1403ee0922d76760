import type { FieldRow } from '../schema/field-row.ts'
import { bareDefaults, childRows, keyOf, topRows } from '../schema/fields.ts'
import type { JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'

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

const defaults = new WeakMap<readonly FieldRow[], JsonObject>()

/** What a bare create leaves. */
export function catalogueDefaults(rows: readonly FieldRow[]): JsonObject {
  const known = defaults.get(rows)
  if (known !== undefined) return known
  const made = bareDefaults(rows)
  defaults.set(rows, made)
  return made
}

/** The path with a star in place of the key of a list item: `scopes.*.colour`, the same on every API and for every item. */
export function starred(rows: readonly FieldRow[], path: Path): Path {
  let members: ReadonlyMap<string, Node> | undefined = catalogueTree(rows)
  let items: ReadonlyMap<string, Node> | null = null
  return path.map((step) => {
    if (items !== null) {
      members = items
      items = null
      return '*'
    }
    const node: Node | undefined = members?.get(step)
    if (node?.row.compare === 'map') items = node.items
    else members = node?.members
    return step
  })
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
