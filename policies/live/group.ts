import type { Environment } from '../../src/schema/environment.ts'
import { own, type JsonObject } from '../../src/schema/json.ts'
import { addressKey } from '../../src/schema/tenant-address.ts'
import { domainOf } from './credentials.ts'
import type { ProviderSeen, SeenResource } from './resources.ts'

/** What of a program's resources is about one tenant. */
export interface Group {
  /** The address of the tenant; a word for itself where that is not known. */
  readonly key: string
  /** One of the providers of that tenant. */
  readonly provider: ProviderSeen | null
  readonly all: readonly SeenResource[]
  /** What can be compared: without resources of which what matters is not known in this preview. */
  readonly known: readonly SeenResource[]
  /** URNs that only the base has with this tenant: the program still has them, and does not tell their tenant in this preview. */
  readonly standing: ReadonlySet<string>
}

/** An API is compared with its own tenant and with no other: by the address of its provider, whatever the provider is called. */
export function groupByTenant(resources: readonly SeenResource[], env: Environment): readonly Group[] {
  const groups = Map.groupBy(resources, ({ provider }) => keyOf(provider, env))
  return [...groups].map(([key, all]) => ({
    key,
    provider: all[0]?.provider ?? null,
    all,
    known: comparableMembers(all),
    standing: new Set(),
  }))
}

function keyOf(provider: ProviderSeen | null, env: Environment): string {
  return provider !== null && provider.unknown.length > 0 ? `unknown: ${provider.urn}` : groupKeyOf(provider, env)
}

/** The address of the tenant that these settings of a provider are for; empty where nothing names one. */
export function groupKeyOf(provider: Pick<ProviderSeen, 'values'> | null, env: Environment): string {
  const domain = domainOf(provider, env)
  return domain === null ? '' : addressKey(domain)
}

/** True where what says which tenant it is comes out of another resource that is not made yet. */
export function isTenantUnknown({ provider }: Group): boolean {
  return provider !== null && provider.unknown.length > 0
}

/**
 * Of one scope among others the whole list falls away with it: without it the list would say that it is not declared. The same where a program
 * ignores a part of the list.
 */
function comparableMembers(members: readonly SeenResource[]): readonly SeenResource[] {
  const { lists } = darkScopes(members)
  const ignored = new Set(members.filter((each) => each.ignored.length > 0).map(({ values }) => ownerOf(values)))
  return members.filter(({ kind, values, unknown }) => {
    if (kind === 'server') return !unknown.includes('identifier')
    const owner = ownerOf(values)
    return unknown.length === 0 && !lists.has(owner ?? '') && (owner === null || !ignored.has(owner))
  })
}

/** `lists`: owners of lists of which a part is not known; `isAnywhere`: there is a scope of which nobody knows the owner. */
export function darkScopes(members: readonly SeenResource[]): {
  readonly lists: ReadonlySet<string>
  readonly isAnywhere: boolean
} {
  const dark = members.filter(({ kind, unknown }) => kind !== 'server' && unknown.length > 0)
  return {
    lists: new Set(dark.map(({ values }) => ownerOf(values)).filter((owner) => owner !== null)),
    isAnywhere: dark.some(({ values }) => ownerOf(values) === null),
  }
}

/** What a resource calls its API; null where that is not known. */
export function identifierOfServer({ kind, values }: SeenResource): string | null {
  if (kind !== 'server') return ownerOf(values)
  const identifier = own(values, 'identifier')
  return typeof identifier === 'string' ? identifier : null
}

export function ownerOf(values: JsonObject): string | null {
  const owner = own(values, 'resourceServerIdentifier')
  return typeof owner === 'string' ? owner : null
}
