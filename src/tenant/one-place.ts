import { isSameTenant } from '../schema/tenant-address.ts'

/** What says which tenant is read and how, as far as one place sets it. */
export interface TenantSettings {
  readonly domain?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly apiToken?: string
  readonly audience?: string
  readonly privateKey?: string
  readonly algorithm?: string
  readonly deadline?: string
}

interface OnePlace {
  /** What of the environment goes with the Pulumi config. */
  readonly env: TenantSettings
  /** Why something does not; null where all of it does. */
  readonly mistake: string | null
  /** Said where no credentials are left. */
  readonly hint: string
}

/**
 * A domain and the credentials for it come from one place, together: a token that the environment holds for one tenant is never sent to another one
 * that the Pulumi config names (an explicit provider), and the other way round. Where both name the same tenant, each may give a part.
 */
export function fromOnePlace(pulumi: TenantSettings, env: TenantSettings): OnePlace {
  const whole = { env, mistake: null, hint: '' }
  if (pulumi.domain === undefined) {
    const isMixed = env.domain !== undefined && (pulumi.apiToken ?? pulumi.clientSecret) !== undefined
    return isMixed
      ? { ...whole, mistake: `Pulumi config auth0:domain is missing beside the credentials there: ${TOGETHER}` }
      : whole
  }
  if (env.domain !== undefined && isSameTenant(env.domain, pulumi.domain)) return whole
  const {
    domain,
    clientId,
    clientSecret,
    apiToken,
    privateKey,
    audience: _audience,
    algorithm: _algorithm,
    ...rest
  } = env
  const isLeftOut = [clientId, clientSecret, apiToken, privateKey].some((value) => value !== undefined)
  const whose =
    domain === undefined ? 'AUTH0_DOMAIN does not say which tenant they are for' : 'AUTH0_DOMAIN names another tenant'
  return {
    env: rest,
    mistake: null,
    hint: isLeftOut ? `. Those of the environment are not used (${whose}): ${TOGETHER}` : '',
  }
}

const TOGETHER =
  'a domain and its credentials must come from one place, so that no token is sent to another tenant; if AUTH0_DOMAIN and auth0:domain are the same, each place may give a part'
