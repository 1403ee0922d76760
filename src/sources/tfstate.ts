import { fromEntries, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import type { ReadContext } from '../declared/files.ts'
import { readJsonSource } from './json-source.ts'
import { lookThrough } from './look-through.ts'
import { ProviderSource } from './provider-source.ts'
import { NOTHING_MORE, type SourceState } from '../declared/state.ts'
import { splitChoice } from './split-choice.ts'
import { severalTenants } from './tf-providers.ts'
import { stateResources, type StateResource } from './tfstate-resources.ts'

/** Texts that the provider writes as "" where it looked and the tenant had none. Of the others "" says nothing: see `fromProvider`. */
const EMPTY_IS_UNSET: readonly string[] = ['token_dialect']

/**
 * What a Terraform or OpenTofu state says was applied. It holds the settings that nobody wrote, too, as the tenant had them when they were last read,
 * the id among them: an API that was deleted and created again is `changed` there. Secrets stand in it in clear; that is how states are, so no
 * warning says it. `-` is standard input, `FILE#auth0.us` one of several configurations of the provider.
 */
export async function readTerraformState(given: string, context: ReadContext): Promise<SourceState | null> {
  const { book } = context
  const { file: path, chosen } = await splitChoice(given, context)
  const source = await readJsonSource(path, context)
  if (source === null) return null
  const state = stateResources(source.value, path)
  if (!state.ok) {
    book.addAt(source, state.at, state.message)
    return null
  }
  if (state.resources.length === 0) {
    // An empty base would make every difference a pending change, which fails nothing.
    book.addAt(source, [], 'this state holds no auth0_resource_server, so it says nothing about what was declared')
    return null
  }
  const used = [...new Set(state.resources.flatMap(({ provider }) => provider ?? []))]
  const mistake = severalTenants(
    used.map((key) => ({ key, domain: undefined })),
    chosen,
  )
  if (mistake !== null) {
    book.addAt(source, ['resources'], mistake)
    return null
  }
  const provider = new ProviderSource({ source, style: 'terraform', book, isReadBack: true })
  for (const resource of state.resources)
    if (chosen === null || resource.provider === chosen) addResource(resource, provider)
  return { ...NOTHING_MORE, file: path, apis: provider.finish() }
}

function addResource({ kind, attributes, written, at: path, address }: StateResource, provider: ProviderSource): void {
  const { book, source } = provider
  if (attributes === null) {
    book.addAt(source, path, `${address}: its attributes cannot be read`)
    return
  }
  const looked = lookThrough(attributes, { source, book, at: path, address })
  if (looked === null) return
  const { values, refused } = looked
  const place = { path, address, refused }
  provider.add(kind, values, place, { values: readByProvider(values), id: textAt(values, 'id'), written })
}

/** What only a state says: the id, and what is not there. */
function readByProvider(attributes: JsonObject): JsonObject {
  const id = textAt(attributes, 'id') ?? ''
  const unset = EMPTY_IS_UNSET.filter((name) => own(attributes, name) === '')
  const entries: (readonly [string, Json])[] = unset.map((name) => [name, null])
  if (id !== '') entries.push(['id', id])
  return fromEntries(entries)
}
