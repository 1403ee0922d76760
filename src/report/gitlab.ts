import { hash } from 'node:crypto'
import type { Severity } from '../schema/finding.ts'
import type { Json } from '../schema/json.ts'
import { policyOf } from '../schema/policy-list.ts'
import type { Report } from '../schema/report.ts'
import { messageWithAge } from './age.ts'
import { arrange, partsOf } from './arrange.ts'
import { jsonText } from './json-text.ts'
import { placeIn } from './place.ts'
import { showText } from '../words/show.ts'
import { errorTexts } from './summary.ts'

const GITLAB_SEVERITY = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
} as const satisfies Record<Severity, string>

/** GitLab's Code Quality: what counts. An incomplete run says so itself, for an empty list would read as "all fixed". */
export function renderGitlab(given: Report): string {
  const report = arrange(given)
  const unread = errorTexts(report).map(({ title, what, advice }) => ({
    check_name: 'unreadable-tenant',
    description: `${what} ${advice}`,
    fingerprint: hash('sha256', JSON.stringify([report.tenant, title, what]), 'hex').slice(0, 32),
    severity: 'blocker',
    location: locationIn(report, null),
  }))
  const found = partsOf(report).counting.map((finding) => ({
    check_name: policyOf(finding.kind, finding.path),
    description: showText(messageWithAge(finding)),
    fingerprint: showText(finding.fingerprint, 64),
    severity: GITLAB_SEVERITY[finding.severity],
    location: locationIn(report, finding),
  }))
  return jsonText([...unread, ...found] satisfies Json)
}

function locationIn(report: Report, finding: Parameters<typeof placeIn>[1]): Json {
  const { file, line } = placeIn(report, finding)
  return { path: showText(file), lines: { begin: line } }
}
