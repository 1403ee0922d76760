import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { FIELD_POLICY_DEFAULTS, KIND_POLICY_DEFAULTS, type PolicyDefaults } from '../../src/schema/policy-defaults.ts'
import { fieldPolicyName, guardedFields, KIND_POLICIES, type KindPolicy } from '../../src/schema/policy-list.ts'

/** docs/policies/README.md: all policies with their defaults. */
export function policyIndex(rows: readonly FieldRow[] = FIELDS): string {
  const kinds = Object.keys(KIND_POLICIES) as KindPolicy[]
  return [
    '# Policies',
    '',
    'Generated from `src/schema` (npm run generate). The pack has one policy for every field of an API and one for every other kind of finding. How to run',
    'and configure it: [the policy pack](../policies.md).',
    '',
    ...table(kinds.map((name) => [name, KIND_POLICIES[name], KIND_POLICY_DEFAULTS[name]])),
    '',
    ...table(guardedFields(rows).map((row) => [fieldPolicyName(row.path), row.sentence, FIELD_POLICY_DEFAULTS])),
    '',
  ].join('\n')
}

function table(policies: readonly (readonly [string, string, PolicyDefaults])[]): readonly string[] {
  return [
    '| policy | about | `enforcementLevel` | `severity_at_least` |',
    '| --- | --- | --- | --- |',
    ...policies.map(([name, about, { enforcementLevel, severityAtLeast }]) => {
      const cells = [`[${name}](${name}.md)`, about.replaceAll('|', '\\|'), enforcementLevel, severityAtLeast]
      return `| ${cells.join(' | ')} |`
    }),
  ]
}
