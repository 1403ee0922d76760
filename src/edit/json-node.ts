import { Unsupported, type EditEntry, type EditNode } from './node.ts'
import { jsonTree } from '../declared/json-tree.ts'
import { MAX_DEPTH } from '../declared/source-text.ts'
import type { SourceNode } from '../declared/source-tree.ts'

/** How the values of a JSON text are written. */
export function jsonNode(text: string): EditNode {
  const tree = jsonTree(text, MAX_DEPTH)
  if ('message' in tree) throw new Unsupported(tree.message)
  return nodeOf(text, tree.root)
}

function nodeOf(text: string, node: SourceNode): EditNode {
  const place = { start: node.offset, end: node.end ?? node.offset, outer: node.offset, anchor: null }
  if (node.kind === 'scalar') return { ...place, kind: 'scalar', style: text[node.offset] === '"' ? 'double' : 'plain' }
  if (node.kind === 'list') {
    const entries = node.items.map((item): EditEntry => {
      return { key: null, isMerge: false, start: item.offset, head: item.offset, node: nodeOf(text, item) }
    })
    return { ...place, kind: 'list', style: 'flow', entries }
  }
  const entries = [...node.entries].map(([key, { keyOffset, value }]): EditEntry => {
    const head = text.lastIndexOf(':', value.offset) + 1
    return { key, isMerge: false, start: keyOffset, head, node: nodeOf(text, value) }
  })
  return { ...place, kind: 'map', style: 'flow', entries }
}
