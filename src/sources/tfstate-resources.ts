import { isJsonObject, listOf, memberOf, objectAt, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import { providerKind, type ProviderKind } from './provider-names.ts'
import type { SourcePath } from '../declared/source-tree.ts'

/** One resource of the Auth0 provider in a state. */
export interface StateResource {
  readonly kind: ProviderKind
  /** Attributes that came through a sensitive variable: the code writes them. */
  readonly written: readonly string[]
  /** Null where the state holds none in a form that can be read. */
  readonly attributes: JsonObject | null
  /** Of the attributes in the text. */
  readonly at: SourcePath
  /** What Terraform calls it: `module.x.auth0_resource_server.orders["a"]`. */
  readonly address: string
  /** The configuration of the provider it belongs to, as `auth0.us`; null where the format does not say. */
  readonly provider: string | null
}

export type StateReading =
  | { readonly ok: true; readonly resources: readonly StateResource[] }
  | { readonly ok: false; readonly at: SourcePath; readonly message: string }

const VERSION = 4
const SHOW = 'what `terraform show -json` prints'
const UNREADABLE = `is neither a Terraform state of version ${VERSION} nor ${SHOW}`

/**
 * Resources for APIs and scopes in a state of version 4 (Terraform from 0.12, OpenTofu) or in what `terraform show -json` prints of one. Data sources
 * and deposed objects (replaced, and waiting to be deleted) are declared by nobody.
 *
 * A plan is refused: what it calls the prior state was refreshed from the tenant, so that every drift would be in it and nothing would be found.
 */
export function stateResources(value: Json, path: string): StateReading {
  const unreadable = otherKind(value, ['tfstate'], path) ?? UNREADABLE
  if (!isJsonObject(value)) return refuseState([], unreadable)
  if (own(value, 'resource_changes') !== undefined || own(value, 'planned_values') !== undefined)
    return refuseState(
      [],
      'is a plan: if it was made against an empty state, write tfplan: before it; any other plan was refreshed from the tenant, so give the state itself',
    )
  if (own(value, 'encrypted_data') !== undefined)
    return refuseState([], 'is an encrypted state: give what `tofu show -json` prints')
  const version = own(value, 'version')
  if (typeof version === 'number' && version !== VERSION && unreadable !== UNREADABLE)
    return refuseState([], unreadable)
  if (typeof version === 'number' && version !== VERSION)
    return refuseState(
      ['version'],
      `is a state of version ${version}, and version ${VERSION} is read: \`terraform state pull\` prints it in the newest`,
    )
  if (version === VERSION) return { ok: true, resources: listOf(own(value, 'resources')).flatMap(ofEntry) }
  if (typeof own(value, 'format_version') !== 'string') return refuseState([], unreadable)
  const root = objectAt(objectAt(value, 'values'), 'root_module')
  return { ok: true, resources: ofModule(root, ['values', 'root_module']) }
}

function refuseState(at: SourcePath, message: string): StateReading {
  return { ok: false, at, message }
}

/** An entry of a state file: one resource block, with an instance for each of its `count` or `for_each`. */
function ofEntry(entry: Json, index: number): readonly StateResource[] {
  const kind = resourceKind(entry)
  if (kind === null || !isJsonObject(entry)) return []
  const module = textAt(entry, 'module') ?? ''
  const name = `${module === '' ? '' : `${module}.`}${textAt(entry, 'type') ?? ''}.${textAt(entry, 'name') ?? ''}`
  const provider = textAt(entry, 'provider')
  return listOf(own(entry, 'instances')).flatMap((instance, position) => {
    if (!isJsonObject(instance) || own(instance, 'deposed') !== undefined) return []
    const attributes = own(instance, 'attributes')
    const key = own(instance, 'index_key')
    return [
      {
        kind,
        written: writtenIn(own(instance, 'sensitive_attributes')),
        attributes: isJsonObject(attributes) ? attributes : null,
        at: ['resources', index, 'instances', position, 'attributes'],
        address: key === undefined || key === null ? name : `${name}[${JSON.stringify(key)}]`,
        provider: provider === null ? null : configurationKey(provider),
      },
    ]
  })
}

/** `provider["registry.terraform.io/auth0/auth0"].us` is `auth0.us` in the configuration; one inside a module has the module before it. */
function configurationKey(provider: string): string {
  const [, module, address = '', alias] = /^(?:(.*)\.)?provider\["([^"]*)"\](?:\.(.+))?$/.exec(provider) ?? []
  const name = address.slice(address.lastIndexOf('/') + 1)
  if (name === '') return provider
  return `${module === undefined ? '' : `${module}:`}${name}${alias === undefined ? '' : `.${alias}`}`
}

function ofModule(module: JsonObject, at: SourcePath): readonly StateResource[] {
  const here = listOf(own(module, 'resources')).flatMap((resource, index): readonly StateResource[] => {
    const kind = resourceKind(resource)
    if (kind === null || !isJsonObject(resource) || own(resource, 'deposed_key') !== undefined) return []
    const values = own(resource, 'values')
    return [
      {
        kind,
        written: markedIn(own(resource, 'sensitive_values')),
        attributes: isJsonObject(values) ? values : null,
        at: [...at, 'resources', index, 'values'],
        address: textAt(resource, 'address') ?? '',
        provider: null,
      },
    ]
  })
  const inner = listOf(own(module, 'child_modules')).flatMap((child, index) =>
    isJsonObject(child) ? ofModule(child, [...at, 'child_modules', index]) : [],
  )
  return [...here, ...inner]
}

/** Of a state: paths of steps, of which the first is the attribute. */
function writtenIn(paths: Json | undefined): readonly string[] {
  return listOf(paths).flatMap((path) => {
    const [step] = listOf(path)
    return textAt(step, 'value') ?? []
  })
}

/** Of what `terraform show -json` prints: the attributes again, with `true` for each value that is sensitive. */
function markedIn(marks: Json | undefined): readonly string[] {
  const isMarked = (mark: Json): boolean =>
    mark === true || (typeof mark === 'object' && mark !== null && Object.values(mark).some(isMarked))
  return isJsonObject(marks) ? Object.entries(marks).flatMap(([name, mark]) => (isMarked(mark) ? [name] : [])) : []
}

function resourceKind(resource: Json): ProviderKind | null {
  return memberOf(resource, 'mode') === 'managed' ? providerKind(memberOf(resource, 'type')) : null
}
