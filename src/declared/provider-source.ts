import { placeText } from '../schema/errors.ts'
import { byCodeUnits, fromEntries, own, type JsonObject } from '../schema/json.ts'
import { named, type DeclaredItem } from './document.ts'
import { mergeLayers, type LayeredApi } from './layers.ts'
import type { MistakeBook } from './mistake-book.ts'
import { assemble, type AssembledApi, type ScopesPiece, type ServerPiece } from './provider-assemble.ts'
import type { ProviderKind, ProviderStyle } from './provider-names.ts'
import { fromProvider, scopesFromProvider } from './provider-resource.ts'
import type { SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'

/** Where a resource of the provider stands. */
export interface ProviderPlace {
  /** Of its inputs or attributes in the text. */
  readonly path: SourcePath
  /** What the source calls it: a URN, an address. */
  readonly address: string
  /** Parts that are a mistake already. */
  readonly refused: readonly SourcePath[]
}

/** The resources of the Auth0 provider in one source: put in one by one, taken out as APIs. */
export class ProviderSource {
  readonly source: SourceText
  readonly style: ProviderStyle
  readonly book: MistakeBook
  readonly servers: ServerPiece<ProviderPlace>[] = []
  readonly scopes: ScopesPiece<ProviderPlace>[] = []
  readonly unmapped = new Set<string>()
  readonly remarks: string[] = []

  constructor(source: SourceText, style: ProviderStyle, book: MistakeBook) {
    this.source = source
    this.style = style
    this.book = book
  }

  /** `more`: what this sort of source tells beside what both say. `hidden`: inputs that were left out, as they are encrypted. */
  add(
    kind: ProviderKind,
    inputs: JsonObject,
    at: ProviderPlace,
    hidden: readonly string[] = [],
    more: JsonObject = {},
  ) {
    if (kind === 'server') this.addServer(inputs, at, hidden, more)
    else this.addScopes(kind, inputs, at, hidden)
  }

  addServer(inputs: JsonObject, at: ProviderPlace, hidden: readonly string[], more: JsonObject): void {
    const { values, unmapped, incomparable } = fromProvider(inputs, this.style)
    for (const name of unmapped) this.unmapped.add(name)
    const identifier = own(values, 'identifier')
    if (typeof identifier !== 'string') {
      this.refuse(at, hidden.includes('identifier') ? 'its identifier is encrypted' : 'its identifier is missing')
      return
    }
    if (hidden.length > 0) this.remark(identifier, `encrypted in this state, so not comparable: ${hidden.join(', ')}`)
    if (incomparable.length > 0)
      this.remark(identifier, `held without its key, so not comparable: ${incomparable.join(', ')}`)
    this.servers.push({ values: fromEntries([...Object.entries(values), ...Object.entries(more)]), at })
  }

  addScopes(kind: 'scopes' | 'scope', inputs: JsonObject, at: ProviderPlace, hidden: readonly string[]): void {
    const { identifier, scopes, isWhole, unmapped } = scopesFromProvider(kind, inputs, this.style)
    for (const name of unmapped) this.unmapped.add(name)
    if (identifier === null) this.refuse(at, 'the identifier of the API that it is about is missing or encrypted')
    else if (scopes !== null) this.scopes.push({ identifier, scopes, isWhole, at })
    else if (hidden.length > 0) this.remark(identifier, 'encrypted in this state, so not comparable: scopes')
    else this.refuse(at, `${named(identifier)}: its scopes cannot be read`)
  }

  refuse(at: ProviderPlace, message: string): void {
    this.book.addAt(this.source, at.path, `${at.address}: ${message}`)
  }

  remark(identifier: string, message: string): void {
    this.remarks.push(`${named(identifier)}: ${message}`)
  }

  /** The APIs, and what is worth saying; contradictions are noted as mistakes at both places. */
  finish(): { readonly apis: readonly LayeredApi[]; readonly remarks: readonly string[] } {
    const { apis, contradictions, remarks } = assemble(this.servers, this.scopes)
    for (const { at, earlier, message } of contradictions) {
      const elsewhere = placeText(this.book.placeAt(this.source, earlier.path)).replace(/: $/, '')
      this.refuse(at, `${message} (${elsewhere}, ${earlier.address})`)
    }
    const said = [...this.remarks, ...remarks.map(({ at, message }) => `${at.address}: ${message}`)]
    if (this.unmapped.size > 0)
      said.push(`not compared, for it has no meaning here: ${[...this.unmapped].sort(byCodeUnits).join(', ')}`)
    return { apis: apis.flatMap((api) => this.layered(api)), remarks: said }
  }

  /** An API as layers: first its scopes where a resource of their own holds them, then the rest, so that each field keeps its place. */
  layered({ values, at, scopesAt }: AssembledApi<ProviderPlace>): readonly LayeredApi[] {
    const { scopes, ...rest } = values
    const layers =
      at === null || scopesAt === null || scopes === undefined
        ? [[values, at ?? scopesAt] as const]
        : [[{ scopes }, scopesAt] as const, [rest, at] as const]
    const identifier = own(values, 'identifier')
    const items = layers.flatMap(([value, place]) =>
      place === null || typeof identifier !== 'string' ? [] : [this.item(identifier, value, place)],
    )
    const merged = mergeLayers(
      [{ source: this.source, tenant: null, extends: [], items, managedElsewhere: [] }],
      this.book,
    )
    return at === null ? merged.map((api) => ({ ...api, isScopesOnly: true })) : merged
  }

  item(identifier: string, value: JsonObject, { path: at, address, refused }: ProviderPlace): DeclaredItem {
    // Secrets stand in a state as they are: that is the state's own affair.
    const item = { source: this.source, at, identifier, value, unset: [], refused, hasLiteralSecret: false, address }
    this.source.items.push(item)
    return item
  }
}
