import type { Affected } from './affected.ts'
import type { FindingKind, Severity, Shown } from './finding.ts'
import type { Json, JsonObject } from './json.ts'

/** One top-level value as it stands; without `value` where the key is not there. */
export interface Standing {
  readonly field: string
  readonly value?: Json
}

/** What one PATCH sends, what must stand before it, and what stands after it. */
export interface PatchPlan {
  readonly body: JsonObject
  /** Fields whose values are secrets, with the environment variables that hold them; they are in no body. */
  readonly secrets: Readonly<Record<string, string>>
  /** The whole values that the body replaces. */
  readonly before: readonly Standing[]
  readonly after: readonly Standing[]
}

/** The PATCH that undoes another one; null where nothing of it can be undone. */
export interface Inverse {
  readonly patch: PatchPlan | null
  /** What cannot come back, and why, in part of a sentence. */
  readonly lost: readonly { readonly field: string; readonly why: string }[]
}

/** One difference that a plan puts right. */
export interface Repair {
  readonly fingerprint: string
  readonly kind: FindingKind
  readonly path: string
  readonly severity: Severity
  /** What stands in the tenant; left out where nothing does. */
  readonly live?: Shown
  /** What is to stand there. */
  readonly wanted?: Shown
  /** Against what stands in the tenant now. */
  readonly becomes: 'safer' | 'less-safe' | 'neither'
  readonly breaks: boolean
  /** One sentence: what it means for whom. */
  readonly says: string
  /** Sentences about what else is to be known before: who undoes it again, what stays behind. */
  readonly warnings: readonly string[]
  /** Whom it hits, as the check learned it; left out where nobody asked. */
  readonly affected?: Affected
}

/** How the tool that declares a setting puts it back. */
export interface Elsewhere {
  readonly tool: string
  readonly address: string
  /** For a shell. */
  readonly command: string
  /** What is to be known of it, in one sentence. */
  readonly note: string
}

export interface ApiRepair {
  readonly identifier: string
  /** The tenant's own id: 24 hexadecimal digits. */
  readonly id: string
  readonly name: string | null
  readonly repairs: readonly Repair[]
  readonly patch: PatchPlan
  readonly inverse: Inverse
  readonly elsewhere: readonly Elsewhere[]
}

/** A difference that no plan holds. */
export interface LeftOut {
  readonly fingerprint: string
  readonly kind: FindingKind
  readonly identifier: string | null
  readonly path: string
  readonly severity: Severity
  /** It counts in a check. */
  readonly counts: boolean
  readonly why: string
}

/** What `tenant-drift repair` prints. It was sent to nobody. */
export interface RepairPlan {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'tenant-drift'; readonly version: string }
  readonly generatedAt: string
  /** Address of the tenant. */
  readonly tenant: string
  readonly name: string | null
  /** When the tenant was read. */
  readonly readAt: string
  /** `inverse`: what undoes the repair that the same reading gives. */
  readonly way: 'repair' | 'inverse'
  readonly exitCode: 0 | 1 | 2
  /** What became less safe comes first. */
  readonly apis: readonly ApiRepair[]
  readonly leftOut: readonly LeftOut[]
}
