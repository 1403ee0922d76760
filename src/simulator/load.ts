import { isJsonObject, listOf, memberOf } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'

/** The resource servers in a snapshot file (`items`), a list answer (`resource_servers`), an array, or a single object. Throws on anything else. */
export function readLoad(value: Json | undefined): readonly JsonObject[] {
  const list = [value, memberOf(value, 'items'), memberOf(value, 'resource_servers')].find(Array.isArray)
  const isOne = typeof memberOf(value, 'identifier') === 'string'
  if (list === undefined && !isOne) throw new Error('neither a snapshot file nor a list of resource servers')
  return (list === undefined ? [value] : listOf(list)).map((item, index) => {
    if (!isJsonObject(item) || typeof item.identifier !== 'string') {
      throw new Error(`item ${index} is not a resource server: it has no identifier`)
    }
    return item
  })
}

/** The objects that a list answer holds under a key. */
export function listIn(value: Json | undefined, key: string): readonly JsonObject[] {
  return listOf(memberOf(value, key)).filter(isJsonObject)
}
