import type { Log, Notification, ReportingDescriptor, Result, Run } from 'sarif'
import { compareSeverity, type Severity } from '../schema/finding.ts'
import { byCodeUnits, type Json } from '../schema/json.ts'
import { FIELDS } from '../schema/fields.ts'
import { fieldPolicyName, guardedFields, KIND_POLICIES, policyOf } from '../schema/policy-list.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { plural } from '../words/plural.ts'
import { messageWithAge } from '../words/age.ts'
import { arrange, partsOf, uncompared } from '../words/arrange.ts'
import { groupLine, groupNotices } from '../words/group-notices.ts'
import { jsonText } from '../words/json-text.ts'
import { isTime } from '../words/judged.ts'
import { LEVELS } from './levels.ts'
import { placeIn, uriOf } from './place.ts'
import { harmlessLine } from '../words/harmless.ts'
import { safeLink } from '../words/show.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** GitHub takes no more results of one run; the worst come first. */
const MOST_RESULTS = 25_000

/** How GitHub sorts: over 9 is critical, from 7 high, from 4 medium. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.0', low: '2.0' } as const satisfies Record<
  Severity,
  string
>

/**
 * SARIF 2.1.0: what counts, and nothing else, but for a note of what was not compared. GitHub ignores suppressions, so an accepted finding would be an open
 * alert there.
 * Never call it for an incomplete run: what is not in an upload is closed as fixed.
 */
export function renderSarif(given: Report): string {
  const report = arrange(given)
  const { counting } = partsOf(report)
  const results = counting.slice(0, MOST_RESULTS)
  const rules = rulesOf(results)
  const told = notifications(report, counting.length - results.length)
  const run: Run = {
    tool: {
      driver: {
        name: report.tool.name,
        version: harmlessLine(report.tool.version, 50),
        semanticVersion: harmlessLine(report.tool.version, 50),
        rules,
      },
    },
    automationDetails: { id: categoryOf(report) },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        exitCode: report.exitCode,
        ...(report.judged !== undefined && isTime(report.judged.at) ? { endTimeUtc: report.judged.at } : {}),
        ...(told.length === 0 ? {} : { toolExecutionNotifications: [...told] }),
      },
    ],
    results: results.map((finding) => resultOf(report, finding, rules)),
    ...(report.judged === undefined
      ? {}
      : {
          properties: {
            judged: report.judged,
            ...(report.judgedWith === undefined ? {} : { judgedWith: report.judgedWith }),
          },
        }),
  }
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run] }
  return jsonText(log as unknown as Json)
}

/** What the results do not say: that some of them were left out, and what is declared and was not compared, which is no alert and must not be hidden. */
function notifications(report: Report, left: number): readonly Notification[] {
  const more = `${plural(left, 'result')} left out, none more severe than those here.`
  const dark = groupNotices(report, uncompared(report)).map((group) => `Not compared: ${groupLine(group)}.`)
  return [
    ...(left === 0 ? [] : [{ level: 'warning' as const, message: { text: more } }]),
    ...dark.map((text) => ({ level: 'note' as const, message: { text: sarifText(text) } })),
  ]
}

/**
 * One category for each tenant, so that no tenant's upload closes another's alerts; and one more for a run that judged only a part, so that it
 * does not close what it did not look at.
 */
function categoryOf({ name, tenant, gate, targeted, onlyNew }: Report): string {
  const parts = [
    ...(targeted ? ['targeted'] : []),
    ...(gate === 'touched' ? ['touched'] : []),
    ...(onlyNew ? ['only-new'] : []),
  ]
  const id = encodeURIComponent((name ?? tenant ?? 'tenant').toWellFormed())
  return `tenant-drift/${id}/${parts.length === 0 ? '' : `${parts.join('-')}/`}`
}

function resultOf(report: Report, finding: ReportFinding, rules: readonly ReportingDescriptor[]): Result {
  const ruleId = policyOf(finding.kind, finding.path)
  const { file, line } = placeIn(report, finding)
  return {
    ruleId,
    ruleIndex: rules.findIndex(({ id }) => id === ruleId),
    level: LEVELS[finding.severity],
    message: { text: sarifText(`${messageWithAge(finding)} ${finding.help}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
      },
    ],
    partialFingerprints: {
      primaryLocationLineHash: `${harmlessLine(finding.fingerprint, 64)}:1`,
      'tenantDriftFinding/v1': harmlessLine(finding.fingerprint, 64),
    },
    properties: {
      severity: finding.severity,
      kind: finding.kind,
      direction: finding.direction,
      ...(finding.origin === null ? {} : { origin: finding.origin }),
      ...(finding.impact === null ? {} : { impact: finding.impact }),
      ...(finding.seen === null ? {} : { seen: finding.seen }),
    },
  }
}

/** In a SARIF message `[text](target)` is a link and `{0}` a placeholder: a tenant's text has neither, and an escape of ours is none. */
function sarifText(text: string): string {
  return harmlessLine(text)
    .replaceAll('](', ']\\u0028')
    .replaceAll(/\\u\{(\d{1,4})\}/g, (_escape, digits: string) => `\\u${digits.padStart(4, '0')}`)
    .replaceAll(/\{(?=\d+\})/g, '\\u{7b}')
}

/** One rule for each policy of the pack that something here belongs to, under the same name; sorted. */
function rulesOf(findings: readonly ReportFinding[]): ReportingDescriptor[] {
  const worst = new Map<string, Severity>()
  for (const { kind, path, severity } of findings) {
    const id = policyOf(kind, path)
    const before = worst.get(id)
    if (before === undefined || compareSeverity(severity, before) > 0) worst.set(id, severity)
  }
  return [...worst].sort(([a], [b]) => byCodeUnits(a, b)).map(([id, severity]) => ruleOf(id, severity))
}

function ruleOf(id: string, severity: Severity): ReportingDescriptor {
  const row = guardedFields().find(({ path }) => fieldPolicyName(path) === id)
  const kind = Object.hasOwn(KIND_POLICIES, id) ? KIND_POLICIES[id as keyof typeof KIND_POLICIES] : id
  const short = row === undefined ? kind : `${row.path} differs between the code and the tenant.`
  const full = row === undefined ? kind : `${short} ${row.sentence}`
  const help = `${full} Fix the tenant or the code, or accept the finding for a while: tenant-drift explain ${row?.path ?? id}`
  const link = safeLink(row?.link ?? FIELDS[0]?.link)
  return {
    id,
    name: id,
    shortDescription: { text: short },
    fullDescription: { text: full },
    help: { text: help, markdown: help },
    ...(link === null ? {} : { helpUri: link }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'drift', 'auth0'],
      precision: 'very-high',
      'problem.severity': PROBLEM_SEVERITY[LEVELS[severity]],
      'security-severity': SECURITY_SEVERITY[severity],
    },
  }
}

const PROBLEM_SEVERITY = { error: 'error', warning: 'warning', note: 'recommendation' } as const
