import { rowsByAttribute } from '../../src/sources/front.ts'
import { withValues, type DeclaredState } from '../../src/schema/declared.ts'
import { fromEntries } from '../../src/schema/json.ts'
import { ownerOf } from './group.ts'
import type { Seen } from './resources.ts'

/** Fields by identifier. */
export type Fields = ReadonlyMap<string, ReadonlySet<string>>

/** What a program ignores is not declared by it: neither what it says there nor what its state has. The record watches it. */
export function ignoredFields(members: readonly Seen[]): Fields {
  const rows = rowsByAttribute(null, 'pulumi')
  const fields = new Map<string, Set<string>>()
  for (const { kind, values, ignored } of members) {
    const identifier = kind === 'server' ? values.identifier : ownerOf(values)
    if (ignored.length === 0 || typeof identifier !== 'string') continue
    const known = fields.get(identifier) ?? new Set()
    for (const attribute of ignored) known.add(kind === 'server' ? (rows.get(attribute)?.path ?? attribute) : 'scopes')
    fields.set(identifier, known)
  }
  return fields
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
