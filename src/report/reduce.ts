import { HIDDEN, type Finding } from '../schema/finding.ts'
import { plural } from '../words/plural.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { messageOf } from '../words/finding.ts'
import { helpOf } from '../words/stakes.ts'

/**
 * How much a place may say: `counts` numbers alone, `names` also the identifiers and settings that the repository itself declares, without what is live,
 * `full` everything.
 */
export const DETAILS = ['counts', 'names', 'full'] as const
export type Details = (typeof DETAILS)[number]

/** The report as it may be shown where others read. Verdict, exit code and numbers stay; what is left out is counted in a note. */
export function reduceReport(report: Report, details: Details): Report {
  if (details === 'full') return report
  const isShown = (finding: Finding): boolean => details === 'names' && isDeclaredHere(finding)
  const findings = report.findings.filter(isShown).map(withoutLive)
  const ignored = report.ignored.filter(({ finding }) => isShown(finding))
  const left = report.findings.length - findings.length
  const unnamed = new Set(
    report.findings.flatMap((finding) => (isShown(finding) || finding.identifier === null ? [] : [finding.identifier])),
  )
  // A note or an error may name what is left out.
  const isSilent = (text: string): boolean => [...unnamed].every((identifier) => !text.includes(identifier))
  return {
    ...report,
    findings,
    ignored: ignored.map((each) => ({ ...each, finding: withoutLive(each.finding) })),
    // They are of an earlier report: what of them is declared here, nobody knows.
    resolved: [],
    errors: report.errors.map((error) =>
      isSilent(`${error.message} ${error.advice}`)
        ? error
        : { ...error, message: 'an API could not be read', advice: '' },
    ),
    notes: [...report.notes.filter(isSilent), ...(left === 0 ? [] : [noteOf(left, details)])],
  }
}

function noteOf(left: number, details: Details): string {
  const what =
    details === 'counts' ? 'are not shown here' : 'about what this repository does not declare are not shown here'
  return `${plural(left, 'finding')} ${what}: others can read this (details: full shows all)`
}

/** What stands in a declaration of this repository, now or before the change. */
function isDeclaredHere({ declared, file, kind, identifier }: Finding): boolean {
  return identifier !== null && (declared !== undefined || file !== null || kind === 'weaker-declaration')
}

/** Not even that nothing is set: that, too, is how the tenant stands, and so are its applications. */
function withoutLive({ affected: _affected, ...finding }: ReportFinding): ReportFinding {
  const hasLive = finding.live !== undefined || finding.kind === 'changed' || finding.kind === 'undeclared'
  // Applications and people are no more shown than what is live.
  const { changedBy: _who, ...silent } = finding
  const reduced: ReportFinding = hasLive ? { ...silent, live: HIDDEN } : silent
  return { ...reduced, message: messageOf(reduced), help: helpOf(reduced) }
}
