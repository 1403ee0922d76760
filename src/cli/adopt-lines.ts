import { identifierOf } from '../schema/identifier-of.ts'
import type { JudgedFinding } from '../compare/front.ts'
import type { DeclarationEdit } from '../edit/change.ts'
import type { Edits } from '../edit/files.ts'
import { messageOf } from '../words/finding.ts'
import { showName } from '../words/show.ts'
import { shellArgument } from '../words/shell.ts'
import type { Compared } from '../run/front.ts'
import type { Left } from '../repair/front.ts'

/** One line for each finding that was taken: what it is, what else it means, and the file. */
export function takenLines(
  { places, refused, notes }: Edits,
  changes: ReadonlyMap<DeclarationEdit, JudgedFinding>,
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
  return `Give the secret of this API as TENANT_DRIFT_VAR_${variable}, because no secret is written into a file.`
}

/** One line for a finding that was not: why, and the name that --only takes. */
export function leftLine({ finding, why }: Left): string {
  return `not adopted: ${messageOf(finding)} Why: ${why} [${finding.fingerprint.slice(0, 12)}]`
}

/** An API that nobody declares any more and that is gone still stands in the record, which goes on missing it. */
export function leftToDo(
  { sides }: Compared,
  changes: ReadonlyMap<DeclarationEdit, JudgedFinding>,
  { refused }: Edits,
): readonly string[] {
  const recorded = new Set((sides.recorded?.items ?? []).map(identifierOf))
  return [...changes.keys()].flatMap((change) => {
    const isLeft = change.kind === 'remove' && !refused.has(change) && recorded.has(change.identifier)
    if (!isLeft) return []
    return [
      `left to do: ${showName(change.identifier)} is still recorded, and a check says so until you run: ${recordOf(change.identifier)}`,
    ]
  })
}

/** For a shell, whatever stands in the identifier. */
function recordOf(identifier: string): string {
  return `tenant-drift record --target ${shellArgument(identifier)}`
}
