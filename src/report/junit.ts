import { create } from 'xmlbuilder2'
import type { Report, ReportFinding } from '../schema/report.ts'
import { policyOf } from '../schema/policy-list.ts'
import { arrange, partsOf } from './arrange.ts'
import { groupLine, groupNotices } from './group-notices.ts'
import { showName, showText } from './show.ts'
import { errorTexts, proofText, ruleTexts, tenantText, verdictText } from './summary.ts'
import { apiOf, valueOf } from './words.ts'

type Element = ReturnType<typeof create>

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
  const suite = document
    .ele('testsuites', { name: 'tenant-drift', ...all, time: '0' })
    .ele('testsuite', {
      name: tenant,
      ...totals,
      time: '0',
      ...timestampOf(report),
    })
  readingCase(suite, report)
  comparingCase(suite, report, failing.length)
  for (const finding of failing) {
    const test = findingCase(suite, finding)
    test.ele('failure', { message: showText(finding.message), type: policyOf(finding.kind, finding.path) }).txt(details(finding))
  }
  for (const finding of unreadable) {
    const test = findingCase(suite, finding)
    test.ele('error', { message: showText(finding.message), type: finding.code ?? 'unreadable' }).txt(details(finding))
  }
  for (const { finding, reason, owner, expires } of report.ignored) {
    findingCase(suite, finding).ele('skipped', {
      message: `accepted: ${showText(reason, 300)} (${showText(owner, 100)}, until ${showText(expires, 20)})`,
    })
  }
  suite.ele('system-out').txt(remarks(report))
  return `${document.end({ prettyPrint: true, indent: '  ' })}\n`
}

/** As the common schemas want it: UTC, without fractions and without a zone. */
function timestampOf({ generatedAt }: Report): { timestamp?: string } {
  const seconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?=(\.\d+)?Z$)/.exec(generatedAt ?? '')?.[0]
  return seconds === undefined ? {} : { timestamp: seconds }
}

const READING = 'tenant-drift.reading'

function readingCase(suite: Element, report: Report): void {
  const test = suite.ele('testcase', { classname: READING, name: 'the tenant is read completely', time: '0' })
  if (report.verdict !== 'incomplete') return
  const errors = errorTexts(report)
  const message = errors[0]?.what ?? verdictText(report)
  const lines = errors.map(({ title, what, advice }) => `${title}: ${what} ${advice}`)
  test.ele('error', { message, type: errors[0]?.title ?? 'incomplete' }).txt(lines.join('\n'))
}

function comparingCase(suite: Element, report: Report, failures: number): void {
  const test = suite.ele('testcase', { classname: READING, name: 'declared and live are compared', time: '0' })
  if (report.verdict === 'incomplete') test.ele('skipped', { message: verdictText(report) })
  else if (failures === 0) test.ele('system-out').txt(verdictText(report))
}

function findingCase(suite: Element, finding: ReportFinding): Element {
  const what = finding.path === '' ? finding.kind : showName(finding.path)
  return suite.ele('testcase', {
    classname: `tenant-drift.${policyOf(finding.kind, finding.path)}`,
    name: `${what} of ${apiOf(finding)}`,
    time: '0',
    ...(finding.file === null ? {} : { file: showName(finding.file) }),
  })
}

function details(finding: ReportFinding): string {
  const sides = (['declared', 'base', 'live'] as const).flatMap((side) => {
    const value = valueOf(finding, side)
    return value === null ? [] : [`${side}: ${value}`]
  })
  const where = finding.file === null ? [] : [`${showName(finding.file)}${finding.line === null ? '' : `:${finding.line}`}`]
  return [...sides, `severity: ${finding.severity}`, showText(finding.help), ...where, showName(finding.fingerprint)].join('\n')
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
