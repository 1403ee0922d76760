/** What is not known of whom a difference hits. */
export const AFFECTED_UNKNOWN = ['grants', 'names', 'applications', 'default-audience'] as const
export type AffectedUnknown = (typeof AFFECTED_UNKNOWN)[number]

/**
 * Why: the credential may not read it; the answer of the tenant cannot be used; not all of it could be read; no tenant was asked, because a snapshot
 * file stood in for it; what it was went with the API.
 */
export const AFFECTED_BECAUSE = ['no-scope', 'not-readable', 'in-part', 'no-tenant', 'gone'] as const
export type AffectedBecause = (typeof AFFECTED_BECAUSE)[number]

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
export type AffectedWhy = (typeof AFFECTED_WHY)[number]

export interface AffectedApplication {
  readonly client_id: string
  /** Null where it could not be read. */
  readonly name: string | null
  readonly why: AffectedWhy
}

/** Whom a difference hits. What could not be learnt is in `unknown`: silence is never "nobody". */
export interface Affected {
  /** Twenty at most: those with a grant first, then by name. */
  readonly applications: readonly AffectedApplication[]
  /** How many are known, named here or not; null where their number is not known. */
  readonly total: number | null
  /** Every first-party application that acts for users gets tokens for this API, without a grant. */
  readonly allFirstParty: boolean
  /** Third-party applications have a grant by default. */
  readonly thirdPartyByDefault: boolean
  /** Applications that name no audience get tokens for this API; null where it is not known. */
  readonly defaultAudience: boolean | null
  /** Services that check tokens of this API are hit, too. */
  readonly verifiers: boolean
  readonly unknown: readonly { readonly what: AffectedUnknown; readonly because: AffectedBecause }[]
}

/** Names that are told of one difference. */
export const MOST_AFFECTED = 20

/** What of a client grant decides. */
export interface Grant {
  /** Null: all third-party applications have it. */
  readonly clientId: string | null
  readonly audience: string
  /** `client`, `user` or `anonymous_user`, or what a later tenant says. */
  readonly subject: string
  readonly scopes: readonly string[]
  readonly allScopes: boolean
  /** Of authorization details; null where it names none, so that none are asked for. */
  readonly detailTypes: readonly string[]
}

/** What of an application decides; null where it could not be seen. */
export interface Application {
  readonly clientId: string
  readonly name: string | null
  readonly isFirstParty: boolean | null
  /** A third-party application that follows the policy of an API without a grant. */
  readonly isPermissive: boolean | null
  readonly grantTypes: readonly string[] | null
  readonly provesPossession: boolean | null
  /** It keeps no secret. */
  readonly isPublic: boolean | null
  /** Identifier of the API whose own client it is. */
  readonly linkedTo: string | null
}

export type Learnt<T> =
  | { readonly ok: true; readonly value: T; readonly inPart?: true }
  | { readonly ok: false; readonly because: AffectedBecause }

/** Who may get tokens, as far as the tenant said. */
export interface Applications {
  /** Of the APIs that were asked for. */
  readonly grants: Learnt<readonly Grant[]>
  /** `summary`: names alone could be seen. */
  readonly clients: Learnt<{ readonly depth: 'whole' | 'summary'; readonly list: readonly Application[] }>
  /** Empty where there is none. */
  readonly defaultAudience: Learnt<string>
}

/** Of a run that asked no tenant. */
export const NO_TENANT: Applications = {
  grants: { ok: false, because: 'no-tenant' },
  clients: { ok: false, because: 'no-tenant' },
  defaultAudience: { ok: false, because: 'no-tenant' },
}
