import { compareSeverity } from '../schema/finding.ts'
import type { ReportFinding } from '../schema/report.ts'
import { TAKEN_OVER } from './finding.ts'
import { groupFindings, type FindingGroup } from './group-findings.ts'
import { showName } from './show.ts'
import { stakeOf } from './stakes.ts'
import { apiOf, valueOf } from './told.ts'

/** Settings of one API on which a state and the tenant agree and the record does not: one thing happened, and one thing is to be done about it. */
export interface TakenOver {
  /** The gravest. */
  readonly first: ReportFinding
  readonly findings: readonly ReportFinding[]
  readonly isTakenOver: true
}

export type Listed = FindingGroup | TakenOver

/** Findings as they are listed: what was taken over on one API is one entry (two and more of it), at the place of the gravest; what is equal is one, too. */
export function listed(findings: readonly ReportFinding[]): readonly Listed[] {
  const groups = [...Map.groupBy(findings.filter(isTakenOver), ({ identifier }) => identifier).values()]
  const taken = groups
    .filter((group) => group.length > 1)
    .map((group): TakenOver => {
      const first = group.reduce((worst, each) => (compareSeverity(each.severity, worst.severity) > 0 ? each : worst))
      return { first, findings: group, isTakenOver: true }
    })
  const apart = new Set(taken.flatMap((group) => group.findings))
  const entries: readonly Listed[] = [...groupFindings(findings.filter((finding) => !apart.has(finding))), ...taken]
  const place = new Map(findings.map((finding, index) => [finding, index] as const))
  return entries.toSorted((a, b) => (place.get(a.first) ?? 0) - (place.get(b.first) ?? 0))
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
  return `${apiOf(first)}: state and tenant agree on ${settings.join(', ')}, and the record does not: ${TAKEN_OVER}.`
}

/** What is at stake with the gravest of them. */
export function takenOverStake({ first }: TakenOver): string {
  return `${showName(first.path)}: ${stakeOf(first)}`
}
