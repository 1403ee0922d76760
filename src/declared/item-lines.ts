import { isJsonObject, textAt, type Json } from '../schema/json.ts'
import { pathText } from '../schema/path.ts'
import { rowNodeAt } from '../schema/tree.ts'
import type { SourceItem, SourceText } from './source-text.ts'
import { findNode, LineIndex, type SourceNode, type SourcePath } from './source-tree.ts'

/** Lines of one item: its own, and those of the paths in it. The record has no prototype: a path may be called `constructor`. */
export interface ItemLines {
  readonly line: number
  readonly lines: Record<string, number>
}

/** By the place itself (`at`), which stays the same one when an item is copied with more that is said of it. */
const known = new WeakMap<SourceText, Map<SourcePath, ItemLines>>()

/**
 * Lines of an item of a file. The first question about a file looks at its text once more and keeps the lines of all its items; the places of
 * all other values are forgotten again, so that a drifted tenant of ten thousand APIs stays small.
 */
export function itemLinesOf(source: SourceText, item: SourceItem): ItemLines {
  let items = known.get(source)
  if (items === undefined) {
    items = readLines(source)
    known.set(source, items)
  }
  return items.get(item.at) ?? { line: 1, lines: {} }
}

function readLines(source: SourceText): Map<SourcePath, ItemLines> {
  const { root } = source.tree()
  const index = new LineIndex(source.text)
  const found = new Map<SourcePath, ItemLines>()
  for (const item of source.items) {
    const entry = findNode(root, item.at)
    if (entry === null) continue
    const lines = found.get(item.at)?.lines ?? (Object.create(null) as Record<string, number>)
    collectLines(item.value, entry.value, [], (path, offset) => {
      lines[pathText(path)] ??= index.place(offset).line
    })
    found.set(item.at, { line: index.place(entry.keyOffset).line, lines })
  }
  return found
}

/** Names come from the value (variables are replaced there), places from the node beside it. */
function collectLines(
  value: Json,
  node: SourceNode,
  path: readonly string[],
  put: (path: readonly string[], offset: number) => void,
): void {
  if (isJsonObject(value)) {
    if (node.kind !== 'map') return
    for (const [key, child] of Object.entries(value)) {
      const entry = node.entries.get(key)
      if (entry === undefined) continue
      const inner = [...path, key]
      put(inner, entry.keyOffset)
      collectLines(child, entry.value, inner, put)
    }
    return
  }
  if (!Array.isArray(value) || node.kind !== 'list') return
  const itemKey = rowNodeAt(path)?.row.itemKey
  for (const [index, child] of (value as readonly Json[]).entries()) {
    const item = node.items[index]
    if (item === undefined) continue
    const name = itemKey === undefined ? null : textAt(child, itemKey)
    const inner = [...path, name ?? String(index)]
    put(inner, item.offset)
    collectLines(child, item, inner, put)
  }
}
