import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { fieldPolicyName } from '../../src/schema/policy-list.ts'
import { table } from './words-tables.ts'

/** docs/fields.md: the catalogue as a table for people. */
export function fieldsTable(rows: readonly FieldRow[] = FIELDS): string {
  const head = ['field', 'what it does', 'absent equals', 'less safe when', 'safer when', 'neither when', 'policy']
  return [
    '# Fields',
    '',
    'One row per field of a resource server, generated from `src/schema/fields.ts`. "Absent equals" says which values mean the same as a key',
    'that is not there. Directions are those of the live value against the declared one.',
    '',
    table(head, rows.map(cells)),
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
