import { compareSeverity, type Finding } from '../schema/finding.ts'
import { sameJson, type Json } from '../schema/json.ts'
import type { Report, ReportFinding, ResolvedFinding } from '../schema/report.ts'

/**
 * Findings that are no news: the previous report has them, with the same declared and live values and no less grave, and they counted there. One that `--only-new` kept from
 * counting there was ongoing then, and still is.
 */
export function ongoingIn(previous: Report): (finding: Finding) => boolean {
  const known = new Map(previous.findings.filter(didCount).map((finding) => [finding.fingerprint, finding] as const))
  return (finding) => {
    const before = known.get(finding.fingerprint)
    if (before === undefined || compareSeverity(finding.severity, before.severity) > 0) return false
    // A new API that has it too is what nobody has seen. Older reports do not name those that had it.
    const had = before.on === undefined ? null : new Set(before.on.map(({ identifier }) => identifier))
    if (had !== null && finding.on?.every(({ identifier }) => had.has(identifier)) === false) return false
    return (['declared', 'live'] as const).every((side) =>
      sameJson(before[side] as Json | undefined, finding[side] as Json | undefined),
    )
  }
}

/**
 * What counted before and is gone. `present` is everything this run found, accepted or not; `wasLookedAt` says for which APIs (null: the tenant)
 * this run can tell.
 */
export function resolvedSince(
  previous: Report,
  present: readonly Finding[],
  wasLookedAt: (identifier: string | null) => boolean,
): readonly ResolvedFinding[] {
  const fingerprints = new Set(present.map((finding) => finding.fingerprint))
  const unread = new Set(
    present.filter((finding) => finding.kind === 'unreadable').map((finding) => finding.identifier),
  )
  // What could not be read is not known to be mended.
  if (unread.has(null)) return []
  return previous.findings
    .filter(didCount)
    .filter((finding) => !fingerprints.has(finding.fingerprint) && !unread.has(finding.identifier))
    .filter((finding) => wasLookedAt(finding.identifier))
    .map(({ fingerprint, kind, identifier, path }) => ({ fingerprint, kind, identifier, path }))
}

function didCount(finding: ReportFinding): boolean {
  return finding.counts || finding.seen === 'ongoing'
}
