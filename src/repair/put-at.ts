import { itemKeyOf } from '../schema/fields.ts'
import { fromEntries, isJsonObject, listOf, memberOf, own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { inside, type RowNode } from '../schema/tree.ts'

/**
 * The value of a field with `put` at a path below it, every other member as it is and in its place: items of keyed lists by their keys, new ones at the end.
 * `put` undefined takes away. What is not there on the way is made.
 */
export function putAt(node: RowNode | null, value: Json | undefined, steps: Path, put: Json | undefined): Json {
  const [step = '', ...rest] = steps
  if (node?.row.compare === 'map') return putItem(node, value, step, rest, put)
  const members = isJsonObject(value) ? value : {}
  const child = node === null ? null : (inside(node).get(step) ?? null)
  return withMember(members, step, rest.length === 0 ? put : putAt(child, own(members, step), rest, put))
}

function putItem(node: RowNode, value: Json | undefined, key: string, rest: Path, put: Json | undefined): Json {
  const itemKey = itemKeyOf(node.row)
  const items = listOf(value)
  const index = items.findIndex((item) => memberOf(item, itemKey) === key)
  if (rest.length === 0 && put === undefined) return items.filter((_, at) => at !== index)
  const before = items[index] ?? { [itemKey]: key }
  const item = rest.length === 0 ? put : putInItem(node, before, rest, put)
  return index < 0 ? [...items, item ?? null] : items.with(index, item ?? null)
}

function putInItem(node: RowNode, item: Json, [step = '', ...rest]: Path, put: Json | undefined): Json {
  const members = isJsonObject(item) ? item : {}
  const child = node.items.get(step) ?? null
  return withMember(members, step, rest.length === 0 ? put : putAt(child, own(members, step), rest, put))
}

/** A key keeps its place, a new one comes last; one named `__proto__` is a key like any other. */
export function withMember(members: JsonObject, key: string, value: Json | undefined): JsonObject {
  const entries = Object.entries(members)
  if (value === undefined) return fromEntries(entries.filter(([name]) => name !== key))
  if (!Object.hasOwn(members, key)) return fromEntries([...entries, [key, value]])
  return fromEntries(entries.map(([name, before]) => [name, name === key ? value : before] as const))
}
