import { byCodeUnits, fromEntries, own, type JsonObject } from '../schema/json.ts'
import { placeText } from '../schema/errors.ts'
import { named, type DeclaredItem } from './document.ts'
import { expand } from './expand.ts'
import { whyUnreadable, type ReadContext } from './files.ts'
import { mergeLayers } from './layers.ts'
import { NOWHERE, type MistakeBook } from './mistake-book.ts'
import { assemble, type Assembled, type ScopesPiece, type ServerPiece } from './provider-assemble.ts'
import { fromProvider, scopesFromProvider } from './provider-resource.ts'
import { readJson, type SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'
import type { SourceState } from './state.ts'
import { stateResources, type StateResource } from './tfstate-resources.ts'

/** Texts that the provider writes as "" where it looked and the tenant had none. Of the others "" says nothing: see `fromProvider`. */
const EMPTY_IS_UNSET: readonly string[] = ['token_dialect']

interface At {
  readonly path: SourcePath
  readonly address: string
  readonly refused: readonly SourcePath[]
}

interface Gathered {
  readonly servers: ServerPiece<At>[]
  readonly scopes: ScopesPiece<At>[]
  readonly unmapped: Set<string>
  readonly warnings: SourceState['warnings'][number][]
}

/**
 * What a Terraform or OpenTofu state says was applied. It holds the settings that nobody wrote, too, as the tenant had them when they were last read,
 * the id among them: an API that was deleted and created again is `changed` there. Secrets stand in it in clear; that is how states are, so no
 * warning says it. `-` is standard input.
 */
export async function readTerraformState(path: string, context: ReadContext): Promise<SourceState | null> {
  const { book } = context
  const source = await readSource(path, context)
  if (source === null) return null
  const state = stateResources(source.value)
  if (!state.ok) {
    book.addAt(source, state.at, state.message)
    return null
  }
  if (state.resources.length === 0) {
    // An empty base would make every difference a pending change, which fails nothing.
    book.addAt(source, [], 'this state holds no auth0_resource_server, so it says nothing of what was declared')
    return null
  }
  const gathered: Gathered = { servers: [], scopes: [], unmapped: new Set(), warnings: [] }
  for (const resource of state.resources) gather(source, resource, gathered, book)
  const assembled = assemble(gathered.servers, gathered.scopes)
  for (const { at, earlier, message } of assembled.contradictions) {
    const elsewhere = placeText(book.placeAt(source, earlier.path)).replace(/: $/, '')
    book.addAt(source, at.path, `${at.address}: ${message} (${elsewhere}, ${earlier.address})`)
  }
  return {
    file: path,
    tenant: null,
    apis: assembled.apis.flatMap((api) => mergeLayers([{ ...EMPTY, items: itemsOf(source, api) }], book)),
    managedElsewhere: [],
    says: true,
    warnings: [...gathered.warnings, ...sourceWarnings(path, state.resources, gathered, assembled)],
  }
}

const EMPTY = { source: null, tenant: null, extends: [], managedElsewhere: [] } as const

async function readSource(path: string, { files, book }: ReadContext): Promise<SourceText | null> {
  let text: string
  try {
    text = (await files.read(path)).replace(/^\uFEFF/, '')
  } catch (error) {
    book.add({ ...NOWHERE, file: path }, whyUnreadable(error))
    return null
  }
  const reading = readJson(path, text)
  if (reading.ok) return reading.source
  for (const { offset, message } of reading.faults) book.addInText(path, text, offset, message)
  return null
}

function gather(source: SourceText, resource: StateResource, gathered: Gathered, book: MistakeBook): void {
  const { kind, attributes, at: path, address } = resource
  const mistake = (message: string): void => book.addAt(source, path, `${address}: ${message}`)
  if (attributes === null) {
    mistake('has no attributes that can be read')
    return
  }
  const { mistakes, isWhole } = expand(attributes, null)
  for (const each of mistakes) {
    book.addAt(source, [...path, ...each.path], `${address}: ${each.path.join('.')}: ${each.message}`)
  }
  if (!isWhole) return
  const at: At = { path, address, refused: mistakes.map((each) => each.path) }
  if (kind === 'server') {
    gatherServer(source, attributes, at, gathered, mistake)
    return
  }
  const { identifier, scopes, isWhole: isList, unmapped } = scopesFromProvider(kind, attributes, 'terraform')
  for (const name of unmapped) gathered.unmapped.add(name)
  if (identifier === null) mistake('resource_server_identifier is missing: it says whose scopes these are')
  else if (scopes === null) mistake(`${named(identifier)}: its scopes cannot be read`)
  else gathered.scopes.push({ identifier, scopes, isWhole: isList, at })
}

function gatherServer(
  source: SourceText,
  attributes: JsonObject,
  at: At,
  gathered: Gathered,
  mistake: (message: string) => void,
): void {
  const { values, unmapped, incomparable } = fromProvider(attributes, 'terraform')
  for (const name of unmapped) gathered.unmapped.add(name)
  const identifier = own(values, 'identifier')
  if (typeof identifier !== 'string') {
    mistake('identifier is missing: it says which API this is')
    return
  }
  if (incomparable.length > 0) {
    const message = `${named(identifier)}: imported without its key, so not comparable: ${incomparable.join(', ')}`
    gathered.warnings.push({ file: source.file, line: null, message })
  }
  const id = own(attributes, 'id')
  const unset = EMPTY_IS_UNSET.filter((name) => own(attributes, name) === '')
  const all = [
    ...Object.entries(values),
    ...unset.map((name) => [name, null] as const),
    ...(typeof id === 'string' && id !== '' ? [['id', id] as const] : []),
  ]
  gathered.servers.push({ values: fromEntries(all), at })
}

/** An API as layers: first its scopes where a resource of their own holds them, then the rest. */
function itemsOf(source: SourceText, api: Assembled<At>['apis'][number]): readonly DeclaredItem[] {
  const { values, at, scopesAt } = api
  const identifier = own(values, 'identifier')
  if (typeof identifier !== 'string') return []
  const layer = (fields: JsonObject, place: At): DeclaredItem => {
    const { path, address, refused } = place
    const item = { source, at: path, identifier, value: fields, unset: [], refused, hasLiteralSecret: false, address }
    source.items.push(item)
    return item
  }
  if (scopesAt === null) return at === null ? [] : [layer(values, at)]
  if (at === null) return [layer(values, scopesAt)]
  const { scopes = [], ...rest } = values
  return [layer({ scopes }, scopesAt), layer(rest, at)]
}

function sourceWarnings(
  file: string,
  resources: readonly StateResource[],
  { unmapped }: Gathered,
  { remarks }: Assembled<At>,
): SourceState['warnings'] {
  const messages = remarks.map(({ at, message }) => `${at.address}: ${message}`)
  if (unmapped.size > 0)
    messages.push(`not compared, for it has no meaning here: ${[...unmapped].sort(byCodeUnits).join(', ')}`)
  const providers = [...new Set(resources.flatMap(({ provider }) => provider ?? []))].sort(byCodeUnits)
  if (providers.length > 1)
    messages.push(`several configurations of the provider are taken for those of one tenant: ${providers.join(', ')}`)
  return messages.map((message) => ({ file, line: null, message }))
}
