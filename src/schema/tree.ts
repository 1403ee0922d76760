import type { FieldRow } from './field-row.ts'
import { bareDefaults, childRows, FIELDS, rowKey, topRows } from './fields.ts'
import { oncePer } from './once-per.ts'
import type { Path } from './path.ts'

/** The catalogue as a tree, so that a value can be walked together with its rows. */
export interface RowNode {
  readonly row: FieldRow
  readonly key: string
  /** Members of an object. */
  readonly members: ReadonlyMap<string, RowNode>
  /** Members of each item of a keyed list. */
  readonly items: ReadonlyMap<string, RowNode>
}

/** Nodes of the top-level fields by wire name. */
export function catalogueTree(rows: readonly FieldRow[] = FIELDS): ReadonlyMap<string, RowNode> {
  return treeOf(rows)
}

const treeOf = oncePer((rows: readonly FieldRow[]) => nodes(topRows(rows), rows))

/** What a bare create leaves. */
export const catalogueDefaults = oncePer((rows: readonly FieldRow[]) => bareDefaults(rows))

/** What lies directly under a node: members of an object, or of each item of a keyed list. */
export function inside(node: RowNode): ReadonlyMap<string, RowNode> {
  return node.row.compare === 'map' ? node.items : node.members
}

/**
 * What each step of a path is: the node of a row, `item` for the key of a list's item, null for what the catalogue lacks. The path begins at a
 * resource server, or under the node that it is given.
 */
export function nodesAlong(
  path: Path,
  from: RowNode | ReadonlyMap<string, RowNode> = catalogueTree(),
): readonly (RowNode | 'item' | null)[] {
  let isItem = 'row' in from && from.row.compare === 'map'
  let level = 'row' in from ? inside(from) : from
  return path.map((step) => {
    if (isItem) {
      isItem = false
      return 'item'
    }
    const node = level.get(step)
    level = node === undefined ? NOTHING : inside(node)
    isItem = node?.row.compare === 'map'
    return node ?? null
  })
}

const NOTHING: ReadonlyMap<string, RowNode> = new Map()

/** The node of the row that stands at a path; null where none does, as at an item of a list. */
export function rowNodeAt(path: Path): RowNode | null {
  const node = nodesAlong(path).at(-1)
  return node === undefined || node === 'item' ? null : node
}

/** The deepest node that a path reaches under `from`; null for none. */
export function deepestNode(path: Path, from?: RowNode | ReadonlyMap<string, RowNode>): RowNode | null {
  return nodesAlong(path, from).findLast((node) => node !== null && node !== 'item') ?? null
}

/** The path with a star in place of the key of a list item: `scopes.*.colour`, the same on every API and for every item. */
export function starred(rows: readonly FieldRow[], path: Path): Path {
  const nodesOf = nodesAlong(path, catalogueTree(rows))
  return path.map((step, index) => (nodesOf[index] === 'item' ? '*' : step))
}

function nodes(level: readonly FieldRow[], rows: readonly FieldRow[]): ReadonlyMap<string, RowNode> {
  return new Map(
    level.map((row) => [
      rowKey(row),
      {
        row,
        key: rowKey(row),
        members: nodes(childRows(row.path, rows), rows),
        items: nodes(childRows(`${row.path}.*`, rows), rows),
      },
    ]),
  )
}
