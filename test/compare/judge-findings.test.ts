import { describe, expect, it } from 'vitest'
import { judgeFindings, type Comparison } from '../../src/compare/front.ts'
import type { JudgeOptions } from '../../src/compare/judge-findings.ts'
import { pathPattern } from '../../src/schema/accept-path.ts'
import { HIDDEN, type Finding, type FindingKind, type Severity } from '../../src/schema/finding.ts'
import { parsePath } from '../../src/schema/path.ts'
import type { AcceptRule, PlacedRule } from '../../src/schema/accept-rule.ts'
import type { Report, ReportFinding } from '../../src/schema/report.ts'

const finding = (parts: Partial<Finding> = {}): Finding => ({
  kind: 'changed',
  identifier: 'urn:orders',
  path: 'signing_alg',
  origin: 'drift',
  counts: true,
  declared: 'RS256',
  live: 'HS256',
  direction: 'weakened',
  impact: null,
  severity: 'critical',
  fingerprint: `${parts.identifier ?? 'urn:orders'} ${parts.path ?? 'signing_alg'} ${parts.kind ?? 'changed'}`,
  file: null,
  line: null,
  ...parts,
})

const comparison = (findings: readonly Finding[], touched: readonly string[] | null = null): Comparison => ({
  tenant: 'acme.eu.auth0.com',
  verdict: 'drifted',
  findings,
  summary: { declared: 1, live: 2, adopted: 0, elsewhere: 0 },
  touched,
  notes: [],
})

const rule = (parts: Partial<AcceptRule> = {}): PlacedRule => ({
  rule: {
    resource_server: 'urn:*',
    path: 'signing_alg',
    reason: 'being moved',
    owner: 'team-a',
    expires: '2026-12-31',
    ...parts,
  },
  file: 'tenant-drift.yaml',
  line: 3,
})

const judge = (
  findings: readonly Finding[],
  options: Partial<JudgeOptions> = {},
  touched: readonly string[] | null = null,
) =>
  judgeFindings(comparison(findings, touched), {
    gate: 'all',
    rules: [],
    usedElsewhere: new Set(),
    today: '2026-11-24',
    previous: null,
    onlyNew: false,
    failOn: 'any',
    strictRules: false,
    targets: null,
    ...options,
  })

const previousWith = (...findings: readonly Partial<ReportFinding>[]): Report =>
  ({ findings: findings.map((each) => ({ ...finding(), seen: null, touched: null, ...each })) }) as unknown as Report

describe('the path of an accept rule', () => {
  it.each([
    ['signing_alg', 'signing_alg', true],
    ['scopes', 'scopes.read:orders.description', true],
    ['scopes.*', 'scopes.read:orders', true],
    ['scopes.*.description', 'scopes.read:orders.description', true],
    ['scopes["a.b"]', 'scopes["a.b"]', true],
    ['**.policy', 'subject_type_authorization.user.policy', true],
    ['**', 'signing_alg', true],
    ['**', '', true],
    ['', '', true],
    ['/scopes/read:orders', 'scopes.read:orders', true],
    ['/scopes/a~1b~0c', 'scopes.a/b~c', true],
    ['/scopes/*', 'scopes.*', true],
    ['', 'signing_alg', false],
    ['signing', 'signing_alg', false],
    ['scopes.*', 'scopes', false],
    ['scopes.read:orders', 'scopes.write:orders', false],
    ['*.policy', 'subject_type_authorization.user.policy', false],
    ['/scopes/*', 'scopes.read:orders', false],
    ['/signing_alg', 'scopes', false],
  ])('%j against %j is %j', (pattern, path, expected) => {
    expect(pathPattern(pattern)?.(parsePath(path) ?? [])).toBe(expected)
  })

  it.each(['a..b', 'a[', '/a~2', '.a'])('%j is none', (pattern) => {
    expect(pathPattern(pattern)).toBeNull()
  })
})

describe('accept rules', () => {
  it.each<[string, Partial<AcceptRule>, Partial<Finding>]>([
    ['another API', { resource_server: 'https://*' }, {}],
    ['another path', { path: 'scopes' }, {}],
    ['another kind', { kind: 'missing' }, {}],
    ['another live value', { live: 'PS256' }, {}],
    ['a hidden value, whatever it is', { path: 'signing_secret', live: 'x' }, { path: 'signing_secret', live: HIDDEN }],
    ['anything after its last day', { expires: '2026-11-23' }, {}],
    ['what could not be read', { path: '**' }, { kind: 'unreadable', path: '' }],
    ['a weaker declaration, unless it says so', { path: '**' }, { kind: 'weaker-declaration', counts: false }],
    ['what the code is about to change', {}, { origin: 'pending', counts: false }],
    ['a finding of the tenant, unless it is for all APIs', { path: '**' }, { identifier: null, kind: 'unknown-field' }],
  ])('do not hide %s', (_what, parts, about) => {
    const judged = judge([finding(about)], { rules: [rule(parts)] })
    expect(judged.ignored).toEqual([])
    expect(judged.findings).toHaveLength(1)
  })

  it.each<[string, Partial<AcceptRule>, Partial<Finding>]>([
    ['the place they name', {}, {}],
    ['the live value they name', { live: 'HS256' }, {}],
    ['a value that is not there, written as null', { live: null }, { live: undefined as never }],
    ['something on their last day', { expires: '2026-11-24' }, {}],
    ['a weaker declaration by its name', { kind: 'weaker-declaration' }, { kind: 'weaker-declaration', counts: false }],
    [
      'an unknown field of the tenant',
      { resource_server: '*', path: 'new' },
      { identifier: null, kind: 'unknown-field', path: 'new' },
    ],
  ])('hide %s', (_what, parts, about) => {
    const judged = judge([finding(about)], { rules: [rule(parts)] })
    expect(judged.findings).toEqual([])
    expect(judged.ignored).toMatchObject([{ rule: { rule: { reason: 'being moved' } } }])
    expect([judged.verdict, judged.exitCode]).toEqual(['in-sync', 0])
  })

  it.each<[string, Partial<AcceptRule>, Partial<JudgeOptions>, string]>([
    ['used', {}, {}, 'used'],
    ['about to end', { expires: '2026-12-08' }, {}, 'expiring'],
    ['not yet about to end', { expires: '2026-12-09' }, {}, 'used'],
    ['expired', { expires: '2026-11-23' }, {}, 'expired'],
    ['for nothing', { path: 'scopes' }, {}, 'unused'],
    ['for nothing that this run looked at', { path: 'scopes' }, { targets: () => true }, 'used'],
    ['without a clock', { expires: '2020-01-01' }, { today: null }, 'used'],
  ])('say when one is %s', (_what, parts, options, state) => {
    expect(judge([finding()], { rules: [rule(parts)], ...options }).rules).toMatchObject([{ state }])
  })

  it('say nothing of unused rules where a reading is incomplete', () => {
    const judged = judge([finding({ kind: 'unreadable', path: '' })], { rules: [rule()] })
    expect(judged.rules).toMatchObject([{ state: 'used', hides: 0 }])
  })

  it('count what they hide, the first one that matches', () => {
    const rules = [rule(), rule({ path: '**' })]
    const judged = judge([finding(), finding({ path: 'token_lifetime' })], { rules })
    expect(judged.rules.map((each) => each.hides)).toEqual([1, 1])
  })

  it.each([
    ['unused', { path: 'scopes' }],
    ['expired', { expires: '2020-01-01' }],
    ['expiring', { expires: '2026-11-25' }],
  ])('fail a run with --strict-rules where one is %s', (_state, parts) => {
    expect(judge([finding()], { rules: [rule(parts)], strictRules: true }).exitCode).toBe(1)
  })

  it('fail nothing with --strict-rules where all are used', () => {
    expect(judge([finding()], { rules: [rule()], strictRules: true }).exitCode).toBe(0)
  })
})

describe('--gate touched', () => {
  it.each<[string, Partial<Finding>, readonly string[], boolean]>([
    ['drift of an API that the change touches', {}, ['urn:orders'], true],
    ['drift of another API', {}, ['urn:other'], false],
    ['a conflict, touched or not', { origin: 'conflict' }, [], true],
    ['an API that nobody declares', { kind: 'unmanaged', path: '' }, [], false],
    ['what could not be read', { kind: 'unreadable', path: '', origin: null }, [], true],
    ['an unknown field of the tenant', { kind: 'unknown-field', identifier: null }, [], false],
  ])('of %s: counts or not', (_what, parts, touched, counts) => {
    expect(judge([finding(parts)], { gate: 'touched' }, touched).findings).toMatchObject([{ counts }])
  })

  it('comes before accept rules: a rule for drift that the gate let pass is used', () => {
    const judged = judge([finding()], { gate: 'touched', rules: [rule()] }, [])
    expect(judged.rules).toMatchObject([{ state: 'used', hides: 1 }])
  })
})

describe('--previous', () => {
  it.each<[string, Report, 'new' | 'ongoing']>([
    ['the same, and it counted', previousWith({}), 'ongoing'],
    ['another live value', previousWith({ live: 'none' }), 'new'],
    ['another declared value', previousWith({ declared: 'another' }), 'new'],
    ['less grave then', previousWith({ severity: 'low' }), 'new'],
    ['a notice then', previousWith({ counts: false }), 'new'],
    ['kept from counting by --only-new then', previousWith({ counts: false, seen: 'ongoing' }), 'ongoing'],
    ['another finding', previousWith({ fingerprint: 'another' }), 'new'],
  ])('with %s is %s', (_what, previous, seen) => {
    expect(judge([finding()], { previous }).findings).toMatchObject([{ seen }])
  })

  it('and --only-new: what is ongoing does not count, run after run', () => {
    let previous = previousWith({})
    for (let round = 0; round < 3; round++) {
      const judged = judge([finding()], { previous, onlyNew: true })
      expect([judged.exitCode, judged.verdict, judged.news]).toEqual([0, 'in-sync', { new: 0, ongoing: 1 }])
      previous = previousWith(...(judged.findings as readonly ReportFinding[]))
    }
    expect(judge([finding({ live: 'none' })], { previous, onlyNew: true }).exitCode).toBe(2)
  })

  it('and --only-new: what cannot be read counts, however long', () => {
    const dark = { kind: 'unreadable', path: '' } as const
    const judged = judge([finding(dark)], { previous: previousWith(dark), onlyNew: true })
    expect(judged.exitCode).toBe(1)
  })

  it.each<[string, readonly Finding[], Partial<JudgeOptions>, number]>([
    ['gone', [], {}, 1],
    ['still there', [finding()], {}, 0],
    ['accepted now', [finding()], { rules: [rule()] }, 0],
    ['a notice now', [finding({ counts: false, origin: 'pending' })], {}, 0],
    ['of an API that could not be read', [finding({ kind: 'unreadable', path: '' })], {}, 0],
    ['in a tenant that could not be read', [finding({ kind: 'unreadable', path: '', identifier: null })], {}, 0],
    ['of an API that was not looked at', [], { targets: () => false }, 0],
  ])('what counted and is %s: how many are resolved', (_what, findings, options, count) => {
    expect(judge(findings, { previous: previousWith({}), ...options }).resolved).toHaveLength(count)
  })
})

describe('--fail-on', () => {
  it.each<[JudgeOptions['failOn'], Severity, number]>([
    ['any', 'low', 2],
    ['low', 'low', 2],
    ['medium', 'low', 0],
    ['high', 'medium', 0],
    ['high', 'high', 2],
    ['critical', 'high', 0],
    ['critical', 'critical', 2],
    ['never', 'critical', 0],
  ])('%s with a %s finding exits %i, and the verdict stays', (failOn, severity, code) => {
    const judged = judge([finding({ severity })], { failOn })
    expect([judged.exitCode, judged.verdict]).toEqual([code, 'drifted'])
  })

  it.each<[JudgeOptions['failOn'], FindingKind, number]>([
    ['any', 'undeclared', 0],
    ['never', 'unreadable', 1],
    ['critical', 'unreadable', 1],
  ])('%s with one that is %s', (failOn, kind, code) => {
    expect(judge([finding({ kind, counts: kind === 'unreadable', severity: 'low' })], { failOn }).exitCode).toBe(code)
  })

  it('incomplete beats drift', () => {
    const judged = judge([finding(), finding({ kind: 'unreadable', path: '', identifier: 'urn:b' })])
    expect([judged.exitCode, judged.verdict]).toEqual([1, 'incomplete'])
  })
})
