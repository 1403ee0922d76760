import type { DeclaredApi } from '../schema/declared.ts'
import { fromEntries, type JsonObject } from '../schema/json.ts'
import { notKnownPaths } from '../schema/not-known.ts'
import { parsePath, type Path } from '../schema/path.ts'
import type { ApiSides } from './types.ts'

/**
 * The base's side of an API that it has. `declared`: what the code says of it, null where it no longer does; `notYet`: fields that it names with values that
 * are not known yet.
 */
export function baseSide(
  api: DeclaredApi,
  declared: JsonObject | null,
  notYet?: ReadonlySet<string>,
): Pick<ApiSides, 'base' | 'baseDark' | 'isBaseReadBack' | 'baseId'> {
  return {
    base: saidByBase(api, declared, notYet),
    baseDark: darkInBase(api),
    isBaseReadBack: api.isReadBack === true,
    baseId: api.tenantId ?? null,
  }
}

/**
 * What a base says of an API that the code declares (null: no longer). A base that holds computed values has every setting of the tenant, what
 * nobody wrote too: it says nothing of a field that the code does not name, else each of those would be a declaration taken away. Of an API
 * that was taken out of the code all of it stands: it tells whether anybody changed the API since.
 */
export function saidByBase(base: DeclaredApi, declared: JsonObject | null, notYet?: ReadonlySet<string>): JsonObject {
  if (base.holdsComputed !== true || declared === null) return base.values
  const isNamed = (key: string): boolean => Object.hasOwn(declared, key) || notYet?.has(key) === true
  return fromEntries(Object.entries(base.values).filter(([key]) => isNamed(key)))
}

/** Places of which a base cannot tell what it said: there is no base for them, and a difference there is drift. */
function darkInBase(base: DeclaredApi): readonly Path[] {
  const some: readonly Path[] = base.isSomeScopes === true ? [['scopes']] : []
  return [
    ...notKnownPaths(base.notKnown ?? []),
    ...(base.cannotSay ?? []).map((path) => parsePath(path) ?? [path]),
    ...some,
  ]
}
