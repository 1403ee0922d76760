import { identifierOf } from '../schema/identifier-of.ts'
import { withValues, type DeclaredApi, type DeclaredState, type SourceLine } from '../schema/declared.ts'
import { byCodeUnits, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import type { Sides } from '../compare/front.ts'

/**
 * The sides with scopes whose API was named by the tenant's id put to the API that has it: the endpoint accepts both forms, and so do programs. Which API
 * that is the tenant says, else whoever read it earlier. What nobody knows the owner of stays under the name that it was given.
 */
export function putToOwners(sides: Sides, items: readonly JsonObject[]): Sides {
  const { declared, base, recorded } = sides
  const live = new Set(items.map(identifierOf))
  const isScopes = (api: DeclaredApi): boolean => !live.has(api.identifier) && api.isScopesOnly === true
  // A state that packs a declaration keeps its values alone.
  const isScopesOfBase = (api: DeclaredApi): boolean =>
    !live.has(api.identifier) && (api.isScopesOnly === true || isOnlyScopes(api.values))
  const [wanted, before] = [declared.apis.filter(isScopes), base?.apis.filter(isScopesOfBase) ?? []]
  if (wanted.length === 0 && before.length === 0) return sides
  const known = [declared, base].flatMap((state) => state?.apis ?? [])
  const owners = new Map([
    ...known.flatMap(({ identifier, tenantId }) => (tenantId === undefined ? [] : [[tenantId, identifier] as const])),
    ...idsOf(recorded?.items ?? []),
    ...idsOf(items),
  ])
  return {
    declared: withOwners(declared, wanted, owners),
    base: base === null ? null : withOwners(base, before, owners),
    recorded,
  }
}

/** Identifiers by the tenant's ids: scopes may name their API by either. */
export function idsOf(items: readonly JsonObject[]): readonly (readonly [id: string, identifier: string])[] {
  return items.flatMap((item) => {
    const id = own(item, 'id')
    return typeof id === 'string' ? [[id, identifierOf(item)] as const] : []
  })
}

function isOnlyScopes(values: JsonObject): boolean {
  return Object.hasOwn(values, 'scopes') && Object.keys(values).every((key) => key === 'identifier' || key === 'scopes')
}

function withOwners(
  state: DeclaredState,
  scopesOnly: readonly DeclaredApi[],
  owners: ReadonlyMap<string, string>,
): DeclaredState {
  const apis = new Map(state.apis.map((api) => [api.identifier, api]))
  for (const scopes of scopesOnly) {
    const identifier = owners.get(scopes.identifier)
    if (identifier === undefined) continue
    apis.delete(scopes.identifier)
    const api = apis.get(identifier)
    apis.set(identifier, api === undefined ? renamed(scopes, identifier) : withScopes(api, scopes))
  }
  return { ...state, apis: [...apis.values()].sort((a, b) => byCodeUnits(a.identifier, b.identifier)) }
}

function renamed(api: DeclaredApi, identifier: string): DeclaredApi {
  const named = withValues(api, { ...api.values, identifier })
  return Object.create(named, { identifier: { value: identifier, enumerable: true } }) as DeclaredApi
}

/** What nobody could read of the scopes is not known of the API either; and two lists of it that cannot both hold leave nothing known of its scopes. */
function withScopes(api: DeclaredApi, scopes: DeclaredApi): DeclaredApi {
  const notKnown = [...(api.notKnown ?? []), ...(scopes.notKnown ?? [])]
  if (own(scopes.values, 'scopes') === undefined) return withMore(api, { notKnown: given(notKnown) })
  const joined = joinedLists(api, scopes)
  if (joined === null) {
    return withMore(api, { notKnown: given([...notKnown, { path: 'scopes', why: 'unread' }]) })
  }
  return withMore(withValues(api, { ...api.values, scopes: joined.scopes }), {
    isSomeScopes: given(joined.isSome ? true : undefined),
    ...(notKnown.length === 0 ? {} : { notKnown: given(notKnown) }),
    ...(own(api.values, 'scopes') === undefined ? scopePlaces(api, scopes) : {}),
  })
}

type Properties = Readonly<Partial<Record<keyof DeclaredApi, PropertyDescriptor>>>

function given(value: unknown): PropertyDescriptor {
  return { value, enumerable: true }
}

/** An API with other properties, whose lines are getters still. */
function withMore(api: DeclaredApi, more: Properties): DeclaredApi {
  return Object.create(api, more as PropertyDescriptorMap) as DeclaredApi
}

/** Lines cost a second look: whoever reports something asks for them. */
function scopePlaces(api: DeclaredApi, scopes: DeclaredApi): Properties {
  const inherited = (): Readonly<Record<string, SourceLine>> => ({
    ...api.inherited,
    scopes: { file: scopes.file, line: scopes.line },
  })
  return {
    inherited: { get: inherited, enumerable: true },
    ...(scopes.at === undefined ? {} : { fieldsAt: given({ ...api.fieldsAt, scopes: scopes.at }) }),
  }
}

/** The one list that two declarations of it come to; null where they contradict each other. */
function joinedLists(
  api: DeclaredApi,
  scopes: DeclaredApi,
): { readonly scopes: Json; readonly isSome: boolean } | null {
  const [there, here] = [own(api.values, 'scopes'), own(scopes.values, 'scopes') ?? []]
  const [isSomeThere, isSomeHere] = [api.isSomeScopes === true, scopes.isSomeScopes === true]
  if (there === undefined || sameJson(there, here)) {
    return { scopes: here, isSome: isSomeHere && (there === undefined || isSomeThere) }
  }
  if (!Array.isArray(there) || !Array.isArray(here)) return null
  const [ofApi, byId] = [there as readonly Json[], here as readonly Json[]]
  if (isSomeThere && isSomeHere) {
    const all = [...ofApi, ...byId.filter((scope) => !ofApi.some((each) => sameJson(each, scope)))]
    const names = new Set(all.map((scope) => JSON.stringify(scopeValue(scope))))
    return names.size === all.length ? { scopes: all, isSome: true } : null
  }
  if (isSomeHere && holdsAll(ofApi, byId)) return { scopes: there, isSome: false }
  if (isSomeThere && holdsAll(byId, ofApi)) return { scopes: here, isSome: false }
  return holdsAll(ofApi, byId) && holdsAll(byId, ofApi) ? { scopes: there, isSome: false } : null
}

function holdsAll(list: readonly Json[], some: readonly Json[]): boolean {
  return some.every((scope) => list.some((each) => sameJson(each, scope)))
}

function scopeValue(scope: Json): Json | undefined {
  return typeof scope === 'object' && scope !== null ? own(scope as JsonObject, 'value') : scope
}
