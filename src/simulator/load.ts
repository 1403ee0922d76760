import { isJsonObject, own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'

/** The resource servers in a snapshot file (`items`), a list answer (`resource_servers`), an array, or a single object. Throws on anything else. */
export function readLoad(value: unknown): readonly JsonObject[] {
  const list = listOf(value)
  if (list === null) throw new Error('neither a snapshot file nor a list of resource servers')
  return list.map((item, index) => {
    if (!isJsonObject(item) || typeof item.identifier !== 'string') {
      throw new Error(`item ${index} is not a resource server: it has no identifier`)
    }
    return item
  })
}

function listOf(value: unknown): readonly unknown[] | null {
  if (isList(value)) return value
  if (!isJsonObject(value)) return null
  if (isList(value.items)) return value.items
  if (isList(value.resource_servers)) return value.resource_servers
  return typeof value.identifier === 'string' ? [value] : null
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** The objects of a list answer, or of a list. */
export function listIn(value: unknown, key: string): readonly JsonObject[] {
  const list = isJsonObject(value) ? own(value, key) : undefined
  return Array.isArray(list) ? (list as readonly unknown[]).filter(isJsonObject) : []
}
