import { isJsonObject, listOf, own, type Json, type JsonObject } from '../schema/json.ts'
import type { NotKnown } from '../schema/not-known.ts'
import { unpackDeclared } from '../schema/pack-declared.ts'
import { pathText } from '../schema/path.ts'
import { declaredFields, RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../schema/state-contract.ts'
import { readItem, readItems, type DeclaredItem } from '../declared/document.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'
import { isSecret, withoutEncrypted } from './pulumi-secret.ts'
import type { SourceText } from '../declared/source-text.ts'
import type { SourcePath } from '../declared/source-tree.ts'

/** What our own resources in a stack declared when it was last applied: put in one by one. */
export class StackChecks {
  readonly source: SourceText
  readonly book: MistakeBook
  readonly items: DeclaredItem[] = []
  readonly managedElsewhere: string[] = []

  constructor(source: SourceText, book: MistakeBook) {
    this.source = source
    this.book = book
  }

  static has(type: Json | undefined): boolean {
    return type === RESOURCE_SERVER_TYPE || type === TENANT_TYPE
  }

  add(type: Json | undefined, inputs: JsonObject, at: SourcePath, refused: readonly SourcePath[], urn: string): void {
    if (type === TENANT_TYPE) {
      this.addTenant(inputs, at, urn)
      return
    }
    const { server, notKnown } = comparableServer(declaredFields(inputs))
    this.keep(readItem(this.source, server, undefined, at, refused, this.book), urn, notKnown)
  }

  addTenant(inputs: JsonObject, at: SourcePath, urn: string): void {
    const { book, source } = this
    const packed = own(inputs, 'declaration')
    const managed = listOf(own(inputs, 'managedElsewhere'))
    this.managedElsewhere.push(...managed.filter((glob) => typeof glob === 'string'))
    if (typeof packed === 'string') {
      const unpacked = unpackDeclared(packed)
      if (unpacked === null) {
        book.addAt(
          source,
          [...at, 'declaration'],
          'this declaration was stored by another version: use files or a git ref as base',
        )
        return
      }
      this.managedElsewhere.push(...unpacked.managedElsewhere)
      for (const server of unpacked.apis)
        this.keep(readItem(source, server, undefined, [...at, 'declaration'], [], book), urn)
      return
    }
    const servers = own(inputs, 'resource_servers')
    if (servers === undefined || isSecret(servers)) {
      const why = servers === undefined ? 'holds no declaration' : 'keeps its declaration encrypted'
      book.addAt(source, at, `this TenantCheck ${why}: use files or a git ref as base`)
      return
    }
    const plain = listOf(servers).map(comparableServer)
    const list = Array.isArray(servers) ? plain.map(({ server }) => server) : servers
    for (const item of readItems(source, list, undefined, [...at, 'resource_servers'], [], book)) {
      const place = item.at.at(-1)
      this.keep(item, urn, typeof place === 'number' ? plain[place]?.notKnown : [])
    }
  }

  keep(item: DeclaredItem | null, urn: string, notKnown: readonly NotKnown[] = []): void {
    if (item === null) return
    const said = notKnown.length === 0 ? item : { ...item, notKnown }
    this.items.push(urn === '' ? said : { ...said, address: urn })
  }
}

/** What of a check can be compared, and what of it nobody can read. */
function comparableServer(server: Json): { readonly server: Json; readonly notKnown: readonly NotKnown[] } {
  if (!isJsonObject(server)) return { server, notKnown: [] }
  const { values, hidden } = withoutEncrypted(server)
  return { server: values, notKnown: hidden.map(({ name, why }) => ({ path: pathText([name]), why })) }
}
