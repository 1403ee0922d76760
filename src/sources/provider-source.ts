import { placeName } from '../schema/errors.ts'
import type { FieldRow } from '../schema/field-row.ts'
import { rowKey, rowsInside } from '../schema/fields.ts'
import { fromEntries, isJsonObject, own, type JsonObject } from '../schema/json.ts'
import { NOT_KNOWN, type NotKnown, type NotKnownReason } from '../schema/not-known.ts'
import { pathText } from '../schema/path.ts'
import { named, type DeclaredItem } from '../declared/document.ts'
import { mergeLayers, type LayeredApi } from '../declared/layers.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'
import { assemble, type AssembledApi, type ScopesPiece, type ServerPiece } from './provider-assemble.ts'
import {
  computedAttributes,
  isUnsayable,
  providerName,
  rowOfAttribute,
  wireSpelling,
  type ProviderKind,
  type ProviderStyle,
} from './provider-names.ts'
import { fromProvider, scopesFromProvider } from './provider-resource.ts'
import type { SourceText } from '../declared/source-text.ts'
import type { SourcePath } from '../declared/source-tree.ts'

const KEY = 'token_encryption.encryption_key'

/** Where a resource of the provider stands. */
export interface ProviderPlace {
  /** Of its inputs or attributes in the text. */
  readonly path: SourcePath
  /** What the source calls it: a URN, an address. */
  readonly address: string
  /** Parts that are a mistake already. */
  readonly refused: readonly SourcePath[]
}

/** A piece of the source: where, what of it nobody could read, and what it has no word for. */
interface SourcedPlace extends ProviderPlace {
  readonly notKnown: readonly NotKnown[]
  readonly cannotSay?: readonly string[]
  readonly tenantId?: string
  readonly written?: readonly string[]
}

/** An input that was left out, because nobody can read it. */
export interface HiddenInput {
  readonly name: string
  readonly why: NotKnownReason
}

/** What one sort of source tells of a resource beside its inputs. */
export interface Beside {
  readonly hidden?: readonly HiddenInput[]
  /** What the source says of the API in the catalogue's own names. */
  readonly values?: JsonObject
  /** What was found out about paths by the reader of the source itself. */
  readonly notKnown?: readonly NotKnown[]
  /** The tenant's own id of the API: scopes may name their API by it. */
  readonly id?: string | null
  /** Attributes that the code writes for sure. */
  readonly written?: readonly string[]
}

type ProviderSourceOptions = Pick<ProviderSource, 'source' | 'style' | 'book' | 'isReadBack'>

/** The resources of the Auth0 provider in one source: put in one by one, taken out as APIs. */
export class ProviderSource {
  readonly source: SourceText
  readonly style: ProviderStyle
  readonly book: MistakeBook
  /** Absence says nothing: an older provider lacks the attribute, and what nobody wrote stands there too. */
  readonly isReadBack: boolean
  readonly servers: ServerPiece<SourcedPlace>[] = []
  readonly scopes: ScopesPiece<SourcedPlace>[] = []
  /** APIs whose scopes are declared, and cannot be told. */
  readonly unread = new Map<string, SourcedPlace>()
  readonly identifiers = new Map<string, string>()

  constructor({ source, style, book, isReadBack }: ProviderSourceOptions) {
    this.source = source
    this.style = style
    this.book = book
    this.isReadBack = isReadBack
  }

  add(kind: ProviderKind, inputs: JsonObject, at: ProviderPlace, beside: Beside = {}): void {
    if (kind === 'server') this.addServer(inputs, at, beside)
    else this.addScopes(kind, inputs, at, beside)
  }

  addServer(
    inputs: JsonObject,
    at: ProviderPlace,
    { hidden = [], values: more = {}, notKnown = [], id = null, written = [] }: Beside,
  ) {
    const read = fromProvider(inputs, this.style)
    const identifier = own(read.values, 'identifier')
    if (typeof identifier !== 'string') {
      const why = hidden.find(({ name }) => name === 'identifier')?.why
      this.refuse(
        at,
        why === undefined ? 'its identifier is missing' : `its identifier cannot be read: ${NOT_KNOWN[why].words}`,
      )
      return
    }
    if (id) this.identifiers.set(id, identifier)
    const values = fromEntries([...Object.entries(read.values), ...Object.entries(more)])
    // A key whose changes the code ignores may be without its PEM.
    const isKeyIgnored = notKnown.some(({ path, why }) => why === 'ignored' && path.startsWith(KEY))
    const inside = isKeyIgnored ? read.notKnown.filter(({ why }) => why !== 'keyless') : read.notKnown
    const unread = [...inside, ...notKnown, ...hidden.flatMap((each) => this.hiddenField(each))]
    const said = unread.map(({ path, why }): NotKnown => ({ path, why }))
    this.servers.push({
      values,
      at: {
        ...at,
        notKnown: said,
        cannotSay: this.silent(values),
        written: written.flatMap((name) => rowOfAttribute(null, this.style, name)?.path ?? []),
        ...(id ? { tenantId: id } : {}),
      },
    })
  }

  /** A hidden attribute of an API, by the field that it is. */
  hiddenField({ name, why }: HiddenInput): readonly NotKnown[] {
    if (computedAttributes(this.style).includes(name)) return []
    const row = rowOfAttribute(null, this.style, name)
    if (row !== undefined) return [{ path: row.path, why }]
    return [name === 'scopes' ? { path: 'scopes', why } : { path: pathText([wireSpelling(name)]), why: 'unmapped' }]
  }

  /** Places of which the source says nothing by lacking them. Scopes are resources of their own, and so always written by somebody. */
  silent(values: JsonObject, parent: FieldRow | null = null): readonly string[] {
    return rowsInside(parent).flatMap((row) => {
      const value = own(values, rowKey(row))
      if (value !== undefined) return isJsonObject(value) && row.compare !== 'map' ? this.silent(value, row) : []
      const isAttribute = parent === null ? row.path !== 'scopes' : 'name' in providerName(row)
      return isUnsayable(row) || (this.isReadBack && isAttribute) ? [row.path] : []
    })
  }

  addScopes(kind: 'scopes' | 'scope', inputs: JsonObject, at: ProviderPlace, beside: Beside): void {
    const { hidden = [], notKnown = [] } = beside
    const read = scopesFromProvider(kind, inputs, this.style)
    const { identifier, scopes, isWhole } = read
    const [first] = hidden
    const place = { ...at, notKnown: [...read.notKnown.map(({ path, why }) => ({ path, why })), ...notKnown] }
    const isUnread = notKnown.some(({ path }) => path === 'scopes')
    if (identifier === null) this.refuse(at, 'the identifier of the API that it is about is missing or encrypted')
    else if (isUnread) this.unread.set(identifier, place)
    else if (first !== undefined)
      this.unread.set(identifier, { ...place, notKnown: [...place.notKnown, { path: 'scopes', why: first.why }] })
    else if (scopes !== null) this.scopes.push({ identifier, scopes, isWhole, at: place })
    else this.refuse(at, `${named(identifier)}: its scopes cannot be read`)
  }

  refuse(at: ProviderPlace, message: string): void {
    this.book.addAt(this.source, at.path, `${at.address}: ${message}`)
  }

  /** The APIs; contradictions are noted as mistakes at both places. */
  finish(): readonly LayeredApi[] {
    const pieces = this.scopes.map((piece) => ({ ...piece, identifier: this.owner(piece.identifier) }))
    const unread = new Map([...this.unread].map(([identifier, place]) => [this.owner(identifier), place]))
    const { apis, contradictions } = assemble(
      this.servers,
      pieces.filter(({ identifier }) => !unread.has(identifier)),
    )
    for (const { at, earlier, message } of contradictions) {
      const elsewhere = placeName(this.book.placeAt(this.source, earlier.path))
      this.refuse(at, `${message} (${elsewhere}, ${earlier.address})`)
    }
    const known = new Set(apis.map(({ values }) => own(values, 'identifier')))
    const alone = [...unread].flatMap(([identifier, place]): readonly AssembledApi<SourcedPlace>[] =>
      known.has(identifier) ? [] : [{ values: { identifier }, at: null, scopesAt: place }],
    )
    return [...apis, ...alone].flatMap((api) => this.layered(api, unread))
  }

  /** The API accepts its id in place of its identifier, and programs use both. */
  owner(reference: string): string {
    return this.identifiers.get(reference) ?? reference
  }

  /** An API as layers: first its scopes where a resource of their own holds them, then the rest, so that each field keeps its place. */
  layered(
    { values, at, scopesAt, isSomeScopes }: AssembledApi<SourcedPlace>,
    unread: ReadonlyMap<string, SourcedPlace>,
  ): readonly LayeredApi[] {
    const { scopes, ...rest } = values
    const identifier = own(values, 'identifier')
    const hidden = typeof identifier === 'string' ? unread.get(identifier) : undefined
    const pieces: (readonly [JsonObject, SourcedPlace | null])[] =
      at === null || scopesAt === null || scopes === undefined
        ? [[values, at ?? scopesAt]]
        : [
            [{ scopes }, scopesAt],
            [rest, at],
          ]
    if (hidden !== undefined && at !== null) pieces.unshift([{}, hidden])
    const items = pieces.flatMap(([value, place]) =>
      place === null || typeof identifier !== 'string' ? [] : [this.item(identifier, value, place)],
    )
    const merged = mergeLayers(items, this.book)
    const some = isSomeScopes === true ? ({ isSomeScopes } as const) : {}
    return at === null ? merged.map((api) => ({ ...api, isScopesOnly: true, ...some })) : merged
  }

  item(identifier: string, value: JsonObject, place: SourcedPlace): DeclaredItem {
    const { path: at, address, refused, notKnown, cannotSay, tenantId, written = [] } = place
    // Secrets stand in a state as they are: that is the state's own affair.
    const item: DeclaredItem = {
      source: this.source,
      at,
      identifier,
      value,
      unset: [],
      refused,
      hasLiteralSecret: false,
      address,
      notKnown,
      ...(cannotSay === undefined ? {} : { cannotSay }),
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(written.length === 0 ? {} : { written }),
    }
    this.source.items.push(item)
    return item
  }
}
