import type { affectedSchema } from './affected-schema.ts'
import type { Inferred } from './inferred.ts'

/** Whom a difference hits. What could not be learnt is in `unknown`: silence is never "nobody". */
export type Affected = Inferred<typeof affectedSchema>
export type AffectedApplication = Affected['applications'][number]
export type AffectedWhy = AffectedApplication['why']
export type AffectedUnknown = Affected['unknown'][number]['what']
export type AffectedBecause = Affected['unknown'][number]['because']

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
