import { objectAt, own, type JsonObject } from '../schema/json.ts'
import { TERRAFORM_TYPES } from './provider-names.ts'
import type { InstanceKey, ModuleSteps } from './tfplan-address.ts'
import type { PlannedResource } from './tfplan-changes.ts'
import { referencesOf, type PlanConfiguration } from './tfplan-configuration.ts'

const MOST_MODULES = 20

/** Where an expression stands: the module, the key of its instance, and what its `for_each` goes over. */
interface Scene {
  readonly module: ModuleSteps
  readonly key: InstanceKey
  readonly forEach: JsonObject
}

/**
 * Whose scopes a resource holds that names its API by something an apply makes (`.id`): the plan does not know the value, and its expression says which
 * resource it is. More than one, as in a conditional, is nobody.
 */
export class ScopeOwners {
  readonly #configuration: PlanConfiguration
  readonly #servers: ReadonlyMap<string, readonly PlannedResource[]>

  constructor(configuration: PlanConfiguration, resources: readonly PlannedResource[]) {
    this.#configuration = configuration
    this.#servers = Map.groupBy(
      resources.filter(({ kind }) => kind === 'server'),
      ({ module, name }) => placeKey(module, name),
    )
  }

  /** The one API that a resource for scopes is about; null where it cannot be told. */
  ownerOf(resource: PlannedResource): PlannedResource | null {
    const { module, key } = resource
    const block = this.#configuration.block(resource)
    const expression = own(objectAt(block, 'expressions'), 'resource_server_identifier')
    const scene = { module, key, forEach: objectAt(block, 'for_each_expression') }
    const owners = this.#serversIn(expression, scene, MOST_MODULES)
    const [owner] = owners
    return owners.size === 1 ? (owner ?? null) : null
  }

  #serversIn(expression: Parameters<typeof referencesOf>[0], scene: Scene, depth: number): Set<PlannedResource> {
    const found = new Set<PlannedResource>()
    const references = referencesOf(expression)
    const keyed = new Set(references.flatMap(({ root, name, key }) => (key === null ? [] : [`${root}.${name}`])))
    for (const { root, name, key, member } of depth > 0 ? references : []) {
      // `x[0].id` is followed by `x`, which is no other resource.
      if (key === null && keyed.has(`${root}.${name}`)) continue
      const { module } = scene
      if (root === TERRAFORM_TYPES.server) add(found, this.#instance(placeKey(module, name), key, scene.key))
      else if (root === 'each' && name === 'value')
        add(found, ...this.#serversIn(scene.forEach, { ...scene, forEach: {} }, depth - 1))
      else if (root === 'module' && member !== null) add(found, ...this.#outputOf(name, key, member, scene, depth))
      else if (root === 'var') add(found, ...this.#argument(name, scene, depth))
    }
    return found
  }

  /** The instance with that key; without one, that with the key of who refers to it, else the only one. */
  #instance(place: string, key: InstanceKey, ownKey: InstanceKey): PlannedResource | undefined {
    const instances = this.#servers.get(place) ?? []
    if (key !== null) return instances.find((each) => each.key === key)
    return (
      instances.find((each) => each.key === null || each.key === ownKey) ??
      (instances.length === 1 ? instances[0] : undefined)
    )
  }

  #outputOf(name: string, key: InstanceKey, output: string, scene: Scene, depth: number): Set<PlannedResource> {
    const call = this.#configuration.call(this.#configuration.moduleAt(scene.module), name)
    const { expression } = objectAt(objectAt(objectAt(call, 'module'), 'outputs'), output)
    const keys = key === null ? [null, scene.key] : [key]
    for (const each of keys) {
      const inner = { module: [...scene.module, { name, key: each }], key: each, forEach: {} }
      const found = this.#serversIn(expression, inner, depth - 1)
      if (found.size > 0) return found
    }
    return new Set()
  }

  /** What the module was handed for a variable, said in the module that calls it. */
  #argument(name: string, { module }: Scene, depth: number): Set<PlannedResource> {
    const last = module.at(-1)
    if (last === undefined) return new Set()
    const outer = module.slice(0, -1)
    const call = this.#configuration.call(this.#configuration.moduleAt(outer), last.name)
    const expression = own(objectAt(call, 'expressions'), name)
    return this.#serversIn(
      expression,
      { module: outer, key: last.key, forEach: objectAt(call, 'for_each_expression') },
      depth - 1,
    )
  }
}

function add(found: Set<PlannedResource>, ...more: readonly (PlannedResource | undefined)[]): void {
  for (const each of more) if (each !== undefined) found.add(each)
}

function placeKey(module: ModuleSteps, name: string): string {
  return JSON.stringify([module.map((step) => [step.name, step.key]), name])
}
