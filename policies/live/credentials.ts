import { CREDENTIAL_VARIABLES } from '../../src/schema/credential-keys.ts'
import { nonBlank, withoutAuth0, type Environment } from '../../src/schema/environment.ts'
import { own } from '../../src/schema/json.ts'
import { isSameTenant } from '../../src/schema/tenant-address.ts'
import type { ConfigSources } from '../../src/tenant/front.ts'
import type { ProviderSeen } from './resources.ts'

/** Settings of a provider, by the names that programs give them. */
type ProviderSettings = Pick<ProviderSeen, 'values'>

/**
 * Where the credentials for a provider's tenant come from: its own settings (which hold the stack's `auth0:*`), then the environment, as the
 * provider itself has it. The environment's are for the tenant that AUTH0_DOMAIN names: they are never shown to another one.
 */
export function credentialsOf(provider: ProviderSettings | null, env: Environment): ConfigSources {
  const domain = providerSetting(provider, 'domain')
  const ambient = nonBlank(env.AUTH0_DOMAIN)
  const isStrange = domain !== undefined && ambient !== null && !isSameTenant(domain, ambient)
  // The keys of the stack's configuration have no names for these.
  const assertion = (['clientAssertionPrivateKey', 'clientAssertionSigningAlg'] as const).flatMap((name) => {
    const value = providerSetting(provider, name)
    return value === undefined ? [] : [[CREDENTIAL_VARIABLES[name], value] as const]
  })
  return {
    // As the provider itself has it: what its own settings lack, the environment gives, unless that is for another tenant.
    pulumi: (key) => {
      if (key === 'auth0:domain') return domainOf(provider, env) ?? undefined
      return key.startsWith('auth0:') ? providerSetting(provider, key.slice('auth0:'.length)) : undefined
    },
    env: {
      ...(isStrange ? withoutAuth0(env) : env),
      ...(domain === undefined || isStrange ? {} : { AUTH0_DOMAIN: domain }),
      ...Object.fromEntries(assertion),
    },
  }
}

function providerSetting(provider: ProviderSettings | null, name: string): string | undefined {
  const value = own(provider?.values ?? {}, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The tenant of a provider as it is written; null where neither its settings nor the environment name one. */
export function domainOf(provider: ProviderSettings | null, env: Environment): string | null {
  return providerSetting(provider, 'domain') ?? nonBlank(env.AUTH0_DOMAIN)
}
