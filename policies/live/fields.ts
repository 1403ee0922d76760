import { rowsByAttribute } from '../../src/sources/front.ts'
import { withValues, type DeclaredState } from '../../src/schema/declared.ts'
import { fromEntries } from '../../src/schema/json.ts'
import { identifierOfServer } from './group.ts'
import type { SeenResource } from './resources.ts'

/** Fields by the API that they are of. */
export type Fields = ReadonlyMap<string, ReadonlySet<string>>

/** The fields that attributes of resources set, by API as the resources name it: scopes may name theirs by the tenant's id. */
export function fieldsByApi(
  members: readonly SeenResource[],
  attributesOf: (seen: SeenResource) => readonly string[],
): Fields {
  const rows = rowsByAttribute(null, 'pulumi')
  const fields = new Map<string, Set<string>>()
  for (const seen of members) {
    const [api, attributes] = [identifierOfServer(seen), attributesOf(seen)]
    if (api === null || attributes.length === 0) continue
    const known = fields.get(api) ?? new Set()
    for (const name of attributes) known.add(seen.kind === 'server' ? (rows.get(name)?.path ?? name) : 'scopes')
    fields.set(api, known)
  }
  return fields
}

/** What a program ignores is not declared by it: neither what it says there nor what its state has. The record watches it. */
export function ignoredFields(members: readonly SeenResource[]): Fields {
  return fieldsByApi(members, ({ ignored }) => ignored)
}

export function withoutFields(state: DeclaredState, fields: Fields): DeclaredState {
  if (fields.size === 0) return state
  const apis = state.apis.map((api) => {
    const left = fields.get(api.identifier)
    if (left === undefined) return api
    return withValues(api, fromEntries(Object.entries(api.values).filter(([field]) => !left.has(field))))
  })
  return { ...state, apis }
}
