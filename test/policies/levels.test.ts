import { describe, expect, it } from 'vitest'
import type { Notice } from '../../src/schema/observed.ts'
import {
  API,
  CHECKS,
  DRIFTED,
  levels,
  runPack,
  serverCheck,
  TENANT,
  tenantCheck,
  type PackConfig,
} from './run-policies.ts'

const forms = Object.entries(CHECKS)
const low = { ...DRIFTED, severity: 'low' } as const
const medium = { ...DRIFTED, severity: 'medium' } as const
const high = { ...DRIFTED, severity: 'high' } as const
const conflict = { ...low, origin: 'conflict', base: 'PS256' } as const
const unreadable = { ...low, kind: 'unreadable', origin: null, code: 'wrong_type' } as const
const touchedOnly: PackConfig = { 'signing-alg-drift': { only_touched: true } }

describe.each(forms)('levels over a %s', (_form, check) => {
  it.each([
    ['a critical drift is mandatory', { signing_alg: DRIFTED }, {}, 'signing-alg-drift mandatory'],
    ['a high drift is mandatory', { signing_alg: high }, {}, 'signing-alg-drift mandatory'],
    ['a medium drift is advisory', { signing_alg: medium }, {}, 'signing-alg-drift advisory'],
    ['a low drift is advisory', { signing_alg: low }, {}, 'signing-alg-drift advisory'],
    ['a low conflict is mandatory', { signing_alg: conflict }, {}, 'signing-alg-drift mandatory'],
    ['a nested drift is its field’s', { 'scopes["a.b"].description': high }, {}, 'scopes-drift mandatory'],
    ['a field nobody guards has a policy all the same', { from_another_version: low }, {}, 'unknown-field mandatory'],
    [
      'what is unreadable is mandatory, however severe',
      { token_lifetime: unreadable },
      {},
      'unreadable-tenant mandatory',
    ],
    ['a missing API is mandatory', { identifier: { ...high, kind: 'missing' } }, {}, 'missing-api mandatory'],
    [
      'a counting unmanaged API is mandatory',
      { identifier: { ...medium, kind: 'unmanaged' } },
      {},
      'unmanaged-api mandatory',
    ],
    [
      'a counting undeclared setting is mandatory',
      { token_lifetime: { ...low, kind: 'undeclared' } },
      {},
      'undeclared-setting mandatory',
    ],
    [
      'a counting unknown field is mandatory',
      { news: { ...medium, kind: 'unknown-field' } },
      {},
      'unknown-field mandatory',
    ],
    [
      'severity_at_least moves the line down',
      { signing_alg: medium },
      { 'signing-alg-drift': { severity_at_least: 'medium' } },
      'signing-alg-drift mandatory',
    ],
    [
      'severity_at_least moves the line up',
      { signing_alg: high },
      { 'signing-alg-drift': { severity_at_least: 'critical' } },
      'signing-alg-drift advisory',
    ],
    [
      'severity_at_least never lowers a conflict',
      { signing_alg: conflict },
      { 'signing-alg-drift': { severity_at_least: 'critical' } },
      'signing-alg-drift mandatory',
    ],
    [
      'severity_at_least never lowers the unreadable',
      { signing_alg: unreadable },
      { 'unreadable-tenant': { severity_at_least: 'critical' } },
      'unreadable-tenant mandatory',
    ],
    [
      'the configured level is the ceiling',
      { signing_alg: DRIFTED },
      { 'signing-alg-drift': { enforcementLevel: 'advisory' } },
      'signing-alg-drift advisory',
    ],
    [
      'the ceiling holds for a conflict too',
      { signing_alg: conflict },
      { 'signing-alg-drift': { enforcementLevel: 'advisory' } },
      'signing-alg-drift advisory',
    ],
  ] as const)('%s', (_title, drift, config, expected) => {
    expect(levels(runPack([check(drift, true)], config))).toEqual([expected])
  })

  it('says nothing under a disabled policy, and nothing elsewhere in its place', () => {
    const reported = runPack([check({ signing_alg: DRIFTED }, true)], {
      'signing-alg-drift': { enforcementLevel: 'disabled' },
    })
    expect(reported).toEqual([])
  })

  it.each([
    ['of an API that this change does not touch is advisory', DRIFTED, false, 'advisory'],
    ['of an API that it touches stays', DRIFTED, true, 'mandatory'],
    ['stays where no base is known', DRIFTED, undefined, 'mandatory'],
    ['that is a conflict stays', conflict, false, 'mandatory'],
  ] as const)('with only_touched, drift %s', (_title, entry, touched, level) => {
    expect(levels(runPack([check({ signing_alg: entry }, touched)], touchedOnly))).toEqual([
      `signing-alg-drift ${level}`,
    ])
  })

  it.each([
    ['unmanaged', true, 'unmanaged-api advisory'],
    ['unmanaged', undefined, 'unmanaged-api advisory'],
    ['missing', false, 'missing-api advisory'],
    ['missing', true, 'missing-api mandatory'],
    ['unreadable', false, 'unreadable-tenant mandatory'],
  ] as const)('with only_touched, %s of an API touched: %s is %s', (kind, touched, expected) => {
    const policy = expected.split(' ')[0] ?? ''
    const reported = runPack([check({ identifier: { ...high, kind } }, touched)], { [policy]: { only_touched: true } })
    expect(levels(reported)).toEqual([expected])
  })

  it('says under only_touched that no base is known', () => {
    const [reported] = runPack([check({ signing_alg: DRIFTED })], touchedOnly)
    expect(reported?.message).toContain('No base is known, so only_touched counts every API as touched')
  })

  it('says why a violation is advisory', () => {
    const [lowered] = runPack([check({ signing_alg: medium }, true)])
    const [untouched] = runPack([check({ signing_alg: high }, false)], touchedOnly)
    expect(lowered?.message).toContain('Advisory: medium is below severity_at_least (high).')
    expect(untouched?.message).toContain('Advisory: this change does not touch this API (only_touched).')
  })
})

describe('levels', () => {
  it('never raises: no violation names a level but advisory', () => {
    const entries = [DRIFTED, low, conflict].map((entry) =>
      runPack([serverCheck({ signing_alg: entry })], { 'signing-alg-drift': { enforcementLevel: 'remediate' } }),
    )
    expect(entries.flat().map(({ level }) => level)).toEqual(['remediate', 'advisory', 'remediate'])
  })

  it('is silent in sync, over pending changes and over other resources', () => {
    const pending = { ...DRIFTED, origin: 'pending' } as const
    const other = { type: 'aws:s3/bucket:Bucket', props: { drift: { signing_alg: DRIFTED } } }
    const resources = [
      serverCheck({}),
      tenantCheck({}),
      serverCheck({}, { pending: { signing_alg: pending } }),
      serverCheck({ signing_alg: pending }),
      other,
    ]
    expect(runPack(resources)).toEqual([])
  })

  it('takes a difference of the tenant itself as touched by no change', () => {
    const check = tenantCheck({ [TENANT]: { news: { ...medium, kind: 'unknown-field' } } }, { touched: [API] })
    expect(levels(runPack([check], { 'unknown-field': { only_touched: true } }))).toEqual(['unknown-field advisory'])
  })

  const notice = (kind: Notice['kind'], path: string): Notice => ({
    kind,
    path,
    direction: 'weakened',
    severity: 'critical',
    apis: 1,
    identifiers: [API],
  })

  it.each([
    ['undeclared', 'allow_offline_access', 'undeclared-setting'],
    ['unmanaged', '', 'unmanaged-api'],
    ['unknown-field', 'news', 'unknown-field'],
  ] as const)('%s that never counts is advisory even where its policy is mandatory', (kind, path, policy) => {
    const check = tenantCheck({}, { notices: [notice(kind, path)] })
    expect(levels(runPack([check], { [policy]: { enforcementLevel: 'mandatory' } }))).toEqual([`${policy} advisory`])
  })

  it('has weaker declarations advisory, and mandatory for whoever says so', () => {
    const check = serverCheck({}, { notices: [notice('weaker-declaration', 'signing_alg')] })
    const asked = { 'weaker-declaration': { enforcementLevel: 'mandatory', only_touched: true } } as const
    expect(levels(runPack([check]))).toEqual(['weaker-declaration advisory'])
    expect(levels(runPack([check], asked))).toEqual(['weaker-declaration mandatory'])
  })
})
