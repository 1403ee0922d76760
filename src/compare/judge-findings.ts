import { compareSeverity, type Finding, type Verdict } from '../schema/finding.ts'
import type { PlacedRule } from '../schema/accept-rule.ts'
import type { FailOn, Gate, Report, ResolvedFinding, RuleReport } from '../schema/report.ts'
import { ruleReports, takeApart } from './accept-rules.ts'
import { ongoingIn, resolvedSince } from './since-previous.ts'
import { verdictOf } from './compare-tenant.ts'
import type { Comparison } from './types.ts'

/** A finding with what the run makes of it: `counts` is the last word. */
export interface JudgedFinding extends Finding {
  readonly seen: 'new' | 'ongoing' | null
  readonly touched: boolean | null
}

export interface JudgeOptions {
  readonly gate: Gate
  readonly rules: readonly PlacedRule[]
  /** Rules that hide something of another tenant of the same run. */
  readonly usedElsewhere: ReadonlySet<PlacedRule>
  /** `YYYY-MM-DD` (UTC); null where no clock was passed in: then no rule expires. */
  readonly today: string | null
  readonly previous: Report | null
  readonly onlyNew: boolean
  readonly failOn: FailOn
  readonly strictRules: boolean
  /** Whether this run looked at an API; null everywhere in a run of the whole tenant. */
  readonly targets: ((identifier: string) => boolean) | null
  /** True where something was left out of the comparison all the same: then a rule that hides nothing may be for that. */
  readonly isPart?: boolean
}

export interface RunJudgement {
  readonly verdict: Verdict
  readonly exitCode: 0 | 1 | 2
  readonly findings: readonly JudgedFinding[]
  readonly ignored: readonly { readonly finding: JudgedFinding; readonly rule: PlacedRule }[]
  readonly resolved: readonly ResolvedFinding[]
  readonly rules: readonly RuleReport[]
  /** Findings that count before `--only-new` is asked, by what the previous report says of them. */
  readonly news: { readonly new: number; readonly ongoing: number }
  /** Rules that `--strict-rules` fails for. */
  readonly stale: readonly RuleReport[]
}

/**
 * What counts, in this order: the gate, the accept rules, `--only-new`, `--fail-on`. What could not be read counts whatever they say, and exits 1
 * before anything else is asked.
 */
export function judgeFindings(comparison: Comparison, options: JudgeOptions): RunJudgement {
  const { previous } = options
  const touched = comparison.touched === null ? null : new Set(comparison.touched)
  const gated = comparison.findings.map((finding) => throughGate(finding, touched, options.gate))
  const { findings: apart, matches } = takeApart(gated, options.rules, options.today)
  const isOngoing = previous === null ? null : ongoingIn(previous)
  const withNews = (finding: JudgedFinding): JudgedFinding => {
    if (isOngoing === null) return finding
    const seen = isOngoing(finding) ? 'ongoing' : 'new'
    const isSilenced = options.onlyNew && seen === 'ongoing' && finding.kind !== 'unreadable'
    return { ...finding, seen, counts: finding.counts && !isSilenced }
  }
  const shown = apart.filter((finding) => !matches.has(finding))
  const findings = shown.map(withNews)
  const verdict = verdictOf(findings)
  const isWhole = options.targets === null && options.isPart !== true && verdict !== 'incomplete'
  const rules = ruleReports(options.rules, matches, { ...options, isWhole })
  const stale = rules.filter((rule) => rule.state !== 'used')
  return {
    verdict,
    exitCode: options.strictRules && stale.length > 0 ? 1 : exitCodeOf(verdict, findings, options.failOn),
    findings,
    ignored: [...matches].map(([finding, rule]) => ({ finding: withNews(finding), rule })),
    resolved: previous === null ? [] : resolvedSince(previous, comparison.findings, lookedAt(options.targets)),
    rules,
    news: countNews(findings, shown),
    stale,
  }
}

/** With `touched` only conflicts count, and drift of the APIs whose declaration this change touches: the rest was there before it. */
function throughGate(finding: Finding, apis: ReadonlySet<string> | null, gate: Gate): JudgedFinding {
  const touched = apis === null || finding.identifier === null ? null : apis.has(finding.identifier)
  const isLetThrough = gate === 'all' || finding.kind === 'unreadable' || finding.origin === 'conflict'
  const counts = finding.counts && (isLetThrough || touched === true)
  return { ...finding, counts, seen: null, touched }
}

/** Incomplete beats drift, and nothing hides it: 1 could not tell, 2 drift at or above the threshold, 0 otherwise. */
function exitCodeOf(verdict: Verdict, findings: readonly Finding[], failOn: FailOn): 0 | 1 | 2 {
  if (verdict === 'incomplete') return 1
  if (failOn === 'never') return 0
  const fails = (finding: Finding): boolean =>
    finding.counts && (failOn === 'any' || compareSeverity(finding.severity, failOn) >= 0)
  return findings.some(fails) ? 2 : 0
}

/** The tenant as a whole is looked at only in a run without targets. */
function lookedAt(targets: JudgeOptions['targets']): (identifier: string | null) => boolean {
  if (targets === null) return () => true
  return (identifier) => identifier !== null && targets(identifier)
}

/** `before`: the same findings, in the same order, before `--only-new` was asked. */
function countNews(findings: readonly JudgedFinding[], before: readonly Finding[]): RunJudgement['news'] {
  const seen = findings.filter((_finding, index) => before[index]?.counts === true).map((finding) => finding.seen)
  return {
    new: seen.filter((each) => each === 'new').length,
    ongoing: seen.filter((each) => each === 'ongoing').length,
  }
}
