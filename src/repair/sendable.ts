import type { FieldRow } from '../schema/field-row.ts'
import { fromEntries, isJsonObject, memberOf, type Json, type JsonObject } from '../schema/json.ts'
import { publicKeyThumbprint } from '../schema/public-key.ts'
import { inside, type RowNode } from '../schema/tree.ts'

/** A value as a PATCH may send it, or why it cannot be sent. */
export type Sendable = { readonly value: Json } | { readonly why: string }

const STRANGER = 'it has a member that this version does not know, and a PATCH replaces the whole value'
const NO_KEY = 'a tenant never returns the PEM of an encryption key, and the code has no PEM with the wanted thumbprint'

/**
 * What a PATCH sends for a value that is to read so: nulls of members left out, a thumbprint as the PEM of the declaration. `keys` are the places where a PEM may
 * be found: the field as the code has it. What no row can answer for is not sent.
 */
export function sendable(node: RowNode, value: Json, keys: readonly (Json | undefined)[]): Sendable {
  const { row } = node
  if (row.json === 'list' && Array.isArray(value)) {
    if (row.compare !== 'map') return checked(row, value)
    return eachItem(value as readonly Json[], (item) => members(node, item, node.items, [], row.openItems === true))
  }
  if (row.json === 'object') return members(node, value, node.members, keys, false)
  return checked(row, value)
}

function eachItem(items: readonly Json[], send: (item: Json) => Sendable): Sendable {
  const sent: Json[] = []
  for (const item of items) {
    const one = send(item)
    if ('why' in one) return one
    sent.push(one.value)
  }
  return { value: sent }
}

function members(
  node: RowNode,
  value: Json,
  rows: ReadonlyMap<string, RowNode>,
  keys: readonly (Json | undefined)[],
  isOpen: boolean,
): Sendable {
  if (!isJsonObject(value)) return { why: UNKNOWN_VALUE }
  const withKey = withPem(rows, value, keys)
  if (withKey === null) return { why: NO_KEY }
  const entries: [string, Json][] = []
  for (const [key, member] of Object.entries(withKey)) {
    const child = rows.get(key)
    if (child === undefined) {
      if (!isOpen) return { why: STRANGER }
      if (!isExact(member)) return { why: INEXACT }
      entries.push([key, member])
    } else if (member !== null) {
      const below = keys.map((each) => memberOf(each, key))
      const sent = sendable(child, member, below)
      if ('why' in sent) return sent
      entries.push([key, sent.value])
    }
  }
  const lacks = [...rows].some(([key, { row }]) => row.required === true && !entries.some(([name]) => name === key))
  const whole = fromEntries(entries)
  const mistake = lacks || node.row.compare === 'map' ? null : (node.row.rule?.(whole) ?? null)
  return lacks || mistake !== null ? { why: UNKNOWN_VALUE } : { value: whole }
}

/** An object whose key is a PEM that never comes back: with the PEM, and without what only the tenant says of it. Null where nobody has the PEM. */
function withPem(
  rows: ReadonlyMap<string, RowNode>,
  value: JsonObject,
  keys: readonly (Json | undefined)[],
): JsonObject | null {
  const isKey = [...rows.values()].some(({ row }) => row.compare === 'public-key')
  if (!isKey) return value
  const { pem, thumbprint_sha256: wanted, ...others } = value
  if (typeof pem === 'string') return { ...others, pem }
  const found = keys.flatMap((each) => (isJsonObject(each) && typeof each.pem === 'string' ? [each.pem] : []))
  const fitting = found.find((text) => {
    const result = publicKeyThumbprint(text)
    return result.ok && result.thumbprint === wanted
  })
  return fitting === undefined ? null : { ...others, pem: fitting }
}

const UNKNOWN_VALUE = 'it has a value that this version does not know, so the tenant may refuse it'
const INEXACT = 'a number or a string in it would change on the way'

function checked({ schema }: FieldRow, value: Json): Sendable {
  if (!isExact(value)) return { why: INEXACT }
  return schema === undefined || schema.safeParse(value).success ? { value } : { why: UNKNOWN_VALUE }
}

/** Whether a value passes other programs unharmed: halves of characters, and numbers that a double does not hold, do not. */
function isExact(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
  if (Array.isArray(value)) return (value as readonly Json[]).every(isExact)
  return !isJsonObject(value) || Object.entries(value).every(([key, each]) => key.isWellFormed() && isExact(each))
}

/** How what was sent reads afterwards: a PEM as its thumbprint. */
export function asReturned(node: RowNode, value: Json): Json {
  if (!isJsonObject(value)) return value
  return fromEntries(
    Object.entries(value).map(([key, member]) => {
      const child = inside(node).get(key)
      if (child === undefined) return [key, member]
      if (child.row.compare !== 'public-key' || typeof member !== 'string') return [key, asReturned(child, member)]
      const result = publicKeyThumbprint(member)
      return ['thumbprint_sha256', result.ok ? result.thumbprint : null]
    }),
  )
}
