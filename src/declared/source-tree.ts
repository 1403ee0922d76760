/**
 * Where the values of one text stand. Built only when a place is asked for: values come from faster parsers that keep no places.
 * Offsets are UTF-16 code units from the start of the text.
 */
export type SourceNode = SourceRange &
  (
    | { readonly kind: 'scalar' }
    | { readonly kind: 'list'; readonly items: readonly SourceNode[] }
    | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, SourceEntry> }
  )

interface SourceRange {
  readonly offset: number
  /** Behind the last character; of JSON alone. */
  readonly end?: number
}

export interface SourceEntry {
  readonly keyOffset: number
  readonly value: SourceNode
}

/** A key that stands twice in one mapping: parsers keep the last and say nothing. */
export interface DuplicateKey {
  readonly key: string
  readonly offset: number
}

export interface SourceTree {
  readonly root: SourceNode
  readonly duplicates: readonly DuplicateKey[]
}

/** Steps from the root of a text to a value: keys and list indices. */
export type SourcePath = readonly (string | number)[]

/** The node at `path`, and the offset of the key (or list item) that names it; null where the text does not have it. */
export function findNode(root: SourceNode, path: SourcePath): SourceEntry | null {
  let found: SourceEntry = { keyOffset: root.offset, value: root }
  for (const step of path) {
    const next = stepInto(found.value, step)
    if (next === null) return null
    found = next
  }
  return found
}

/** The offset of `path`, or of the nearest part around it that the text has. */
export function nearestOffset(root: SourceNode, path: SourcePath): number {
  for (let length = path.length; length > 0; length--) {
    const found = findNode(root, path.slice(0, length))
    if (found !== null) return found.keyOffset
  }
  return root.offset
}

function stepInto(node: SourceNode, step: string | number): SourceEntry | null {
  if (node.kind === 'map') return node.entries.get(String(step)) ?? null
  if (node.kind !== 'list' || typeof step !== 'number') return null
  const item = node.items[step]
  return item === undefined ? null : { keyOffset: item.offset, value: item }
}

/** Turns offsets into lines and columns, both from 1; a column counts code units. Lines end as YAML's do: LF, CR LF, CR. */
export class LineIndex {
  readonly starts: readonly number[]

  constructor(text: string) {
    const starts = [0]
    for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length)
    this.starts = starts
  }

  place(offset: number): { readonly line: number; readonly column: number } {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: Math.max(0, offset - (this.starts[low] ?? 0)) + 1 }
  }
}
