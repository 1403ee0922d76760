import { isJsonObject, listOf, memberOf, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import type { ReadContext } from '../declared/files.ts'
import { readJsonSource } from './json-source.ts'
import { providerKind } from './provider-names.ts'
import { ownerAttribute } from './provider-resource.ts'
import { readEntries } from './pulumi-entries.ts'
import { entriesOf, type PulumiEntry } from './pulumi-entry.ts'
import { withoutHidden, type ReadableInputs } from './pulumi-secret.ts'
import { StackProviders } from './stack-providers.ts'
import type { SourceState } from '../declared/state.ts'

const HOW = 'preview it in a new, empty stack: `pulumi preview --json`'
/** What a preview prints for a value that is not known yet (pulumi/pulumi, sdk/go/common/resource/plugin: UnknownStringValue). */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const SECRET = '[secret]'
const EVENTS =
  'is a stream of events, one a line: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and give what `pulumi preview --json` prints'
const OWNER = ownerAttribute('pulumi')

/**
 * What a program declares, from what `pulumi preview --json` prints in a new, empty stack: every resource is created there, with the inputs that the
 * program gives it. Of a stack with a state it leaves out what did not change, so that is refused. `-` is standard input.
 */
export async function readPulumiPreview(path: string, context: ReadContext): Promise<SourceState | null> {
  const { book } = context
  const source = await readJsonSource(path, context, { lines: EVENTS })
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

/** What is wrong with a preview as a whole; null where nothing is. */
function flawOf(value: Json, path: string): string | null {
  if (isJsonObject(value) && own(value, 'deployment') !== undefined)
    return `is a stack, not a preview: write pulumi-stack: before it, or ${HOW}`
  if (!isJsonObject(value) || !Array.isArray(own(value, 'steps')))
    return otherKind(value, ['pulumi-preview'], path) ?? 'is not what `pulumi preview --json` prints: it has no steps'
  const hasFailed = listOf(own(value, 'diagnostics')).some((each) => memberOf(each, 'severity') === 'error')
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
  const domain = textAt(own(preview, 'config'), 'auth0:domain')
  return domain === '' || domain === SECRET ? null : domain
}

/** Identifiers of the APIs that a preview would create, by URN. */
function ownersIn(entries: readonly PulumiEntry[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ resource }) => {
      const [urn, identifier] = [textAt(resource, 'urn'), textAt(own(resource, 'inputs'), 'identifier')]
      const isServer = providerKind(own(resource, 'type')) === 'server'
      return isServer && urn !== null && identifier !== null ? [[urn, identifier] as const] : []
    }),
  )
}

/** The inputs that the program gives, without those that Pulumi makes up (a name at random, in a new stack) and those that nobody knows yet. */
function known(inputs: JsonObject, resource: JsonObject, owners: ReadonlyMap<string, string>): ReadableInputs {
  const made = listOf(own(inputs, '__defaults'))
  const given = Object.entries(inputs).filter(([name]) => name !== '__defaults' && !made.includes(name))
  const { values, hidden } = withoutHidden(given, whyNotKnown)
  const owner = hidden.some(({ name }) => name === OWNER) ? ownerAmong(resource, owners) : null
  if (owner === null) return { values, hidden }
  return { values: { ...values, [OWNER]: owner }, hidden: hidden.filter(({ name }) => name !== OWNER) }
}

/** Which API scopes are of that name it by its id: the one resource that the input hangs on. */
function ownerAmong(resource: JsonObject, owners: ReadonlyMap<string, string>): string | null {
  const urns = listOf(memberOf(own(resource, 'propertyDependencies'), OWNER))
  const [only, ...more] = urns.flatMap((urn) => (typeof urn === 'string' ? (owners.get(urn) ?? []) : []))
  return more.length > 0 ? null : (only ?? null)
}

function whyNotKnown(value: Json): 'encrypted' | 'unresolved' | null {
  if (value === UNKNOWN) return 'unresolved'
  return value === SECRET ? 'encrypted' : null
}
