import { rowsByAttribute } from '../../src/declared/front.ts'
import { own, type JsonObject } from '../../src/schema/json.ts'
import { parsePath } from '../../src/schema/path.ts'
import { parseAddress, type ConfigSources } from '../../src/tenant/front.ts'
import { domainOf } from './credentials.ts'
import type { ProviderSeen, Seen } from './resources.ts'

/** What of a program's resources is about one tenant. */
export interface Group {
  /** The address of the tenant; a word for itself where that is not known. */
  readonly key: string
  /** One of the providers of that tenant. */
  readonly provider: ProviderSeen | null
  readonly all: readonly Seen[]
  /** What can be compared: without resources of which what matters is not known in this preview. */
  readonly known: readonly Seen[]
}

type Environment = ConfigSources['env']

/** An API is compared with its own tenant and with no other: by the address of its provider, whatever the provider is called. */
export function groupByTenant(resources: readonly Seen[], env: Environment): readonly Group[] {
  const groups = Map.groupBy(resources, ({ provider }) => tenantKey(provider, env))
  return [...groups].map(([key, all]) => ({ key, provider: all[0]?.provider ?? null, all, known: comparable(all) }))
}

export function tenantKey(provider: Pick<ProviderSeen, 'values' | 'unknown' | 'urn'> | null, env: Environment): string {
  if (provider !== null && provider.unknown.length > 0) return `unknown: ${provider.urn}`
  const domain = domainOf(provider, env)
  const address = domain === null ? null : parseAddress(domain)
  if (address === null) return ''
  return 'origin' in address ? address.origin : (domain ?? '')
}

/** True where what says which tenant it is comes out of another resource that is not made yet. */
export function isTenantUnknown({ provider }: Group): boolean {
  return provider !== null && provider.unknown.length > 0
}

/**
 * Of one scope among others the whole list falls away with it: without it the list would say that it is not declared. Where it is not known whose
 * scope it is, that is so for every API.
 */
function comparable(members: readonly Seen[]): readonly Seen[] {
  const dark = darkScopes(members)
  return members.filter(({ kind, values, unknown }) => {
    if (kind === 'server') return !unknown.includes('identifier')
    if (unknown.length > 0 || dark.lists.has(ownerOf(values))) return false
    return kind === 'scopes' || !dark.isAnywhere
  })
}

function darkScopes(members: readonly Seen[]): {
  readonly lists: ReadonlySet<string | null>
  readonly isAnywhere: boolean
} {
  const dark = members.filter(({ kind, unknown }) => kind !== 'server' && unknown.length > 0)
  return {
    lists: new Set(dark.map(({ values }) => ownerOf(values)).filter((owner) => owner !== null)),
    isAnywhere: dark.some(({ kind, unknown }) => kind === 'scope' && unknown.includes('resourceServerIdentifier')),
  }
}

function ownerOf(values: JsonObject): string | null {
  const owner = own(values, 'resourceServerIdentifier')
  return typeof owner === 'string' ? owner : null
}

/** Whether a difference is about something that is not known in this preview, so that it is none. */
export type IsDark = (identifier: string | null, path: string) => boolean

/** `formerly` tells the identifier that the state has for a resource whose own is not known now. */
export function darkness(members: readonly Seen[], formerly: (urn: string) => string | null): IsDark {
  const whole = new Set<string>()
  const fields = new Map<string, Set<string>>()
  const rows = rowsByAttribute(null, 'pulumi')
  for (const { kind, urn, values, unknown } of members) {
    if (kind !== 'server' || unknown.length === 0) continue
    const identifier = own(values, 'identifier')
    const name = typeof identifier === 'string' ? identifier : formerly(urn)
    if (name === null) continue
    if (unknown.includes('identifier')) whole.add(name)
    else fields.set(name, new Set(unknown.flatMap((attribute) => rows.get(attribute)?.path ?? [])))
  }
  const { lists, isAnywhere } = darkScopes(members)
  return (identifier, path) => {
    if (identifier === null) return false
    const field = parsePath(path)?.[0]
    if (field === 'scopes' && (isAnywhere || lists.has(identifier))) return true
    return whole.has(identifier) || (typeof field === 'string' && fields.get(identifier)?.has(field) === true)
  }
}
