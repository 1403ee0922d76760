import type { Json, JsonObject } from '../schema/json.ts'
import { createApi } from './write-semantics.ts'
import type { CreateContext } from './write-semantics.ts'

const NOUNS = [
  'orders',
  'invoices',
  'users',
  'files',
  'reports',
  'devices',
  'payments',
  'messages',
  'events',
  'teams',
] as const
const VERBS = ['read', 'write', 'create', 'delete', 'list'] as const

/**
 * The `index`-th invented API (from 0): `https://api-00001.example.com/` first. Most settings stand at their defaults; every few APIs one
 * setting does not, so that a tenant looks like one that people use.
 */
export function makeApi(index: number, scopes: number, context: CreateContext): JsonObject {
  const number = String(index + 1).padStart(5, '0')
  const extra: Record<string, Json> = {}
  if (index % 4 === 1) extra.allow_offline_access = true
  if (index % 5 === 2) extra.enforce_policies = true
  if (index % 5 === 2) extra.token_dialect = index % 2 === 0 ? 'access_token_authz' : 'rfc9068_profile_authz'
  if (index % 7 === 3) extra.proof_of_possession = { mechanism: 'dpop', required: true }
  if (index % 11 === 5) extra.token_lifetime = 3600
  if (index % 13 === 6) extra.signing_alg = 'PS256'
  return createApi(
    { name: `API ${number}`, identifier: `https://api-${number}.example.com/`, scopes: makeScopes(scopes), ...extra },
    context,
  )
}

function makeScopes(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, at) => {
    const verb = VERBS[at % VERBS.length] ?? 'read'
    const noun = NOUNS[Math.floor(at / VERBS.length) % NOUNS.length] ?? 'orders'
    const round = Math.floor(at / (VERBS.length * NOUNS.length))
    const value = round === 0 ? `${verb}:${noun}` : `${verb}:${noun}:${round}`
    return { value, description: `${verb} ${noun}` }
  })
}
