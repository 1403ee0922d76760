import type { ResourceOptions } from '@pulumi/pulumi'
import { ProviderResource } from '@pulumi/pulumi/resource.js'
import { CREDENTIAL_VARIABLES } from '../schema/credential-keys.ts'
import { nonBlank } from '../schema/environment.ts'
import { CREDENTIALS_KEY, type CredentialNames } from './contract.ts'

export interface Auth0TenantArgs {
  /** The tenant's domain, like `acme.eu.auth0.com`. */
  readonly domain: string
  /** The names of the environment variables that hold its credentials: never the credentials themselves. */
  readonly credentials: CredentialNames
}

/**
 * One of several tenants in a program: `{ provider: tenant }` among the options of a check makes it look at this one. Each has a provider process, a
 * reading and credentials of its own; what `AUTH0_*` and the stack's `auth0:*` say is never used for it. State and logs hold the names
 * of the variables alone.
 */
export class Auth0Tenant extends ProviderResource {
  /** @throws Error where a variable is not set, or is none: no credential of another tenant is ever taken in its place. */
  constructor(name: string, args: Auth0TenantArgs, options?: ResourceOptions) {
    const mistake = mistakeIn(name, args)
    if (mistake !== null) throw new Error(mistake)
    const names = JSON.stringify(args.credentials, Object.keys(CREDENTIAL_VARIABLES))
    super('pulumi-nodejs', name, { 'auth0:domain': args.domain, [CREDENTIALS_KEY]: names }, options)
  }
}

function mistakeIn(name: string, { domain, credentials }: Auth0TenantArgs): string | null {
  const who = `Auth0Tenant ${JSON.stringify(name)}`
  if (typeof domain !== 'string' || domain.trim() === '') return `${who}: its domain is missing`
  const given = Object.entries(credentials ?? {}) as readonly (readonly [string, unknown])[]
  const strange = given.filter(([key]) => !Object.hasOwn(CREDENTIAL_VARIABLES, key)).map(([key]) => key)
  if (strange.length > 0)
    return `${who}: there is no credential ${strange.join(', ')}; known: ${Object.keys(CREDENTIAL_VARIABLES).join(', ')}`
  if (!given.some(([key]) => key === 'apiToken' || key === 'clientId'))
    return `${who}: name the variable of its apiToken, or of its clientId with clientSecret or clientAssertionPrivateKey`
  // What is no name may be the secret itself, so it is not repeated.
  const nameless = given.filter(
    ([, variable]) => typeof variable !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable),
  )
  if (nameless.length > 0)
    return `${who}: ${nameless.map(([key]) => key).join(', ')} must be the name of an environment variable, and not the value`
  const unset = given.filter(([, variable]) => nonBlank(process.env[variable as string]) === null)
  if (unset.length === 0) return null
  return `${who}: the environment variable ${unset.map(([, variable]) => variable as string).join(', ')} is not set, and credentials of another tenant are not used in its place`
}
