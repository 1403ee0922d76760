import type { GateCase } from '../case.ts'
import { gitPlaceCases } from './git-place.ts'
import { baseCommitCases } from './base-commits.ts'
import { baseRefCases } from './base-refs.ts'
import { declareCases } from './declares.ts'
import { honestCases } from './honest.ts'
import { ownCases } from './own.ts'
import { reportCases } from './reports.ts'
import { textCases } from './texts.ts'
import { eventCases } from './events.ts'
import { secretCases } from './secrets.ts'
import { judgeCases } from './judges.ts'
import { nameCases } from './names.ts'

import { programCases } from './programs.ts'

export function gateCases(): readonly GateCase[] {
  return [
    ...gitPlaceCases,
    ...programCases,
    ...baseRefCases,
    ...baseCommitCases,
    ...nameCases,
    ...judgeCases,
    ...eventCases,
    ...secretCases,
    ...declareCases,
    ...reportCases,
    ...textCases,
    ...honestCases,
    ...ownCases,
  ]
}
