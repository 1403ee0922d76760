import type { FieldRow, Reach } from './field-row.ts'
import { FIELDS } from './fields.ts'
import type { Path } from './path.ts'
import { rowAt, rowsUpward } from './row-at.ts'

/** The reach of a row, or of the nearest parent that has one. */
export function reachOf(steps: Path, rows: readonly FieldRow[] = FIELDS): Reach {
  for (const { reach } of rowsUpward(rowAt(steps, rows), rows)) if (reach !== undefined) return reach
  return EVERYONE
}

const EVERYONE: Reach = { hits: 'everyone' }
