import type { JudgedFinding } from '../compare/front.ts'
import type { Elsewhere } from '../schema/repair.ts'
import type { Compared } from '../run/front.ts'

/** How the tool that declares a setting puts it back by itself; null where our own files declare it. */
export function repairElsewhere(_compared: Compared, _finding: JudgedFinding): Elsewhere | null {
  return null
}
