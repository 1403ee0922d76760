import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { compareSeverity, type Finding } from '../../src/schema/finding.ts'
import type { Drift } from '../../src/schema/observed.ts'
import { fieldPolicyName } from '../../src/schema/policy-list.ts'
import { policyNames } from '../support/policy-names.ts'
import { driftPolicies } from '../../policies/drift-policies.ts'
import { mutations } from '../support/corpus.ts'
import { compareOne } from '../support/scenes.ts'
import { API, runPack, serverCheck, tenantCheck } from './run-policies.ts'

/** What the provider puts into `drift`, as it comes back through the engine. */
function asDrift(findings: readonly Finding[]): Drift {
  const entries = findings.map(({ path, kind, origin, declared, base, live, direction, impact, severity, code }) => [
    path,
    { kind, origin, declared, base, live, direction, impact: impact ?? undefined, severity, code },
  ])
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)))
}

describe('every mutation of every row of the catalogue', () => {
  const cases = mutations().filter(({ row }) => row.compare !== 'secret')

  it('has cases of every guarded field but the secret', () => {
    const fields = new Set(cases.map(({ row }) => row.path.split('.')[0]))
    expect(policyNames().filter((name) => name.endsWith('-drift')).length).toBe(fields.size + 1)
  })

  it.each(cases)(
    '$title reports under the policy of its field, at the level of its severity',
    ({ row, declared, live }) => {
      const findings = compareOne({ declared, live, base: declared }).findings.filter((finding) => finding.counts)
      const drift = asDrift(findings)
      const policy = fieldPolicyName(row.path.split('.')[0] ?? '')
      const expected = findings.map(({ severity, kind }) => {
        if (kind === 'unreadable') return `unreadable-tenant ${severity} mandatory`
        return `${policy} ${severity} ${compareSeverity(severity, 'high') >= 0 ? 'mandatory' : 'advisory'}`
      })

      const server = runPack([serverCheck(drift, { touched: true })])
      const tenant = runPack([tenantCheck({ [API]: drift }, { touched: [API] })])

      expect(expected.length).toBeGreaterThan(0)
      expect(server.map((one) => `${one.policy} ${one.severity} ${one.level}`).toSorted()).toEqual(expected.toSorted())
      expect(tenant).toEqual(server)
      expect(
        server.every(({ message }) =>
          message.split('\n').every((line) => line.trim() !== '' && !line.includes('undefined')),
        ),
      ).toBe(true)
    },
  )
})

describe('the pack', () => {
  it('has exactly the policies that the catalogue and the kinds ask for', () => {
    expect(
      driftPolicies()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(policyNames().toSorted())
  })

  it('guards a new row of the catalogue without another line of code', () => {
    const [template] = FIELDS.filter((row) => row.path === 'allow_anonymous_access')
    const row = { ...(template as FieldRow), path: 'a_new_switch' }
    const rows = [...FIELDS, row]
    const entry = {
      kind: 'changed',
      origin: 'drift',
      declared: false,
      live: true,
      direction: 'weakened',
      severity: 'high',
    } as const

    const reported = runPack([serverCheck({ a_new_switch: entry }, { touched: true })], {}, rows)

    expect(driftPolicies(rows).map(({ name }) => name)).toContain('a-new-switch-drift')
    expect(reported.map(({ policy, level }) => `${policy} ${level}`)).toEqual(['a-new-switch-drift mandatory'])
    // Words of the row itself stand in for hand-written ones.
    expect(reported[0]?.message).toContain('nonymous sessions get tokens for this API')
  })

  it.each(driftPolicies())('$name has a level, a description and a configuration that Pulumi can check', (policy) => {
    expect(policy.description.length).toBeGreaterThan(10)
    expect(['mandatory', 'advisory']).toContain(policy.enforcementLevel)
    expect(Object.keys(policy.configSchema?.properties ?? {})).toEqual(['severity_at_least', 'only_touched'])
    expect(policy.configSchema?.properties.severity_at_least?.enum).toEqual(['low', 'medium', 'high', 'critical'])
  })
})
