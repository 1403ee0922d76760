import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { fieldPolicyName } from '../../src/schema/policy-list.ts'

/** docs/fields.md: the catalogue as a table for people. */
export function fieldsTable(rows: readonly FieldRow[] = FIELDS): string {
  const lines = rows.map((row) => `| ${cells(row).map(escapeCell).join(' | ')} |`)
  return [
    '# Fields',
    '',
    'One row per field of a resource server, generated from `src/schema/fields.ts`. "Absent equals" says which values mean the same as a key',
    'that is not there. Directions are those of the live value against the declared one.',
    '',
    '| field | what it does | absent equals | less safe when | safer when | neither when | policy |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

function cells(row: FieldRow): readonly string[] {
  const top = row.path.split('.')[0] ?? row.path
  const absent =
    row.presence === 'always'
      ? 'always present'
      : ['null', ...row.absentEquals.map((value) => JSON.stringify(value))].join(', ')
  return [
    `\`${row.path}\``,
    `[${row.sentence}](${row.link})`,
    absent,
    row.weakened ?? '-',
    row.strengthened ?? '-',
    row.neutral ?? '-',
    row.path === 'identifier' ? '-' : `\`${fieldPolicyName(top)}\``,
  ]
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
