import type { Inferred } from './inferred.ts'
import type { repairSchema } from './repair-schema.ts'

/** What `tenant-drift repair` prints. It was sent to nobody. */
export type RepairPlan = Inferred<typeof repairSchema>

export type ApiRepair = RepairPlan['apis'][number]

/** One difference that a plan puts right. */
export type Repair = ApiRepair['repairs'][number]

/** What one PATCH sends, what must stand before it, and what stands after it. */
export type PatchPlan = ApiRepair['patch']

/** One top-level value as it stands. */
export type FieldStanding = PatchPlan['before'][number]

/** The PATCH that undoes another one. */
export type Inverse = ApiRepair['inverse']

/** How the tool that declares a setting puts it back. */
export type Elsewhere = ApiRepair['elsewhere'][number]

/** A difference that no plan holds. */
export type LeftOut = RepairPlan['leftOut'][number]
