import { inMemory } from '../../src/declared/files.ts'
import { parseDeclaredFiles, providerKind, withoutEncrypted } from '../../src/sources/front.ts'
import type { DeclaredApi, DeclaredState } from '../../src/schema/declared.ts'
import { declarationMistake, MistakesError } from '../../src/schema/errors.ts'
import { asJsonObject, isJsonObject, own, type Json, type JsonObject } from '../../src/schema/json.ts'
import type { SeenResource } from './resources.ts'

/**
 * What resources declare, read as a stack's state is, by the same code: so that the program and its state say the same where nothing changed.
 * @throws MistakesError
 */
export function declaredBy(resources: readonly SeenResource[]): Promise<DeclaredState> {
  return readState(
    resources.map(({ urn, type, values, ignored, ignoredParts }) => ({
      urn,
      type,
      custom: true,
      inputs: values,
      ignoreChanges: [...ignored, ...ignoredParts],
    })),
    'declared',
  )
}

/** A stack's export in which only the APIs of one tenant are left. */
export interface Exported {
  readonly state: DeclaredState
  /** Inputs that are secrets in the state, by URN: what a policy is handed does not tell. */
  readonly secrets: ReadonlyMap<string, readonly string[]>
}

/** Whether a resource of the export, with the inputs of its provider, is one of the tenant that is judged. */
export type Belongs = (urn: string, provider: JsonObject | null) => boolean

/**
 * What a stack's export says of the APIs of one tenant. A stack that was never applied says that there was nothing. Of an input that
 * the state keeps encrypted, what the program says now stands in: were it left out, a drift of it would look like a change of the program.
 * @throws MistakesError
 */
export async function declaredInExport(
  text: string,
  belongs: Belongs,
  now: readonly SeenResource[],
): Promise<Exported> {
  const values = new Map(now.map((seen) => [seen.urn, seen.values]))
  const secrets = new Map<string, readonly string[]>()
  const ours = apiResourcesIn(text)
    .filter(({ urn, provider }) => belongs(urn, provider))
    .map(({ resource }) => resource)
  const plain = ours.map((resource) => {
    const [urn, inputs] = [own(resource, 'urn'), own(resource, 'inputs')]
    if (typeof urn !== 'string' || !isJsonObject(inputs)) return resource
    const shown = withoutEncrypted(inputs)
    secrets.set(
      urn,
      shown.hidden.map(({ name }) => name),
    )
    const standIn = shown.hidden.flatMap(({ name }) => {
      // What the program does not say now stays what nobody can read.
      const value = own(values.get(urn) ?? {}, name) ?? own(inputs, name)
      return value === undefined ? [] : [[name, value] as const]
    })
    const { provider: _settled, ...rest } = resource
    return { ...rest, inputs: { ...shown.values, ...Object.fromEntries(standIn) } }
  })
  return { state: await readState(plain, 'base'), secrets }
}

/** A resource of an export that declares an API or its scopes, with the settings of its provider; null where the export does not have that. */
export interface ApiResource {
  readonly urn: string
  readonly resource: JsonObject
  readonly provider: JsonObject | null
}

export function apiResourcesIn(text: string): readonly ApiResource[] {
  const resources = resourcesIn(text)
  const providers = new Map(resources.map((resource) => [own(resource, 'urn'), asJsonObject(own(resource, 'inputs'))]))
  return resources.flatMap((resource) => {
    const [type, urn, provider] = [own(resource, 'type'), own(resource, 'urn'), own(resource, 'provider')]
    if (typeof type !== 'string' || providerKind(type) === null || typeof urn !== 'string') return []
    // A reference is the provider's URN and its id.
    const reference = typeof provider === 'string' ? provider.replace(/::[^:]*$/, '') : undefined
    return [{ urn, resource, provider: providers.get(reference) ?? null }]
  })
}

export function isKept(resource: JsonObject): boolean {
  return own(resource, 'delete') !== true && own(resource, 'external') !== true
}

async function readState(resources: readonly JsonObject[], role: 'declared' | 'base'): Promise<DeclaredState> {
  // All of them may be waiting to be deleted, or only looked up.
  const isEmpty = !resources.some(isKept)
  if (isEmpty) return { tenant: null, apis: [], managedElsewhere: [], warnings: [] }
  const text = JSON.stringify({ version: 3, deployment: { resources } })
  try {
    const state = await parseDeclaredFiles([`pulumi-stack:${role}`], inMemory(new Map([[role, text]])), {
      variables: {},
      role,
    })
    // What a program says now is no state, although it is read as one.
    return role === 'base' ? state : { ...state, apis: state.apis.map(asWritten) }
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error
    // Lines of a text that nobody has would only mislead.
    throw declarationMistake(...error.mistakes.map(({ message }) => message))
  }
}

/** Lines are getters that cost a second look: they are handed on, not asked. */
function asWritten(api: DeclaredApi): DeclaredApi {
  return Object.create(api, { isReadBack: { value: undefined, enumerable: true } }) as DeclaredApi
}

function resourcesIn(text: string): readonly JsonObject[] {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    throw declarationMistake('the output of `pulumi stack export` is not JSON')
  }
  const deployment = isJsonObject(value) ? own(value, 'deployment') : undefined
  const resources = isJsonObject(deployment) ? own(deployment, 'resources') : undefined
  return Array.isArray(resources) ? (resources as readonly Json[]).filter(isJsonObject) : []
}
