import type { FieldRow } from './field-row.ts'
import { FIELDS } from './fields.ts'
import type { Path } from './path.ts'

/** The row that says most about a path of a resource server: its own, or that of the nearest parent. A list's item is any `*`. */
export function rowAt(path: Path, rows: readonly FieldRow[] = FIELDS): FieldRow | null {
  for (let depth = path.length; depth > 0; depth--) {
    const steps = path.slice(0, depth)
    const row = rows.find((candidate) => matches(candidate.path.split('.'), steps))
    if (row !== undefined) return row
  }
  return null
}

function matches(pattern: readonly string[], steps: Path): boolean {
  return pattern.length === steps.length && pattern.every((step, index) => step === '*' || step === steps[index])
}
