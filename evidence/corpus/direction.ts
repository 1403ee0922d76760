import type { Direction } from '../../src/schema/finding.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'

/** One place with what should stand there and what does; absent is `undefined`. */
export interface Place {
  readonly path: readonly string[]
  readonly wanted: Json | undefined
  readonly found: Json | undefined
  readonly wantedApi: JsonObject
  readonly foundApi: JsonObject
}

/**
 * Whether what is found is less safe than what should be there: docs/fields.md by hand, and none of the product's code. Places whose row this table
 * does not know throw, so that a new field is not taken for understood.
 */
export function directionOf(place: Place): Direction {
  const [top = '', ...rest] = place.path
  const judge = TABLE[top]
  if (judge === undefined)
    throw new Error(`evidence/corpus/direction.ts does not know ${top}: say which of its values is safer`)
  return judge(place, rest)
}

type Judge = (place: Place, rest: readonly string[]) => Direction

const neutral: Judge = () => 'neutral'
const risky: Judge = ({ found }) => (found === true ? 'weakened' : 'strengthened')
const longer: Judge = ({ wanted, found }) => {
  if (typeof wanted !== 'number' || typeof found !== 'number') return 'neutral'
  return found > wanted ? 'weakened' : 'strengthened'
}
const OPEN: readonly unknown[] = ['deny_all', 'require_client_grant', 'allow_all']
const OPEN_BY_DEFAULT: Readonly<Record<string, string>> = {
  user: 'allow_all',
  client: 'require_client_grant',
  anonymous_user: 'deny_all',
}

const TABLE: Readonly<Record<string, Judge>> = {
  id: neutral,
  name: neutral,
  is_system: neutral,
  client_id: neutral,
  agent_subject_claims: neutral,
  consent_policy: neutral,
  allow_offline_access: risky,
  allow_online_access: risky,
  allow_online_access_with_ephemeral_sessions: risky,
  allow_anonymous_access: risky,
  skip_consent_for_verifiable_first_party_clients: risky,
  token_lifetime: longer,
  token_lifetime_for_web: longer,
  token_lifetime_for_anonymous_access_tokens: longer,
  enforce_policies: ({ found }) => (found === true ? 'strengthened' : 'weakened'),
  require_consent_non_repudiation: ({ found }) => (found === true ? 'strengthened' : 'weakened'),
  signing_alg: ({ wanted, found }) => {
    if (found === 'HS256') return 'weakened'
    if (wanted === 'HS256') return 'strengthened'
    return wanted === 'PS256' && (found === 'RS256' || found === 'RS512') ? 'weakened' : 'neutral'
  },
  signing_secret: ({ foundApi }) => (foundApi.signing_alg === 'HS256' ? 'weakened' : 'neutral'),
  scopes: ({ found, path }) => {
    if (path.length > 2) return 'neutral'
    return found === undefined ? 'strengthened' : 'weakened'
  },
  // A claim more, or another value in one, is something that the API may trust; one that is gone breaks those who read it.
  access_token: ({ found }, rest) => (rest.length < 3 || found === undefined ? 'neutral' : 'weakened'),
  authorization_details: ({ wanted, path }) => (path.length <= 2 && wanted === undefined ? 'weakened' : 'neutral'),
  authorization_policy: ({ wanted }) => (wanted === undefined ? 'strengthened' : 'weakened'),
  token_dialect: ({ wanted, found, wantedApi, foundApi }) => {
    const [before, after] = [wanted ?? 'access_token', found ?? 'access_token'].map((value) =>
      typeof value === 'string' ? value : undefined,
    )
    const isProfile = (dialect: string | undefined) => dialect?.startsWith('rfc9068_profile') === true
    const has = (dialect: string | undefined) => dialect?.endsWith('_authz') === true
    const isPlain = (dialect: string | undefined) => dialect?.startsWith('access_token') === true
    const usesRoles = wantedApi.enforce_policies === true || foundApi.enforce_policies === true
    if (isProfile(before) && isPlain(after)) return 'weakened'
    // Roles decide and the claim that carries them is gone: what else changed does not make up for it.
    if (has(before) && !has(after) && usesRoles) return 'neutral'
    return isPlain(before) && isProfile(after) ? 'strengthened' : 'neutral'
  },
  token_encryption: ({ found }, rest) => {
    if (rest.length === 0) return found === undefined ? 'weakened' : 'strengthened'
    return rest.at(-1) === 'thumbprint_sha256' ? 'weakened' : 'neutral'
  },
  proof_of_possession: ({ found }, [member]) => {
    if (member === undefined) {
      if (found === undefined) return 'weakened'
      return isJsonObject(found) && found.required === true ? 'neutral' : 'strengthened'
    }
    if (member === 'required') return found === true ? 'neutral' : 'weakened'
    if (member !== 'required_for') return 'neutral'
    if (found === 'public_clients') return 'weakened'
    return found === undefined || found === 'all_clients' ? 'strengthened' : 'neutral'
  },
  subject_type_authorization: ({ wanted, found }, [subject = '']) => {
    const rank = (policy: Json | undefined) => OPEN.indexOf(policy ?? OPEN_BY_DEFAULT[subject])
    const [before, after] = [rank(wanted), rank(found)]
    if (before === -1 || after <= 0) return 'neutral'
    return after > before ? 'weakened' : 'strengthened'
  },
}
