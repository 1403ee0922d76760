import { fromEntries, isJsonObject, listOf, memberOf, own, type Json, type JsonObject } from '../schema/json.ts'
import { itemKeyOf } from '../schema/fields.ts'
import type { Path } from '../schema/path.ts'
import { rowNodeAt, type RowNode } from '../schema/tree.ts'
import type { SourcePath } from '../declared/source-tree.ts'

/** A field of a declared API as a file has it. */
export interface WrittenField {
  /** With `${variables}` as they are written; undefined where it is not there. */
  readonly raw: Json | undefined
  /** The same with their values: what names an item may be a variable. */
  readonly seen: Json | undefined
}

export interface Put {
  readonly value: Json | undefined
  /** What is no longer there, as it was written. */
  readonly lost: readonly Json[]
}

/**
 * A field with another value at `path`, whose first step is the field; undefined takes away what stands there. Items of keyed lists are found by
 * their key. A thumbprint takes the place of the key it is of: one of the two may be declared.
 */
export function putWritten(field: WrittenField, path: Path, value: Json | undefined): Put {
  const lost: Json[] = []
  return { value: putValue(field, path.slice(0, 1), path.slice(1), value, lost), lost }
}

function putValue(here: WrittenField, at: Path, steps: Path, value: Json | undefined, lost: Json[]): Json | undefined {
  const [step, ...rest] = steps
  const { raw, seen } = here
  if (step === undefined) {
    if (raw !== undefined) lost.push(raw)
    return value
  }
  const itemKey = keyOfItems(at)
  if (itemKey !== null) {
    const items = listOf(raw)
    const known = listOf(seen)
    const index = known.findIndex((item) => memberOf(item, itemKey) === step)
    const next = putValue({ raw: items[index], seen: known[index] }, [...at, step], rest, value, lost)
    if (next === undefined) return items.filter((_item, position) => position !== index)
    return index < 0 ? [...items, next] : items.with(index, next)
  }
  const members = isJsonObject(raw) ? raw : {}
  const inside = { raw: own(members, step), seen: memberOf(seen, step) }
  const next = putValue(inside, [...at, step], rest, value, lost)
  const dropped = rest.length === 0 && step === THUMBPRINT ? keysOf(at) : []
  for (const key of dropped) if (Object.hasOwn(members, key)) lost.push(members[key] as Json)
  const others = Object.entries(members).filter(([key]) => key !== step && !dropped.includes(key))
  return fromEntries(next === undefined ? others : [...others, [step, next]])
}

const THUMBPRINT = 'thumbprint_sha256'

function keysOf(at: Path): readonly string[] {
  const members = rowNodeAt(at)?.members ?? new Map<string, RowNode>()
  return [...members.values()].filter(({ row }) => row.compare === 'public-key').map(({ key }) => key)
}

/** The member that names the items of the list at a path; null where no keyed list stands there. */
function keyOfItems(at: Path): string | null {
  const node = rowNodeAt(at)
  return node?.row.compare === 'map' ? itemKeyOf(node.row) : null
}

export function valueAtPath(value: Json | undefined, path: SourcePath): Json | undefined {
  let found = value
  for (const step of path) {
    if (Array.isArray(found)) found = typeof step === 'number' ? (found as readonly Json[])[step] : undefined
    else found = memberOf(found, String(step))
  }
  return found
}

/** The value with another one at `path`; what is missing on the way is an object, a list where a number comes next. */
export function withValue(value: Json | undefined, path: SourcePath, wanted: Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return wanted
  if (typeof step === 'number') {
    const items = listOf(value)
    const next = withValue(items[step], rest, wanted)
    return step < items.length ? items.with(step, next) : [...items, next]
  }
  const members: JsonObject = isJsonObject(value) ? value : {}
  return fromEntries([
    ...Object.entries(members).filter(([key]) => key !== step),
    [step, withValue(own(members, step), rest, wanted)],
  ])
}
