import { fromEntries, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import type { ReadContext } from '../declared/files.ts'
import { parseJsonSource, readToolText } from './json-source.ts'
import { NOWHERE } from '../declared/mistake-book.ts'
import { providerKind } from './provider-names.ts'
import { ownerAttribute } from './provider-resource.ts'
import { readEntries, type ReadableInputs } from './pulumi-entries.ts'
import { entriesOf, type PulumiEntry } from './pulumi-entry.ts'
import type { SourceText } from '../declared/source-text.ts'
import { StackProviders } from './stack-providers.ts'
import type { SourceState } from '../declared/state.ts'
import { whyUnreadable } from '../declared/files.ts'

const HOW = 'preview it in a new, empty stack: `pulumi preview --json`'
/** What a preview prints for a value that is not known yet (pulumi/pulumi, sdk/go/common/resource/plugin: UnknownStringValue). */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const SECRET = '[secret]'
const OWNER = ownerAttribute('pulumi')

/**
 * What a program declares, from what `pulumi preview --json` prints in a new, empty stack: every resource is created there, with the inputs that the
 * program gives it. Of a stack with a state it leaves out what did not change, so that is refused. `-` is standard input.
 */
export async function readPulumiPreview(path: string, context: ReadContext): Promise<SourceState | null> {
  const { book } = context
  const source = await readPreviewText(path, context)
  if (source === null) return null
  const flaw = flawOf(source.value, path)
  if (flaw !== null) {
    book.addAt(source, [], flaw)
    return null
  }
  const preview = source.value as JsonObject
  const steps = entriesOf(own(preview, 'steps'), ['steps'])
  for (const { resource: step, at } of steps) {
    const mistake = stepMistake(step)
    if (mistake !== null) book.addAt(source, at, mistake)
  }
  const entries = steps.flatMap(({ resource: step, at }): readonly PulumiEntry[] => {
    const made = own(step, 'newState')
    return own(step, 'op') === 'create' && isJsonObject(made) ? [{ resource: made, at: [...at, 'newState'] }] : []
  })
  const providers = new StackProviders(entries, configuredDomain(preview))
  const owners = ownersIn(entries)
  const readable = (inputs: JsonObject, resource: JsonObject): ReadableInputs => known(inputs, resource, owners)
  return readEntries({ source, book, entries, providers, what: 'preview', readable })
}

async function readPreviewText(path: string, context: ReadContext): Promise<SourceText | null> {
  const { files, book } = context
  let text: string
  try {
    text = await readToolText(path, files)
  } catch (error) {
    book.add({ ...NOWHERE, file: path }, whyUnreadable(error))
    return null
  }
  const [first = '', second = ''] = text.split('\n', 2)
  if (/^\s*\{.*\}\s*$/.test(first) && second.trim().startsWith('{')) {
    const message =
      'is a stream of events, one a line: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and give what `pulumi preview --json` prints'
    book.addInText(path, text, 0, message)
    return null
  }
  return parseJsonSource(path, text, book)
}

/** What is wrong with a preview as a whole; null where nothing is. */
function flawOf(value: Json, path: string): string | null {
  if (isJsonObject(value) && own(value, 'deployment') !== undefined)
    return `is a stack, not a preview: write pulumi-stack: before it, or ${HOW}`
  if (!isJsonObject(value) || !Array.isArray(own(value, 'steps')))
    return otherKind(value, ['pulumi-preview'], path) ?? 'is not what `pulumi preview --json` prints: it has no steps'
  const diagnostics = own(value, 'diagnostics')
  const hasFailed = (Array.isArray(diagnostics) ? (diagnostics as readonly Json[]) : []).some(
    (each) => isJsonObject(each) && own(each, 'severity') === 'error',
  )
  return hasFailed ? 'this preview failed, so resources are missing from it: fix what Pulumi reported' : null
}

/** What is looked up (`read`) is declared by somebody else; anything but `create` means that the stack has a state. */
function stepMistake(step: JsonObject): string | null {
  const [op, urn] = [own(step, 'op'), own(step, 'urn')]
  if (op === 'create' || op === 'read') return null
  const which = typeof urn === 'string' ? `${urn}: ` : ''
  if (op === 'import')
    return `${which}is imported by this preview, so its values come from the tenant: preview without the import option`
  return `${which}this preview was made in a stack that has a state, so it leaves out what did not change: ${HOW}`
}

/** Providers that the program does not make itself take their tenant from the configuration of the stack. */
function configuredDomain(preview: JsonObject): string | null {
  const config = own(preview, 'config')
  const domain = isJsonObject(config) ? own(config, 'auth0:domain') : undefined
  return typeof domain === 'string' && domain !== '' && domain !== SECRET ? domain : null
}

/** Identifiers of the APIs that a preview would create, by URN. */
function ownersIn(entries: readonly PulumiEntry[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ resource }) => {
      const [type, urn, inputs] = [own(resource, 'type'), own(resource, 'urn'), own(resource, 'inputs')]
      const identifier = isJsonObject(inputs) ? own(inputs, 'identifier') : undefined
      const isServer = typeof type === 'string' && providerKind(type) === 'server'
      return isServer && typeof urn === 'string' && typeof identifier === 'string' ? [[urn, identifier] as const] : []
    }),
  )
}

/** The inputs that the program gives, without those that Pulumi makes up (a name at random, in a new stack) and those that nobody knows yet. */
function known(inputs: JsonObject, resource: JsonObject, owners: ReadonlyMap<string, string>): ReadableInputs {
  const made = own(inputs, '__defaults')
  const isMade = (name: string): boolean => Array.isArray(made) && (made as readonly Json[]).includes(name)
  const entries = Object.entries(inputs).filter(([name]) => name !== '__defaults' && !isMade(name))
  const hidden = entries.flatMap(([name, value]): ReadableInputs['hidden'] => {
    const why = whyNotKnown(value)
    return why === null ? [] : [{ name, why }]
  })
  const names = new Set(hidden.map(({ name }) => name))
  const values = entries.filter(([name]) => !names.has(name))
  const owner = names.has(OWNER) ? ownerOf(resource, owners) : null
  if (owner === null) return { values: fromEntries(values), hidden }
  return { values: fromEntries([...values, [OWNER, owner]]), hidden: hidden.filter(({ name }) => name !== OWNER) }
}

/** Which API scopes are of that name it by its id: the one resource that the input hangs on. */
function ownerOf(resource: JsonObject, owners: ReadonlyMap<string, string>): string | null {
  const dependencies = own(resource, 'propertyDependencies')
  const urns = isJsonObject(dependencies) ? own(dependencies, OWNER) : undefined
  const found = (Array.isArray(urns) ? (urns as readonly Json[]) : []).flatMap((urn) =>
    typeof urn === 'string' ? (owners.get(urn) ?? []) : [],
  )
  const [only] = found
  return found.length === 1 ? (only ?? null) : null
}

function whyNotKnown(value: Json): 'encrypted' | 'unresolved' | null {
  if (value === UNKNOWN) return 'unresolved'
  if (value === SECRET) return 'encrypted'
  if (typeof value !== 'object' || value === null) return null
  for (const inner of Object.values<Json>(value)) {
    const why = whyNotKnown(inner)
    if (why !== null) return why
  }
  return null
}
