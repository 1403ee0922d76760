import { policyOf } from '../schema/policy-list.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { messageWithAge } from '../words/age.ts'
import { arrange, partsOf } from '../words/arrange.ts'
import { groupLine, groupNotices } from '../words/group-notices.ts'
import { harmlessLine } from '../words/harmless.ts'
import { acceptedText } from '../words/rule.ts'
import { showAddress, showName, showPlace } from '../words/show.ts'
import { judgedText } from '../words/judged.ts'
import { errorTexts, notesOf, proofText, ruleTexts, tenantText, verdictText } from '../words/summary.ts'
import { apiOf, settingText, valueOf } from '../words/told.ts'
import { leaf, parent, type Attributes } from './xml.ts'

/**
 * JUnit XML with one suite for the tenant: what counts fails, what could not be read is an error, what is accepted is skipped with its reason.
 * Two test cases are always there, so that a report with nothing to say is no empty one: reading the tenant, and comparing it.
 */
export function renderJunit(given: Report): string {
  const report = arrange(given)
  const { counting } = partsOf(report)
  const failing = counting.filter(({ kind }) => kind !== 'unreadable')
  const unreadable = counting.filter(({ kind }) => kind === 'unreadable')
  const unread = report.verdict === 'incomplete' ? 1 : 0
  const totals = {
    tests: 2 + counting.length + report.ignored.length,
    failures: failing.length,
    errors: unreadable.length + unread,
  }
  const skipped = report.ignored.length + unread
  const cases = [
    readingCase(report),
    comparingCase(report, failing.length),
    ...failing.map((finding) => findingCase(finding, outcome('failure', finding))),
    ...unreadable.map((finding) => findingCase(finding, outcome('error', finding))),
    ...report.ignored.map((each) =>
      findingCase(each.finding, leaf(3, 'skipped', { message: `accepted: ${acceptedText(each)}` })),
    ),
    leaf(2, 'system-out', {}, remarks(report)),
  ]
  const suite = { name: tenantText(report), ...totals, skipped, time: 0, ...timestampOf(report) }
  const root = { name: 'tenant-drift', ...totals, time: 0 }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${parent(0, 'testsuites', root, [parent(1, 'testsuite', suite, cases)])}`
}

/** As the common schemas want it: UTC, without fractions and without a zone. */
function timestampOf({ judged, generatedAt }: Report): Attributes {
  const time = judged?.at ?? generatedAt ?? ''
  const seconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?=(\.\d+)?Z$)/.exec(time)?.[0]
  return seconds === undefined ? {} : { timestamp: seconds }
}

const READING = 'tenant-drift.reading'

function readingCase(report: Report): string {
  const reading =
    report.judged?.from === 'snapshot' ? 'the snapshot is a complete reading' : 'the tenant is read completely'
  const attributes = { classname: READING, name: reading, time: 0 }
  if (report.verdict !== 'incomplete') return parent(2, 'testcase', attributes, [])
  const errors = errorTexts(report)
  const [first] = errors
  const error = { message: first?.what ?? verdictText(report), type: first?.title ?? 'incomplete' }
  const lines = errors.map(({ title, what, advice }) => `${title}: ${what} ${advice}`)
  return parent(2, 'testcase', attributes, [leaf(3, 'error', error, lines.join('\n'))])
}

function comparingCase(report: Report, failures: number): string {
  const said =
    report.verdict === 'incomplete'
      ? [leaf(3, 'skipped', { message: verdictText(report) })]
      : [leaf(3, 'system-out', {}, verdictText(report))].filter(() => failures === 0)
  return parent(2, 'testcase', { classname: READING, name: 'declared and live are compared', time: 0 }, said)
}

function findingCase(finding: ReportFinding, child: string): string {
  const attributes = {
    classname: `tenant-drift.${policyOf(finding.kind, finding.path)}`,
    name: `${settingText(finding)} of ${apiOf(finding)}`,
    time: 0,
    ...(finding.file === null ? {} : { file: showName(finding.file) }),
  }
  return parent(2, 'testcase', attributes, [child])
}

function outcome(name: 'failure' | 'error', finding: ReportFinding): string {
  const type = name === 'error' ? (finding.code ?? 'unreadable') : policyOf(finding.kind, finding.path)
  return leaf(3, name, { message: harmlessLine(messageWithAge(finding)), type }, failureDetails(finding))
}

function failureDetails(finding: ReportFinding): string {
  const sides = (['declared', 'base', 'live'] as const).flatMap((side) => {
    const value = valueOf(finding, side)
    return value === null ? [] : [`${side}: ${value}`]
  })
  const where = [
    ...(finding.address === undefined ? [] : [showAddress(finding.address)]),
    ...(finding.file === null ? [] : [showPlace(finding)]),
  ]
  const severity = `severity: ${finding.severity}`
  const bearers = finding.on?.map(({ identifier }) => `on: ${showName(identifier)}`) ?? []
  return [...sides, ...bearers, severity, harmlessLine(finding.help), ...where, showName(finding.fingerprint)].join(
    '\n',
  )
}

/** What is shown and fails nothing. */
function remarks(report: Report): string {
  const { weaker, notices } = partsOf(report)
  const [judged, proof] = [judgedText(report), proofText(report)]
  return [
    verdictText(report),
    ...(judged === '' ? [] : [judged]),
    ...weaker.map((finding) => `weaker declaration: ${harmlessLine(finding.message)}`),
    ...groupNotices(report, notices).map(
      (group) => `${group.reason === 'not-compared' ? 'not compared' : 'notice'}: ${groupLine(group)}`,
    ),
    ...ruleTexts(report),
    ...notesOf(report).map((note) => harmlessLine(note)),
    ...(proof === null ? [] : [proof]),
  ].join('\n')
}
