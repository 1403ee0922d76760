import { hash } from 'node:crypto'
import { allFindings, type Report } from '../schema/report.ts'
import { noneOfAny, type Severity } from '../schema/finding.ts'
import { requestsOf } from '../schema/proof.ts'
import type { RunRow } from './types.ts'

/** What the caller knows of a run beside its report. */
export interface AboutRun {
  readonly report: Report
  /** Whether it looked at all APIs; those that the configuration excludes are none. */
  readonly covers: 'all' | 'some'
  readonly commit: string | null
  readonly took: number | null
}

export function runOf({ report, covers, commit, took }: AboutRun, now: number): RunRow {
  const { summary, verdict, proof, tool } = report
  return {
    id: null,
    firstAt: now,
    lastAt: now,
    times: 1,
    verdict,
    covers,
    counting: summary.counting,
    notices: summary.notices,
    bySeverity: countingBySeverity(report),
    digest: runDigest(report, covers, commit),
    tool: tool.version,
    commit,
    requests: proof === null ? null : requestsOf(proof),
    waits: proof?.waits ?? null,
    took,
  }
}

/** A run that says what the one before it said, and moves nothing, makes that one longer. */
export function runAfter(before: RunRow | null, run: RunRow, hasMoved: boolean): RunRow {
  if (before === null || hasMoved || before.digest !== run.digest || before.tool !== run.tool) return run
  return { ...run, id: before.id, firstAt: before.firstAt, times: before.times + 1 }
}

function countingBySeverity({ findings }: Report): Readonly<Record<Severity, number>> {
  const counts = noneOfAny()
  for (const finding of findings) if (finding.counts) counts[finding.severity]++
  return counts
}

function runDigest(report: Report, covers: string, commit: string | null): string {
  const { verdict, ignored, errors } = report
  const told = allFindings(report).map(({ fingerprint, counts, origin, severity, declared, live }) => [
    fingerprint,
    counts,
    origin,
    severity,
    declared,
    live,
  ])
  const text = JSON.stringify([verdict, told, ignored.length, errors.map(({ code }) => code), covers, commit])
  return hash('sha256', text, 'hex').slice(0, 32)
}
