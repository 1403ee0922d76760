import { consequence } from '../src/words/consequences.ts'
import type { FieldRow } from '../src/schema/field-row.ts'
import { parsePath } from '../src/schema/path.ts'
import { rowAt } from '../src/schema/row-at.ts'
import type { NoticeGroup } from './read-check.ts'
import { isVeiled, meaningLine, showName, showValue, sides, VEILED } from './show-values.ts'

/** A group of notices in a few short lines: the same setting at the same value is one, on however many APIs. */
export function describeNotice(notice: NoticeGroup, rows: readonly FieldRow[]): readonly string[] {
  const { kind, path, values } = notice
  const row = rowAt(parsePath(path) ?? [path], rows)
  const where = apisText(notice)
  switch (kind) {
    case 'unmanaged':
      return [
        `In the tenant, and declared nowhere: ${where}.`,
        'Nobody reviews their settings, and clients may already get tokens for them.',
        'Mend: declare them, list them under managed_elsewhere, or record the tenant as it stands; then a new one counts.',
      ]
    case 'undeclared':
      return [
        `${showName(path)} is ${values.live === undefined ? 'not set' : showValue(values.live, row)}, declared nowhere: ${where}.`,
        meaningLine(notice, consequence(row, notice)),
        'Mend: declare it, or record the tenant as it stands; then any change of it counts.',
      ]
    case 'unknown-field':
      return [
        `${showName(path)} is a field this version of tenant-drift does not know${values.live === undefined ? '' : ` (${showValue(values.live, row)})`}: ${where}.`,
        'Look at it in the dashboard; a newer tenant-drift may know it. Once the tenant is recorded, any change of it counts.',
      ]
    case 'not-compared':
      return [
        `${showName(path)} is declared and was not compared: ${where}.`,
        'Nothing is claimed about it: neither in sync nor drifted. A newer tenant-drift may know it.',
      ]
    case 'weaker-declaration':
      return weaker(notice, row, where)
    case 'changed':
    case 'missing':
    case 'unreadable':
      return [`${path === '' ? 'Accepted' : showName(path)}: ${sides(values, row, 'before')}; accepted on ${where}.`]
  }
}

function weaker(notice: NoticeGroup, row: FieldRow | null, where: string): readonly string[] {
  const { path, values } = notice
  const review = 'For the review to see: it is this code that says so, and nobody in the tenant.'
  if (path === '')
    return [`This change hands over to managed_elsewhere: ${where}.`, 'Nothing watches it from here on.', review]
  if (values.declared === undefined) {
    const before = values.base === undefined ? '' : ` (before: ${showValue(values.base, row)})`
    return [
      `This change no longer declares ${showName(path)}${before}: ${where}.`,
      'Nothing watches its value from here on.',
      review,
    ]
  }
  if (isVeiled(values, row)) {
    return [`This change declares another value of ${showName(path)}: ${where}.`, VEILED, review]
  }
  return [
    `This change declares ${showName(path)} less safe: ${showValue(values.declared, row)}, before ${values.base === undefined ? 'nothing' : showValue(values.base, row)}; on ${where}.`,
    meaningLine(notice, consequence(row, notice)),
    review,
  ]
}

/** Names as many APIs as the notice does. */
export function apisText({ apis, identifiers }: Pick<NoticeGroup, 'apis' | 'identifiers'>): string {
  if (identifiers.length === 0) return apis === 1 ? '1 API' : `${apis} APIs`
  const names = identifiers.map((name) => showName(name)).join(', ')
  return apis > identifiers.length ? `${names} and ${apis - identifiers.length} more` : names
}
