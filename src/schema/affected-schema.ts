import * as z from 'zod'
import { count, text } from './shapes.ts'

/** What is not known of whom a difference hits. */
export const AFFECTED_UNKNOWN = ['grants', 'names', 'applications', 'default-audience'] as const

/**
 * Why: the credential may not read it; the answer of the tenant cannot be used; not all of it could be read; no tenant was asked, because a snapshot
 * file stood in for it; what it was went with the API.
 */
export const AFFECTED_BECAUSE = ['no-scope', 'not-readable', 'in-part', 'no-tenant', 'gone'] as const

/** Why an application is among those that are hit. */
export const AFFECTED_WHY = [
  /** It has a grant for the API. */
  'grant',
  /** It is first-party, acts for users, and the API lets all of these in. */
  'first-party',
  /** It is third-party, and the tenant lets it follow the policy of the API. */
  'permissive',
  /** It is the API's own client. */
  'linked',
  /** It has refresh tokens. */
  'refresh-tokens',
  /** It gets tokens in a browser, from the authorization endpoint. */
  'browser-tokens',
  /** It proves possession of no key. */
  'no-proof-of-possession',
  /** Its grant names the scope, or all scopes. */
  'grant-names-scope',
  /** Its grant names the type of authorization details, or all of them. */
  'grant-names-type',
  /** It has no grant, and would need one. */
  'no-grant',
] as const

/** Whom a difference hits, as reports and plans hold it. */
export const affectedSchema = z.object({
  applications: z
    .array(
      z.object({
        client_id: text,
        /** Null where it could not be read. */
        name: text.nullable(),
        why: z.enum(AFFECTED_WHY),
      }),
    )
    .describe('Twenty at most: those with a grant first, then by name.'),
  total: count.nullable().describe('How many are known, named here or not; null where their number is not known.'),
  allFirstParty: z
    .boolean()
    .describe('Every first-party application that acts for users gets tokens for this API, without a grant.'),
  thirdPartyByDefault: z.boolean().describe('Third-party applications have a grant by default.'),
  defaultAudience: z
    .boolean()
    .nullable()
    .describe('Applications that name no audience get tokens for this API; null where it is not known.'),
  verifiers: z.boolean().describe('Services that check tokens of this API are hit, too.'),
  unknown: z
    .array(z.object({ what: z.enum(AFFECTED_UNKNOWN), because: z.enum(AFFECTED_BECAUSE) }))
    .describe('What could not be read. Other applications may be hit because of it.'),
})
