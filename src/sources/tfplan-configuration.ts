import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { parseReference, type InstanceKey, type ModuleSteps, type Reference } from './tfplan-address.ts'
import type { PlannedResource } from './tfplan-changes.ts'

/** The configuration that a plan carries: expressions and providers, without the keys of instances. */
export class PlanConfiguration {
  readonly root: JsonObject
  readonly providers: JsonObject
  readonly variables: JsonObject

  constructor(configuration: JsonObject, variables: Json | undefined) {
    this.root = objectAt(configuration, 'root_module')
    this.providers = objectAt(configuration, 'provider_config')
    this.variables = isJsonObject(variables) ? variables : {}
  }

  /** The block of a resource; empty where the plan has none. */
  block({ module, name }: Pick<PlannedResource, 'module' | 'name'>, type: string): JsonObject {
    const resources = own(this.moduleAt(module), 'resources')
    const found = (Array.isArray(resources) ? (resources as readonly Json[]) : []).find(
      (each) =>
        isJsonObject(each) &&
        own(each, 'mode') === 'managed' &&
        own(each, 'type') === type &&
        own(each, 'name') === name,
    )
    return isJsonObject(found) ? found : {}
  }

  moduleAt(steps: ModuleSteps): JsonObject {
    return steps.reduce((module, { name }) => objectAt(this.call(module, name), 'module'), this.root)
  }

  /** How a module calls another one. */
  call(module: JsonObject, name: string): JsonObject {
    return objectAt(objectAt(module, 'module_calls'), name)
  }
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = own(object, key)
  return isJsonObject(value) ? value : {}
}

/** What an expression refers to, each once, in its order; none for constants and for calls of functions alone. */
export function referencesOf(expression: Json | undefined): readonly Reference[] {
  const listed = isJsonObject(expression) ? own(expression, 'references') : undefined
  if (!Array.isArray(listed)) return []
  return (listed as readonly Json[]).flatMap((text) => (typeof text === 'string' ? (parseReference(text) ?? []) : []))
}

/** Known before an apply whenever the code says something at all: what hangs on these alone and is not known, was left out (null). */
const ALWAYS_KNOWN: ReadonlySet<string> = new Set(['var', 'each', 'local', 'count', 'path', 'terraform', 'self'])

/** Whether an expression takes its value from something that an apply makes: another resource, a data source, a module. */
export function isFromElsewhere(expression: Json | undefined): boolean {
  return referencesOf(expression).some(({ root }) => !ALWAYS_KNOWN.has(root))
}

/** Whether a value is written, and is not known before an apply. `expression` is that of an attribute, or a list of blocks. */
export function isUnresolved(unknown: Json | undefined, expression: Json | undefined): boolean {
  if (expression === undefined) return false
  if (unknown === true)
    return isFromElsewhere(expression) || partsOf(expression).some((part) => isUnresolved(true, part))
  if (Array.isArray(unknown)) {
    const blocks = Array.isArray(expression) ? (expression as readonly Json[]) : []
    // Blocks of a set have an order of their own, so none is paired by its place.
    return (unknown as readonly Json[]).some((item) => blocks.some((block) => isUnresolved(item, block)))
  }
  if (!isJsonObject(unknown) || !isJsonObject(expression)) return false
  return Object.entries(unknown).some(([key, inner]) => isUnresolved(inner, own(expression, key)))
}

function partsOf(expression: Json): readonly Json[] {
  if (Array.isArray(expression)) return expression as readonly Json[]
  if (!isJsonObject(expression) || isExpression(expression)) return []
  return Object.values(expression)
}

function isExpression(value: JsonObject): boolean {
  return Object.hasOwn(value, 'references') || Object.hasOwn(value, 'constant_value')
}

/** A module with one step more. */
export function inside(module: ModuleSteps, name: string, key: InstanceKey): ModuleSteps {
  return [...module, { name, key }]
}
