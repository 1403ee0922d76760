import { lineEnd, lineStart, type Layout } from './layout.ts'
import { skipBlank, type CollectionNode, type EditEntry } from './node.ts'
import type { Splice } from './splice.ts'

/** Takes members or items away; others of the same collection stay. */
export function removeEntries(
  layout: Layout,
  parent: CollectionNode,
  removed: ReadonlySet<EditEntry>,
): readonly Splice[] {
  const { entries } = parent
  const lastKept = entries.findLastIndex((entry) => !removed.has(entry))
  if (parent.style === 'block') {
    return entries.flatMap((entry, index) =>
      removed.has(entry) ? [blockRange(layout, entry, entries[index + 1], removed, index > lastKept)] : [],
    )
  }
  const inside = entries.flatMap((entry, index) => {
    const next = entries[index + 1]
    return removed.has(entry) && index < lastKept && next !== undefined ? [flowRange(layout, entry, next)] : []
  })
  const [kept, last] = [entries[lastKept], entries.at(-1)]
  if (kept === undefined || last === undefined || kept === last) return inside
  return [...inside, { start: kept.node.end, end: last.node.end, text: '' }]
}

function flowRange(layout: Layout, entry: EditEntry, next: EditEntry): Splice {
  const { text } = layout
  const comma = skipBlank(text, entry.node.end)
  const start = lineStart(layout, entry.start)
  const end = lineEnd(layout, comma)
  const isOnItsLines = text.slice(start, entry.start).trim() === '' && /^,\s*(?:#.*)?$/.test(text.slice(comma, end))
  if (isOnItsLines) return { start, end: behindBreak(text, end), text: '' }
  return { start: entry.start, end: next.start, text: '' }
}

function blockRange(
  layout: Layout,
  entry: EditEntry,
  next: EditEntry | undefined,
  removed: ReadonlySet<EditEntry>,
  isTail: boolean,
): Splice {
  const { text } = layout
  const end = lineEnd(layout, entry.node.end)
  const start = lineStart(layout, entry.start)
  const before = text.slice(start, entry.start)
  if (before.trim() === '') {
    // Where the text ends without a line break, what goes from its end takes the breaks before it.
    if (!isTail || /[\r\n]$/.test(text)) return { start, end: behindBreak(text, end), text: '' }
    return { start: start - (text.slice(start - 2, start) === '\r\n' ? 2 : 1), end, text: '' }
  }
  // Beside a dash: the next one moves up, unless something stands between the two.
  const isNext = next !== undefined && !removed.has(next) && text.slice(end, next.start).trim() === ''
  if (isNext) return { start: entry.start, end: next.start, text: '' }
  return { start: start + before.trimEnd().length, end, text: '' }
}

function behindBreak(text: string, end: number): number {
  return end + (text.slice(end, end + 2) === '\r\n' ? 2 : end < text.length ? 1 : 0)
}
