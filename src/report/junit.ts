import { create } from 'xmlbuilder2'
import type { Report, ReportFinding } from '../schema/report.ts'
import { policyOf } from '../schema/policy-list.ts'
import { arrange, partsOf } from './arrange.ts'
import { groupLine, groupNotices } from './group-notices.ts'
import { showName, showText } from './show.ts'
import { errorTexts, proofText, ruleTexts, tenantText, verdictText } from './summary.ts'
import { apiOf, valueOf } from './words.ts'

type Node = ReturnType<typeof create>
type Attributes = Readonly<Record<string, string | number>>

/**
 * The only two ways in which anything gets into the document. xmlbuilder2 4.0.3 leaves what looks like an entity as it is: a tenant's `&e;`
 * would be no XML at all, and its `&lt;` would come back as `<`. An ampersand that is one already is left alone, so ours go in as entities.
 */
function element(parent: Node, name: string, attributes: Attributes): Node {
  const escaped = Object.entries(attributes).map(([key, value]) => [key, ampersands(String(value))])
  return parent.ele(name, Object.fromEntries(escaped) as Record<string, string>)
}

function content(node: Node, text: string): void {
  node.txt(ampersands(text))
}

function ampersands(text: string): string {
  return text.replaceAll('&', '&amp;')
}

/**
 * JUnit XML with one suite for the tenant: what counts fails, what could not be read is an error, what is accepted is skipped with its reason.
 * Two test cases are always there, so that a report with nothing to say is no empty one: reading the tenant, and comparing it.
 */
export function renderJunit(given: Report): string {
  const report = arrange(given)
  const { counting } = partsOf(report)
  const failing = counting.filter(({ kind }) => kind !== 'unreadable')
  const unreadable = counting.filter(({ kind }) => kind === 'unreadable')
  const errors = unreadable.length + (report.verdict === 'incomplete' ? 1 : 0)
  const totals = {
    tests: 2 + counting.length + report.ignored.length,
    failures: failing.length,
    errors,
    skipped: report.ignored.length + (report.verdict === 'incomplete' ? 1 : 0),
  }
  const tenant = tenantText(report)
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' })
  const { skipped: _, ...all } = totals
  const suites = element(document, 'testsuites', { name: 'tenant-drift', ...all, time: 0 })
  const suite = element(suites, 'testsuite', { name: tenant, ...totals, time: 0, ...timestampOf(report) })
  readingCase(suite, report)
  comparingCase(suite, report, failing.length)
  for (const finding of failing) {
    const type = policyOf(finding.kind, finding.path)
    const failure = element(findingCase(suite, finding), 'failure', { message: showText(finding.message), type })
    content(failure, details(finding))
  }
  for (const finding of unreadable) {
    const type = finding.code ?? 'unreadable'
    const error = element(findingCase(suite, finding), 'error', { message: showText(finding.message), type })
    content(error, details(finding))
  }
  for (const { finding, reason, owner, expires } of report.ignored) {
    element(findingCase(suite, finding), 'skipped', {
      message: `accepted: ${showText(reason, 300)} (${showText(owner, 100)}, until ${showText(expires, 20)})`,
    })
  }
  content(element(suite, 'system-out', {}), remarks(report))
  return `${document.end({ prettyPrint: true, indent: '  ' })}\n`
}

/** As the common schemas want it: UTC, without fractions and without a zone. */
function timestampOf({ generatedAt }: Report): { timestamp?: string } {
  const seconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?=(\.\d+)?Z$)/.exec(generatedAt ?? '')?.[0]
  return seconds === undefined ? {} : { timestamp: seconds }
}

const READING = 'tenant-drift.reading'

function readingCase(suite: Node, report: Report): void {
  const test = element(suite, 'testcase', { classname: READING, name: 'the tenant is read completely', time: 0 })
  if (report.verdict !== 'incomplete') return
  const errors = errorTexts(report)
  const message = errors[0]?.what ?? verdictText(report)
  const lines = errors.map(({ title, what, advice }) => `${title}: ${what} ${advice}`)
  content(element(test, 'error', { message, type: errors[0]?.title ?? 'incomplete' }), lines.join('\n'))
}

function comparingCase(suite: Node, report: Report, failures: number): void {
  const test = element(suite, 'testcase', { classname: READING, name: 'declared and live are compared', time: 0 })
  if (report.verdict === 'incomplete') element(test, 'skipped', { message: verdictText(report) })
  else if (failures === 0) content(element(test, 'system-out', {}), verdictText(report))
}

function findingCase(suite: Node, finding: ReportFinding): Node {
  const what = finding.path === '' ? finding.kind : showName(finding.path)
  return element(suite, 'testcase', {
    classname: `tenant-drift.${policyOf(finding.kind, finding.path)}`,
    name: `${what} of ${apiOf(finding)}`,
    time: 0,
    ...(finding.file === null ? {} : { file: showName(finding.file) }),
  })
}

function details(finding: ReportFinding): string {
  const sides = (['declared', 'base', 'live'] as const).flatMap((side) => {
    const value = valueOf(finding, side)
    return value === null ? [] : [`${side}: ${value}`]
  })
  const where =
    finding.file === null ? [] : [`${showName(finding.file)}${finding.line === null ? '' : `:${finding.line}`}`]
  return [
    ...sides,
    `severity: ${finding.severity}`,
    showText(finding.help),
    ...where,
    showName(finding.fingerprint),
  ].join('\n')
}

/** What is shown and fails nothing. */
function remarks(report: Report): string {
  const { weaker, notices } = partsOf(report)
  return [
    verdictText(report),
    ...weaker.map((finding) => `weaker declaration: ${showText(finding.message)}`),
    ...groupNotices(report, notices).map((group) => `notice: ${groupLine(group)}`),
    ...ruleTexts(report),
    ...report.notes.map((note) => showText(note)),
    ...[proofText(report.proof) ?? []].flat(),
  ].join('\n')
}
