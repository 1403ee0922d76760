import { timeOf } from '../schema/clock.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { keyOfPlace } from './place.ts'
import type { Memory } from './types.ts'

/** A report whose findings say since when they stand, and how often they came back. */
export function withAges(report: Report, memory: Memory): Report {
  const open = new Map(
    memory.episodes.filter(({ state }) => state !== 'ended').map((episode) => [keyOfPlace(episode), episode] as const),
  )
  const dark = new Map(memory.dark.map((place) => [keyOfPlace(place), place] as const))
  const aged = (finding: ReportFinding): ReportFinding => {
    if (finding.kind === 'weaker-declaration') return { ...finding, since: null, returns: 0 }
    const key = keyOfPlace(finding)
    const episode = finding.kind === 'unreadable' ? undefined : open.get(key)
    const since = finding.kind === 'unreadable' ? dark.get(key)?.since : episode?.since
    return {
      ...finding,
      since: since === undefined ? null : timeOf(since),
      returns: episode?.returns ?? 0,
    }
  }
  return {
    ...report,
    findings: report.findings.map(aged),
    ignored: report.ignored.map((each) => ({ ...each, finding: aged(each.finding) })),
  }
}
