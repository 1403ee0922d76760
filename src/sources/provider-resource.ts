import type { FieldRow } from '../schema/field-row.ts'
import { itemKeyOf, rowKey } from '../schema/fields.ts'
import { fromEntries, isJsonObject, listOf, memberOf, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import type { NotKnown } from '../schema/not-known.ts'
import { pathText, type Path } from '../schema/path.ts'
import { shownKey } from '../schema/shown-key.ts'
import { computedAttributes, providerName, rowOfAttribute, wireSpelling, type ProviderStyle } from './provider-names.ts'

/** What a resource says and nobody can read here, with the source's own word for it. */
export interface NotRead extends NotKnown {
  /** As the source spells it: `proofOfPossession.colour`. */
  readonly attribute: string
}

/** One API as a resource of the provider says it, in the wire's names and values. */
export interface FromProvider {
  readonly values: JsonObject
  /** What it says beside `values`: attributes that this version has no meaning for, and settings of which the source lacks what a comparison needs. */
  readonly notKnown: readonly NotRead[]
}

/** What one of the two resources for scopes says. */
export interface ScopesFromProvider {
  /** Null where the resource has none: it cannot be told whose scopes these are. */
  readonly identifier: string | null
  /** Null where they cannot be told (encrypted, or not yet known): that is not the same as none. */
  readonly scopes: readonly ProviderScope[] | null
  /** True: exactly these. False: at least this one. */
  readonly isWhole: boolean
  readonly notKnown: readonly NotRead[]
}

export interface ProviderScope extends JsonObject {
  readonly value: string
  readonly description?: string
}

interface ResourceReading {
  readonly style: ProviderStyle
  readonly notKnown: NotRead[]
}

/**
 * Reads the inputs of an `@pulumi/auth0` ResourceServer, or the attributes that a Terraform state holds of an `auth0_resource_server`.
 *
 * What says nothing, in both: null, an empty text, an empty list, an empty block. A state holds null where the tenant had no value, and also
 * for every attribute that the provider learned of after the last refresh, so null cannot mean "must not be set"; blocks keep an empty text
 * for each member that is not set; and an attribute that the program does not write keeps whatever the tenant has. "Must not be set" is
 * written `disable = true` in the block, and `"null"` for consent_policy: both become null.
 */
export function fromProvider(inputs: JsonObject, style: ProviderStyle): FromProvider {
  const reading: ResourceReading = { style, notKnown: [] }
  const apart = new Set([...computedAttributes(style), INNER_SCOPES])
  const written = fromEntries(Object.entries(inputs).filter(([key]) => !apart.has(key)))
  const scopes = innerScopes(own(inputs, INNER_SCOPES), reading)
  const values = { ...readBlock(written, null, { at: [], path: [] }, reading), ...(scopes === null ? {} : { scopes }) }
  const encryption = own(values, 'token_encryption')
  const key = memberOf(encryption, 'encryption_key')
  // A key that was imported is in the state without its PEM, which the tenant never returns.
  if (!isJsonObject(key) || Object.hasOwn(key, 'pem')) return { values, notKnown: reading.notKnown }
  const { token_encryption: _keyless, ...rest } = values as JsonObject
  const attribute = style === 'pulumi' ? 'tokenEncryption' : 'token_encryption'
  return { values: rest, notKnown: [...reading.notKnown, { path: 'token_encryption', why: 'keyless', attribute }] }
}

/** Providers before 1.0 held all scopes of an API in its own resource: a list of `value` and `description`. */
const INNER_SCOPES = 'scopes'

function innerScopes(given: Json | undefined, reading: ResourceReading): readonly ProviderScope[] | null {
  if (given === undefined || saysNothing(given)) return null
  const items = Array.isArray(given) ? (given as readonly Json[]) : [given]
  const scopes = items.flatMap((item) => {
    if (!isJsonObject(item)) return []
    const name = own(item, 'value') ?? own(item, 'name') ?? null
    return scopeOf({ name, description: own(item, 'description') ?? null }) ?? []
  })
  if (scopes.length === items.length) return scopes
  reading.notKnown.push({ path: INNER_SCOPES, why: 'unread', attribute: INNER_SCOPES })
  return null
}

/** Reads a resource that holds all scopes of an API (`scopes`), or one of them (`scope`). */
export function scopesFromProvider(
  kind: 'scopes' | 'scope',
  inputs: JsonObject,
  style: ProviderStyle,
): ScopesFromProvider {
  const owner = ownerAttribute(style)
  const identifier = own(inputs, owner)
  const notKnown: NotRead[] = []
  // `id` is a state's own name for the resource.
  const known = new Set(['id', owner, ...(kind === 'scope' ? ['scope', 'description'] : ['scopes'])])
  noteUnknown(inputs, known, { at: [], path: ['scopes'] }, notKnown)
  const given = kind === 'scope' ? [scopeItem(inputs)] : own(inputs, 'scopes')
  const items = listOf(given)
  if (kind === 'scopes') {
    for (const item of items) {
      const place = { at: ['scopes'], path: ['scopes', ...keyOfItem(item, 'name')] }
      if (isJsonObject(item)) noteUnknown(item, new Set(['name', 'description']), place, notKnown)
    }
  }
  const scopes = items.flatMap((item) => scopeOf(item) ?? [])
  return {
    identifier: typeof identifier === 'string' && identifier !== '' ? identifier : null,
    scopes: Array.isArray(given) && scopes.length === items.length ? scopes : null,
    isWhole: kind === 'scopes',
    notKnown,
  }
}

/** The attribute that says whose scopes these are: the identifier of an API, or the tenant's own id of it. */
export function ownerAttribute(style: ProviderStyle): string {
  return style === 'pulumi' ? 'resourceServerIdentifier' : 'resource_server_identifier'
}

/** A single scope in the form of an item of the list. */
function scopeItem(inputs: JsonObject): JsonObject {
  return { name: own(inputs, 'scope') ?? null, description: own(inputs, 'description') ?? null }
}

function scopeOf(item: Json): ProviderScope | null {
  if (!isJsonObject(item)) return null
  const value = asText(own(item, 'name'))
  const given = own(item, 'description') ?? ''
  const description = asText(given)
  if (value === null || description === null) return null
  return description === '' ? { value } : { value, description }
}

function asText(value: Json | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

/** Where something stands: in the source, and in the catalogue's names. */
interface ValuePlace {
  readonly at: Path
  readonly path: Path
}

function noteUnknown(block: JsonObject, known: ReadonlySet<string>, place: ValuePlace, notKnown: NotRead[]): void {
  for (const [key, value] of Object.entries(block))
    if (!known.has(key) && !isInternal(key) && !saysNothing(value)) notKnown.push(unmapped(place, key))
}

/** An attribute without a row: the wire spells its fields as Terraform does, so a live value of that name is the one that is meant. */
function unmapped({ at, path }: ValuePlace, given: string): NotRead {
  const attribute = shownKey(given)
  return {
    path: pathText([...path, wireSpelling(attribute)]),
    why: 'unmapped',
    attribute: pathText([...at, attribute]),
  }
}

/** The members of one block: of an API (`parent` null), of an object, or of an item of a list. */
function readBlock(
  block: JsonObject,
  parent: FieldRow | null,
  place: ValuePlace,
  reading: ResourceReading,
): JsonObject {
  const entries: [string, Json][] = []
  for (const [attribute, value] of Object.entries(block)) {
    if (isInternal(attribute) || saysNothing(value)) continue
    const row = rowOfAttribute(parent, reading.style, attribute)
    if (row !== undefined) {
      const inside = { at: [...place.at, attribute], path: [...place.path, rowKey(row)] }
      const read = readValue(row, value, inside, reading)
      if (read !== undefined) entries.push([rowKey(row), read])
    } else if (attribute !== 'disable' || parent === null || !('disable' in providerName(parent)))
      reading.notKnown.push(unmapped(place, attribute))
  }
  return fromEntries(entries)
}

/** Undefined where it says nothing. */
function readValue(row: FieldRow, value: Json, place: ValuePlace, reading: ResourceReading): Json | undefined {
  const entry = providerName(row)
  if ('nullText' in entry && value === entry.nullText) return null
  if (row.json !== 'object' && row.compare !== 'map') return coerce(row, value)
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value]
  const blocks = items.filter(isJsonObject)
  // A value of another shape stays as it is: who judges declared values says what is wrong with it.
  if (blocks.length === 0) return value
  if ('disable' in entry && blocks.some((block) => isTrue(own(block, 'disable')))) return null
  if (row.compare === 'map') {
    const read = blocks.map((block) =>
      readBlock(block, row, { at: place.at, path: [...place.path, ...keyOfItem(block, itemKeyOf(row))] }, reading),
    )
    const written = read.filter((item) => Object.keys(item).length > 0)
    if (written.length === 0) return undefined
    if (written.length === items.length) return written
    // One that says nothing beside others is an item whose name nobody knows.
    reading.notKnown.push({ path: pathText(place.path), why: 'unread', attribute: pathText(place.at) })
    return undefined
  }
  const read = readBlock(blocks[0] ?? {}, row, place, reading)
  return Object.keys(read).length === 0 ? undefined : read
}

/** The key of a list's item as a step of a path; none where it has none. */
function keyOfItem(item: Json, name: string): Path {
  const key = textAt(item, name)
  return key === null ? [] : [key]
}

function isTrue(value: Json | undefined): boolean {
  return value === true || value === 'true'
}

/** The bridge writes `__defaults` into every object. */
function isInternal(key: string): boolean {
  return key.startsWith('__')
}

function saysNothing(value: Json): boolean {
  if (value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).every(isInternal)
}

/** Programs and old states write scalars as texts too, as the provider lets them. */
function coerce(row: FieldRow, value: Json): Json {
  if (row.json === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  if (row.json === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  if (row.json === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  return value
}
