import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { FIELD_POLICY_DEFAULTS, KIND_POLICY_DEFAULTS, type PolicyDefaults } from '../../src/schema/policy-defaults.ts'
import { fieldPolicyName, guardedFields, KIND_POLICIES, type KindPolicy } from '../../src/schema/policy-list.ts'
import { table } from './words-tables.ts'

/** docs/policies/README.md: all policies with their defaults. */
export function policyIndex(rows: readonly FieldRow[] = FIELDS): string {
  const kinds = Object.keys(KIND_POLICIES) as KindPolicy[]
  return [
    '# Policies',
    '',
    'Generated from `src/schema` (npm run generate). The pack has one policy for every field of an API and one for every other kind of finding. How to run',
    'and configure it: [the policy pack](../policies.md).',
    '',
    policyTable(kinds.map((name) => [name, KIND_POLICIES[name], KIND_POLICY_DEFAULTS[name]])),
    '',
    policyTable(guardedFields(rows).map((row) => [fieldPolicyName(row.path), row.sentence, FIELD_POLICY_DEFAULTS])),
    '',
  ].join('\n')
}

function policyTable(policies: readonly (readonly [string, string, PolicyDefaults])[]): string {
  const rows = policies.map(([name, about, { enforcementLevel, severityAtLeast }]) => [
    `[${name}](${name}.md)`,
    about,
    enforcementLevel,
    severityAtLeast,
  ])
  return table(['policy', 'about', '`enforcementLevel`', '`severity_at_least`'], rows)
}
