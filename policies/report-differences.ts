import type { FieldRow } from '../src/schema/field-row.ts'
import { describeDifference } from './describe-difference.ts'
import { describeNotice } from './describe-notice.ts'
import { reasonToLower, type PolicyConfig } from './level.ts'
import type { Check } from './read-check.ts'
import { policyFor } from './route.ts'
import { violation, type Violation } from './violation.ts'

/** What of a check's differences and notices reports under one policy. Pending changes are no violation: applying the code makes them so. */
export function* reportDifferences(
  policy: string,
  check: Check,
  config: PolicyConfig,
  rows: readonly FieldRow[],
): Generator<Violation> {
  for (const difference of check.differences) {
    if (difference.origin === 'pending' || policyFor(difference.kind, difference.path, rows) !== policy) continue
    const lowered = reasonToLower({ ...difference, isNotice: false }, config)
    yield violation(describeDifference(difference, check.tenant, rows), difference.severity, lowered)
  }
  for (const notice of check.notices) {
    if (policyFor(notice.kind, notice.path, rows) !== policy) continue
    const lowered = reasonToLower({ ...notice, touched: null, isNotice: true }, config)
    yield violation(describeNotice(notice, rows), notice.severity, lowered)
  }
}
