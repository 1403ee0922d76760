import type { FieldRow } from '../src/schema/field-row.ts'
import { describeDifference } from './describe-difference.ts'
import { describeNotice } from './describe-notice.ts'
import { reasonToLower, type PolicyConfig } from './level.ts'
import type { Check, Difference } from './read-check.ts'
import type { Route } from './route.ts'
import { violation, type Violation } from './violation.ts'

/** The rows of the fields, and the policy that each difference reports under. */
export interface Catalogue {
  readonly rows: readonly FieldRow[]
  readonly route: Route
}

/** What of a check's differences and notices reports under one policy. Pending changes are no violation: applying the code makes them so. */
export function* reportDifferences(
  policy: string,
  check: Check,
  config: PolicyConfig,
  catalogue: Catalogue,
): Generator<Violation> {
  const { rows, route } = catalogue
  for (const difference of check.differences((kind, path) => route(kind, path) === policy)) {
    if (difference.origin === 'pending') continue
    const lowered = reasonToLower({ ...difference, isNotice: false }, config)
    const lines = [...describeDifference(difference, check.tenant, rows), ...aboutBase(difference, config)]
    yield violation(lines, difference.severity, lowered)
  }
  for (const notice of check.notices) {
    if (route(notice.kind, notice.path) !== policy) continue
    const lowered = reasonToLower({ ...notice, touched: null, isNotice: true }, config)
    yield violation(describeNotice(notice, rows), notice.severity, lowered)
  }
}

/** Without a base the change of a pull request itself looks like drift; whoever reads it should know the way out. */
function aboutBase({ kind, origin, touched }: Difference, { onlyTouched }: PolicyConfig): readonly string[] {
  if (touched !== null || origin === 'conflict') return []
  const canBePending = kind === 'changed' || kind === 'missing'
  if (onlyTouched && kind !== 'unmanaged' && kind !== 'unreadable') {
    return ['No base is known, so only_touched counts every API as touched (see TENANT_DRIFT_BASE).']
  }
  return canBePending
    ? ['No base is known: your own change that nobody has applied yet looks the same (see TENANT_DRIFT_BASE).']
    : []
}
