import type * as z from 'zod'
import type { ErrorCode } from './errors.ts'
import type { Direction, Impact, Severity } from './finding.ts'
import type { Json, JsonObject } from './json.ts'
import type { Path } from './path.ts'

/** How two values of a field are compared. `map` lists are keyed by one member of their items, whatever their order. */
export type CompareKind = 'key' | 'plain' | 'object' | 'map' | 'public-key' | 'secret'

export type JsonType = 'string' | 'boolean' | 'integer' | 'object' | 'list'

/** One difference, with the resource servers it stands in. Absent is `undefined`; values are normalised. */
export interface FieldChange {
  readonly path: Path
  readonly declared: Json | undefined
  readonly live: Json | undefined
  readonly declaredApi: JsonObject
  readonly liveApi: JsonObject
  /** Seconds beyond which a longer token lifetime is high. */
  readonly lifetimeCeiling: number
}

export const DEFAULT_LIFETIME_CEILING = 86_400

export interface Judgement {
  readonly direction: Direction
  readonly impact: Impact | null
  readonly severity: Severity
}

export type Judge = (change: FieldChange) => Judgement

/** What the Auth0 provider calls a row of the catalogue, or why it has no attribute for it. */
export type ProviderName =
  | {
      /** Terraform's name, inside the parent's. */
      readonly name: string
      /** A block in which `disable = true` stands for null. */
      readonly disable?: true
      /** A text that stands for null. */
      readonly nullText?: string
    }
  /** A resource of its own holds it. */
  | { readonly ownResource: true }
  /** The provider reports it and takes none: nobody can declare it there. */
  | { readonly computed: string }
  /** `instead`: the sibling attribute that a person changes to change this one. */
  | { readonly none: string; readonly instead?: string }

/**
 * What a difference means, and for whom, in words: per field, by direction (and severity, where one direction has two meanings). `breaks` is said
 * where clients stop working; `why` is for the policy's page; `mend` is said where setting a value back is no way out. A row without words here falls back to its own phrases.
 */
export type Words = Partial<Record<Direction | `${Direction}.${Severity}` | 'breaks' | 'why' | 'mend', string>>

/**
 * Whom a difference hits, among the applications that can get tokens for the API (`--affected`): everyone; those that act for users, as themselves, or for
 * nobody; those with refresh tokens, or with tokens from a browser flow; those that prove possession of no key; those whose grant names the scope, or the
 * type of authorization details; the first-party ones; those that the policy for users lets in on one side only; the API's own client.
 */
export type Hits =
  | 'everyone'
  | 'users'
  | 'machines'
  | 'anonymous'
  | 'refresh-tokens'
  | 'browser-tokens'
  | 'no-proof-of-possession'
  | 'grant-names-scope'
  | 'grant-names-type'
  | 'first-party'
  | 'user-policy'
  | 'linked'

export interface Reach {
  readonly hits: Hits
  /** Where a safer live value hits others. */
  readonly strengthened?: Hits
  /** Whatever checks tokens is hit as well. */
  readonly verifiers?: true
}

/** What `tenant-drift repair` has to know of a field, for it and for all below it. */
export interface RowWayBack {
  /** Whom a value put back may refuse, where the judge names no break: somebody whatever the change is, or only where it is to the safer side. */
  readonly breaks?: 'any' | 'safer'
  /** Whom then, in one sentence; without it the words of the row say it. */
  readonly says?: string
  /** Where it is to be absent, a PATCH says its default: of an object that cannot be taken away, nobody recorded what a member left out means. */
  readonly inFull?: true
  /** What a value leaves behind in the tenant that no later PATCH takes away, in one sentence, by the value. */
  readonly leaves?: Readonly<Record<string, string>>
}

/** Everything the product knows of one field. Children of an object are `parent.child`, of a list's items `parent.*.child`. */
export interface FieldRow {
  readonly path: string
  readonly json: JsonType
  /** The declared value, with a message for every mistake; objects and lists are put together from their children. */
  readonly schema?: z.ZodType
  /** Of an object or list: what holds between its children. Returns a message, or null. */
  readonly rule?: (value: JsonObject) => string | null
  /** Of a child: its parent is a mistake without it. */
  readonly required?: boolean
  /** Declared null is allowed, and means "must not be set". */
  readonly nullable: boolean
  /** `always`: every resource server has the key, and its absence is an unreadable answer. */
  readonly presence: 'always' | 'optional'
  /** Of a member that the tenant always returns inside its parent: its absence is unreadable, with this code. */
  readonly absenceCode?: ErrorCode
  /** Values that an absent key equals; null always does. */
  readonly absentEquals: readonly Json[]
  /** Of an object: a value that means the same as absence. */
  readonly absentWhen?: (value: JsonObject) => boolean
  /** Of an object: never reported whole; a missing side counts as an object without members. */
  readonly perMember?: boolean
  readonly compare: CompareKind
  /** Of a `map`: the member of an item that is its key. */
  readonly itemKey?: string
  /** Of a `map`: items may hold members that no row names. */
  readonly openItems?: boolean
  readonly judge: Judge
  /** When the live value is less safe, safer, or neither; null where that cannot be. */
  readonly weakened: string | null
  readonly strengthened: string | null
  readonly neutral: string | null
  /** Who can set it: anybody with the dashboard, the tenant itself, or only a tenant with the right plan. */
  readonly setBy: 'user' | 'tenant' | 'entitlement'
  /** What the endpoint accepts it in. */
  readonly writable: 'create' | 'both' | 'never'
  /** The value right after a bare create; undefined where the key is absent then. */
  readonly onCreate?: Json
  /** May be reported as `undeclared`. */
  readonly watched: boolean
  /** Whom a difference hits. Without it that of the parent holds, else everyone. */
  readonly reach?: Reach
  /** One sentence for people: what the field does. */
  readonly sentence: string
  readonly link: string
  /** What a difference here means, and for whom. Without it the words of the parent hold, else the phrases above. */
  readonly words?: Words
  /** The attribute that the Auth0 provider of Terraform and Pulumi has for it; without it none (it is set in the dashboard or through the API). */
  readonly provider?: ProviderName
  /** The endpoint takes null for it, which takes the key away (OpenAPI document and the SDK's types); elsewhere null is of the wrong type there. */
  readonly wireNull?: true
  /** What putting a value of it back takes beyond what the rest of the row says. */
  readonly back?: RowWayBack
  /** Its place among the keys of a new object, as recorded; what has none follows in the order sent. */
  readonly wirePlace?: number
  /** Valid values that all differ, for tests, docs and the mutation corpus. */
  readonly samples: readonly Json[]
}
