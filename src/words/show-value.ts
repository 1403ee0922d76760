import { isHidden, type Shown } from '../schema/finding.ts'
import { canonicalText } from '../schema/json.ts'
import { HIDDEN_TEXT } from '../schema/observed.ts'
import { parsePath } from '../schema/path.ts'
import { rowAt } from '../schema/row-at.ts'
import { harmlessLine } from './harmless.ts'

/** Characters shown of a value. */
const MOST_OF_A_VALUE = 160

/** A value as one line of JSON, or (hidden); null where there is none. A value at a secret's place is hidden here once more. */
export function showValue(value: Shown | undefined, path: string, most: number = MOST_OF_A_VALUE): string | null {
  if (value === undefined) return null
  if (isHidden(value) || value === HIDDEN_TEXT) return HIDDEN_TEXT
  if (value !== null && isSecretPlace(path)) return HIDDEN_TEXT
  return harmlessLine(canonicalText(value), most)
}

function isSecretPlace(path: string): boolean {
  return rowAt(parsePath(path) ?? [path])?.compare === 'secret'
}
