import type { ErrorCode } from '../../src/schema/errors.ts'
import type { ReportFinding, Report } from '../../src/schema/report.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const START = Date.parse('2026-11-01T00:07:00Z')

/** A finding as a report has it; its fingerprint follows its place. */
export function finding(identifier: string, path: string, more: Partial<ReportFinding> = {}): ReportFinding {
  return {
    kind: 'changed',
    identifier,
    path,
    origin: 'drift',
    counts: true,
    declared: 'RS256',
    live: 'HS256',
    direction: 'weakened',
    impact: null,
    severity: 'critical',
    fingerprint: printOf(`${identifier} ${path}`),
    file: null,
    line: null,
    message: `${path} of ${identifier} differs`,
    help: 'help',
    link: 'https://auth0.com/docs',
    seen: null,
    touched: null,
    ...more,
  }
}

function printOf(text: string): string {
  let hash = 0n
  for (const character of text) hash = (hash * 1_099_511_628_211n + BigInt(character.codePointAt(0) ?? 0)) % 2n ** 128n
  return hash.toString(16).padStart(32, '0')
}

export function report(findings: readonly ReportFinding[], more: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'tenant-drift', version: '0.0.0' },
    generatedAt: null,
    name: 'production',
    tenant: 'acme.eu.auth0.com',
    verdict: findings.length === 0 ? 'in-sync' : 'drifted',
    exitCode: findings.length === 0 ? 0 : 2,
    gate: 'all',
    failOn: 'any',
    targeted: false,
    onlyNew: false,
    against: { base: false, recorded: false, previous: false },
    sources: [],
    summary: {
      declared: 2,
      live: 42,
      adopted: 0,
      elsewhere: 0,
      counting: findings.length,
      notices: 0,
      ignored: 0,
      new: 0,
      ongoing: 0,
      resolved: 0,
      byKind: {},
      byOrigin: {},
      bySeverity: {},
    },
    proof: null,
    errors: [],
    findings,
    ignored: [],
    resolved: [],
    rules: [],
    notes: [],
    ...more,
  }
}

/** Nothing could be read. */
export function outage(code: ErrorCode = 'unauthorized'): Report {
  return report([], { verdict: 'incomplete', exitCode: 1, errors: [{ code, message: 'refused', advice: 'look' }] })
}
