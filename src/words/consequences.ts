import type { Direction, Impact, Severity } from '../schema/finding.ts'
import type { FieldRow, Words } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import { rowsUpward } from '../schema/row-at.ts'

/** What a difference at a row means, in one sentence for people. Never empty. */
export function consequence(
  row: FieldRow | null,
  judgement: { readonly direction: Direction; readonly severity: Severity; readonly impact: Impact | null },
  rows: readonly FieldRow[] = FIELDS,
): string {
  const words = rowWords(row, rows)
  const { direction, severity, impact } = judgement
  const said =
    (impact === 'breaks-clients' ? words.breaks : undefined) ?? words[`${direction}.${severity}`] ?? words[direction]
  return said ?? sentence(row?.[direction] ?? GENERIC[direction])
}

const GENERIC: Readonly<Record<Direction, string>> = {
  weakened: 'the live value is less safe than the declared one',
  strengthened: 'the live value is safer than the declared one, and not what was agreed',
  neutral: 'the API does not behave as the code says',
}

/** The way out of a difference at a field that nobody can set back; null where it has none of its own. */
export function wayOut(row: FieldRow | null): string | null {
  return row?.words?.mend ?? null
}

/** What is said of an API whose identifier the tenant has otherwise written. */
export const NEAR_TWIN = {
  differs: 'which differs only in a trailing slash or in letter case',
  mend: 'Identifiers must match exactly: write it as the tenant has it.',
} as const

/** The words of a row, or of the nearest parent that has some. */
function rowWords(row: FieldRow | null, rows: readonly FieldRow[]): Words {
  if (row?.words !== undefined) return row.words
  for (const { words } of rowsUpward(row, rows)) if (words !== undefined) return words
  return {}
}

function sentence(phrase: string): string {
  const text = phrase.charAt(0).toUpperCase() + phrase.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}
