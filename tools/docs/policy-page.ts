import { consequence, wayOut } from '../../src/words/consequences.ts'
import { examplesOf, worstExample, type Example } from '../../src/schema/examples.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { compareSeverity } from '../../src/schema/finding.ts'
import { sameJson, type Json } from '../../src/schema/json.ts'
import { HIDDEN_TEXT } from '../../src/schema/observed.ts'
import { FIELD_POLICY_DEFAULTS } from '../../src/schema/policy-defaults.ts'
import { fieldPolicyName, guardedFields } from '../../src/schema/policy-list.ts'
import { code, table } from './words-tables.ts'

/** docs/policies/NAME.md of every policy that guards a field: its text by file name. A new row of the catalogue gets its page this way. */
export function fieldPolicyPages(rows: readonly FieldRow[] = FIELDS): Readonly<Record<string, string>> {
  const pages = guardedFields(rows).map((row): [string, string] => [
    `${fieldPolicyName(row.path)}.md`,
    fieldPolicyPage(row, rows),
  ])
  return Object.fromEntries(pages)
}

/** One page: what, what passes, what fails, why, how to mend, how to configure. */
function fieldPolicyPage(field: FieldRow, rows: readonly FieldRow[]): string {
  const name = fieldPolicyName(field.path)
  const covered = [field, ...rows.filter((row) => row.path.startsWith(`${field.path}.`))]
  const example = worstExample(covered, rows)
  return [
    `# ${name}`,
    '',
    `Generated from the field catalogue and \`src/words/consequences.ts\` (npm run generate).`,
    '',
    '## What it reports',
    '',
    `\`${field.path}\` is live as it is declared. ${field.sentence} ([reference](${field.link}))`,
    '',
    'It reports a finding of kind [changed](../findings/changed.md) at this field or anywhere below it: the tenant holds another value than the',
    'code declares, and the code did not change it. If both did, it is a conflict. A value of your own change that nobody has applied yet is',
    'pending, and no violation.',
    '',
    coverage(covered),
    '',
    '## Passes',
    '',
    ...passes(field, example),
    '',
    '## Fails',
    '',
    ...fails(example),
    '',
    ...severities(covered, rows),
    '## Why it matters',
    '',
    whyText(field, covered, rows),
    '',
    '## How to mend',
    '',
    ...mendText(field),
    '',
    '## How to configure',
    '',
    ...configureText(name),
    '',
  ].join('\n')
}

function coverage(covered: readonly FieldRow[]): string {
  const judged = covered.filter(
    (row) => row.compare !== 'key' && row.compare !== 'public-key' && row.perMember !== true,
  )
  const rows = judged.map((row) => [
    code(row.path),
    ...[row.weakened, row.strengthened, row.neutral].map((text) => text ?? '-'),
  ])
  return table(['at', 'less safe when', 'safer when', 'neither when'], rows)
}

function shown(row: FieldRow, value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  return row.compare === 'secret' ? HIDDEN_TEXT : JSON.stringify(value)
}

function at(row: FieldRow): string {
  return row.compare === 'map' ? `${row.path}.*` : row.path
}

function passes(field: FieldRow, example: Example | null): readonly string[] {
  if (example === null)
    return [`Declared and live \`${field.path}\` are the same, or \`${field.path}\` is not declared at all.`]
  const { row } = example
  const said = shown(row, example.declared ?? example.live)
  const same = [...row.absentEquals.filter((value) => !sameJson(value, {})), null]
  const absent =
    row.presence === 'always' || row.required === true
      ? []
      : [`A key that is absent live equals ${same.map((value) => `\`${JSON.stringify(value)}\``).join(' and ')}.`]
  return [
    `\`${at(row)}\`: declared \`${said}\`, live \`${said}\`. So does a field that is not declared at all.`,
    ...absent,
  ]
}

function fails(example: Example | null): readonly string[] {
  if (example === null) return ['Declared and live differ.']
  const { row, declared, live, judgement } = example
  const impact = judgement.impact === null ? '' : ', stops clients'
  return [
    `\`${at(row)}\`: declared \`${shown(row, declared)}\`, live \`${shown(row, live)}\` (${judgement.direction}, ${judgement.severity}${impact}):`,
    '',
    `> ${consequence(row, judgement)}`,
  ]
}

/** What the samples of the catalogue are judged as; a reader sees where the line between mandatory and advisory runs. */
function severities(covered: readonly FieldRow[], rows: readonly FieldRow[]): readonly string[] {
  const examples = covered.flatMap((row) => distinctly(examplesOf(row, rows)))
  if (examples.length === 0) return []
  return [
    'Some changes and how they are judged, all siblings at their defaults:',
    '',
    table(
      ['at', 'declared', 'live', 'direction', 'severity', 'by default'],
      examples.map(({ row, declared, live, judgement }) => {
        const isGrave = compareSeverity(judgement.severity, FIELD_POLICY_DEFAULTS.severityAtLeast) >= 0
        return [
          code(row.path),
          code(shown(row, declared)),
          code(shown(row, live)),
          judgement.impact === null ? judgement.direction : `${judgement.direction}, stops clients`,
          judgement.severity,
          isGrave ? FIELD_POLICY_DEFAULTS.enforcementLevel : 'advisory',
        ]
      }),
    ),
    '',
  ]
}

/** The first example of every way a row's changes are judged. */
function distinctly(examples: readonly Example[]): readonly Example[] {
  const judgements = examples.map(({ judgement }) => JSON.stringify(judgement))
  return examples.filter((_, index) => judgements.indexOf(judgements[index] ?? '') === index)
}

function whyText(field: FieldRow, covered: readonly FieldRow[], rows: readonly FieldRow[]): string {
  const why = field.words?.why
  if (why !== undefined) return why
  const worst = worstExample(covered, rows)
  return worst === null ? field.sentence : consequence(worst.row, worst.judgement)
}

function mendText(field: FieldRow): readonly string[] {
  const way = wayOut(field)
  if (way !== null) return [`Nobody can set this back. Find out in the tenant log what happened. ${way}`]
  if (field.setBy === 'tenant') {
    return [
      'Nobody can set this back. Find out in the tenant log what happened, mend what hung on the old value, and take the live value into the code.',
    ]
  }
  return [
    '- Somebody changed it by mistake: set it back in the tenant, in the dashboard or with `pulumi up` of the stack that owns the API.',
    '- Somebody changed it on purpose: take the live value into the code, so that the next review sees it.',
    '- A conflict: agree on one value first. Applying the code overwrites what somebody did in the tenant.',
    ...(field.setBy === 'entitlement'
      ? ['- The field depends on the plan of the tenant: one that lost the plan may have dropped the value.']
      : []),
  ]
}

function configureText(name: string): readonly string[] {
  const config = {
    [name]: {
      enforcementLevel: FIELD_POLICY_DEFAULTS.enforcementLevel,
      severity_at_least: 'medium',
      only_touched: true,
    },
  }
  return [
    'In the file given to `--policy-pack-config`:',
    '',
    '```json',
    JSON.stringify(config, null, 2),
    '```',
    '',
    `\`enforcementLevel\` is \`mandatory\` (the default), \`advisory\` or \`disabled\`, and is the ceiling. \`severity_at_least\` (default`,
    `\`${FIELD_POLICY_DEFAULTS.severityAtLeast}\`) makes what is less severe advisory; \`only_touched\` (default \`false\`) makes drift of APIs that this change does not`,
    'touch advisory. A conflict is never lowered. All policies: [the list](README.md).',
  ]
}
