import type { Report, ReportFinding } from '../schema/report.ts'
import { canonicalText, type Json } from '../schema/json.ts'
import { oncePer } from '../schema/once-per.ts'

/** An API that a group is about, with what names its finding for `accept` and `explain`. */
export interface Member extends Pick<ReportFinding, 'file' | 'line' | 'fingerprint'> {
  readonly identifier: string
}

/** The same difference on one or more APIs: one thing to read, and to mend. */
export interface FindingGroup {
  /** Stands for all of them: they differ in nothing that is shown but in whom they are about. */
  readonly first: ReportFinding
  readonly findings: readonly ReportFinding[]
  /** Those APIs, in the order of the report, also of a finding about the tenant that names some. Empty for any other about the tenant itself. */
  readonly members: readonly Member[]
}

/** Equal findings as one group, where the first of them stood: so order and severity stay those of the report. */
export function groupFindings(findings: readonly ReportFinding[]): readonly FindingGroup[] {
  const groups = Map.groupBy(findings, groupKey)
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    return first === undefined ? [] : [{ first, findings: members, members: members.flatMap(membersOf) }]
  })
}

function membersOf({ identifier, file, line, fingerprint, on }: ReportFinding): readonly Member[] {
  if (identifier !== null) return [{ identifier, file, line, fingerprint }]
  return on?.map((bearer) => ({ ...bearer, file: null, line: null })) ?? []
}

/** Whether the APIs are told in lines of their own, and not in the head of the finding. */
export function isNamed({ first, members }: FindingGroup): boolean {
  return members.length > 1 || (members.length === 1 && first.identifier === null)
}

/** Everything that is shown of a finding but whom it is about and where that is declared. */
function groupKey(finding: ReportFinding): string {
  const { kind, identifier, path, origin, counts, direction, impact, severity, seen, code, why, help } = finding
  const { since = null, returns = 0 } = finding
  // An API that is gone, or that nobody declares, is told by its name; one that differs by a slash is told beside its twin.
  const isWhole = path === '' && !(kind === 'missing' && finding.live !== undefined)
  const sides = isWhole ? [] : (['declared', 'base', 'live'] as const).map((side) => finding[side] ?? [side])
  const whom = identifier === null ? finding.fingerprint : null
  return canonicalText([
    kind,
    whom,
    path,
    origin,
    counts,
    direction,
    impact,
    severity,
    seen,
    since,
    returns,
    code ?? null,
    why ?? null,
    help,
    ...(sides as Json[]),
  ])
}

/** How much of a name in hexadecimal digits, a commit’s or a fingerprint, tells it from others. */
export const ENOUGH_DIGITS = 12

/** How often each beginning of a fingerprint is there. */
const beginnings = oncePer((findings: Report['findings']) => {
  const counts = new Map<string, number>()
  for (const { fingerprint } of findings.flatMap((finding) => [finding, ...(finding.on ?? [])])) {
    const begin = fingerprint.slice(0, ENOUGH_DIGITS)
    counts.set(begin, (counts.get(begin) ?? 0) + 1)
  }
  return counts
})

/** As much of a fingerprint as tells it from the others of the report, so that a command with it fits a line. */
export function shortFingerprint(whole: string, { findings }: Pick<Report, 'findings'>): string {
  const begin = whole.slice(0, ENOUGH_DIGITS)
  return (beginnings(findings).get(begin) ?? 0) > 1 ? whole : begin
}
