import { byCodeUnits } from '../schema/json.ts'
import { addressKey } from '../schema/tenant-address.ts'

/** A configuration of the Auth0 provider that resources of a source belong to. */
export interface UsedProvider {
  /** As Terraform's configuration calls it: `auth0`, `auth0.us`. */
  readonly key: string
  /** The tenant it is for; null: the environment's; undefined: the source does not say. */
  readonly domain: string | null | undefined
}

/**
 * Why it cannot be told which tenant a source is about; null where it can. Several configurations may be for several tenants, and the same identifiers
 * may stand in all of them: that is never guessed.
 */
export function severalTenants(used: readonly UsedProvider[], chosen: string | null): string | null {
  const known = used.map(({ key }) => key).sort(byCodeUnits)
  if (chosen !== null) {
    if (known.includes(chosen)) return null
    return `no API belongs to the provider configuration ${JSON.stringify(chosen)}; known: ${known.join(', ')}`
  }
  if (used.length < 2) return null
  const domains = new Set(used.map(({ domain }) => (typeof domain === 'string' ? addressKey(domain) : domain)))
  if (domains.size === 1 && !domains.has(undefined)) return null
  const names = used
    .map(({ key, domain }) => `${key}${typeof domain === 'string' ? ` (${domain})` : ''}`)
    .sort(byCodeUnits)
  return `its APIs belong to several configurations of the provider and possibly to several tenants: ${names.join(', ')}. Choose one by its name, as in FILE#${known[0] ?? ''}`
}
