import { byCodeUnits, isJsonObject, listOf, memberOf, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import type { NotKnown } from '../schema/not-known.ts'
import { pathText } from '../schema/path.ts'
import { lookThrough } from './look-through.ts'
import { joinChecks } from './join-checks.ts'
import { mergeLayers } from '../declared/layers.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'
import { providerKind } from './provider-names.ts'
import { ProviderSource } from './provider-source.ts'
import type { PulumiEntry } from './pulumi-entry.ts'
import { withoutIgnored } from './pulumi-ignored.ts'
import type { ReadableInputs } from './pulumi-secret.ts'
import type { SourceText } from '../declared/source-text.ts'
import { StackChecks } from './stack-checks.ts'
import type { StackProviders } from './stack-providers.ts'
import { NOTHING_MORE, type SourceState } from '../declared/state.ts'

interface PulumiEntries {
  readonly source: SourceText
  readonly book: MistakeBook
  readonly entries: readonly PulumiEntry[]
  readonly providers: StackProviders
  /** What it is called in messages: a stack, a preview. */
  readonly what: string
  /** Inputs that can be read, and those that cannot. */
  readonly readable: (inputs: JsonObject, resource: JsonObject) => ReadableInputs
}

/** What the resources of a program declare: our own, and the APIs and scopes of `@pulumi/auth0`. Null where there are none, with the mistake noted. */
export function readEntries(given: PulumiEntries): SourceState | null {
  const { source, book, providers, what } = given
  const checks = new StackChecks(source, book)
  const apis = new ProviderSource({ source, style: 'pulumi', book, isReadBack: false })
  const declared = given.entries.filter(({ resource }) => isDeclared(resource))
  for (const entry of declared) readPulumiEntry(given, checks, apis, entry)
  if (declared.length === 0) {
    // An empty base would make every difference a pending change, which fails nothing.
    const message = `this ${what} holds no API of @pulumi/auth0, no ResourceServerCheck and no TenantCheck, so it says nothing about what was declared`
    book.addAt(source, given.entries[0]?.at.slice(0, -1) ?? [], `${message}; ${holdings(given.entries)}`)
    return null
  }
  const checked = checks.items.flatMap((item) => mergeLayers([item], book))
  return {
    file: source.file,
    ...NOTHING_MORE,
    tenant: providers.tenant(source, book),
    apis: joinChecks(checked, apis.finish(), book),
    managedElsewhere: checks.managedElsewhere,
  }
}

/**
 * What is kept only until it is deleted (`delete`) was replaced by another entry of the same resource; what a program only looks up (`external`) is
 * declared by somebody else.
 */
function isDeclared(resource: JsonObject): boolean {
  const type = own(resource, 'type')
  const isOurs = StackChecks.has(type) || providerKind(type) !== null
  return isOurs && own(resource, 'delete') !== true && own(resource, 'external') !== true
}

function readPulumiEntry(
  { source, book, providers, readable }: PulumiEntries,
  checks: StackChecks,
  apis: ProviderSource,
  { resource, at }: PulumiEntry,
): void {
  const [type, raw] = [own(resource, 'type'), own(resource, 'inputs')]
  const kind = providerKind(type)
  const address = textAt(resource, 'urn') ?? ''
  if (!isJsonObject(raw)) {
    book.addAt(source, at, `this ${kind === null ? 'check' : 'resource'} has no inputs in the state`)
    return
  }
  const inputsAt = [...at, 'inputs']
  const looked = lookThrough(raw, { source, book, at: inputsAt, address })
  if (looked === null) return
  const { values: inputs, refused } = looked
  if (kind === null) {
    checks.add(type, inputs, inputsAt, refused, address)
    return
  }
  providers.use(resource)
  const { values, notKnown, isEmpty } = withoutIgnored(kind, inputs, own(resource, 'ignoreChanges'))
  if (isEmpty) return
  const { values: read, hidden } = readable(values, resource)
  const place = { path: inputsAt, address: address === '' ? 'a resource without a URN' : address, refused }
  const lost = kind === 'scopes' ? lostDescriptions(read, own(resource, 'outputs')) : []
  apis.add(kind, read, place, { hidden, notKnown: [...notKnown, ...lost], id: textAt(resource, 'id') })
}

/** A refresh writes the inputs of a list by place, so that an item may lose the description that the outputs still have. */
function lostDescriptions(inputs: JsonObject, outputs: Json | undefined): readonly NotKnown[] {
  const before = new Set(scopesIn(outputs).flatMap(({ name, isDescribed }) => (isDescribed ? [name] : [])))
  return scopesIn(inputs).flatMap(({ name, isDescribed }): readonly NotKnown[] =>
    isDescribed || !before.has(name) ? [] : [{ path: pathText(['scopes', name, 'description']), why: 'lost' }],
  )
}

function scopesIn(values: Json | undefined): readonly { readonly name: string; readonly isDescribed: boolean }[] {
  return listOf(memberOf(values, 'scopes')).flatMap((item) => {
    const name = textAt(item, 'name')
    return name === null ? [] : [{ name, isDescribed: (memberOf(item, 'description') ?? '') !== '' }]
  })
}

/** What a stack holds instead, so that a person sees that it is the wrong one. */
function holdings(entries: readonly PulumiEntry[]): string {
  const packages = entries.flatMap(({ resource }) => {
    const [name = ''] = textAt(resource, 'type')?.split(':') ?? []
    return name === '' || name === 'pulumi' ? [] : [name]
  })
  const names = [...new Set(packages)].sort(byCodeUnits)
  return names.length === 0 ? 'it holds no resources' : `it holds resources of ${names.join(', ')}`
}
