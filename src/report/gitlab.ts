import { hash } from 'node:crypto'
import type { Severity } from '../schema/finding.ts'
import type { Json } from '../schema/json.ts'
import { policyOf } from '../schema/policy-list.ts'
import type { Report } from '../schema/report.ts'
import { messageWithAge } from '../words/age.ts'
import { arrange, partsOf, uncompared } from '../words/arrange.ts'
import { jsonText } from '../words/json-text.ts'
import { placeIn } from './place.ts'
import { harmlessLine } from '../words/harmless.ts'
import { errorTexts } from '../words/summary.ts'

const GITLAB_SEVERITY = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
} as const satisfies Record<Severity, string>

/**
 * GitLab's Code Quality: what counts, and what was not compared as information; each with when that was judged, for the list itself has no place for it. An
 * incomplete run says so itself, for an empty list would read as "all fixed".
 */
export function renderGitlab(given: Report): string {
  const report = arrange(given)
  const unread = errorTexts(report).map(({ title, what, advice }) => ({
    check_name: 'unreadable-tenant',
    description: `${what} ${advice}`,
    fingerprint: hash('sha256', JSON.stringify([report.tenant, title, what]), 'hex').slice(0, 32),
    severity: 'blocker',
    location: locationIn(report, null),
    ...judgedIn(report),
  }))
  const shown = [...partsOf(report).counting, ...uncompared(report)]
  const found = shown.map((finding) => ({
    check_name: policyOf(finding.kind, finding.path),
    description: harmlessLine(messageWithAge(finding)),
    fingerprint: harmlessLine(finding.fingerprint, 64),
    severity: finding.counts ? GITLAB_SEVERITY[finding.severity] : 'info',
    location: locationIn(report, finding),
    ...judgedIn(report),
  }))
  return jsonText([...unread, ...found] satisfies Json)
}

/** GitLab lets keys of others through, and tells issues apart by their fingerprints alone. */
function judgedIn({ judged }: Report): { readonly judged?: Json } {
  return judged === undefined ? {} : { judged: { ...judged } }
}

function locationIn(report: Report, finding: Parameters<typeof placeIn>[1]): Json {
  const { file, line } = placeIn(report, finding)
  return { path: harmlessLine(file), lines: { begin: line } }
}
