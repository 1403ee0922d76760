import { judgeFindings, type JudgedFinding, type RunJudgement } from '../compare/front.ts'
import { messageOf } from '../words/finding.ts'
import { helpOf } from '../words/stakes.ts'
import { linkOf } from '../words/told.ts'
import type { DecidedBy } from '../git/disk-files.ts'
import { dayOf, stoppedClock } from '../schema/clock.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { PlacedRule } from '../schema/accept-rule.ts'
import { orderFindings, type Report, type ReportFinding } from '../schema/report.ts'
import type { Hider } from '../words/hide.ts'
import { hideFinding, hideReport } from '../words/hide-report.ts'
import type { Io } from './io.ts'
import { judgedWith, takenAt, type ComparedTenant, type TenantLook } from './look.ts'
import type { Plan, TenantPlan } from './plan.ts'
import { reportPaths, type ReportPaths } from './report-paths.ts'
import { ownVersion } from './version.ts'

/** What a comparison comes to under the settings of its tenant. */
export function judgeCompared(
  { comparison, previous, targets }: ComparedTenant,
  { settings, rules }: TenantPlan,
  io: Io,
  usedElsewhere: ReadonlySet<PlacedRule> = new Set(),
): RunJudgement {
  return judgeFindings(comparison, {
    gate: settings.gate.value,
    rules,
    usedElsewhere,
    today: dayOf(io.now()),
    previous,
    onlyNew: settings.onlyNew.value,
    failOn: settings.failOn.value,
    strictRules: settings.strictRules.value,
    targets: targets?.includes ?? null,
  })
}

/** One report for each tenant, in the order of the configuration. A rule for all of them is unused only where none of them has a use for it. */
export function makeReports(
  plan: Plan,
  looks: readonly TenantLook[],
  io: Io,
  decided: DecidedBy | null = null,
): readonly Report[] {
  const judged = looks.map(({ compared, tenant }) => (compared === null ? null : judgeCompared(compared, tenant, io)))
  const used = new Set(judged.flatMap((each) => each?.ignored.map(({ rule }) => rule) ?? []))
  // A tenant that could not be read, or was not asked for, might have had a use for a rule that all share.
  const isWholeRun =
    judged.every((each) => each !== null && each.verdict !== 'incomplete') && looks.length === plan.configured
  const usedElsewhere = isWholeRun ? used : new Set([...used, ...plan.commonRules])
  const paths = reportPaths(io, plan.files)
  const at = new Date(io.now()).toISOString()
  const reports = looks.map((look) => makeReport(plan, look, io, { usedElsewhere, paths, at }))
  return decided === null ? reports : reports.map((report) => ({ ...report, trust: decided }))
}

interface ReportedRun {
  readonly usedElsewhere: ReadonlySet<PlacedRule>
  readonly paths: ReportPaths
  /** The time of it, the same for all its tenants. */
  readonly at: string
}

function makeReport(plan: Plan, look: TenantLook, io: Io, { usedElsewhere, paths, at }: ReportedRun): Report {
  const { tenant, compared, errors } = look
  const { settings } = tenant
  const judged = compared === null ? null : judgeCompared(compared, tenant, io, usedElsewhere)
  // Before words are made of it: they wrap, cut and escape, and half a secret is not found any more.
  const hider = io.secrets.hider()
  const tell = (finding: JudgedFinding): ReportFinding =>
    told(
      {
        ...finding,
        ...paths.place(plan.root, finding.file, finding.line),
        ...learntOf(look, finding),
      },
      hider,
    )
  const findings = orderFindings((judged?.findings ?? []).map(tell))
  const ignored = (judged?.ignored ?? []).map(({ finding, rule: { rule } }) => ({
    finding: tell(finding),
    reason: rule.reason,
    owner: rule.owner,
    expires: rule.expires,
  }))
  const counting = findings.filter((finding) => finding.counts)
  const sides = compared?.sides
  const by = judgedWith(plan, look, paths)
  const summary = compared?.comparison.summary ?? { declared: 0, live: null, adopted: 0, elsewhere: 0 }
  const report: Report = {
    schemaVersion: 1,
    tool: { name: 'tenant-drift', version: ownVersion() },
    generatedAt: at,
    judged: { at, from: settings.live.value === null ? 'tenant' : 'snapshot', takenAt: takenAt(look) },
    ...(by === null ? {} : { judgedWith: by }),
    name: tenant.name,
    tenant: look.address,
    verdict: judged?.verdict ?? 'incomplete',
    exitCode: judged?.exitCode ?? 1,
    gate: settings.gate.value,
    failOn: settings.failOn.value,
    targeted: compared !== null && compared.targets !== null,
    onlyNew: settings.onlyNew.value,
    against: {
      base: isThere(sides?.base),
      recorded: isThere(sides?.recorded),
      previous: isThere(compared?.previous),
    },
    sources: sourceNames(sides?.declared.apis ?? [], (file) => paths.place(plan.root, file, null).file),
    summary: {
      ...summary,
      counting: counting.length,
      notices: findings.length - counting.length,
      ignored: ignored.length,
      ...(judged?.news ?? { new: 0, ongoing: 0 }),
      resolved: judged?.resolved.length ?? 0,
      byKind: countBy(findings, (finding) => finding.kind),
      byOrigin: countBy(findings, (finding) => finding.origin),
      bySeverity: countBy(findings, (finding) => finding.severity),
    },
    proof: look.proof,
    errors,
    findings,
    ignored,
    resolved: judged?.resolved ?? [],
    rules: (judged?.rules ?? []).map((rule) => ({ ...rule, ...paths.place(io.cwd, rule.file, rule.line) })),
    notes: [...(compared?.notes ?? []), ...strictNote(judged, settings.strictRules.value), ...clockNote(io)],
  }
  return hideReport(report, hider)
}

/** What was asked about a difference that counts, beside the comparison. */
function learntOf(
  look: TenantLook,
  { counts, fingerprint }: JudgedFinding,
): Pick<ReportFinding, 'affected' | 'changedBy'> {
  const [affected, changedBy] = counts ? [look.affected?.get(fingerprint), look.who?.get(fingerprint)] : []
  return { ...(affected === undefined ? {} : { affected }), ...(changedBy === undefined ? {} : { changedBy }) }
}

function isThere(value: object | null | undefined): boolean {
  return value !== null && value !== undefined
}

function told(judged: JudgedFinding, hider: Hider): ReportFinding {
  const finding = hideFinding(judged, hider)
  return { ...finding, message: messageOf(finding), help: helpOf(finding), link: linkOf(finding) }
}

function strictNote(judged: RunJudgement | null, isStrict: boolean): readonly string[] {
  if (!isStrict || judged === null || judged.stale.length === 0) return []
  return ['an accept rule is unused, expired or about to expire, and --strict-rules makes the run fail because of it']
}

/** Whoever reads an age or a last day in the report should know by which clock it was told. */
function clockNote({ env }: Io): readonly string[] {
  return stoppedClock(env) === null
    ? []
    : [
        'SOURCE_DATE_EPOCH stopped the clock of this run, which also decides how old a snapshot is and whether an accept rule has expired',
      ]
}

function sourceNames(
  apis: readonly { readonly file: string | null }[],
  nameOf: (file: string) => string | null,
): readonly string[] {
  const files = new Set(apis.flatMap(({ file }) => (file === null ? [] : [file])))
  const names = new Set([...files].flatMap((file) => nameOf(file) ?? []))
  return [...names].sort(byCodeUnits)
}

function countBy<K extends string>(
  findings: readonly ReportFinding[],
  keyOf: (finding: ReportFinding) => K | null,
): Readonly<Partial<Record<K, number>>> {
  const counts = new Map<K, number>()
  for (const finding of findings) {
    const key = keyOf(finding)
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => byCodeUnits(a, b))) as Partial<Record<K, number>>
}
