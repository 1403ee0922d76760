import type { DeclaredApi, DeclaredState, SourceLine } from '../schema/declared.ts'
import { MistakesError, NOWHERE, placeName, type FilePlace } from '../schema/errors.ts'
import { byCodeUnits, canonicalText, own } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import { isSecretDigest } from '../schema/secret-digest.ts'
import { named } from './document.ts'
import { itemLinesOf } from './item-lines.ts'
import { joinScopes, judgeValues, layerOf, type LayeredApi } from './layers.ts'
import type { MistakeBook } from './mistake-book.ts'
import type { SourcePath } from './source-tree.ts'
import type { SourceText } from './source-text.ts'
import { turn } from './turn.ts'
import { addressKey } from '../schema/tenant-address.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/** What one source says, all of its own merging done. */
export interface SourceState {
  /** The file that was named; null where there is none. */
  readonly file: string | null
  readonly tenant: { readonly name: string; readonly source: SourceText | null; readonly at: SourcePath } | null
  readonly apis: readonly LayeredApi[]
  readonly managedElsewhere: readonly string[]
  /** False where nothing in it says which APIs are declared, not even `resource_servers: []`. */
  readonly says: boolean
  readonly warnings: DeclaredState['warnings']
  /** APIs that it holds, and leaves alone. */
  readonly notKnownApis?: readonly string[]
  readonly lacksSecrets?: true | undefined
  readonly holdsComputed?: true | undefined
  readonly lacksElsewhere?: true | undefined
  readonly isReadBack?: true | undefined
}

/** What a source says beside its APIs, where it has no more to say. */
export const NOTHING_MORE = { tenant: null, managedElsewhere: [], says: true, warnings: [] } as const

/** Signing secrets as they stand in sources or came into them, those that another layer overrides too: nothing may show them. */
export function secretsIn(sources: readonly SourceState[]): readonly string[] {
  const layers = sources.flatMap(({ apis }) => apis.flatMap((api) => api.layers))
  return layers.flatMap(({ value }) => {
    const secret = own(value, SIGNING_SECRET)
    return typeof secret === 'string' && !isSecretDigest(secret) ? [secret] : []
  })
}

const LITERAL_SECRET = 'this is a signing_secret in plain text: use a ${variable}, so that the file can be shared'

/** APIs that are judged before others have a turn. */
const AT_ONCE = 100

/** Puts sources side by side. What they say twice must be the same; what they say once is judged; then either all mistakes are thrown, or none is there. */
export function combine(sources: readonly SourceState[], book: MistakeBook): DeclaredState {
  const apis = putTogether(sources, book)
  for (const { api } of apis) judgeValues(api, book)
  return conclude(sources, apis, book)
}

/** `combine` bit by bit: a tenant that answers meanwhile is answered in time. */
export async function combineInTurns(sources: readonly SourceState[], book: MistakeBook): Promise<DeclaredState> {
  const apis = putTogether(sources, book)
  for (const [index, { api }] of apis.entries()) {
    if (index % AT_ONCE === 0) await turn()
    judgeValues(api, book)
  }
  return conclude(sources, apis, book)
}

/** One API, and the source that it was read from: that says what the API is worth as a base. */
interface SaidApi {
  readonly api: LayeredApi
  readonly source: SourceState
}

/** By identifier. */
function putTogether(sources: readonly SourceState[], book: MistakeBook): readonly SaidApi[] {
  const apis = new Map<string, SaidApi>()
  for (const source of sources) {
    for (const api of source.apis) {
      const earlier = apis.get(api.identifier)
      const joined = earlier === undefined ? null : joinScopes(earlier.api, api)
      if (earlier === undefined) apis.set(api.identifier, { api, source })
      else if (joined === null) refuseDifference(earlier.api, api, book)
      else apis.set(api.identifier, { api: joined, source: api.isScopesOnly === true ? earlier.source : source })
    }
  }
  return [...apis.values()].sort((a, b) => byCodeUnits(a.api.identifier, b.api.identifier))
}

function conclude(sources: readonly SourceState[], ordered: readonly SaidApi[], book: MistakeBook): DeclaredState {
  const tenant = agreeOnTenant(sources, book)
  if (!sources.some((source) => source.says) && book.isEmpty) {
    book.addOf(
      sources[0]?.file ?? null,
      'no file says which APIs are declared: write `resource_servers: []` if there are none',
    )
  }
  if (!book.isEmpty) throw new MistakesError('invalid_declaration', book.all())
  return {
    tenant,
    apis: ordered.map(({ api, source }) => toDeclaredApi(api, source)),
    managedElsewhere: [...new Set(sources.flatMap((source) => source.managedElsewhere))].sort(byCodeUnits),
    ...(sources.every(lacksElsewhere) ? { lacksElsewhere: true } : {}),
    ...notKnownApis(sources, ordered),
    warnings: [
      ...sources.flatMap((source) => source.warnings),
      ...ordered.flatMap(({ api }) => secretWarnings(api, book)),
    ],
  }
}

/** Only where no other source says them. */
function notKnownApis(sources: readonly SourceState[], said: readonly SaidApi[]): Pick<DeclaredState, 'notKnownApis'> {
  const known = new Set(said.map(({ api }) => api.identifier))
  const rest = new Set(sources.flatMap((source) => source.notKnownApis ?? []).filter((each) => !known.has(each)))
  return rest.size === 0 ? {} : { notKnownApis: [...rest].sort(byCodeUnits) }
}

/** A stack whose checks say it is not of that sort. */
function lacksElsewhere(source: SourceState): boolean {
  return source.lacksElsewhere === true && source.managedElsewhere.length === 0
}

function refuseDifference(earlier: LayeredApi, api: LayeredApi, book: MistakeBook): void {
  if (earlier.values === api.values || canonicalText(earlier.values) === canonicalText(api.values)) return
  const field = differingField(earlier, api)
  const [one, other] = [placeOfField(earlier, field, book), placeOfField(api, field, book)]
  const [there, here] = [layerOf(earlier, field)?.address, layerOf(api, field)?.address]
  const elsewhere = one.file === null ? 'another entry' : placeName(one)
  const advice =
    there === undefined && here === undefined ? 'let one file extend the other' : 'give a state as the base of files'
  const which = named(api.identifier) + (here === undefined ? '' : ` (${here})`)
  const where = elsewhere + (there === undefined ? '' : `, ${there}`)
  book.add(other, `${which}: declared differently in ${where} (${field}): declare it in one place, or ${advice}`)
}

function differingField(one: LayeredApi, other: LayeredApi): string {
  const fields = [...new Set([...Object.keys(one.values), ...Object.keys(other.values)])].sort(byCodeUnits)
  const text = (api: LayeredApi, field: string): string | null =>
    Object.hasOwn(api.values, field) ? canonicalText(api.values[field] ?? null) : null
  return fields.find((field) => text(one, field) !== text(other, field)) ?? 'identifier'
}

function placeOfField(api: LayeredApi, field: string, book: MistakeBook): FilePlace {
  const item = layerOf(api, field)
  return item === undefined ? NOWHERE : book.placeAt(item.source, [...item.at, field])
}

function agreeOnTenant(sources: readonly SourceState[], book: MistakeBook): string | null {
  const tenants = sources.flatMap((source) => (source.tenant === null ? [] : [source.tenant]))
  const [first] = tenants
  if (first === undefined) return null
  for (const tenant of tenants) {
    if (addressKey(tenant.name) === addressKey(first.name)) continue
    const elsewhere = placeName(book.placeAt(first.source, first.at))
    book.addAt(
      tenant.source,
      tenant.at,
      `tenant: ${tenant.name} here, but ${first.name} in ${elsewhere}: read only the files of one tenant in a run`,
    )
  }
  return first.name
}

function secretWarnings(api: LayeredApi, book: MistakeBook): DeclaredState['warnings'] {
  const item = layerOf(api, SIGNING_SECRET)
  if (item === undefined || !item.hasLiteralSecret || !Object.hasOwn(api.values, SIGNING_SECRET)) return []
  const { file, line } = book.placeAt(item.source, [...item.at, SIGNING_SECRET])
  return [{ file, line, message: `${named(api.identifier)}: ${LITERAL_SECRET}` }]
}

/** Lines are getters: finding them costs as much as reading the file did, and a tenant in sync asks for none. */
function toDeclaredApi(api: LayeredApi, { lacksSecrets, holdsComputed, isReadBack }: SourceState): DeclaredApi {
  const { identifier, values, layers } = api
  const last = layers.at(-1)
  const source = last?.source ?? null
  if (last === undefined || source === null) return { identifier, values, file: null, line: null, lines: {} }
  return {
    identifier,
    values,
    ...addressesOf(api),
    ...(lacksSecrets === undefined ? {} : { lacksSecrets }),
    ...(holdsComputed === undefined ? {} : { holdsComputed }),
    ...(isReadBack === undefined ? {} : { isReadBack }),
    ...(api.isSomeScopes === undefined ? {} : { isSomeScopes: true }),
    ...(api.isScopesOnly === undefined ? {} : { isScopesOnly: true }),
    ...tenantIdIn(layers),
    ...writtenIn(layers),
    ...notSaid(api),
    file: source.file,
    get line() {
      return itemLinesOf(source, last).line
    },
    get lines() {
      if (layers.length === 1) return itemLinesOf(source, last).lines
      const here = [...layeredLines(api)].filter(([, at]) => at.file === source.file)
      return Object.fromEntries(here.flatMap(([path, { line }]) => (line === null ? [] : [[path, line]])))
    },
    get inherited() {
      if (layers.length === 1) return {}
      return Object.fromEntries([...layeredLines(api)].filter(([, at]) => at.file !== source.file))
    },
  }
}

function tenantIdIn(layers: LayeredApi['layers']): Pick<DeclaredApi, 'tenantId'> {
  const tenantId = layers.findLast((item) => item.tenantId !== undefined)?.tenantId
  return tenantId === undefined ? {} : { tenantId }
}

function writtenIn(layers: LayeredApi['layers']): Pick<DeclaredApi, 'written'> {
  const written = layers.flatMap((item) => item.written ?? [])
  return written.length === 0 ? {} : { written }
}

/** What the source says and nobody could read, and what it has no word for; only where no other layer says it. */
function notSaid({ values, layers }: LayeredApi): Pick<DeclaredApi, 'notKnown' | 'cannotSay'> {
  const isSaid = (path: string): boolean => Object.hasOwn(values, path)
  const notKnown = layers.flatMap((item) => item.notKnown ?? []).filter(({ path }) => !isSaid(path))
  const cannotSay = [...new Set(layers.flatMap((item) => item.cannotSay ?? []))].filter((field) => !isSaid(field))
  return {
    ...(notKnown.length === 0 ? {} : { notKnown }),
    ...(cannotSay.length === 0 ? {} : { cannotSay }),
  }
}

/** Where the source's own word for the place is another one for some fields, they are named. */
function addressesOf({ layers }: LayeredApi): Pick<DeclaredApi, 'at' | 'fieldsAt'> {
  const last = layers.at(-1)
  const fields = layers
    .filter((item) => item !== last)
    .flatMap(({ value, address }) =>
      address === undefined ? [] : Object.keys(value).map((field) => [field, address] as const),
    )
  return {
    ...(last?.address === undefined ? {} : { at: last.address }),
    ...(fields.length === 0 ? {} : { fieldsAt: Object.fromEntries(fields) }),
  }
}

function layeredLines(api: LayeredApi): Map<string, SourceLine> {
  const places = new Map<string, SourceLine>()
  for (const item of api.layers) {
    if (item.source === null) continue
    for (const [path, line] of Object.entries(itemLinesOf(item.source, item).lines)) {
      const field = parsePath(path)?.[0] ?? path
      if (Object.hasOwn(api.values, field) && layerOf(api, field) === item)
        places.set(path, { file: item.source.file, line })
    }
  }
  return places
}
