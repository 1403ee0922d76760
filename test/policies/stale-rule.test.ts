import { describe, expect, it } from 'vitest'
import type { StaleRule } from '../../src/schema/observed.ts'
import { RESOURCE_SERVER_TYPE } from '../../src/schema/state-contract.ts'
import { emptyObserved } from '../../src/schema/observed.ts'
import { levels, runPack, TENANT, tenantCheck } from './run-policies.ts'

const RULE: StaleRule = {
  state: 'unused',
  resource_server: 'https://orders*',
  path: 'signing_alg',
  owner: 'identity team',
  expires: '2026-12-01',
  file: 'tenant-drift.yaml',
  line: 4,
}

describe('stale-rule', () => {
  it.each([
    [
      {},
      /^The accept rule for signing_alg of https:\/\/orders\* \(tenant-drift\.yaml:4\), owner identity team, matches nothing: remove it\.$/,
    ],
    [
      { state: 'expired' },
      / expired on 2026-12-01 and no longer hides anything: remove it, or give it a new last day\.$/,
    ],
    [
      { state: 'expiring' },
      / expires on 2026-12-01 and then shows what it hides again: fix the difference, or give the rule a new last day\.$/,
    ],
    [
      { path: '', file: null, line: null },
      /^The accept rule for the whole of https:\/\/orders\*, owner identity team, matches nothing: remove it\.$/,
    ],
  ] as const)('%j: says what is the matter with the rule, whose it is, and what to do', (more, expected) => {
    const [said, ...others] = runPack([tenantCheck({}, { staleRules: [{ ...RULE, ...more }] })])
    expect(others).toEqual([])
    expect(said).toMatchObject({ policy: 'stale-rule', level: 'advisory', message: expect.stringMatching(expected) })
  })

  it('is mandatory for whoever makes it so, and says a rule once however many checks tell it', () => {
    const check = tenantCheck({}, { staleRules: [RULE, { ...RULE, path: 'name' }] })
    const reported = runPack([check, check], { 'stale-rule': { enforcementLevel: 'mandatory' } })
    expect(levels(reported)).toEqual(['stale-rule mandatory', 'stale-rule mandatory'])
  })

  it('is silent where no rule is stale', () => {
    expect(runPack([tenantCheck({})])).toEqual([])
  })
})

describe('a mistake in the configuration', () => {
  const invalid = (code: 'invalid_config' | 'invalid_declaration') => ({
    type: RESOURCE_SERVER_TYPE,
    props: {
      identifier: 'urn:a',
      observed: {
        ...emptyObserved('invalid'),
        tenant: TENANT,
        code,
        message: 'tenant-drift.yaml:2:5: owner is missing',
      },
      drift: {},
    },
  })

  it('is said once, for all the checks that read it', () => {
    const reported = runPack([invalid('invalid_config'), invalid('invalid_config'), invalid('invalid_config')])
    expect(levels(reported)).toEqual(['invalid-declaration mandatory'])
    expect(reported[0]?.message).toContain('This message is for all checks')
  })

  it('in each declaration is said for each', () => {
    const reported = runPack([invalid('invalid_declaration'), invalid('invalid_declaration')])
    expect(levels(reported)).toEqual(['invalid-declaration mandatory', 'invalid-declaration mandatory'])
  })

  it('is silent where a check is excluded', () => {
    const props = { identifier: 'urn:a', observed: emptyObserved('excluded'), drift: {} }
    expect(runPack([{ type: RESOURCE_SERVER_TYPE, props }])).toEqual([])
  })
})
