import { fromEntries, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { unpackDeclared } from '../schema/pack-declared.ts'
import { named, readItem, readItems, type DeclaredItem } from './document.ts'
import { expand } from './expand.ts'
import { whyUnreadable, type ReadContext } from './files.ts'
import { mergeLayers } from './layers.ts'
import { NOWHERE } from './mistake-book.ts'
import { readJson, type SourceText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'
import type { SourceState } from './state.ts'

const RESOURCE_SERVER_CHECK = 'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck'
const TENANT_CHECK = 'pulumi-nodejs:dynamic/tenantDrift:TenantCheck'

/** Inputs of `ResourceServerCheck` that are no field of the API. `expectedId` is its `id`: the SDK drops an input of that name. */
const OWN_INPUTS = new Set([
  'observed',
  'drift',
  'base',
  'onDrift',
  'rules',
  'secretInputs',
  'expectedId',
  '__provider',
  '__defaults',
])

/** The engine marks a secret in an export by this key and value (pulumi/pulumi, sdk/go/common/resource/sig). */
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

interface Found {
  readonly items: DeclaredItem[]
  readonly managedElsewhere: string[]
  readonly warnings: SourceState['warnings'][number][]
  count: number
}

/**
 * What a stack declared when it was last applied, from what `pulumi stack export` printed: the inputs of our own two resource types. `-` is
 * standard input. Encrypted values cannot be compared: they are left out, with a warning.
 */
export async function readPulumiStack(path: string, context: ReadContext): Promise<SourceState | null> {
  const { book, files } = context
  let text: string
  try {
    text = await files.read(path)
  } catch (error) {
    book.add({ ...NOWHERE, file: path }, whyUnreadable(error))
    return null
  }
  const reading = readJson(path, text.replace(/^\uFEFF/, ''))
  if (!reading.ok) {
    for (const { offset, message } of reading.faults) book.addInText(path, text, offset, message)
    return null
  }
  const { source } = reading
  const deployment = isJsonObject(source.value) ? own(source.value, 'deployment') : undefined
  if (!isJsonObject(deployment)) {
    book.addAt(source, [], 'is not what `pulumi stack export` prints: it has no deployment')
    return null
  }
  const resources = own(deployment, 'resources')
  const found: Found = { items: [], managedElsewhere: [], warnings: [], count: 0 }
  if (Array.isArray(resources)) {
    for (const [index, resource] of (resources as readonly Json[]).entries()) {
      if (isJsonObject(resource)) readResource(source, resource, ['deployment', 'resources', index], found, context)
    }
  }
  if (found.count === 0) {
    // An empty base would make every difference a pending change, which fails nothing.
    book.addAt(
      source,
      ['deployment'],
      'this stack holds no ResourceServerCheck and no TenantCheck, so it says nothing of what was declared',
    )
    return null
  }
  const states = found.items.map((item) => ({ source, tenant: null, extends: [], items: [item], managedElsewhere: [] }))
  return {
    file: path,
    tenant: null,
    apis: states.flatMap((document) => mergeLayers([document], book)),
    managedElsewhere: found.managedElsewhere,
    says: true,
    warnings: found.warnings,
  }
}

function readResource(
  source: SourceText,
  resource: JsonObject,
  at: SourcePath,
  found: Found,
  context: ReadContext,
): void {
  const type = own(resource, 'type')
  // What is kept only until it is deleted was replaced by another entry of the same resource.
  if ((type !== RESOURCE_SERVER_CHECK && type !== TENANT_CHECK) || own(resource, 'delete') === true) return
  const raw = own(resource, 'inputs')
  const inputsAt = [...at, 'inputs']
  found.count++
  if (!isJsonObject(raw)) {
    context.book.addAt(source, at, 'this check has no inputs in the state')
    return
  }
  const { value, mistakes, isWhole } = expand(raw, null)
  for (const { path, message } of mistakes) context.book.addAt(source, [...inputsAt, ...path], message)
  if (!isWhole) return
  const refused = mistakes.map(({ path }) => path)
  const inputs = value as JsonObject
  if (type === TENANT_CHECK) readTenantCheck(source, inputs, inputsAt, found, context)
  else {
    const server = comparable(serverOf(inputs), source, found)
    const item = readItem(source, server, undefined, inputsAt, refused, context.book)
    if (item !== null) found.items.push(item)
  }
}

function readTenantCheck(
  source: SourceText,
  inputs: JsonObject,
  at: SourcePath,
  found: Found,
  context: ReadContext,
): void {
  const { book } = context
  const packed = own(inputs, 'declaration')
  const managed = own(inputs, 'managedElsewhere')
  if (Array.isArray(managed))
    found.managedElsewhere.push(...(managed as readonly Json[]).filter((glob) => typeof glob === 'string'))
  if (typeof packed === 'string') {
    const unpacked = unpackDeclared(packed)
    if (unpacked === null) {
      book.addAt(
        source,
        [...at, 'declaration'],
        'this declaration was packed by another version: use files or a git ref as base',
      )
      return
    }
    found.managedElsewhere.push(...unpacked.managedElsewhere)
    for (const server of unpacked.apis) {
      const item = readItem(source, server, undefined, [...at, 'declaration'], [], book)
      if (item !== null) found.items.push(item)
    }
    return
  }
  const servers = own(inputs, 'resource_servers')
  if (servers === undefined || isSecret(servers)) {
    const why = servers === undefined ? 'holds no declaration' : 'keeps its declaration encrypted'
    book.addAt(source, at, `this TenantCheck ${why}: use files or a git ref as base`)
    return
  }
  const plain = Array.isArray(servers)
    ? (servers as readonly Json[]).map((server) => comparable(server, source, found))
    : servers
  found.items.push(...readItems(source, plain, undefined, [...at, 'resource_servers'], [], book))
}

/** The declared fields among the inputs of a `ResourceServerCheck`. */
function serverOf(inputs: JsonObject): JsonObject {
  const expected = own(inputs, 'expectedId')
  const fields = Object.entries(inputs).filter(([key]) => !OWN_INPUTS.has(key))
  if (typeof expected === 'string') fields.push(['id', expected])
  return fromEntries(fields)
}

function isSecret(value: Json): value is JsonObject {
  return isJsonObject(value) && own(value, SIGNATURE) === SECRET
}

/** `pulumi stack export --show-secrets` writes a secret as the JSON text of its value; otherwise it stays what it is, encrypted. */
function reveal(value: Json): Json {
  if (!isSecret(value)) return value
  const plaintext = own(value, 'plaintext')
  if (typeof plaintext !== 'string') return value
  try {
    return JSON.parse(plaintext) as Json
  } catch {
    return value
  }
}

/** A server with its secrets revealed where the export shows them, and without those that it keeps encrypted. */
function comparable(server: Json, source: SourceText, found: Found): Json {
  if (!isJsonObject(server)) return server
  const fields = Object.entries(server).map(([key, value]) => [key, reveal(value)] as const)
  const hidden = fields.filter(([, value]) => holdsSecret(value)).map(([key]) => key)
  if (hidden.length > 0) {
    const identifier = fields.find(([key]) => key === 'identifier')?.[1]
    const message = `encrypted in this state, so not comparable: ${hidden.join(', ')}`
    const which = typeof identifier === 'string' ? `${named(identifier)}: ` : ''
    found.warnings.push({ file: source.file, line: null, message: `${which}${message}` })
  }
  return fromEntries(fields.filter(([key]) => !hidden.includes(key)))
}

function holdsSecret(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  return isSecret(value) || Object.values(value).some((child) => holdsSecret(child))
}
