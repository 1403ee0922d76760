import type { Environment } from '../schema/environment.ts'
import { own } from '../schema/json.ts'
import { percentDecoded } from '../schema/percent.ts'
import { soundsLikeCredential, soundsSecret } from '../schema/sounds-secret.ts'
import { VARIABLE_PREFIX } from '../schema/variables.ts'
import type { SecretValues } from './secret-values.ts'

/** Variables that hold a credential whatever they are called: those that a configuration names under `credentials`, for one. */
export function addCredentials(secrets: SecretValues, env: Environment, names: Iterable<string>): void {
  for (const name of names) {
    secrets.add(own(env, name))
    secrets.add(own(env, name)?.trim())
  }
}

/**
 * Everything in an environment that is a credential, as far as names and addresses tell: the tenant's, Pulumi's, GitHub's and GitLab's all sound like
 * one. Of an address (a proxy's, a database's, a repository's) it is what stands before the host.
 */
export function addAmbientCredentials(secrets: SecretValues, env: Environment): void {
  addCredentials(
    secrets,
    env,
    Object.keys(env).filter((name) =>
      // A variable of declared files is secret by what a declaration does with it, and often called like a field: `token_dialect` is no credential.
      name.startsWith(VARIABLE_PREFIX) ? soundsSecret(name.slice(VARIABLE_PREFIX.length)) : soundsLikeCredential(name),
    ),
  )
  for (const [name, value = ''] of Object.entries(env)) {
    for (const text of userInfos(name, value)) for (const part of credentialParts(text)) secrets.add(part)
    for (const { groups } of value.matchAll(PASSWORD_IN_QUERY)) secrets.add(groups?.password)
  }
}

const USER_INFO = /[a-z][a-z0-9+.-]*:\/\/(?<info>[^\s/?#]*)@/gi
const PASSWORD_IN_QUERY =
  /[?&;](?:password|passwd|pwd|sslpassword|secret|token|access_token|api_?key)=(?<password>[^&;\s#]+)/gi

/** Proxies are also written without a scheme. */
function userInfos(name: string, value: string): readonly string[] {
  const [, bare] = /proxy$/i.test(name) ? (/^([^\s/?#]*)@/.exec(value) ?? []) : []
  return [
    ...[...value.matchAll(USER_INFO)].map(({ groups }) => groups?.info ?? ''),
    ...(bare === undefined ? [] : [bare]),
  ]
}

/** A password alone may be too short to be hidden: then it is hidden with its user. A user without one is a token. */
function credentialParts(info: string): readonly string[] {
  const colon = info.indexOf(':')
  const parts = colon < 0 ? [info] : [info, info.slice(colon + 1)]
  return parts.flatMap((part) => [part, percentDecoded(part) ?? part])
}
