import { own } from '../../src/schema/json.ts'
import { isSameTenant } from '../../src/schema/tenant-address.ts'
import type { ConfigSources } from '../../src/tenant/front.ts'
import type { ProviderSeen } from './resources.ts'

type Environment = ConfigSources['env']
/** Settings of a provider, by the names that programs give them. */
type Settings = Pick<ProviderSeen, 'values'>

/**
 * Where the credentials for a provider's tenant come from: its own settings (which hold the stack's `auth0:*`), then the environment, as the
 * provider itself has it. The environment's are for the tenant that AUTH0_DOMAIN names: they are never shown to another one.
 */
export function credentialsOf(provider: Settings | null, env: Environment): ConfigSources {
  const setting = (name: string): string | undefined => {
    const value = own(provider?.values ?? {}, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const ofProvider = (key: string) => (key.startsWith('auth0:') ? setting(key.slice('auth0:'.length)) : undefined)
  const domain = setting('domain')
  const ambient = env.AUTH0_DOMAIN?.trim() ?? ''
  const isStrange = domain !== undefined && ambient !== '' && !isSameTenant(domain, ambient)
  const rest = isStrange
    ? Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AUTH0_')))
    : { ...env }
  const privateKey = setting('clientAssertionPrivateKey')
  const algorithm = setting('clientAssertionSigningAlg')
  return {
    // As the provider itself has it: what its own settings lack, the environment gives, unless that is for another tenant.
    pulumi: (key) => (key === 'auth0:domain' ? (domain ?? (ambient || undefined)) : ofProvider(key)),
    env: {
      ...rest,
      ...(domain === undefined || isStrange ? {} : { AUTH0_DOMAIN: domain }),
      ...(privateKey === undefined ? {} : { AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: privateKey }),
      ...(algorithm === undefined ? {} : { AUTH0_CLIENT_ASSERTION_SIGNING_ALG: algorithm }),
    },
  }
}

/** The tenant of a provider as it is written; null where neither its settings nor the environment name one. */
export function domainOf(provider: Settings | null, env: Environment): string | null {
  const domain = own(provider?.values ?? {}, 'domain')
  if (typeof domain === 'string' && domain !== '') return domain
  return env.AUTH0_DOMAIN?.trim() || null
}
