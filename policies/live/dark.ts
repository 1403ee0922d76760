import { rowsByAttribute } from '../../src/sources/front.ts'
import { withValues, type DeclaredApi, type DeclaredState } from '../../src/schema/declared.ts'
import type { Finding } from '../../src/schema/finding.ts'
import { isJsonObject, own, type Json } from '../../src/schema/json.ts'
import { parsePath } from '../../src/schema/path.ts'
import { identifierOfServer, darkScopes, ownerOf } from './group.ts'
import type { SeenResource } from './resources.ts'

/** What of a program stays out of a comparison because it is not known in this preview. */
export interface Light {
  /** What is declared, with what the base says in place of what is not known. */
  readonly declared: DeclaredState
  /** Whether a difference is about something that neither the program nor the base tells, so that it is none. */
  readonly isDark: (finding: Pick<Finding, 'identifier' | 'path'>) => boolean
  /** Names of what is not compared. */
  readonly unlit: readonly string[]
}

/**
 * A change that makes an input unknown makes nothing dark that was known: where the base and the tenant are known and differ, that is so whatever the
 * new value will be. So the base stands in. What the base does not tell either stays dark.
 */
export function lightUp(members: readonly SeenResource[], declared: DeclaredState, base: DeclaredState | null): Light {
  const before = new Map(base?.apis.map((api) => [api.identifier, api]))
  const apis = new Map(declared.apis.map((api) => [api.identifier, api]))
  const whole = new Set<string>()
  const fields = new Map<string, Set<string>>()
  const darken = (identifier: string, field: string): void => {
    fields.set(identifier, (fields.get(identifier) ?? new Set()).add(field))
  }
  /** The base's value of a field, where it has one. */
  const giveBack = (identifier: string, field: string): void => {
    const was = before.get(identifier)
    const value = was === undefined ? undefined : own(was.values, field)
    if (was === undefined || value === undefined) return darken(identifier, field)
    const is = apis.get(identifier) ?? withValues(was, { identifier })
    apis.set(identifier, withValues(is, { ...is.values, [field]: value }))
  }

  const rows = rowsByAttribute(null, 'pulumi')
  for (const seen of members) {
    const { kind, urn, unknown } = seen
    if (kind !== 'server' || unknown.length === 0) continue
    const name = identifierOfServer(seen) ?? base?.apis.find(({ at }) => at === urn)?.identifier
    if (name === undefined) continue
    if (!unknown.includes('identifier')) {
      for (const attribute of unknown) {
        const field = rows.get(attribute)?.path
        if (field !== undefined) giveBack(name, field)
      }
    } else if (!apis.has(name)) {
      const was = before.get(name)
      if (was === undefined) whole.add(name)
      else apis.set(name, was)
    }
  }
  const { lists, isAnywhere } = darkScopes(members)
  for (const owner of lists) giveBack(owner, 'scopes')
  const open = isAnywhere ? mayOwnMore(members, apis.values(), lists) : []
  // A scope that the program is about to add is not in the tenant yet: with a base, whatever is there and was not before is somebody's doing.
  for (const owner of open) {
    if (before.get(owner)?.values.scopes !== undefined && apis.get(owner)?.values.scopes === undefined)
      giveBack(owner, 'scopes')
  }
  const extras = new Map(
    open
      .filter((owner) => before.get(owner) === undefined)
      .map((owner) => [owner, scopeNames(apis.get(owner)?.values.scopes)]),
  )
  return {
    declared: { ...declared, apis: [...apis.values()] },
    isDark: ({ identifier, path }) => {
      if (identifier === null) return false
      const [field, name] = parsePath(path) ?? []
      if (whole.has(identifier) || (field !== undefined && fields.get(identifier)?.has(field) === true)) return true
      const known = field === 'scopes' ? extras.get(identifier) : undefined
      return known !== undefined && (name === undefined || !known.has(name))
    },
    unlit: [
      ...[...whole].map((identifier) => `all of ${identifier}`),
      ...[...fields].flatMap(([identifier, names]) => [...names].map((name) => `${name} of ${identifier}`)),
      ...[...extras.keys()].map((identifier) => `scopes of ${identifier} that no resource names`),
    ].toSorted(),
  }
}

/** APIs that a scope of an unknown owner may belong to: not those whose whole list one resource gives. */
function mayOwnMore(
  members: readonly SeenResource[],
  apis: Iterable<DeclaredApi>,
  lists: ReadonlySet<string>,
): readonly string[] {
  const settled = new Set(members.filter(({ kind }) => kind === 'scopes').map(({ values }) => ownerOf(values)))
  return [...apis]
    .map(({ identifier }) => identifier)
    .filter((identifier) => !settled.has(identifier) && !lists.has(identifier))
}

function scopeNames(scopes: Json | undefined): ReadonlySet<string> {
  const items = Array.isArray(scopes) ? (scopes as readonly Json[]).filter(isJsonObject) : []
  return new Set(items.map(({ value }) => (typeof value === 'string' ? value : '')))
}
