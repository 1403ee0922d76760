import type { FieldRow } from '../src/schema/field-row.ts'
import { WHOLE_API } from '../src/schema/observed.ts'
import { messageOf } from '../src/words/finding.ts'
import { lowered, mendOf, stakeOf } from '../src/words/stakes.ts'
import type { Told } from '../src/words/told.ts'
import type { Difference } from './read-check.ts'

/** A difference in three short lines: what stands where, what it means for whom, how to mend it. The words are those of reports. */
export function describeDifference(
  difference: Difference,
  tenant: string | null,
  rows: readonly FieldRow[],
): readonly string[] {
  const told = toldOf(difference, tenant)
  const label = difference.origin === 'conflict' ? 'Conflict' : 'Fix'
  return [messageOf(told, rows), stakeOf(told, rows), `${label}: ${lowered(mendOf(told, rows))}`]
}

function toldOf({ path, values, code, bearers, ...rest }: Difference, tenant: string | null): Told {
  return {
    ...rest,
    path: path === WHOLE_API ? '' : path,
    ...values,
    ...(code === null ? {} : { code }),
    ...(tenant === null ? {} : { tenant }),
    ...(bearers === null ? {} : { apis: bearers.apis, on: bearers.identifiers.map((identifier) => ({ identifier })) }),
  }
}
