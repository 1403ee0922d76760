import { compareSeverity, type Finding } from './finding.ts'
import type { Inferred } from './inferred.ts'
import { byCodeUnits, canonicalText, type Json } from './json.ts'
import type { reportSchema } from './report-schema.ts'

/** The one model behind all formats. Plain JSON; lists are empty, never null; no durations, and no clock but the one passed in. */
export type Report = Inferred<typeof reportSchema>

export type FailOn = Report['failOn']
export type Gate = Report['gate']

/** A finding as a report tells it. */
export type ReportFinding = Report['findings'][number]

/** A rule with what became of it in this run. `unused` is only said of complete, untargeted runs. */
export type RuleReport = Report['rules'][number]

/** A finding that counted in the previous report and is no more, and was not merely accepted. */
export type ResolvedFinding = Report['resolved'][number]

/** What a tenant was judged with, by the names that reports give files. */
export type JudgedWith = NonNullable<Report['judgedWith']>

/** What several reports come to: 1 beats 2 beats 0, for one tenant that could not be read is not made up for by another one. Null where there is none. */
export function worstExitCode(reports: readonly Report[]): Report['exitCode'] | null {
  return ([1, 2, 0] as const).find((code) => reports.some(({ exitCode }) => exitCode === code)) ?? null
}

/** All that was found: what counts, notices, and what a rule hides. */
export function allFindings<F>(all: {
  readonly findings: readonly F[]
  readonly ignored: readonly { readonly finding: F }[]
}): readonly F[] {
  return [...all.findings, ...all.ignored.map(({ finding }) => finding)]
}

/**
 * The order of every report: `weaker-declaration` first, then what counts, then notices; each by severity (the gravest first), then by
 * identifier, path, kind and fingerprint. Total: the same findings in any order give the same list.
 */
export function orderFindings(findings: readonly ReportFinding[]): readonly ReportFinding[] {
  return [...findings].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareSeverity(b.severity, a.severity) ||
      byCodeUnits(a.identifier ?? '', b.identifier ?? '') ||
      byCodeUnits(a.path, b.path) ||
      byCodeUnits(a.kind, b.kind) ||
      byCodeUnits(a.fingerprint, b.fingerprint) ||
      // Two findings of one fingerprint are a mistake elsewhere; even then the bytes must not depend on luck.
      byCodeUnits(canonicalText(a as unknown as Json), canonicalText(b as unknown as Json)),
  )
}

function rank(finding: Finding): number {
  if (finding.kind === 'weaker-declaration') return 0
  return finding.counts ? 1 : 2
}
