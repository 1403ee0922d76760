import { identifierOf } from '../schema/identifier-of.ts'
import { byCodeUnits, canonicalText, fromEntries, type Json, type JsonObject } from '../schema/json.ts'
import type { ProviderScope } from './provider-resource.ts'

/** A resource with where it stands: whatever the caller needs to find it again. */
export interface ServerPiece<At> {
  readonly values: JsonObject
  readonly at: At
}
export interface ScopesPiece<At> {
  readonly identifier: string
  readonly scopes: readonly ProviderScope[]
  readonly isWhole: boolean
  readonly at: At
}

/** Scopes in resources of their own, as far as they can be told. */
interface ScopeList<At> {
  readonly scopes: readonly ProviderScope[]
  readonly isWhole: boolean
  readonly at: At
}

/** One API put together. `scopesAt`: the resource that holds its scopes; null where none does, and then it says nothing of scopes. */
export interface AssembledApi<At> {
  readonly values: JsonObject
  /** Null where only scopes are declared here, and the API itself elsewhere. */
  readonly at: At | null
  readonly scopesAt: At | null
  /** The scopes are some of those that the API has: whoever declares the API may declare others. */
  readonly isSomeScopes?: true
}

export interface Assembled<At> {
  readonly apis: readonly AssembledApi<At>[]
  /** Two resources that contradict each other; `earlier` is the other place. */
  readonly contradictions: readonly { readonly at: At; readonly earlier: At; readonly message: string }[]
}

/**
 * Joins APIs with the scopes that resources of their own hold.
 *
 * - A resource for all scopes of an API is its list. Several resources for one scope each form the list together: what they do not name is not declared,
 *   as it would be in a file.
 * - Both sorts for one API must agree: the one for all scopes takes away what it does not name. Where they do not, it is a contradiction.
 * - An API with neither says nothing of scopes.
 * - All scopes of an API that is declared elsewhere: an API of which nothing but scopes is declared. Single scopes of such an API must exist, and say
 *   nothing of others, which may be declared elsewhere.
 * - Scopes inside the API's own resource (providers before 1.0) are what holds where no resource of their own does.
 * - An API that stands twice stays twice: who combines sources compares them.
 */
export function assemble<At>(servers: readonly ServerPiece<At>[], pieces: readonly ScopesPiece<At>[]): Assembled<At> {
  const contradictions: Assembled<At>['contradictions'][number][] = []
  const groups = Map.groupBy(pieces, ({ identifier }) => identifier)
  const lists = new Map<string, ScopeList<At>>()
  for (const [identifier, group] of groups) {
    const list = joinPieces(group, contradictions)
    if (list !== null) lists.set(identifier, list)
  }
  const apis: AssembledApi<At>[] = servers.map(({ values, at }) => {
    const list = lists.get(identifierOf(values))
    if (list === undefined) return { values, at, scopesAt: null }
    return { values: fromEntries([...Object.entries(values), ['scopes', list.scopes]]), at, scopesAt: list.at }
  })
  const known = new Set(servers.map(({ values }) => identifierOf(values)))
  for (const [identifier, { scopes, at, isWhole }] of lists) {
    if (known.has(identifier)) continue
    const values = fromEntries([
      ['identifier', identifier],
      ['scopes', scopes],
    ])
    apis.push({ values, at: null, scopesAt: at, ...(isWhole ? {} : { isSomeScopes: true }) })
  }
  return { apis, contradictions }
}

function joinPieces<At>(
  group: readonly ScopesPiece<At>[],
  contradictions: Assembled<At>['contradictions'][number][],
): ScopeList<At> | null {
  const whole = group.filter(({ isWhole }) => isWhole)
  const [first] = whole.length > 0 ? whole : group
  if (first === undefined) return null
  const list = new Map<string, { readonly scope: ProviderScope; readonly at: At }>()
  for (const scope of first.scopes) list.set(scope.value, { scope, at: first.at })
  for (const piece of group) {
    if (piece === first) continue
    const contradict = (earlier: At, what: string): void => {
      contradictions.push({ at: piece.at, earlier, message: `${piece.identifier}: ${what}` })
    }
    if (piece.isWhole && setText(piece.scopes) !== setText(first.scopes)) {
      contradict(first.at, 'two resources define all its scopes, but they differ')
      continue
    }
    for (const scope of piece.scopes) {
      const known = list.get(scope.value)
      if (known === undefined && first.isWhole)
        contradict(
          first.at,
          `the scope ${scope.value} has its own resource, but the resource for all scopes removes it`,
        )
      else if (known === undefined) list.set(scope.value, { scope, at: piece.at })
      else if (canonicalText(known.scope) !== canonicalText(scope))
        contradict(known.at, `the scope ${scope.value} is declared twice, and differently`)
    }
  }
  return { scopes: [...list.values()].map(({ scope }) => scope), at: first.at, isWhole: first.isWhole }
}

function setText(scopes: readonly ProviderScope[]): string {
  const sorted: readonly Json[] = scopes.toSorted((a, b) => byCodeUnits(a.value, b.value))
  return canonicalText(sorted)
}
