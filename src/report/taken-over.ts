import { compareSeverity } from '../schema/finding.ts'
import type { ReportFinding } from '../schema/report.ts'
import { showName } from './show.ts'
import { apiOf, stakeOf, valueOf } from './words.ts'

/** Settings of one API on which a state and the tenant agree and the record does not: one thing happened, and one thing is to be done about it. */
export interface TakenOver {
  /** The gravest. */
  readonly first: ReportFinding
  readonly findings: readonly ReportFinding[]
}

export type Listed = ReportFinding | TakenOver

/** Findings as they are listed: what was taken over on one API is one entry, at the place of the gravest; two and more of it. */
export function listed(findings: readonly ReportFinding[]): readonly Listed[] {
  const groups = Map.groupBy(findings.filter(isTakenOver), ({ identifier }) => identifier)
  return findings.flatMap((finding): readonly Listed[] => {
    const group = isTakenOver(finding) ? (groups.get(finding.identifier) ?? []) : []
    if (group.length < 2) return [finding]
    const first = group.reduce((worst, each) => (compareSeverity(each.severity, worst.severity) > 0 ? each : worst))
    return finding === first ? [{ first, findings: group }] : []
  })
}

function isTakenOver({ kind, declared }: ReportFinding): boolean {
  return kind === 'undeclared' && declared !== undefined
}

/** Both readings in one sentence, with each setting. Printable. */
export function takenOverText({ first, findings }: TakenOver): string {
  const settings = findings.map(
    (finding) =>
      `${showName(finding.path)} (${valueOf(finding, 'live') ?? 'not set'}, recorded as ${valueOf(finding, 'base') ?? 'not set'})`,
  )
  return `${apiOf(first)}: state and tenant agree on ${settings.join(', ')}, and the record does not: the code was applied since, or the tool took over what somebody set by hand.`
}

/** What is at stake with the gravest of them. */
export function takenOverStake({ first }: TakenOver): string {
  return `${showName(first.path)}: ${stakeOf(first)}`
}
