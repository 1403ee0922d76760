import type * as Yaml from 'js-yaml'
import type { Event, ScalarEvent } from 'js-yaml'
import type { DuplicateKey, SourceEntry, SourceNode, SourceTree } from './source-tree.ts'

/** What this needs of js-yaml, handed in: the library is loaded only where a YAML file is read. */
export type YamlLibrary = typeof Yaml

interface OpenMap {
  readonly entries: Map<string, SourceEntry>
  /** Values of `<<` keys, in order: their entries stand in for keys the mapping itself lacks. */
  readonly merged: SourceNode[]
  key: { readonly name: string; readonly offset: number; readonly isMerge: boolean } | null
}

type Frame =
  | { readonly kind: 'document'; root: SourceNode | null }
  | { readonly kind: 'list'; readonly node: SourceNode; readonly items: SourceNode[] }
  | { readonly kind: 'map'; readonly node: SourceNode; readonly open: OpenMap }

/**
 * Places of a YAML text whose events are valid. An alias has the places of what it repeats, a merged key those of its source. A complex key
 * gets no entry (values refuse it anyway).
 */
export function yamlTree(library: YamlLibrary, text: string, events: readonly Event[]): SourceTree {
  const { EVENT_ID } = library
  const frames: Frame[] = []
  const anchors = new Map<string, SourceNode>()
  const duplicates: DuplicateKey[] = []
  let root: SourceNode = { kind: 'scalar', offset: 0 }

  const add = (node: SourceNode, scalar: ScalarEvent | null): void => {
    const frame = frames.at(-1)
    if (frame === undefined) return
    if (frame.kind === 'document') frame.root ??= node
    else if (frame.kind === 'list') frame.items.push(node)
    else if (frame.open.key === null) frame.open.key = mapKeyOf(library, text, node, scalar)
    else {
      const { name, offset, isMerge } = frame.open.key
      frame.open.key = null
      if (isMerge) frame.open.merged.push(node)
      else if (frame.open.entries.has(name)) duplicates.push({ key: name, offset })
      // An empty value has no place of its own.
      else
        frame.open.entries.set(name, { keyOffset: offset, value: node.offset < 0 ? { kind: 'scalar', offset } : node })
    }
  }
  const anchor = (start: number, end: number, node: SourceNode): void => {
    if (start >= 0) anchors.set(text.slice(start, end), node)
  }

  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        frames.push({ kind: 'document', root: null })
        break
      case EVENT_ID.SCALAR: {
        const node: SourceNode = { kind: 'scalar', offset: scalarOffset(library, event) }
        anchor(event.anchorStart, event.anchorEnd, node)
        add(node, event)
        break
      }
      case EVENT_ID.SEQUENCE: {
        const items: SourceNode[] = []
        const node: SourceNode = { kind: 'list', offset: event.start, items }
        anchor(event.anchorStart, event.anchorEnd, node)
        frames.push({ kind: 'list', node, items })
        break
      }
      case EVENT_ID.MAPPING: {
        const open: OpenMap = { entries: new Map(), merged: [], key: null }
        const node: SourceNode = { kind: 'map', offset: event.start, entries: open.entries }
        anchor(event.anchorStart, event.anchorEnd, node)
        frames.push({ kind: 'map', node, open })
        break
      }
      case EVENT_ID.ALIAS:
        add(
          anchors.get(text.slice(event.anchorStart, event.anchorEnd)) ?? {
            kind: 'scalar',
            offset: event.anchorStart - 1,
          },
          null,
        )
        break
      case EVENT_ID.POP: {
        const frame = frames.pop()
        if (frame === undefined) break
        if (frame.kind === 'document') root = frame.root ?? root
        else {
          if (frame.kind === 'map') for (const source of frame.open.merged) merge(frame.open.entries, source)
          add(frame.node, null)
        }
        break
      }
      default:
    }
  }
  return { root, duplicates }
}

/** Own keys win over merged ones, and the first source over later ones. */
function merge(entries: Map<string, SourceEntry>, source: SourceNode): void {
  if (source.kind === 'list') for (const item of source.items) merge(entries, item)
  if (source.kind !== 'map') return
  for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
}

function mapKeyOf(
  library: YamlLibrary,
  text: string,
  node: SourceNode,
  scalar: ScalarEvent | null,
): NonNullable<OpenMap['key']> {
  if (scalar === null) return { name: '', offset: node.offset, isMerge: false }
  const name = library.getScalarValue(text, scalar)
  const isPlain = scalar.style === library.SCALAR_STYLE.PLAIN && scalar.tagStart < 0
  return { name, offset: node.offset, isMerge: isPlain && name === '<<' }
}

/** A quoted scalar begins at its quote, which the event leaves out. */
function scalarOffset(library: YamlLibrary, event: ScalarEvent): number {
  const { SINGLE_QUOTED, DOUBLE_QUOTED } = library.SCALAR_STYLE
  const isQuoted = event.style === SINGLE_QUOTED || event.style === DOUBLE_QUOTED
  return isQuoted ? event.valueStart - 1 : event.valueStart
}
