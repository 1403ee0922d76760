import { isJsonObject, listOf, memberOf, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import type { NotKnown } from '../schema/not-known.ts'
import { isSecretDigest } from '../schema/secret-digest.ts'
import { otherKind } from '../schema/known-files.ts'
import { beginsWith } from '../schema/path.ts'
import { near, nearOrAll } from '../schema/near.ts'
import { shortened } from '../schema/shortened.ts'
import { shownKey, shownPath } from '../schema/shown-key.ts'
import { expand, namesIn, type Lookup } from './expand.ts'
import type { MistakeBook } from './mistake-book.ts'
import type { SourceItem, SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/** One entry of `resource_servers`, variables replaced. `value` has no `$unset`. */
export interface DeclaredItem extends SourceItem {
  readonly source: SourceText | null
  readonly identifier: string
  readonly value: JsonObject
  /** Fields that are taken away from what `extends` brings. */
  readonly unset: readonly string[]
  /** Parts that are a mistake already: nothing more is said about them. */
  readonly refused: readonly SourcePath[]
  /** A literal signing secret stands in it. */
  readonly hasLiteralSecret: boolean
  /** What the source itself calls the place: a URN, a Terraform address. */
  readonly address?: string
  /** What the source says of the API beside `value`, and nobody could read. */
  readonly notKnown?: readonly NotKnown[]
  /** The tenant's own id of the API, where the source read it. */
  readonly tenantId?: string
  /** Top-level fields that the code writes for sure, where the source also holds what nobody wrote. */
  readonly written?: readonly string[]
  /** Top-level fields that the source has no word for. */
  readonly cannotSay?: readonly string[]
}

interface Extension {
  readonly path: string
  readonly at: SourcePath
}

/** What one file says, `extends` not yet followed. */
export interface DeclaredDocument {
  readonly source: SourceText
  readonly tenant: string | null
  readonly extends: readonly Extension[]
  /** Null where the file has no `resource_servers` at all. */
  readonly items: readonly DeclaredItem[] | null
  readonly managedElsewhere: readonly string[]
}

const KEYS = ['tenant', 'extends', 'resource_servers', 'managed_elsewhere'] as const
const NOTHING_DECLARED = 'write `resource_servers: []` where nothing is declared'

/** Reads the shape of a declared file: its four keys, and of each resource server the identifier and `$unset`. Fields are judged once merged. */
export function readDocument(source: SourceText, lookup: Lookup, book: MistakeBook): DeclaredDocument | null {
  const other = otherKind(source.value, ['declared'], source.file)
  if (!isJsonObject(source.value)) {
    const wanted = `a declared file is an object with the keys ${KEYS.join(', ')}`
    book.addAt(source, [], other === null ? wanted : `${wanted}; this ${other}`)
    return null
  }
  if (other !== null) {
    book.addAt(source, [], other)
    return null
  }
  if (!isDeclaration(source.value)) {
    book.addAt(source, [], `is not a declaration: it has none of the keys ${KEYS.join(', ')}`)
    return null
  }
  const { value, mistakes, isWhole } = expand(source.value, lookup)
  for (const { path, message } of mistakes) book.addAt(source, path, messageAt(value, path, message))
  if (!isWhole || !isJsonObject(value)) return null
  for (const key of Object.keys(value)) {
    if (key === '$schema' || (KEYS as readonly string[]).includes(key)) continue
    const known = nearOrAll(key, `known in a declared file: ${KEYS.join(', ')}`)
    book.addAt(source, [key], `unknown key ${quotedKey(key)}; ${known}`)
  }
  const refused = mistakes.map(({ path }) => path)
  const servers = own(value, 'resource_servers')
  const raw = own(source.value, 'resource_servers')
  return {
    source,
    tenant: readTenant(source, value, book),
    extends: readTexts(source, value, 'extends', book).map((path, index) => ({ path, at: ['extends', index] })),
    items: servers === undefined ? null : readItems(source, servers, raw, ['resource_servers'], refused, book),
    managedElsewhere: readTexts(source, value, 'managed_elsewhere', book),
  }
}

/**
 * Whether one of the keys says so, if only with a slip of the pen. Of another file nothing is said: a change may extend any file that a step before it left
 * in the work tree, a credential too.
 */
function isDeclaration(value: JsonObject): boolean {
  const keys = Object.keys(value)
  const isKnown = (key: string): boolean => key === '$schema' || (KEYS as readonly string[]).includes(key)
  return keys.length === 0 || keys.some(isKnown) || keys.some((key) => near(key, KEYS).length > 0)
}

/** The resource servers of a list at `at`. `raw` is the same list before variables were replaced. */
export function readItems(
  source: SourceText | null,
  servers: Json,
  raw: Json | undefined,
  at: SourcePath,
  refused: readonly SourcePath[],
  book: MistakeBook,
): readonly DeclaredItem[] {
  if (!Array.isArray(servers)) {
    book.addAt(source, at, `resource_servers must be a list; ${NOTHING_DECLARED}`)
    return []
  }
  const first = new Map<string, SourcePath>()
  return (servers as readonly Json[]).flatMap((entry, index) => {
    const path = [...at, index]
    const item = readItem(source, entry, listOf(raw)[index], path, within(refused, path), book)
    if (item === null) return []
    const earlier = first.get(item.identifier)
    if (earlier !== undefined) {
      const { line } = book.placeAt(source, earlier)
      const where = line === null ? 'in the same list' : `in line ${line}`
      book.addAt(
        source,
        path,
        `${named(item.identifier)} is already declared ${where}: declare each API once in a file`,
      )
      return []
    }
    first.set(item.identifier, path)
    return [item]
  })
}

/** One resource server at `at`; null where it cannot be told which one it is. */
export function readItem(
  source: SourceText | null,
  entry: Json,
  raw: Json | undefined,
  at: SourcePath,
  refused: readonly SourcePath[],
  book: MistakeBook,
): DeclaredItem | null {
  // Without a file, the position is all that tells which one is meant.
  const which = source === null ? `${at.join('.')}: ` : ''
  if (!isJsonObject(entry)) {
    book.addAt(source, at, `${which}a resource server is an object with an identifier`)
    return null
  }
  const identifier = own(entry, 'identifier')
  if (typeof identifier !== 'string' || identifier === '') {
    if (!refused.some((path) => path[0] === 'identifier')) {
      const what = identifier === undefined ? 'identifier is missing' : 'identifier must be a string that is not empty'
      book.addAt(
        source,
        identifier === undefined ? at : [...at, 'identifier'],
        `${which}${what}: it says which API this is`,
      )
    }
    return null
  }
  const secret = own(entry, SIGNING_SECRET)
  const rawSecret = isJsonObject(raw) ? own(raw, SIGNING_SECRET) : secret
  const item: DeclaredItem = {
    source,
    at,
    identifier,
    value: withoutUnset(entry),
    unset: readUnset(source, entry, at, book),
    refused,
    // What a program hands over came from its own configuration, or from a secret that it unwrapped.
    hasLiteralSecret:
      source !== null &&
      typeof secret === 'string' &&
      !isSecretDigest(secret) &&
      !(typeof rawSecret === 'string' && namesIn(rawSecret).names.length > 0),
  }
  source?.items.push(item)
  return item
}

function withoutUnset(entry: JsonObject): JsonObject {
  if (!Object.hasOwn(entry, '$unset')) return entry
  const { $unset: _taken, ...rest } = entry
  return rest
}

function readUnset(source: SourceText | null, entry: JsonObject, at: SourcePath, book: MistakeBook): readonly string[] {
  const unset = own(entry, '$unset')
  if (unset === undefined) return []
  if (!isTexts(unset)) {
    book.addAt(source, [...at, '$unset'], '$unset must be a list of field names')
    return []
  }
  return unset.filter((field, index) => {
    const problem =
      field === 'identifier'
        ? 'identifier cannot be removed'
        : Object.hasOwn(entry, field)
          ? `${quotedKey(field)} is both removed and set here`
          : null
    if (problem !== null) book.addAt(source, [...at, '$unset', index], `$unset: ${problem}`)
    return problem === null
  })
}

function readTenant(source: SourceText, value: JsonObject, book: MistakeBook): string | null {
  const tenant = own(value, 'tenant')
  if (tenant === undefined) return null
  if (typeof tenant === 'string' && tenant !== '') return tenant
  book.addAt(source, ['tenant'], 'tenant must be the domain of a tenant, as acme.eu.auth0.com')
  return null
}

function readTexts(source: SourceText, value: JsonObject, key: string, book: MistakeBook): readonly string[] {
  const list = own(value, key)
  if (list === undefined) return []
  if (isTexts(list)) return list
  book.addAt(source, [key], `${key} must be a list of strings that are not empty`)
  return []
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && (value as readonly Json[]).every((item) => typeof item === 'string' && item !== '')
}

function within(paths: readonly SourcePath[], prefix: SourcePath): readonly SourcePath[] {
  if (paths.length === 0) return paths
  return paths.filter((path) => beginsWith(path, prefix)).map((path) => path.slice(prefix.length))
}

/** Names the API and the field where the mistake lies inside one. */
function messageAt(value: Json, path: SourcePath, message: string): string {
  const [list, index, ...field] = path
  if (list !== 'resource_servers' || typeof index !== 'number')
    return path.length === 0 ? message : `${shownPath(path)}: ${message}`
  const server = listOf(memberOf(value, 'resource_servers'))[index]
  const identifier = field[0] === 'identifier' ? null : textAt(server, 'identifier')
  return [
    ...(identifier === null ? [] : [named(identifier)]),
    ...(field.length === 0 ? [] : [shownPath(field)]),
    message,
  ].join(': ')
}

/** An identifier as messages show it: one line, cut where it is longer than any real one. */
export function named(identifier: string): string {
  const shown = JSON.stringify(shortened(identifier, 200)).slice(1, -1)
  return identifier.length > 200 ? `${shown}...` : shown
}

function quotedKey(key: string): string {
  return JSON.stringify(shownKey(key))
}
