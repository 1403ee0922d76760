import { isJsonObject, listOf, memberOf, type Json, type JsonObject } from '../schema/json.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { namesIn } from './expand.ts'
import type { SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'

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
  const walk = new UsesWalk(source, namesIn)
  if (!isJsonObject(value)) walk.any(value, false)
  else {
    for (const key of Object.keys(value)) {
      const member = value[key] as Json
      if (key === 'resource_servers' && Array.isArray(member)) walk.servers(key, member as readonly Json[])
      else walk.member(key, member, false)
    }
  }
  return walk.uses
}

/** Those of the resource server that a file is, or (`list`) of those that it lists under a key. */
export function usesInServers(source: SourceText, list: string | null, names: NamesIn): readonly VariableUse[] {
  const walk = new UsesWalk(source, names)
  if (list === null) walk.server(source.value)
  else {
    walk.servers(list, listOf(memberOf(source.value, list)))
  }
  return walk.uses
}

/** Values that aliases share are looked through once: written out, a small file may mean billions. */
class UsesWalk {
  readonly uses: VariableUse[] = []
  readonly seen = { plain: new Set<object>(), secret: new Set<object>(), servers: new Set<object>() }
  readonly found = new Set<string>()
  readonly source: SourceText
  readonly names: NamesIn
  /** Where the walk stands: copied only for what it finds. */
  readonly path: (string | number)[] = []

  constructor(source: SourceText, names: NamesIn) {
    this.source = source
    this.names = names
  }

  servers(key: string, list: readonly Json[]): void {
    this.path.push(key)
    for (const [index, item] of list.entries()) {
      this.path.push(index)
      this.server(item)
      this.path.pop()
    }
    this.path.pop()
  }

  server(item: Json): void {
    if (!isJsonObject(item)) {
      this.any(item, false)
      return
    }
    if (this.seen.servers.has(item)) return
    this.seen.servers.add(item)
    for (const key of Object.keys(item)) this.member(key, item[key] as Json, key === SIGNING_SECRET)
  }

  member(key: string, value: Json, isSecret: boolean): void {
    this.path.push(key)
    this.text(key, false)
    this.any(value, isSecret)
    this.path.pop()
  }

  any(value: Json, isSecret: boolean): void {
    if (typeof value === 'string') this.text(value, isSecret)
    if (typeof value !== 'object' || value === null) return
    const seen = isSecret ? this.seen.secret : this.seen.plain
    if (seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Json[]).entries()) {
        this.path.push(index)
        this.any(item, isSecret)
        this.path.pop()
      }
      return
    }
    for (const key of Object.keys(value)) this.member(key, (value as JsonObject)[key] as Json, isSecret)
  }

  text(text: string, isSecret: boolean): void {
    const { names, isWhole } = this.names(text)
    for (const name of names) {
      // One place of a file is enough to mend it by; a thousand files of many variables are to cost nothing that anybody notices.
      const key = `${name} ${isSecret} ${isWhole}`
      if (this.found.has(key)) continue
      this.found.add(key)
      this.uses.push({ name, source: this.source, path: [...this.path], isSecret, isWhole })
    }
  }
}
