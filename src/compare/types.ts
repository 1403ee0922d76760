import type { FieldRow } from '../schema/field-row.ts'
import type { DeclaredApi, DeclaredState } from '../schema/declared.ts'
import type { Finding, Verdict } from '../schema/finding.ts'
import type { JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import type { Look, Reading, SecretLook, Snapshot } from '../schema/snapshot.ts'

/** What holds for every comparison of one run. */
export interface CompareContext {
  readonly tenant: string
  /** False where no base is known at all: then every difference is drift. */
  readonly hasBase: boolean
  /** False where nothing is recorded for the tenant: then what nobody declares is a notice. */
  readonly hasRecorded: boolean
  readonly lifetimeCeiling?: number
  readonly rows?: readonly FieldRow[]
}

/** What is said of one API. Secrets stand in `declared`, `base` as digests (`digestSecret`). */
export interface ApiSides {
  readonly declared: DeclaredApi | null
  /** Values of the base; null where the base does not have this API. */
  readonly base: JsonObject | null
  /** Places of which the base cannot tell what it said there. */
  readonly baseDark: readonly Path[]
  /** The base is a state: a refresh writes what the tenant has into it. */
  readonly isBaseReadBack: boolean
  /** The tenant's id of the API, as the base knows it. */
  readonly baseId: string | null
  /** The recorded object; null where it is not recorded. */
  readonly recorded: JsonObject | null
}

/** One API from all sides. */
export interface ApiInput extends ApiSides {
  readonly identifier: string
  readonly look: Look
  readonly secret?: SecretLook
}

export interface ApiComparison {
  readonly findings: readonly Finding[]
  /** Differences between base and declared that live already has. */
  readonly adopted: number
  /** The declaration differs from the base's; null where there is no base. */
  readonly touched: boolean | null
}

/** The three sides of a comparison that are not the tenant. */
export interface Sides {
  readonly declared: DeclaredState
  readonly base: DeclaredState | null
  readonly recorded: Snapshot | null
}

export interface TenantInput extends Sides {
  readonly inventory: Reading
  /** Looks at declared (and recorded) APIs that the inventory does not hold, confirmed by the tenant room. */
  readonly looks: ReadonlyMap<string, Look>
  readonly secrets: ReadonlyMap<string, SecretLook>
  /** Of APIs that are gone, the one beside what is looked at that differs only in a trailing slash or in letter case. */
  readonly near?: ReadonlyMap<string, JsonObject>
  /** Only some APIs were asked for, and only these are here: that the inventory does not hold the others is no finding. */
  readonly isPartial?: boolean
  /** One API is compared by itself, so that nothing is said of the tenant: not what many APIs of it might share, either. */
  readonly isOneApi?: boolean
  /** Fields that the code declares with values that are not known yet, by identifier: they are in no `values`, and nobody took them away. */
  readonly notYet?: ReadonlyMap<string, ReadonlySet<string>>
  readonly lifetimeCeiling?: number
  readonly rows?: readonly FieldRow[]
}

export interface Comparison {
  readonly tenant: string
  readonly verdict: Verdict
  /** Sorted by identifier (the tenant first), path and kind, in code units. */
  readonly findings: readonly Finding[]
  readonly summary: {
    readonly declared: number
    /** APIs in the reading; null where there is no complete one. */
    readonly live: number | null
    readonly adopted: number
    /** Live APIs that `managed_elsewhere` names. */
    readonly elsewhere: number
  }
  /** Identifiers whose declaration differs from the base's, sorted; null where there is no base. */
  readonly touched: readonly string[] | null
  /** Things the reader must know once: "no base was known". */
  readonly notes: readonly string[]
}
