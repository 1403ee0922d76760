import type { JudgedFinding } from '../compare/front.ts'
import type { Change, Edits } from '../edit/front.ts'
// Not by the front of the room, which brings the schema of reports with it.
import { messageOf } from '../report/words.ts'
import type { Left } from './adopt-choice.ts'

/** One line for each finding that was taken: what it is, what else it means, and the file. */
export function takenLines(
  { places, refused, notes }: Edits,
  changes: ReadonlyMap<Change, JudgedFinding>,
  dryRun: boolean,
): readonly string[] {
  return [...changes].flatMap(([change, finding]) => {
    if (refused.has(change)) return []
    const variable = change.kind === 'set' ? change.variable : undefined
    const note = notes.get(change)
    const place = places.get(change)
    const parts = [
      `${dryRun ? 'would adopt' : 'adopted'}: ${messageOf(finding)}`,
      ...(variable === undefined ? [] : [secretWanted(variable)]),
      ...(note === undefined ? [] : [`Note: ${note}.`]),
      ...(place === undefined ? [] : [`-> ${place}`]),
    ]
    return [parts.join(' ')]
  })
}

function secretWanted(variable: string): string {
  return `Give the secret of this API as TENANT_DRIFT_VAR_${variable}: no secret is written into a file.`
}

/** One line for a finding that was not: why, and the name that --only takes. */
export function leftLine({ finding, why }: Left): string {
  return `not adopted: ${messageOf(finding)} Why: ${why} [${finding.fingerprint.slice(0, 12)}]`
}
