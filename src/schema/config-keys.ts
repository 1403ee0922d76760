import { configJsonSchema } from './config.ts'
import { asJsonObject, listOf, own, type Json, type JsonObject } from './json.ts'

/** A key of tenant-drift.yaml, by its path: `accept[].owner`, `tenants.NAME.domain`. */
export interface ConfigKey {
  readonly key: string
  readonly type: string
  readonly sentence: string
}

/** Every key that the file may hold, as its JSON Schema has them. What a tenant may hold in place of the top is listed at the top alone. */
export function configKeys(): readonly ConfigKey[] {
  const schema = configJsonSchema()
  return keysIn(schema, '', new Set(Object.keys(asJsonObject(own(schema, 'properties')))))
}

function keysIn(schema: JsonObject, at: string, top: ReadonlySet<string>): readonly ConfigKey[] {
  return Object.entries(asJsonObject(own(schema, 'properties'))).flatMap(([name, value]) => {
    if (name === '$schema' || (at.startsWith('tenants.') && top.has(name))) return []
    const key = at + name
    const shape = asJsonObject(value)
    const description = own(shape, 'description')
    const found = { key, type: typeText(shape), sentence: typeof description === 'string' ? description : '' }
    return [found, ...shapesInside(shape).flatMap(([step, inner]) => keysIn(inner, `${key}${step}.`, top))]
  })
}

/** Objects below a value: itself, items of a list, values under names that people choose. */
function shapesInside(shape: JsonObject): readonly (readonly [string, JsonObject])[] {
  const branches = [shape, ...listOf(own(shape, 'anyOf')).map(asJsonObject)]
  return branches.flatMap((branch) => [
    ['', branch] as const,
    ['[]', asJsonObject(own(branch, 'items'))] as const,
    ['.NAME', asJsonObject(own(branch, 'additionalProperties'))] as const,
  ])
}

function typeText(shape: JsonObject): string {
  const values = listOf(own(shape, 'enum'))
  if (values.length > 0) return values.map(String).join(', ')
  const only = own(shape, 'const')
  if (typeof only === 'string' || typeof only === 'boolean') return String(only)
  const branches = listOf(own(shape, 'anyOf')).map(asJsonObject)
  if (branches.length > 0) return [...new Set(branches.map(typeText))].join(' or ')
  const written = own(shape, 'type')
  const types = (Array.isArray(written) ? (written as readonly Json[]) : [written]).flatMap((type) =>
    typeof type === 'string' ? (NAMES[type] ?? []) : [],
  )
  return types.join(' or ') || 'anything'
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'whole number',
  number: 'number',
  array: 'list',
  object: 'object',
}
