import type { Affected } from '../schema/affected.ts'
import type { Report } from '../schema/report.ts'

/** Whom differences hit, by fingerprint, where that was asked: it stands in reports alone. */
export function affectedByFingerprint(reports: readonly Pick<Report, 'findings'>[]): ReadonlyMap<string, Affected> {
  return new Map(
    reports.flatMap(({ findings }) =>
      findings.flatMap(({ fingerprint, affected }) =>
        affected === undefined ? [] : [[fingerprint, affected] as const],
      ),
    ),
  )
}
