import type { Json } from '../schema/json.ts'
import {
  blockLines,
  columnOf,
  entryLines,
  inline,
  inlineEntry,
  isFilled,
  itemLines,
  lineEnd,
  lineStart,
  spread,
  type Layout,
} from './layout.ts'
import { skipBlank, Unsupported, type CollectionNode, type EditEntry, type EditNode } from './node.ts'

/** Puts `text` in the place of what lies between two offsets. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A value and what it stands in. */
export interface Slot {
  readonly parent: CollectionNode
  readonly entry: EditEntry
}

/** Another value in the place of one. Its anchor stays: others may repeat it. A comment in its first line stays too. */
export function replaceValue(layout: Layout, { parent, entry }: Slot, value: Json): readonly Splice[] {
  const { text, eol } = layout
  const { node, head } = entry
  const anchor = node.anchor === null ? '' : `&${node.anchor} `
  const isEmpty = node.kind === 'scalar' && node.style === 'none'
  const style = node.kind === 'scalar' ? node.style : 'plain'
  if (parent.style === 'flow') {
    const written =
      isFilled(value) && !isInline(layout, parent)
        ? spread(layout, value, indentOf(layout, entry.start))
        : inline(layout, value, style)
    return [{ start: node.outer, end: node.end, text: (isEmpty && node.outer === head ? ' ' : '') + anchor + written }]
  }
  const isBlock = 'style' in node && node.style === 'block'
  // What stands behind the key in its own line, where the value itself lies below it.
  const comment = isBlock ? commentIn(text.slice(head, lineEnd(layout, head)), node.start > lineEnd(layout, head)) : ''
  const keepsFlow = node.kind !== 'scalar' && node.kind !== 'alias' && node.style === 'flow' && node.entries.length > 0
  if (!isFilled(value) || keepsFlow) {
    const written = anchor + inline(layout, value, style)
    // A comment beside the last item goes with it.
    if (isBlock) return [{ start: head, end: lineEnd(layout, node.end), text: ` ${written}${comment}` }]
    return [{ start: node.outer, end: node.end, text: (isEmpty && node.outer === head ? ' ' : '') + written }]
  }
  const column = columnOf(layout, entry.start)
  if (parent.kind === 'list') {
    const lines = blockLines(layout, value, column + 2)
    const first = anchor === '' ? ' ' : ` ${anchor.trim()}${eol}${' '.repeat(column + 2)}`
    return [{ start: head, end: node.end, text: first + lines.join(eol) }]
  }
  const deeper = column + (Array.isArray(value) ? layout.listStep : layout.step)
  const below = eol + ' '.repeat(deeper) + blockLines(layout, value, deeper).join(eol)
  const mark = anchor === '' ? '' : ` ${anchor.trim()}`
  if (isBlock) return [{ start: head, end: node.end, text: mark + comment + below }]
  const end = lineEnd(layout, node.end)
  return [{ start: head, end, text: mark + text.slice(node.end, end) + below }]
}

/** Another value in the place of an empty list or object that is the whole text. */
export function replaceRoot(layout: Layout, node: EditNode, value: Json): readonly Splice[] {
  if (!('entries' in node) || node.entries.length > 0 || node.anchor !== null) throw new Unsupported('the whole text')
  const written =
    layout.yaml === null
      ? spread({ ...layout, unit: layout.unit ?? '  ' }, value, '')
      : blockLines(layout, value, 0).join(layout.eol)
  return [{ start: node.start, end: node.end, text: written }]
}

function commentIn(line: string, isBelow: boolean): string {
  if (isBelow) return /\s+#.*$/.exec(line)?.[0] ?? ''
  // Of a block text the sign stands there.
  return /[|>][-+0-9]*(\s+#.*)$/.exec(line)?.[1] ?? ''
}

/** One member under another name, in the same place. */
export function replaceEntry(
  layout: Layout,
  parent: CollectionNode,
  entry: EditEntry,
  key: string,
  value: Json,
): readonly Splice[] {
  const column = columnOf(layout, entry.start)
  const written =
    parent.style === 'flow'
      ? inlineEntry(layout, key, value)
      : entryLines(layout, key, value, column).join(layout.eol).trimStart()
  return [{ start: entry.start, end: entry.node.end, text: written }]
}

/** More members or items behind the last one. The collection has at least one. */
export function addEntries(
  layout: Layout,
  parent: CollectionNode,
  added: readonly (readonly [string | null, Json])[],
): readonly Splice[] {
  const last = parent.entries.at(-1)
  if (last === undefined) throw new Unsupported('nothing to put it behind')
  if (parent.style === 'flow') return addInFlow(layout, parent, last, added)
  const { text, eol } = layout
  const column = columnOf(layout, last.start)
  const blank = hasBlankLines(text, parent) ? eol : ''
  const lines = added.map(([key, value]) => {
    const written = key === null ? newItem(layout, last, value, column) : entryLines(layout, key, value, column)
    return (key === null ? blank : '') + eol + written.join(eol)
  })
  const at = behindComments(layout, lineEnd(layout, last.node.end), column)
  return [{ start: at, end: at, text: lines.join('') }]
}

/** Behind the comments that lie deeper than an entry whose last line ends here: they are about it. */
function behindComments({ text }: Layout, end: number, column: number): number {
  const comment = /(?:\r\n|\r|\n)( *)#[^\r\n]*/y
  let behind = end
  for (;;) {
    comment.lastIndex = behind
    const found = comment.exec(text)
    if (found === null || (found[1] ?? '').length <= column) return behind
    behind += found[0].length
  }
}

function newItem(layout: Layout, last: EditEntry, value: Json, column: number): readonly string[] {
  const { node } = last
  if ('style' in node && node.style === 'flow')
    return [`${' '.repeat(column)}- ${inline(likeNeighbour(layout, node), value)}`]
  const isBeside = node.start <= lineEnd(layout, last.start)
  const gap = node.kind === 'map' && isBeside && node.outer === node.start ? node.start - last.start : 2
  return itemLines(layout, value, column, gap)
}

/** With the blanks inside its braces. */
function likeNeighbour(layout: Layout, node: EditNode): Layout {
  if (node.kind !== 'map' || node.entries.length === 0) return layout
  return { ...layout, pad: /\s/.test(layout.text[node.start + 1] ?? '') ? ' ' : '' }
}

/** Whether the last two items have an empty line between them. */
function hasBlankLines(text: string, parent: CollectionNode): boolean {
  const [before, last] = parent.entries.slice(-2)
  return (
    last !== undefined &&
    before !== undefined &&
    /(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/.test(text.slice(before.node.end, last.start))
  )
}

function addInFlow(
  layout: Layout,
  parent: CollectionNode,
  last: EditEntry,
  added: readonly (readonly [string | null, Json])[],
): readonly Splice[] {
  const { text, eol } = layout
  const indent = text.slice(lineStart(layout, last.start), last.start)
  const end = lineEnd(layout, last.node.end)
  const rest = text.slice(last.node.end, end)
  const isOnItsLine =
    indent.trim() === '' && last.start > lineEnd(layout, parent.start) && /^\s*,?\s*(?:#.*)?$/.test(rest)
  const isBeside = isInline(layout, parent)
  const written = added.map(([key, value]) => {
    if (isBeside || !isFilled(value)) {
      const like = likeNeighbour(layout, last.node)
      return key === null ? inline(like, value) : inlineEntry(layout, key, value)
    }
    const spreadOut = spread(layout, value, isOnItsLine ? indent : indentOf(layout, last.start))
    return key === null ? spreadOut : inline(layout, key) + layout.colon + spreadOut
  })
  if (!isOnItsLine) {
    return [{ start: last.node.end, end: last.node.end, text: written.map((each) => layout.comma + each).join('') }]
  }
  const comma = skipBlank(text, last.node.end)
  const hasComma = text[comma] === ','
  if (hasComma && comma > end) throw new Unsupported('a comma in a line of its own')
  const more = written.map((each) => eol + indent + each).join(',') + (hasComma ? ',' : '')
  return [{ start: last.node.end, end, text: (hasComma ? '' : ',') + rest + more }]
}

function indentOf(layout: Layout, offset: number): string {
  return /^[ \t]*/.exec(layout.text.slice(lineStart(layout, offset), offset))?.[0] ?? ''
}

/** Whether a collection put into this one stands in one line: as its neighbours do, and always in YAML. */
function isInline(layout: Layout, parent: CollectionNode): boolean {
  if (layout.yaml !== null || layout.unit === null) return true
  const neighbour = parent.entries.findLast(({ node }) => 'entries' in node && node.entries.length > 0)
  const { start, end } = neighbour?.node ?? parent
  return !/[\r\n]/.test(layout.text.slice(start, end))
}

/** Splices put into a text; they do not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = []
  let position = 0
  for (const { start, end, text: put } of splicesInOrder(splices)) {
    parts.push(text.slice(position, start), put)
    position = end
  }
  return parts.join('') + text.slice(position)
}

function splicesInOrder(splices: readonly Splice[]): readonly Splice[] {
  return [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
}

/** Whether splices say something about the same place. */
export function overlap(splices: readonly Splice[]): boolean {
  return splicesInOrder(splices).some((splice, index, sorted) => splice.start < (sorted[index - 1]?.end ?? 0))
}
