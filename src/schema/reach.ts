import type { FieldRow, Reach } from './field-row.ts'
import { FIELDS } from './fields.ts'
import type { Path } from './path.ts'
import { rowAt } from './row-at.ts'

/** The reach of a row, or of the nearest parent that has one. */
export function reachOf(steps: Path, rows: readonly FieldRow[] = FIELDS): Reach {
  for (
    let path = rowAt(steps, rows)?.path ?? '';
    path !== '';
    path = path.slice(0, Math.max(path.lastIndexOf('.'), 0))
  ) {
    const reach = rows.find((row) => row.path === path)?.reach
    if (reach !== undefined) return reach
  }
  return EVERYONE
}

const EVERYONE: Reach = { hits: 'everyone' }
