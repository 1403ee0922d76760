import type { KeyObject } from 'node:crypto'
import { configMistake } from '../schema/errors.ts'
import { parseAddress } from '../schema/tenant-address.ts'
import { parseDuration } from '../schema/duration.ts'
import { SETTINGS, variableOf } from '../schema/settings.ts'
import { fromOnePlace, type TenantSettings } from './one-place.ts'
import { ASSERTION_ALGORITHMS, readAssertionKey } from './private-key.ts'
import type { AssertionAlgorithm } from './private-key.ts'
import { proxyFor, type ProxyWay } from '../way/proxy.ts'
import { nonBlank, type Environment } from '../schema/environment.ts'

const LONGEST_DEADLINE_MS = 3_600_000

export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'client-secret'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: 'private-key'
      readonly clientId: string
      readonly key: KeyObject
      readonly algorithm: AssertionAlgorithm
    }

/** How to reach and be known to one tenant. Holds secrets: never print it. */
export interface TenantConfig {
  readonly tenant: string
  readonly origin: string
  readonly loopback: boolean
  /** Audience as configured (custom domains need it); null where the tenant's own is meant. */
  readonly audience: string | null
  readonly credential: Credential
  /** How long all waiting for the tenant may take, in ms. */
  readonly deadlineMs: number
  /** Null where the way is direct. */
  readonly proxy: ProxyWay | null
}

export interface ConfigSources {
  /** Looks up one key of the Pulumi config, with its namespace (`auth0:domain`); undefined where it is not set. */
  readonly pulumi?: ((key: string) => string | undefined) | undefined
  readonly env: Environment
}

type Setting = keyof TenantSettings

/** Every value with both its names, so that a mistake can name what the reader has to set. */
const NAMES = {
  domain: { pulumi: 'auth0:domain', env: 'AUTH0_DOMAIN' },
  clientId: { pulumi: 'auth0:clientId', env: 'AUTH0_CLIENT_ID' },
  clientSecret: { pulumi: 'auth0:clientSecret', env: 'AUTH0_CLIENT_SECRET' },
  apiToken: { pulumi: 'auth0:apiToken', env: 'AUTH0_API_TOKEN' },
  audience: { pulumi: 'auth0:audience', env: 'AUTH0_AUDIENCE' },
  privateKey: { pulumi: null, env: 'AUTH0_CLIENT_ASSERTION_PRIVATE_KEY' },
  algorithm: { pulumi: null, env: 'AUTH0_CLIENT_ASSERTION_SIGNING_ALG' },
  deadline: { pulumi: null, env: variableOf('deadline') },
} as const satisfies Record<Setting, { readonly pulumi: string | null; readonly env: string }>

/** What a header line can carry. A token pasted with a newline in its middle would fail later, and less clearly. */
export const HEADER_TEXT = /^[\x21-\x7e]+$/

/**
 * Reads and checks the configuration of a tenant. Pulumi config wins over the environment. Checked by hand: this stands before the first
 * request of every run, and loading zod would hold that request up.
 * @throws MistakesError `invalid_config` with every mistake at once; it names variables and never repeats a value.
 */
export function tenantConfig(sources: ConfigSources): TenantConfig {
  const { pulumi, env: all } = settingsIn(sources)
  const { env, mistake: mixed, hint } = fromOnePlace(pulumi, all)
  const merged: TenantSettings = { ...env, ...pulumi }
  const { apiToken, audience, algorithm, deadline } = merged
  const mistakes: string[] = mixed === null ? [] : [mixed]
  const refuse = (setting: Setting, mistake: string): void => void mistakes.push(`${bothNames(setting)} ${mistake}`)

  const address = readAddress(merged.domain)
  if ('mistake' in address) refuse('domain', address.mistake)
  if (apiToken !== undefined && !HEADER_TEXT.test(apiToken))
    refuse('apiToken', 'contains blanks or characters that a header cannot have')
  if (audience !== undefined && !URL.canParse(audience))
    refuse('audience', 'is not a URL; write it like https://acme.eu.auth0.com/api/v2/')
  if (algorithm !== undefined && !ASSERTION_ALGORITHMS.some((known) => known === algorithm))
    refuse('algorithm', `must be one of ${ASSERTION_ALGORITHMS.join(', ')}`)
  const deadlineMs = deadline === undefined ? SETTINGS.deadline.fallback : parseDuration(deadline)
  if (deadlineMs === null || deadlineMs <= 0 || deadlineMs > LONGEST_DEADLINE_MS)
    refuse('deadline', 'must be a duration of at most 1h, like 120s or 2m')
  const credential = pickCredential(merged, pulumi)
  if (typeof credential === 'string') mistakes.push(credential + hint)
  const proxy = 'mistake' in address ? null : proxyFor(address.origin, address.loopback, sources.env)
  const isProxyWrong = proxy !== null && 'mistake' in proxy
  if (isProxyWrong) mistakes.push(proxy.mistake)

  if (
    mistakes.length > 0 ||
    'mistake' in address ||
    deadlineMs === null ||
    typeof credential === 'string' ||
    isProxyWrong
  ) {
    throw configMistake(...mistakes)
  }
  return { ...address, audience: audience ?? null, credential, deadlineMs, proxy }
}

function readAddress(domain: string | undefined): ReturnType<typeof parseAddress> {
  return domain === undefined
    ? { mistake: 'is missing; set it to the domain of the tenant, like acme.eu.auth0.com' }
    : parseAddress(domain)
}

function settingsIn({ pulumi, env }: ConfigSources): Readonly<Record<'pulumi' | 'env', TenantSettings>> {
  const inPulumi = (setting: Setting): string | undefined => {
    const key = NAMES[setting].pulumi
    return key === null ? undefined : pulumi?.(key)
  }
  return { pulumi: values(inPulumi), env: values((setting) => env[NAMES[setting].env]) }
}

function values(lookup: (setting: Setting) => string | undefined): TenantSettings {
  const settings = Object.keys(NAMES) as Setting[]
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const value = nonBlank(lookup(setting))
      return value === null ? [] : [[setting, value] as const]
    }),
  )
}

/** The domain that a run is about, as it is set; undefined where nobody set it. */
export function domainIn(sources: ConfigSources): string | undefined {
  const { pulumi, env } = settingsIn(sources)
  return pulumi.domain ?? env.domain
}

/** A token wins over a key, a key over a secret, as in the Auth0 provider; what Pulumi config holds wins over all of the environment. */
function pickCredential(merged: TenantSettings, pulumi: TenantSettings): Credential | string {
  const { apiToken, clientId, clientSecret, privateKey } = merged
  const secretFromPulumi = pulumi.apiToken === undefined && pulumi.clientSecret !== undefined
  if (apiToken !== undefined && !secretFromPulumi) return { kind: 'token', token: apiToken }
  if (clientId === undefined)
    return clientSecret === undefined && privateKey === undefined
      ? `No credentials: set ${bothNames('apiToken')}, or ${bothNames('clientId')} with ${bothNames('clientSecret')} or ${bothNames('privateKey')}`
      : `${bothNames('clientId')} is missing; set it to the client id of the application that may read the tenant`
  if (privateKey !== undefined && !secretFromPulumi) {
    const key = readAssertionKey(privateKey)
    if ('mistake' in key) return `${bothNames('privateKey')} ${key.mistake}`
    const algorithm = ASSERTION_ALGORITHMS.find((known) => known === merged.algorithm) ?? 'RS256'
    return { kind: 'private-key', clientId, key: key.key, algorithm }
  }
  if (clientSecret !== undefined) return { kind: 'client-secret', clientId, clientSecret }
  return `${bothNames('clientSecret')} is missing; set it, or ${bothNames('privateKey')}, or ${bothNames('apiToken')}`
}

function bothNames(setting: Setting): string {
  const names = NAMES[setting]
  return names.pulumi === null ? names.env : `${names.env} (Pulumi config ${names.pulumi})`
}
