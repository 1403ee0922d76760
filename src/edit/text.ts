import { FIELDS, itemKeyOf } from '../schema/fields.ts'
import { isJsonObject, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { jsonNode } from './json-node.ts'
import { isFilled, layoutOf, type Layout } from './layout.ts'
import { Unsupported, type CollectionNode, type EditEntry, type EditNode } from './node.ts'
import {
  addEntries,
  applySplices,
  overlap,
  replaceEntry,
  replaceRoot,
  replaceValue,
  type Slot,
  type Splice,
} from './splice.ts'
import { removeEntries } from './remove.ts'
import { yamlNode } from './yaml-node.ts'
import { isJsonFile, MAX_DEPTH, readText } from '../declared/source-text.ts'

/** Each round mends one level of what differs; more than this many are a circle. */
const MOST_ROUNDS = 200

/**
 * The text with another value, everything that is the same in both left as it was written: comments, order, style. New parts are written as
 * their surroundings are. What other places repeat by an alias or a merge stays theirs. Null where the text cannot be edited so: what comes
 * out is read again, and is the wanted value exactly.
 */
export async function rewrite(file: string, text: string, wanted: Json): Promise<string | null> {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const edited = await rewriteUnmarked(file, text.slice(mark.length), wanted)
  return edited === null ? null : mark + edited
}

async function rewriteUnmarked(file: string, text: string, wanted: Json): Promise<string | null> {
  const library = isJsonFile(file) ? null : await import('js-yaml')
  let edited = text
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const reading = await readText(file, edited)
    if (!reading.ok) return null
    const { value } = reading.source
    if (sameJson(value, wanted)) return edited
    try {
      const root =
        library === null
          ? jsonNode(edited)
          : yamlNode(library, edited, library.parseEvents(edited, { maxDepth: MAX_DEPTH }))
      const splices = changesOf(layoutOf(edited, root, library), root, value, wanted, null)
      if (splices.length === 0 || overlap(splices)) return null
      edited = applySplices(edited, splices)
    } catch (error) {
      if (error instanceof Unsupported) return null
      throw error
    }
  }
  return null
}

/** What makes a value more like the wanted one: changes inside its members first, and only without them what comes and goes in itself. */
function changesOf(layout: Layout, node: EditNode, value: Json, wanted: Json, slot: Slot | null): readonly Splice[] {
  if (sameJson(value, wanted)) return []
  if (node.kind === 'map' && isJsonObject(value) && isJsonObject(wanted)) {
    return ownChanges(layout, node, mapChange(node, value, wanted), wanted, slot)
  }
  if (node.kind === 'list' && Array.isArray(value) && Array.isArray(wanted)) {
    const change = listChange(node, value as readonly Json[], wanted as readonly Json[])
    if (change !== null) return ownChanges(layout, node, change, wanted, slot)
  }
  return replaced(layout, node, wanted, slot)
}

function replaced(layout: Layout, node: EditNode, wanted: Json, slot: Slot | null): readonly Splice[] {
  return slot === null ? replaceRoot(layout, node, wanted) : replaceValue(layout, slot, wanted)
}

interface CollectionEdit {
  readonly inside: readonly (readonly [entry: EditEntry, value: Json, wanted: Json])[]
  readonly removed: ReadonlySet<EditEntry>
  readonly added: readonly (readonly [key: string | null, value: Json])[]
}

function ownChanges(
  layout: Layout,
  node: CollectionNode,
  change: CollectionEdit,
  wanted: Json,
  slot: Slot | null,
): readonly Splice[] {
  const { inside, removed, added } = change
  const inner = inside.flatMap(([entry, value, want]) =>
    changesOf(layout, entry.node, value, want, { parent: node, entry }),
  )
  if (inner.length > 0) return inner
  const [only, more] = [...removed]
  const [put, other] = added
  if (only !== undefined && more === undefined && put !== undefined && other === undefined && !only.isMerge) {
    const [key, value] = put
    if (key !== null && !isFilled(value)) return replaceEntry(layout, node, only, key, value)
  }
  if (removed.size === node.entries.length) return replaced(layout, node, wanted, slot)
  return removed.size > 0 ? removeEntries(layout, node, removed) : addEntries(layout, node, added)
}

/** Keys that a merge brings can be set over it; to take one away, the merge goes, and the rest of what it brought is written out. */
function mapChange(node: CollectionNode, value: JsonObject, wanted: JsonObject): CollectionEdit {
  const entries = new Map(
    node.entries.flatMap((entry) => (entry.key === null || entry.isMerge ? [] : [[entry.key, entry]])),
  )
  const inside: (readonly [EditEntry, Json, Json])[] = []
  const added: (readonly [string, Json])[] = []
  const removed = new Set<EditEntry>()
  for (const [key, want] of Object.entries(wanted)) {
    const [entry, have] = [entries.get(key), own(value, key)]
    if (have !== undefined && sameJson(have, want)) continue
    if (entry === undefined || have === undefined) added.push([key, want])
    else inside.push([entry, have, want])
  }
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(wanted, key)) continue
    const entry = entries.get(key)
    if (entry !== undefined) removed.add(entry)
    else for (const merge of node.entries) if (merge.isMerge) removed.add(merge)
  }
  return { inside, removed, added }
}

/** Items are the same one by what names them. Null where the order of those that stay is another one. */
function listChange(node: CollectionNode, value: readonly Json[], wanted: readonly Json[]): CollectionEdit | null {
  const before = new Map(numberedNames(value).map((name, index) => [name, index]))
  const after = new Map(numberedNames(wanted).map((name, index) => [name, wanted[index] as Json]))
  const kept = [...after.keys()].filter((name) => before.has(name))
  const isInOrder = kept.every(
    (name, index) => index === 0 || (before.get(kept[index - 1] ?? '') ?? 0) < (before.get(name) ?? 0),
  )
  const isBehind = [...after.keys()].slice(0, kept.length).every((name) => before.has(name))
  if (!isInOrder || !isBehind) return null
  const inside: (readonly [EditEntry, Json, Json])[] = []
  const removed = new Set<EditEntry>()
  for (const [name, index] of before) {
    const entry = node.entries[index]
    const want = after.get(name)
    if (entry === undefined) return null
    if (want === undefined) removed.add(entry)
    else if (!sameJson(value[index], want)) inside.push([entry, value[index] as Json, want])
  }
  const added = [...after].filter(([name]) => !before.has(name)).map(([, item]) => [null, item] as const)
  return { inside, removed, added }
}

/** What names an item: of the list of APIs, and of each keyed list of the catalogue. */
const NAMES: readonly string[] = [
  'identifier',
  ...new Set(FIELDS.filter((row) => row.compare === 'map').map(itemKeyOf)),
]
/** What of an accept rule says where it holds. */
const RULE_NAMES = ['resource_server', 'path', 'kind'] as const

/** Of equal ones each is told by its number, too. */
function numberedNames(items: readonly Json[]): readonly string[] {
  const seen = new Map<string, number>()
  return items.map((item) => {
    const name = itemName(item)
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    return `${number} ${name}`
  })
}

/** What tells an item of a list from the others, whatever else it says. */
export function itemName(item: Json): string {
  if (!isJsonObject(item)) return JSON.stringify(item)
  const name = NAMES.map((key) => own(item, key)).find((text) => typeof text === 'string')
  if (name !== undefined) return `name ${String(name)}`
  if (own(item, 'path') === undefined) return JSON.stringify(item)
  return `rule ${JSON.stringify(RULE_NAMES.map((key) => own(item, key) ?? null))}`
}
