import type { GateCase } from '../case.ts'
import { baseCommitCases } from './base-commits.ts'
import { baseFetchCases } from './base-fetches.ts'
import { baseRefCases } from './base-refs.ts'
import { declareCases } from './declares.ts'
import { gitLabEventCases } from './events-gitlab.ts'
import { eventCases } from './events.ts'
import { gitPlaceCases } from './git-place.ts'
import { honestCases } from './honest.ts'
import { judgeCases } from './judges.ts'
import { nameTreeCases } from './names-trees.ts'
import { nameCases } from './names.ts'
import { ownGitCases } from './own-git.ts'
import { ownCases } from './own.ts'
import { programCases } from './programs.ts'
import { gitLabReportCases } from './reports-gitlab.ts'
import { reportCases } from './reports.ts'
import { secretPlaceCases } from './secret-places.ts'
import { secretCases } from './secrets.ts'
import { textCases } from './texts.ts'

/** Every attack and control. */
export function gateCases(): readonly GateCase[] {
  return [
    gitPlaceCases,
    programCases,
    baseRefCases,
    baseCommitCases,
    baseFetchCases,
    nameCases,
    nameTreeCases,
    judgeCases,
    eventCases,
    gitLabEventCases,
    secretPlaceCases,
    secretCases,
    declareCases,
    reportCases,
    gitLabReportCases,
    textCases,
    honestCases,
    ownGitCases,
    ownCases,
  ].flat()
}
