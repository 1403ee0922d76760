import { isJsonObject, listOf, memberOf, objectAt, own, type Json, type JsonObject } from '../schema/json.ts'
import { TERRAFORM_TYPES } from './provider-names.ts'
import { parseReference, type ModuleSteps, type Reference } from './tfplan-address.ts'
import type { PlannedResource } from './tfplan-changes.ts'

/** The configuration that a plan carries: expressions and providers, without the keys of instances. */
export class PlanConfiguration {
  readonly root: JsonObject
  readonly providers: JsonObject
  readonly variables: JsonObject

  constructor(plan: Json) {
    const configuration = objectAt(plan, 'configuration')
    this.root = objectAt(configuration, 'root_module')
    this.providers = objectAt(configuration, 'provider_config')
    this.variables = objectAt(plan, 'variables')
  }

  /** The block of a resource; empty where the plan has none. */
  block({ module, name, kind }: PlannedResource): JsonObject {
    const found = listOf(own(this.moduleAt(module), 'resources')).find(
      (each) =>
        memberOf(each, 'mode') === 'managed' &&
        memberOf(each, 'type') === TERRAFORM_TYPES[kind] &&
        memberOf(each, 'name') === name,
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

/** What an expression refers to, each once, in its order; none for constants and for calls of functions alone. */
export function referencesOf(expression: Json | undefined): readonly Reference[] {
  const listed = listOf(memberOf(expression, 'references'))
  return listed.flatMap((text) => (typeof text === 'string' ? (parseReference(text) ?? []) : []))
}

/** Known before an apply whenever the code says something at all: what hangs on these alone and is not known, was left out (null). */
const ALWAYS_KNOWN: ReadonlySet<string> = new Set(['var', 'each', 'local', 'count', 'path', 'terraform', 'self'])

/** Whether an expression takes its value from something that an apply makes: another resource, a data source, a module. */
function isFromElsewhere(expression: Json | undefined): boolean {
  return referencesOf(expression).some(({ root }) => !ALWAYS_KNOWN.has(root))
}

/** Whether a value is written, and is not known before an apply. `expression` is that of an attribute, or a list of blocks. */
export function isUnresolved(unknown: Json | undefined, expression: Json | undefined): boolean {
  if (expression === undefined) return false
  if (unknown === true)
    return isFromElsewhere(expression) || expressionParts(expression).some((part) => isUnresolved(true, part))
  if (Array.isArray(unknown)) {
    const blocks = listOf(expression)
    // Blocks of a set have an order of their own, so none is paired by its place.
    return (unknown as readonly Json[]).some((item) => blocks.some((block) => isUnresolved(item, block)))
  }
  if (!isJsonObject(unknown) || !isJsonObject(expression)) return false
  return Object.entries(unknown).some(([key, inner]) => isUnresolved(inner, own(expression, key)))
}

function expressionParts(expression: Json): readonly Json[] {
  if (Array.isArray(expression)) return expression as readonly Json[]
  if (!isJsonObject(expression) || isExpression(expression)) return []
  return Object.values(expression)
}

function isExpression(value: JsonObject): boolean {
  return Object.hasOwn(value, 'references') || Object.hasOwn(value, 'constant_value')
}
