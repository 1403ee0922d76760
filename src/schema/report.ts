import type { AcceptRule, RuleState } from './accept-rule.ts'
import type { Affected } from './affected.ts'
import type { ChangedBy } from './changed-by.ts'
import type { ErrorCode } from './errors.ts'
import { compareSeverity, type Finding, type FindingKind, type Origin, type Severity, type Verdict } from './finding.ts'
import { byCodeUnits, canonicalText, type Json } from './json.ts'
import type { Proof } from './snapshot.ts'

/** How grave a finding must be to fail a run; `any` is every counting finding, `never` none of them. */
export const FAIL_ON = ['low', 'medium', 'high', 'critical', 'any', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

export const GATES = ['all', 'touched'] as const
export type Gate = (typeof GATES)[number]

/** A rule with what became of it in this run. `unused` is only said of complete, untargeted runs. */
export interface RuleReport {
  readonly rule: AcceptRule
  readonly state: RuleState
  /** How many findings it hides. */
  readonly hides: number
  readonly file: string | null
  readonly line: number | null
}

/** A finding as a report tells it. */
export interface ReportFinding extends Finding {
  /** One sentence: what was declared, what is live. Holds no control characters. */
  readonly message: string
  /** What it means and how to mend it. */
  readonly help: string
  readonly link: string
  /** Against the previous report; null where none was given. */
  readonly seen: 'new' | 'ongoing' | null
  /** Does the declaration of this API differ from the base's? Null where no base is known. */
  readonly touched: boolean | null
  /** With a history alone: since when it stands without a break, RFC 3339; null for what no history keeps (notices). */
  readonly since?: string | null
  /** With a history alone: how often it came back. */
  readonly returns?: number
  /** With `--affected` alone, of what counts: whom it hits. */
  readonly affected?: Affected
  /** With `--who` alone: who changed it, of what counts. */
  readonly changedBy?: ChangedBy
}

export interface IgnoredFinding {
  readonly finding: ReportFinding
  readonly reason: string
  readonly owner: string
  readonly expires: string
}

/** A finding that counted in the previous report and is no more, and was not merely accepted. */
export interface ResolvedFinding {
  readonly fingerprint: string
  readonly kind: FindingKind
  readonly identifier: string | null
  readonly path: string
}

/**
 * When a report was judged, and from what. It is in nothing that is compared with an earlier report or comment: a new time alone is no news.
 */
export interface JudgedAt {
  /** RFC 3339, UTC, by the clock of the run. */
  readonly at: string
  readonly from: 'tenant' | 'snapshot'
  /** Of a snapshot: when it was taken. Null for a tenant, which was read at `at`, and for a snapshot that could not be read. */
  readonly takenAt: string | null
}

/** What a tenant was judged with, by the names that reports give files. */
export interface JudgedWith {
  /** The snapshot file that stood in for the tenant; null where the tenant was read. */
  readonly live: string | null
  /** As it was named; `commit`, in full, where that is a git ref. Null without one. */
  readonly base: { readonly sources: readonly string[]; readonly commit: string | null } | null
  readonly recorded: { readonly file: string; readonly takenAt: string | null } | null
}

/** The one model behind all formats. Plain JSON; lists are empty, never null; no durations, and no clock but the one passed in. */
export interface Report {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'tenant-drift'; readonly version: string }
  /** The same as `judged.at`, for readers that are older than that; null in their own reports. */
  readonly generatedAt: string | null
  /** Left out by versions before it. */
  readonly judged?: JudgedAt
  readonly judgedWith?: JudgedWith
  /** Name of the tenant in the configuration; null where it has none. */
  readonly name: string | null
  /** Address of the tenant; null where not even that is known. */
  readonly tenant: string | null
  readonly verdict: Verdict
  readonly exitCode: 0 | 1 | 2
  readonly gate: Gate
  readonly failOn: FailOn
  /** `--target` or `--exclude`: only some APIs were looked at, so that silence about the others means nothing. */
  readonly targeted: boolean
  /** `--only-new`: what the previous report already counted is shown and does not count. */
  readonly onlyNew: boolean
  /** What declared and live were compared with. */
  readonly against: { readonly base: boolean; readonly recorded: boolean; readonly previous: boolean }
  /** With `--trust` alone: the commit whose rules hold, the files of it that decided, and those that the change has otherwise, which did not. */
  readonly trust?: { readonly commit: string; readonly files: readonly string[]; readonly edited: readonly string[] }
  /** Declared files, in code units' order, relative to where the command ran and with `/`: where a finding without a place of its own is shown. */
  readonly sources: readonly string[]
  readonly summary: {
    readonly declared: number
    readonly live: number | null
    readonly adopted: number
    readonly elsewhere: number
    readonly counting: number
    readonly notices: number
    readonly ignored: number
    readonly new: number
    readonly ongoing: number
    readonly resolved: number
    readonly byKind: Readonly<Partial<Record<FindingKind, number>>>
    readonly byOrigin: Readonly<Partial<Record<Origin, number>>>
    readonly bySeverity: Readonly<Partial<Record<Severity, number>>>
  }
  /** Null where nothing could be asked. */
  readonly proof: Proof | null
  /** Why the run is incomplete; empty where it is not. */
  readonly errors: readonly { readonly code: ErrorCode; readonly message: string; readonly advice: string }[]
  /** `weaker-declaration` first, then what counts by severity, then notices; within these by identifier, path and kind. */
  readonly findings: readonly ReportFinding[]
  readonly ignored: readonly IgnoredFinding[]
  readonly resolved: readonly ResolvedFinding[]
  readonly rules: readonly RuleReport[]
  readonly notes: readonly string[]
}

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
