import type { FieldRow } from '../src/schema/field-row.ts'
import { WHOLE_API } from '../src/schema/observed.ts'
import { messageOf, messageOfEach } from '../src/words/finding.ts'
import { firstNames, plural } from '../src/words/plural.ts'
import { showName } from '../src/words/show.ts'
import { mendOf, stakeOf } from '../src/words/stakes.ts'
import type { Told } from '../src/words/told.ts'
import type { NoticedDifference } from './read-check.ts'

/** A group of notices in a few short lines: the same setting at the same value is one, on however many APIs. The words are those of reports. */
export function describeNotice(notice: NoticedDifference, rows: readonly FieldRow[]): readonly string[] {
  const { path, values, code, apis, identifiers, ...rest } = notice
  const [only] = identifiers
  const isOne = apis === 1 && only !== undefined
  const told: Told = {
    ...rest,
    identifier: isOne ? only : null,
    path: path === WHOLE_API ? '' : path,
    ...values,
    ...(code === null ? {} : { code }),
  }
  return [
    ...(isOne ? [messageOf(told, rows)] : [messageOfEach(told, rows), `On ${apisText(notice)}.`]),
    stakeOf(told, rows),
    mendOf(told, rows),
  ]
}

/** How many, and the names that the notice has. */
function apisText({ apis, identifiers }: NoticedDifference): string {
  const names = firstNames(identifiers.map(showName), identifiers.length, apis)
  return `${plural(apis, 'API')}${identifiers.length === 0 ? '' : `: ${names}`}`
}
