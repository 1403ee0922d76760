import { identifierOf } from '../schema/identifier-of.ts'
import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import type { CanaryBinding } from '../schema/proof.ts'
import { RequestFault } from './faults.ts'

export interface Canary {
  readonly identifier: string
  readonly binding: CanaryBinding
}

/**
 * Every tenant lists its own Management API; a list without it is no evidence that anything was deleted. It is recognised by the audience of the
 * token, else by the configured one, else (opaque token) it is the only system entry that looks like one. Never by the domain: a custom
 * domain has another audience.
 * @throws RequestFault `implausible_list`
 */
export function findCanary(
  items: readonly JsonObject[],
  tokenAudiences: readonly string[],
  configuredAudience: string | null,
): Canary {
  const system = items.filter((item) => own(item, 'is_system') === true).map(identifierOf)
  const binding: CanaryBinding =
    tokenAudiences.length > 0 ? 'token-audience' : configuredAudience === null ? 'unbound' : 'configured-audience'
  const matches = system.filter((identifier) => {
    if (binding === 'token-audience') return tokenAudiences.includes(identifier)
    if (binding === 'configured-audience') return identifier === configuredAudience
    return identifier.endsWith('/api/v2/')
  })
  const [identifier] = matches
  if (identifier !== undefined && matches.length === 1) return { identifier, binding }
  throw new RequestFault(
    'implausible_list',
    items.length === 0
      ? 'The tenant listed no APIs at all, not even its own Management API'
      : `Among the ${items.length} APIs listed, the Management API of this tenant is missing`,
    'Check that AUTH0_DOMAIN, AUTH0_AUDIENCE and the credentials belong to one tenant. This list proves nothing.',
    { retry: 'never' },
  )
}
