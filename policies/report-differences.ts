import type { FieldRow } from '../src/schema/field-row.ts'
import { textOrNull } from '../src/schema/json.ts'
import { describeDifference } from './describe-difference.ts'
import { describeNotice } from './describe-notice.ts'
import { reasonToLower, type PolicyConfig } from './level.ts'
import type { Check, Difference } from './read-check.ts'
import type { Route } from './route.ts'
import { showName } from '../src/words/show.ts'
import { violation, type Violation } from './violation.ts'

/** The rows of the fields, the policy that each difference reports under, and what the pack has said once already. */
export interface Catalogue {
  readonly rows: readonly FieldRow[]
  readonly route: Route
  readonly said: Set<string>
}

/** What of a check's differences and notices reports under one policy. Pending changes are no violation: applying the code makes them so. */
export function* reportDifferences(
  policy: string,
  check: Check,
  config: PolicyConfig,
  catalogue: Catalogue,
): Generator<Violation> {
  const { rows, route, said } = catalogue
  for (const difference of check.differences((kind, path) => route(kind, path) === policy)) {
    if (difference.origin === 'pending') continue
    const lowered = reasonToLower({ ...difference, isNotice: false }, config)
    const base = baseRemarks(difference, config, check).filter((line) => !said.has(line))
    for (const line of base) said.add(line)
    yield violation(
      [...describeDifference(difference, check.tenant, rows), ...base],
      difference.severity,
      lowered,
      difference.identifier,
    )
  }
  for (const notice of check.notices) {
    if (route(notice.kind, notice.path) !== policy) continue
    const lowered = reasonToLower({ ...notice, touched: null, isNotice: true }, config)
    yield violation(describeNotice(notice, rows), notice.severity, lowered)
  }
}

/** Without a base the change of a pull request itself looks like drift; whoever reads it should know the way out, and reads it once. */
function baseRemarks(
  { kind, origin, touched, isBaseUnknown }: Difference,
  { onlyTouched }: PolicyConfig,
  { observed, tenant }: Check,
): readonly string[] {
  if (isBaseUnknown) {
    return ['This state does not keep what was declared before. Until the next up, your own change looks like drift.']
  }
  if (touched !== null || origin === 'conflict') return []
  const stateTenant = textOrNull(observed.stateTenant)
  if (stateTenant !== null && tenant !== null) {
    return [
      `The state is of ${showName(stateTenant)}, so it is not a base for ${showName(tenant)}: your own change that is not applied yet looks like drift (see TENANT_DRIFT_BASE).`,
    ]
  }
  const canBePending = kind === 'changed' || kind === 'missing'
  if (onlyTouched && kind !== 'unmanaged' && kind !== 'unreadable') {
    return ['No base is known, so only_touched counts every API as touched (see TENANT_DRIFT_BASE).']
  }
  return canBePending
    ? ['No base is known: your own change that is not applied yet looks like drift (see TENANT_DRIFT_BASE).']
    : []
}
