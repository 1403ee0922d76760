import type { ErrorCode } from '../../src/schema/errors.ts'
import type { Place, Scene, Stage, Wire } from './stage.ts'

/** How a run with this fault may end. */
export interface Allowed {
  /** With what is true of the tenant: the fault was overcome. */
  readonly truth: boolean
  /** As unreadable, with one of these codes; none where the fault has to be overcome. */
  readonly codes: readonly ErrorCode[]
  /** A check of one API may say the truth of it all the same. */
  readonly truthOfOne?: boolean
  /** What the next step has to name. */
  readonly tells?: RegExp
}

export interface FaultCase {
  readonly group: string
  readonly title: string
  readonly wire: Wire
  readonly place: Place | null
  readonly scene: Scene
  readonly allowed: Allowed
  /** APIs of its tenant, where it needs other than the usual two pages. */
  readonly apis?: number
  /** Sets the fault. What must end with the case goes to `stage.ends`, what the run must know to `stage.env`. */
  readonly begin: (stage: Stage) => void | Promise<void>
}

/** The scenes in which a place is asked for at all. */
export const SCENES: Readonly<Record<Place, readonly Scene[]>> = {
  'the token': ['whole'],
  'the first page': ['whole'],
  'a later page': ['whole'],
  'the confirmation': ['gone', 'late'],
  'the second list': ['many gone', 'many late'],
}

export const EVER = Number.POSITIVE_INFINITY
