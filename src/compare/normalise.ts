import type { ErrorCode } from '../schema/errors.ts'
import type { JsonType } from '../schema/field-row.ts'
import { itemKeyOf } from '../schema/fields.ts'
import { isJsonObject, sameJson, textAt, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { publicKeyThumbprint } from '../schema/public-key.ts'
import type { RowNode } from '../schema/tree.ts'

/** A place inside a field that cannot be understood. */
export interface Problem {
  readonly path: Path
  readonly code: ErrorCode
}

/** A field in the form that two equal values share; `undefined` where it says no more than its absence would. */
export interface Normal {
  readonly value: Json | undefined
  readonly problems: readonly Problem[]
  /** Keys that no row names, with their values; left out of `value`. */
  readonly unknown: readonly { readonly path: Path; readonly value: Json }[]
}

/** What is met on the way: one pair of lists for a whole field, for a tenant has a hundred thousand scopes. */
interface Met {
  readonly problems: Problem[]
  readonly unknown: { path: Path; value: Json }[]
}

/**
 * Brings one field into normal form. Null and the values that an absent key equals become absent (source: the catalogue's `absentEquals`),
 * keyed lists become objects by key (order means nothing there), a PEM becomes the thumbprint that the tenant returns in its place.
 */
export function normalise(node: RowNode, raw: Json | undefined): Normal {
  const met: Met = { problems: [], unknown: [] }
  return { value: normalValue(node, raw, [node.key], met), ...met }
}

function normalValue(node: RowNode, raw: Json | undefined, path: Path, met: Met): Json | undefined {
  const { row } = node
  if (raw === undefined || raw === null) return absentValue(node)
  if (!hasType(raw, row.json)) {
    met.problems.push({ path, code: 'wrong_type' })
    return undefined
  }
  if (row.absentEquals.some((value) => sameJson(value, raw))) return absentValue(node)
  if (Array.isArray(raw) && row.compare === 'map') return normalMap(node, raw as readonly Json[], path, met)
  if (isJsonObject(raw) && row.compare === 'object') {
    return row.absentWhen?.(raw) === true ? absentValue(node) : normalMembers(node.members, raw, path, false, met)
  }
  return raw
}

/** What is only ever compared by its members: objects whose row says so, and keyed lists within an object. */
function isSpread({ row }: RowNode): boolean {
  return row.perMember === true || (row.compare === 'map' && row.path.includes('.'))
}

/** Absence in normal form; what is only ever compared by its members becomes an object without any. */
function absentValue(node: RowNode): Json | undefined {
  if (!isSpread(node)) return undefined
  const value: Record<string, Json> = {}
  for (const [key, child] of node.members) if (isSpread(child)) value[key] = absentValue(child) ?? {}
  return value
}

/** Where a value is of another JSON type than its field can have. */
function hasType(value: Json, type: JsonType): boolean {
  switch (type) {
    case 'object':
      return isJsonObject(value)
    case 'list':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'string':
    case 'boolean':
      return typeof value === type
  }
}

function normalMap(node: RowNode, raw: readonly Json[], path: Path, met: Met): Json | undefined {
  const { openItems = false } = node.row
  const itemKey = itemKeyOf(node.row)
  const items: Record<string, Json> = {}
  for (const item of raw) {
    const key = textAt(item, itemKey)
    if (!isJsonObject(item) || key === null || Object.hasOwn(items, key)) {
      met.problems.push({ path, code: 'unexpected_shape' })
      return undefined
    }
    putKey(items, key, normalMembers(node.items, item, [...path, key], openItems, met))
  }
  return raw.length === 0 ? undefined : items
}

function normalMembers(
  rows: ReadonlyMap<string, RowNode>,
  raw: JsonObject,
  path: Path,
  isOpen: boolean,
  met: Met,
): JsonObject {
  const members: Record<string, Json> = {}
  for (const key of Object.keys(raw)) {
    const value = raw[key] as Json
    const node = rows.get(key)
    if (node === undefined) {
      if (isOpen) putKey(members, key, value)
      else met.unknown.push({ path: [...path, key], value })
      continue
    }
    if (node.row.compare === 'public-key') {
      const thumbprint = typeof value === 'string' ? publicKeyThumbprint(value) : null
      if (thumbprint?.ok === true) members.thumbprint_sha256 = thumbprint.thumbprint
      continue
    }
    const normal = normalValue(node, value, [...path, key], met)
    if (normal !== undefined) members[key] = normal
  }
  for (const [key, node] of rows) {
    if (isSpread(node) && !Object.hasOwn(raw, key)) members[key] = absentValue(node) ?? {}
  }
  return members
}

/** Sets an own key, also one named `__proto__`. */
function putKey(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  } else target[key] = value
}
