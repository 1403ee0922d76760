import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import { isHidden, type Hidden, type Shown } from '../schema/finding.ts'
import { canonicalText } from '../schema/json.ts'
import { HIDDEN_TEXT } from '../schema/observed.ts'
import { parsePath } from '../schema/path.ts'
import { rowAt } from '../schema/row-at.ts'
import { harmlessLine } from './harmless.ts'

/** Characters shown of a value. */
const MOST_OF_A_VALUE = 160

/** A value as one line of JSON, or (hidden); null where there is none. A value at a secret's place is hidden here once more. */
export function showValue(
  value: Shown | undefined,
  path: string,
  most: number = MOST_OF_A_VALUE,
  rows: readonly FieldRow[] = FIELDS,
): string | null {
  if (value === undefined) return null
  if (isHiddenText(value)) return HIDDEN_TEXT
  if (value !== null && rowAt(parsePath(path) ?? [path], rows)?.compare === 'secret') return HIDDEN_TEXT
  return harmlessLine(canonicalText(value), most)
}

/** Whether something stands in place of a secret. */
export function isHiddenText(value: unknown): value is Hidden | typeof HIDDEN_TEXT {
  return value === HIDDEN_TEXT || isHidden(value)
}
