import deepDiff from 'deep-diff'
import {
  byCodeUnits,
  canonicalText,
  fromEntries,
  isJsonObject,
  memberOf,
  own,
  sameJson,
  type Json,
  type JsonObject,
} from '../schema/json.ts'
import { itemKeyOf } from '../schema/fields.ts'
import { pathText, type Path } from '../schema/path.ts'
import { deepestNode, nodesAlong, type RowNode } from '../schema/tree.ts'

/**
 * The paths at which two normal forms of one field differ, each once, in deep-diff's order. A list has no normal order of its own, so a
 * change inside one is a change of the list.
 */
export function differingPaths(node: RowNode, left: Json | undefined, right: Json | undefined): readonly Path[] {
  if (sameJson(left, right)) return []
  const top: Path = [node.key]
  if (left === undefined || right === undefined) return entryPaths(node, left ?? right)
  if (!isJsonObject(left) || !isJsonObject(right)) return [top]
  const paths = new Map<string, Path>()
  for (const change of deepDiff.diff(disputed(left, right), disputed(right, left)) ?? []) {
    const steps: string[] = []
    for (const step of change.path ?? []) {
      if (typeof step !== 'string') break
      steps.push(step.slice(MARK.length))
    }
    const path = [...top, ...steps]
    paths.set(pathText(path), path)
  }
  // Unequal values always have a place where they are unequal.
  return paths.size === 0 ? [top] : [...paths.values()]
}

const MARK = '.'

/** The members that differ, marked. deep-diff looks each key up in a list of all keys, so it is given few. */
function disputed(value: JsonObject, other: JsonObject): JsonObject {
  const members: Record<string, Json> = {}
  for (const key of Object.keys(value)) {
    const member = value[key] as Json
    if (!sameJson(member, own(other, key))) members[MARK + key] = marked(member)
  }
  return members
}

/** deep-diff passes over a key that is the empty text, and reads keys from prototypes: with a mark before it, every key is an ordinary one. */
function marked(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(marked)
  if (!isJsonObject(value)) return value
  return fromEntries(Object.entries(value).map(([key, member]) => [MARK + key, marked(member)] as const))
}

/** A keyed list that appears or goes is that many items, not one list. */
function entryPaths(node: RowNode, value: Json | undefined): readonly Path[] {
  if (node.row.compare !== 'map' || !isJsonObject(value)) return [[node.key]]
  return Object.keys(value).map((key) => [node.key, key])
}

/** The value at a path of a normal form; the path's first step is the field itself. */
export function normalAt(field: Json | undefined, path: Path): Json | undefined {
  let value = field
  for (const step of path.slice(1)) value = memberOf(value, step)
  return value
}

/**
 * The value at a path as it was written: items of keyed lists by key, a whole keyed list in the order of its keys (the tenant's own order means
 * nothing, and must not make two reports differ). `undefined` where nothing stands there.
 */
export function rawAt(node: RowNode, raw: Json | undefined, path: Path): Json | undefined {
  if (path.length === 1) return mapInOrder(node, raw)
  const steps = path.slice(1)
  const nodes = nodesAlong(steps, node)
  return steps.reduce<Json | undefined>((value, step, index) => {
    if (nodes[index] !== 'item' || !Array.isArray(value)) return memberOf(value, step)
    const list = nodes[index - 1] ?? node
    const key = itemKeyOf(list === 'item' ? node.row : list.row)
    return (value as readonly Json[]).find((item) => memberOf(item, key) === step)
  }, raw)
}

/** A keyed list by its keys, in code units; anything else as it is. */
function mapInOrder({ row }: RowNode, raw: Json | undefined): Json | undefined {
  if (row.compare !== 'map' || !Array.isArray(raw)) return raw
  const keyOf = (item: Json) => {
    const key = isJsonObject(item) ? own(item, itemKeyOf(row)) : item
    return typeof key === 'string' ? key : canonicalText(key ?? null)
  }
  return (raw as readonly Json[]).toSorted((a, b) => byCodeUnits(keyOf(a), keyOf(b)))
}

/** The deepest node that a path reaches, whose row judges a change there. */
export function nodeAt(node: RowNode, path: Path): RowNode {
  return deepestNode(path.slice(1), node) ?? node
}
