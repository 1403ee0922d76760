// A year of hourly runs, written as checks write it.
import type { Decision } from '../src/history/front.ts'
import { openHistory, type HistoryPlace } from '../src/history/open.ts'
import { remember } from '../src/memory/remember.ts'
import type { Memory } from '../src/memory/types.ts'
import type { Finding } from '../src/schema/finding.ts'
import type { Report, ReportFinding } from '../src/schema/report.ts'

const HOUR = 3_600_000
const RUNS = 8760
/** One of these hours something drifts, and is mended some hours later: 400 episodes a year and tenant. */
const EVERY = 22
const START = Date.parse('2025-12-01T00:00:00Z')

function findingAt(index: number): ReportFinding {
  const bare: Finding = {
    kind: 'changed',
    identifier: `https://api-${index % 400}.example.com/`,
    path: 'signing_alg',
    origin: 'drift',
    counts: true,
    declared: 'RS256',
    live: 'HS256',
    direction: 'weakened',
    impact: null,
    severity: 'critical',
    fingerprint: (index % 400).toString(16).padStart(32, '0'),
    file: 'declared/api.yaml',
    line: 4,
  }
  const message = `signing_alg of ${bare.identifier} is declared as "RS256" and stands at "HS256".`
  return { ...bare, seen: null, touched: null, message, help: 'Set it back.', link: 'https://auth0.com/docs' }
}

function reportOf(findings: readonly ReportFinding[], tenant: string): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'tenant-drift', version: '0.1.0' },
    tenant,
    verdict: findings.length === 0 ? 'in-sync' : 'drifted',
    findings,
    ignored: [],
    rules: [],
    errors: [],
    proof: null,
    summary: { counting: findings.length, notices: 0 },
  } as unknown as Report
}

/**
 * A year of each of these tenants. What changes nothing makes a row longer, so that unless `isWhole` the first and the second run of a stretch stand for
 * all of it: the rows are the same, but for how often they were written.
 */
export async function writeYear(place: HistoryPlace, addresses: readonly string[], isWhole = false): Promise<number> {
  const history = await openHistory(place, false)
  let runs = 0
  for (const address of addresses) {
    for (let run = 0; run < RUNS; run++) {
      const findings = run % EVERY < 6 ? [findingAt(Math.floor(run / EVERY))] : []
      if (!isWhole && ![0, 1, 6, 7].includes(run % EVERY)) continue
      runs += 1
      const report = reportOf(findings, address)
      const decide = (memory: Memory): Decision | null => {
        const standing = () => ({ look: 'watched', live: 'RS256' }) as const
        const ran = { report, standing, covers: 'all', commit: null, took: 900 } as const
        const { memory: after, transitions } = remember(memory, ran, START + run * HOUR)
        if (after.run === null) return null
        return { memory: after, transitions, run: after.run, report: JSON.stringify(report), name: null, config: null }
      }
      await history.record({ address, view: 'default' }, decide, { places: findings })
    }
  }
  await history.close()
  return runs
}
