import { CREDENTIAL_VARIABLES } from '../schema/credential-keys.ts'
import { nonBlank, withoutAuth0 } from '../schema/environment.ts'
import { configMistake, type MistakesError } from '../schema/errors.ts'
import { isJsonObject, own, type Json } from '../schema/json.ts'
import { CREDENTIALS_KEY, type CredentialNames } from './contract.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * The surroundings of a process that serves an `Auth0Tenant`: its domain, and its credentials from the variables that the program names; nothing of
 * what `AUTH0_*` says, which is for another tenant. Others are as they are. `missing`: variables that this run does not have.
 */
export function ofAuth0Tenant(given: Surroundings): {
  readonly surroundings: Surroundings
  readonly missing: MistakesError | null
} {
  const written = given.config(CREDENTIALS_KEY)
  if (written === undefined) return { surroundings: given, missing: null }
  const names = credentialNamesIn(written)
  const domain = given.config('auth0:domain')
  const credentials = names.map(
    ([credential, name]) => [CREDENTIAL_VARIABLES[credential], own(given.env, name)] as const,
  )
  const unset = names.map(([, name]) => name).filter((name) => nonBlank(own(given.env, name)) === null)
  const message = `the Auth0Tenant of ${domain ?? 'this provider'} takes its credentials from ${unset.join(', ')}, which this run does not have`
  return {
    surroundings: {
      ...given,
      config: (key) => (key === 'auth0:domain' || !key.startsWith('auth0:') ? given.config(key) : undefined),
      env: { ...withoutAuth0(given.env), ...Object.fromEntries(credentials), AUTH0_DOMAIN: domain },
    },
    missing: unset.length === 0 ? null : configMistake(message),
  }
}

/** What the class wrote; from another hand, nothing. */
function credentialNamesIn(written: string): readonly (readonly [keyof CredentialNames, string])[] {
  let value: Json
  try {
    value = JSON.parse(written) as Json
  } catch {
    return []
  }
  const known = Object.keys(CREDENTIAL_VARIABLES) as (keyof CredentialNames)[]
  return known.flatMap((credential) => {
    const name = isJsonObject(value) ? own(value, credential) : undefined
    return typeof name === 'string' ? [[credential, name] as const] : []
  })
}
