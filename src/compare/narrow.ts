import { identifierOf } from '../schema/identifier-of.ts'
import type { DeclaredState } from '../schema/declared.ts'
import type { Snapshot, Reading } from '../schema/snapshot.ts'
import { matcher } from './glob.ts'
import type { Sides } from './types.ts'

/** Whether an API is looked at. */
export type Includes = (identifier: string) => boolean

/** All but the APIs whose identifiers one of the globs matches; null where nothing is left out. */
export function allBut(globs: readonly string[]): Includes | null {
  const isExcluded = matcher(globs)
  return globs.length === 0 ? null : (identifier) => !isExcluded(identifier)
}

/** The sides without what is not looked at. */
export function narrowSides(sides: Sides, includes: Includes): Sides {
  const { declared, base, recorded } = sides
  return {
    declared: narrowState(declared, includes),
    base: base === null ? null : narrowState(base, includes),
    recorded: recorded === null ? null : narrowSnapshot(recorded, includes),
  }
}

/** Whether the exclusions leave nothing of what is declared, or was; where nothing is, nothing of the tenant. Then "in sync" would be said of nothing. */
export function isAllExcluded({ declared, base }: Sides, inventory: Reading, includes: Includes): boolean {
  const spoken = [...declared.apis, ...(base?.apis ?? [])].map(({ identifier }) => identifier)
  if (spoken.length > 0) return !spoken.some(includes)
  return inventory.ok && !inventory.snapshot.items.some((item) => includes(identifierOf(item)))
}

function narrowState(state: DeclaredState, includes: Includes): DeclaredState {
  return { ...state, apis: state.apis.filter((api) => includes(api.identifier)) }
}

/** The tenant's side of it. */
export function narrowSnapshot(snapshot: Snapshot, includes: Includes): Snapshot {
  return { ...snapshot, items: snapshot.items.filter((item) => includes(identifierOf(item))) }
}
