import { byCodeUnits, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { expand } from './expand.ts'
import type { ReadContext } from './files.ts'
import { joinChecks } from './join-checks.ts'
import { readJsonSource } from './json-source.ts'
import { mergeLayers } from './layers.ts'
import type { MistakeBook } from './mistake-book.ts'
import { providerKind } from './provider-names.ts'
import { ProviderSource } from './provider-source.ts'
import { withoutEncrypted } from './pulumi-secret.ts'
import type { SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'
import { StackChecks } from './stack-checks.ts'
import { StackProviders } from './stack-providers.ts'
import type { SourceState } from './state.ts'

/**
 * What a stack declared when it was last applied, from what `pulumi stack export` printed: the inputs of our own resources, and of the APIs and scopes of
 * `@pulumi/auth0`. `-` is standard input. Encrypted values cannot be compared: they are left out, with a warning.
 */
export async function readPulumiStack(path: string, context: ReadContext): Promise<SourceState | null> {
  const source = await readJsonSource(path, context)
  return source === null ? null : readExport(source, context.book)
}

/** The same of a text that was read. */
export function readExport(source: SourceText, book: MistakeBook): SourceState | null {
  const deployment = isJsonObject(source.value) ? own(source.value, 'deployment') : undefined
  if (!isJsonObject(deployment)) {
    book.addAt(source, [], 'is not what `pulumi stack export` prints: it has no deployment')
    return null
  }
  const listed = own(deployment, 'resources')
  const resources = Array.isArray(listed) ? (listed as readonly Json[]) : []
  const readers: Readers = {
    source,
    book,
    checks: new StackChecks(source, book),
    apis: new ProviderSource({ source, style: 'pulumi', book, isReadBack: false }),
    providers: new StackProviders(resources),
  }
  let count = 0
  for (const [index, resource] of resources.entries()) {
    if (!isJsonObject(resource) || !isDeclared(resource)) continue
    count++
    readResource(readers, resource, ['deployment', 'resources', index])
  }
  if (count === 0) {
    // An empty base would make every difference a pending change, which fails nothing.
    const message = `this stack holds no API of @pulumi/auth0, no ResourceServerCheck and no TenantCheck, so it says nothing of what was declared`
    book.addAt(source, ['deployment'], `${message}; ${holdings(resources)}`)
    return null
  }
  const checks = readers.checks.items.flatMap((item) =>
    mergeLayers([{ source, tenant: null, extends: [], items: [item], managedElsewhere: [] }], book),
  )
  const provided = readers.apis.finish()
  return {
    file: source.file,
    tenant: readers.providers.tenant(source, book),
    apis: joinChecks(checks, provided, book),
    managedElsewhere: readers.checks.managedElsewhere,
    says: true,
    warnings: [],
  }
}

interface Readers {
  readonly source: SourceText
  readonly book: MistakeBook
  readonly checks: StackChecks
  readonly apis: ProviderSource
  readonly providers: StackProviders
}

/**
 * What is kept only until it is deleted (`delete`) was replaced by another entry of the same resource; what a program only looks up (`external`) is
 * declared by somebody else.
 */
function isDeclared(resource: JsonObject): boolean {
  const type = own(resource, 'type')
  const isOurs = StackChecks.has(type) || (typeof type === 'string' && providerKind(type) !== null)
  return isOurs && own(resource, 'delete') !== true && own(resource, 'external') !== true
}

function readResource({ source, book, checks, apis, providers }: Readers, resource: JsonObject, at: SourcePath): void {
  const [type, urn, raw] = [own(resource, 'type'), own(resource, 'urn'), own(resource, 'inputs')]
  const kind = typeof type === 'string' ? providerKind(type) : null
  const address = typeof urn === 'string' ? urn : ''
  if (!isJsonObject(raw)) {
    book.addAt(source, at, `this ${kind === null ? 'check' : 'resource'} has no inputs in the state`)
    return
  }
  const inputsAt = [...at, 'inputs']
  const { value, mistakes, isWhole } = expand(raw, null)
  for (const { path, message } of mistakes) book.addAt(source, [...inputsAt, ...path], message)
  if (!isWhole) return
  const refused = mistakes.map(({ path }) => path)
  if (kind === null) {
    checks.add(type, value as JsonObject, inputsAt, refused, address)
    return
  }
  providers.use(resource)
  const { values, hidden } = withoutEncrypted(value as JsonObject)
  const place = { path: inputsAt, address: address === '' ? 'a resource without a URN' : address, refused }
  const id = own(resource, 'id')
  apis.add(kind, values, place, { hidden, id: typeof id === 'string' ? id : null })
}

/** What a stack holds instead, so that a person sees that it is the wrong one. */
function holdings(resources: readonly Json[]): string {
  const packages = resources.flatMap((resource) => {
    const type = isJsonObject(resource) ? own(resource, 'type') : undefined
    const [name = ''] = typeof type === 'string' ? type.split(':') : []
    return name === '' || name === 'pulumi' ? [] : [name]
  })
  const names = [...new Set(packages)].sort(byCodeUnits)
  return names.length === 0 ? 'it holds no resources' : `it holds resources of ${names.join(', ')}`
}
