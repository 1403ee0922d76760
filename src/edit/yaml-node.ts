import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml'
import { skipBlank, Unsupported, type EditEntry, type EditNode } from './node.ts'
import type { YamlLibrary } from '../declared/yaml-tree.ts'

/** How the values of a YAML text are written, of events that are valid. Explicit keys (`? key`) and keys that are no scalars are not supported. */
export function yamlNode(library: YamlLibrary, text: string, events: readonly Event[]): EditNode {
  return new Builder(library, text, events).document()
}

class Builder {
  readonly library: YamlLibrary
  readonly text: string
  readonly events: readonly Event[]
  position = 0

  constructor(library: YamlLibrary, text: string, events: readonly Event[]) {
    this.library = library
    this.text = text
    this.events = events
  }

  document(): EditNode {
    // The document's own event.
    this.position = 1
    return this.node(0)
  }

  /** The next node; `floor` is where it stands if it is empty. */
  node(floor: number): EditNode {
    const { EVENT_ID } = this.library
    const event = this.events[this.position++]
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.scalar(event, floor)
      case EVENT_ID.ALIAS: {
        const start = event.anchorStart - 1
        return { kind: 'alias', start, end: event.anchorEnd, outer: start, anchor: null }
      }
      case EVENT_ID.SEQUENCE:
        return this.list(event)
      case EVENT_ID.MAPPING:
        return this.map(event)
      default:
        throw new Unsupported('no value')
    }
  }

  scalar(event: ScalarEvent, floor: number): EditNode {
    const { SCALAR_STYLE } = this.library
    const properties = Math.max(event.anchorEnd, event.tagEnd)
    if (event.valueStart < 0) {
      const end = Math.max(properties, floor)
      return { kind: 'scalar', style: 'none', start: end, end, ...this.properties(event, end) }
    }
    const [start, end] = [event.valueStart, event.valueEnd]
    switch (event.style) {
      case SCALAR_STYLE.SINGLE_QUOTED:
        return { kind: 'scalar', style: 'single', start: start - 1, end: end + 1, ...this.properties(event, start - 1) }
      case SCALAR_STYLE.DOUBLE_QUOTED:
        return { kind: 'scalar', style: 'double', start: start - 1, end: end + 1, ...this.properties(event, start - 1) }
      case SCALAR_STYLE.PLAIN:
        return { kind: 'scalar', style: 'plain', start, end, ...this.properties(event, start) }
      default: {
        const sign = this.blockSign(Math.max(properties, floor))
        const keeps = event.chomping === this.library.CHOMPING_MODE.KEEP
        const content = this.text.slice(sign, end).replace(keeps ? /(?:\r\n|\r|\n)$/ : /\s+$/, '')
        return {
          kind: 'scalar',
          style: 'block',
          start: sign,
          end: sign + content.length,
          ...this.properties(event, sign),
        }
      }
    }
  }

  /** Where the `|` or `>` of a block scalar stands. */
  blockSign(from: number): number {
    const found = skipBlank(this.text, from)
    if (!/[|>]/.test(this.text[found] ?? '')) throw new Unsupported('a block text without its sign')
    return found
  }

  list(event: SequenceEvent): EditNode {
    const isFlow = event.style === this.library.COLLECTION_STYLE.FLOW
    const entries: EditEntry[] = []
    let end = event.start + (isFlow ? 1 : 0)
    while (!this.takePop()) {
      const start = skipBlank(this.text, end, isFlow)
      if (!isFlow && this.text[start] !== '-') throw new Unsupported('an item without a dash')
      const head = isFlow ? start : start + 1
      const node = this.node(head)
      entries.push({ key: null, isMerge: false, start, head: isFlow ? node.outer : head, node })
      end = node.end
    }
    if (isFlow) end = this.close(end, ']')
    return this.collection('list', event, entries, end)
  }

  map(event: MappingEvent): EditNode {
    const isFlow = event.style === this.library.COLLECTION_STYLE.FLOW
    // `[a: b]` holds a map without braces.
    const isBare = isFlow && this.text[event.start] !== '{'
    const entries: EditEntry[] = []
    let end = event.start + (isFlow && !isBare ? 1 : 0)
    while (!this.takePop()) {
      const start = skipBlank(this.text, end, isFlow)
      const keyEvent = this.events[this.position]
      const key = this.node(start)
      if (
        keyEvent?.type !== this.library.EVENT_ID.SCALAR ||
        key.kind !== 'scalar' ||
        key.style === 'none' ||
        key.style === 'block'
      ) {
        throw new Unsupported('a key that is no plain text')
      }
      const colon = skipBlank(this.text, key.end)
      if (key.outer !== start || this.text[colon] !== ':') throw new Unsupported('a key that is written out')
      const name = this.library.getScalarValue(this.text, keyEvent)
      const node = this.node(colon + 1)
      entries.push({ key: name, isMerge: name === '<<' && key.style === 'plain', start, head: colon + 1, node })
      end = node.end
    }
    if (isFlow && !isBare) end = this.close(end, '}')
    return this.collection('map', event, entries, end)
  }

  collection(
    kind: 'list' | 'map',
    event: SequenceEvent | MappingEvent,
    entries: readonly EditEntry[],
    end: number,
  ): EditNode {
    const style = event.style === this.library.COLLECTION_STYLE.FLOW ? 'flow' : 'block'
    return { kind, style, entries, start: event.start, end, ...this.properties(event, event.start) }
  }

  takePop(): boolean {
    if (this.events[this.position]?.type !== this.library.EVENT_ID.POP) return false
    this.position++
    return true
  }

  close(from: number, bracket: string): number {
    const end = skipBlank(this.text, from, true)
    if (this.text[end] !== bracket) throw new Unsupported('a bracket that is not where it is expected')
    return end + 1
  }

  properties(
    event: Exclude<Event, AliasEvent | { readonly type: 1 | 6 }>,
    start: number,
  ): { readonly outer: number; readonly anchor: string | null } {
    const { anchorStart, anchorEnd, tagStart } = event
    const begins = [...(anchorStart < 0 ? [] : [anchorStart - 1]), ...(tagStart < 0 ? [] : [tagStart]), start]
    return { outer: Math.min(...begins), anchor: anchorStart < 0 ? null : this.text.slice(anchorStart, anchorEnd) }
  }
}
