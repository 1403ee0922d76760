/** Plain JSON, as it stands on the wire. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a value is; an empty one where it is none: states of other versions and hands may hold anything. */
export function asJsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** An own key only: `constructor` or `__proto__`, sent by a tenant or given as a name, must not reach the prototype. */
export function own<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined
}

/** What a value holds under a key; undefined where it is no object, or has no such key of its own. */
export function memberOf(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? own(value, key) : undefined
}

/** It where it is a text. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** The text that a value holds under a key; null for anything else. */
export function textAt(value: Json | undefined, key: string): string | null {
  return textOrNull(memberOf(value, key))
}

/** The object that a value holds under a key; an empty one for anything else. */
export function objectAt(value: Json | undefined, key: string): JsonObject {
  const object = memberOf(value, key)
  return isJsonObject(object) ? object : {}
}

/** The items of a list; none of anything else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

/** What a text means as JSON; undefined where it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** An object from entries; a key named `__proto__` becomes an ordinary own key. */
export function fromEntries(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries)
}

/** Whether two values are the same JSON, whatever the order of keys and the prototypes of objects. Absent is `undefined`, and not null. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    const [left, right] = [a as readonly Json[], b as readonly Json[]]
    return left.every((value, index) => sameJson(value, right[index]))
  }
  const [left, right] = [a as JsonObject, b as JsonObject]
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  )
}

/** By UTF-16 code units, the same on every machine (`localeCompare` is not). */
export function byCodeUnits(a: string, b: string): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}

/** The same value with the keys of every object in code-unit order, so that equal values have equal bytes. */
export function canonical(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(canonical)
  if (!isJsonObject(value)) return value
  const keys: string[] = []
  let isSorted = true
  for (const key in value) {
    if (key < (keys.at(-1) ?? '')) isSorted = false
    keys.push(key)
  }
  if (!isSorted) keys.sort(byCodeUnits)
  const sorted: Record<string, Json> = {}
  for (const key of keys) {
    const child = canonical(value[key] as Json)
    if (key === '__proto__') Object.defineProperty(sorted, key, { value: child, enumerable: true })
    else sorted[key] = child
  }
  return sorted
}

/** One line of JSON with sorted keys: equal for equal values. */
export function canonicalText(value: Json): string {
  return JSON.stringify(canonical(value))
}

/** Whether more arrays and objects than `limit` lie inside each other. It goes no deeper than that, so no depth overflows the stack. */
export function exceedsDepth(value: Json, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (limit === 0) return true
  if (Array.isArray(value)) return (value as readonly Json[]).some((child) => exceedsDepth(child, limit - 1))
  // `for in` is several times quicker than Object.values on values fresh from JSON.parse, and every page of a tenant comes through here.
  const object = value as JsonObject
  for (const key in object) if (exceedsDepth(object[key] as Json, limit - 1)) return true
  return false
}
