import { FIELDS } from '../schema/fields.ts'
import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { namesIn } from './expand.ts'
import type { SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'

/** Fields that hold a secret, from the catalogue: at the top of a resource server. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(
  FIELDS.filter((row) => row.compare === 'secret').map((row) => row.path),
)

/** One place where a declaration takes (part of) a text from a variable. */
export interface VariableUse {
  readonly name: string
  readonly source: SourceText
  readonly path: SourcePath
  /** It is (part of) the value of a field that holds a secret. */
  readonly isSecret: boolean
  /** It is all of that text. */
  readonly isWhole: boolean
}

/** How the texts of one kind of file name variables. */
export type NamesIn = (text: string) => { readonly names: readonly string[]; readonly isWhole: boolean }

/** A text with a `${` in it, written out or by an escape. Only such a text need be looked through. */
export function mayHoldVariable(text: string): boolean {
  return text.includes('${') || text.includes('\\')
}

/** Variables of a declared file as it was parsed, nothing replaced yet. */
export function usesInDocument(source: SourceText): readonly VariableUse[] {
  const { value } = source
  const walk = new Walk(source, namesIn)
  if (!isJsonObject(value)) walk.plain(value, [])
  else {
    for (const [key, member] of Object.entries(value)) {
      walk.text(key, [key], false)
      if (key === 'resource_servers' && Array.isArray(member)) walk.servers(member as readonly Json[], [key])
      else walk.plain(member, [key])
    }
  }
  return walk.uses
}

/** Those of one resource server, or (`at` a list) of several. */
export function usesInServers(source: SourceText, at: SourcePath, names: NamesIn): readonly VariableUse[] {
  const walk = new Walk(source, names)
  const [key] = at
  if (key === undefined) walk.server(source.value, [])
  else {
    const list = isJsonObject(source.value) ? own(source.value, String(key)) : undefined
    if (Array.isArray(list)) walk.servers(list as readonly Json[], at)
  }
  return walk.uses
}

/** Values that aliases share are looked through once: written out, a small file may mean billions. */
class Walk {
  readonly uses: VariableUse[] = []
  readonly seen = { plain: new Set<object>(), secret: new Set<object>(), servers: new Set<object>() }
  readonly source: SourceText
  readonly names: NamesIn

  constructor(source: SourceText, names: NamesIn) {
    this.source = source
    this.names = names
  }

  servers(list: readonly Json[], at: SourcePath): void {
    for (const [index, item] of list.entries()) this.server(item, [...at, index])
  }

  server(item: Json, at: SourcePath): void {
    if (!isJsonObject(item)) {
      this.plain(item, at)
      return
    }
    if (this.seen.servers.has(item)) return
    this.seen.servers.add(item)
    for (const [key, member] of Object.entries(item)) {
      this.text(key, [...at, key], false)
      this.any(member, [...at, key], SECRET_FIELDS.has(key))
    }
  }

  plain(value: Json, at: SourcePath): void {
    this.any(value, at, false)
  }

  any(value: Json, at: SourcePath, isSecret: boolean): void {
    if (typeof value === 'string') this.text(value, at, isSecret)
    if (typeof value !== 'object' || value === null) return
    const seen = isSecret ? this.seen.secret : this.seen.plain
    if (seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Json[]).entries()) this.any(item, [...at, index], isSecret)
      return
    }
    for (const [key, member] of Object.entries(value as JsonObject)) {
      this.text(key, [...at, key], false)
      this.any(member, [...at, key], isSecret)
    }
  }

  text(text: string, path: SourcePath, isSecret: boolean): void {
    const { names, isWhole } = this.names(text)
    for (const name of names) this.uses.push({ name, source: this.source, path, isSecret, isWhole })
  }
}
