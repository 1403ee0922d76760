import type { ErrorCode } from '../schema/errors.ts'
import type { JsonType } from '../schema/field-row.ts'
import { isJsonObject, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { publicKeyThumbprint } from '../schema/public-key.ts'
import type { Node } from './catalogue.ts'

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

/** Absence in normal form; an object that is only ever compared by its members becomes one without any. */
function absent(node: Node): Normal {
  return { value: absentValue(node), problems: [], unknown: [] }
}

function absentValue(node: Node): Json | undefined {
  if (node.row.perMember !== true) return undefined
  const inner = [...node.members].filter(([, child]) => child.row.perMember === true)
  return Object.fromEntries(inner.map(([key, child]) => [key, absentValue(child) ?? {}] as const))
}

/**
 * Brings one field into normal form. Null and the values that an absent key equals become absent (source: the catalogue's `absentEquals`),
 * keyed lists become objects by key (order means nothing there), a PEM becomes the thumbprint that the tenant returns in its place.
 */
export function normalise(node: Node, raw: Json | undefined, path: Path = [node.key]): Normal {
  const { row } = node
  if (raw === undefined || raw === null) return absent(node)
  if (!hasType(raw, row.json)) return { value: undefined, problems: [{ path, code: 'wrong_type' }], unknown: [] }
  if (row.absentEquals.some((value) => sameJson(value, raw))) return absent(node)
  if (row.compare === 'map') return normaliseMap(node, raw as readonly Json[], path)
  if (row.compare === 'object') return normaliseObject(node, raw as JsonObject, path)
  return { value: raw, problems: [], unknown: [] }
}

/** Where a value is of another JSON type than its field can have. */
function hasType(value: Json, type: JsonType): boolean {
  switch (type) {
    case 'any':
      return true
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

function normaliseObject(node: Node, raw: JsonObject, path: Path): Normal {
  if (node.row.absentWhen?.(raw) === true) return absent(node)
  return members(node.members, raw, path, false)
}

function normaliseMap(node: Node, raw: readonly Json[], path: Path): Normal {
  const { itemKey = 'value', openItems = false } = node.row
  const entries: [string, Json][] = []
  const problems: Problem[] = []
  const unknown: { path: Path; value: Json }[] = []
  const seen = new Set<string>()
  for (const item of raw) {
    const key = isJsonObject(item) ? own(item, itemKey) : undefined
    if (!isJsonObject(item) || typeof key !== 'string' || seen.has(key)) {
      return { value: undefined, problems: [{ path, code: 'unexpected_shape' }], unknown: [] }
    }
    seen.add(key)
    const normal = members(node.items, item, [...path, key], openItems)
    entries.push([key, normal.value ?? {}])
    problems.push(...normal.problems)
    unknown.push(...normal.unknown)
  }
  return { value: entries.length === 0 ? undefined : Object.fromEntries(entries), problems, unknown }
}

function members(rows: ReadonlyMap<string, Node>, raw: JsonObject, path: Path, isOpen: boolean): Normal {
  const entries: [string, Json][] = []
  const problems: Problem[] = []
  const unknown: { path: Path; value: Json }[] = []
  for (const [key, value] of Object.entries(raw)) {
    const node = rows.get(key)
    if (node === undefined) {
      if (isOpen) entries.push([key, value])
      else unknown.push({ path: [...path, key], value })
      continue
    }
    if (node.row.compare === 'public-key') {
      const thumbprint = typeof value === 'string' ? publicKeyThumbprint(value) : null
      if (thumbprint?.ok === true) entries.push(['thumbprint_sha256', thumbprint.thumbprint])
      continue
    }
    const normal = normalise(node, value, [...path, key])
    if (normal.value !== undefined) entries.push([key, normal.value])
    problems.push(...normal.problems)
    unknown.push(...normal.unknown)
  }
  for (const [key, node] of rows) {
    if (node.row.perMember === true && !Object.hasOwn(raw, key)) entries.push([key, absentValue(node) ?? {}])
  }
  return { value: Object.fromEntries(entries), problems, unknown }
}
