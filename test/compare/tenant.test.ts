import { describe, expect, it } from 'vitest'
import { compareTenant } from '../../src/compare/front.ts'
import { verdictOf } from '../../src/compare/compare-tenant.ts'
import { sortFindings } from '../../src/compare/make-finding.ts'
import { canonicalText, type Json, type JsonObject } from '../../src/schema/json.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { compareAll, compareOne, declaredApi, declaredState, said, snapshotOf, TENANT } from '../support/scenes.ts'

const api = (identifier: string, more: JsonObject = {}) => ({ ...bareApi(), identifier, ...more })
const code = (identifier: string, more: JsonObject = {}) => ({ identifier, ...more })

describe('a tenant that could not be read', () => {
  const failed = { ok: false, code: 'unauthorized', message: '', advice: '', proof: snapshotOf([]).proof } as const

  it('is one finding, and incomplete whatever was declared', () => {
    const tenant = {
      declared: [code('urn:a')],
      base: [code('urn:a', { token_lifetime: 1 })],
      input: { inventory: failed },
    }
    const comparison = compareAll(tenant)

    expect(comparison).toMatchObject({
      verdict: 'incomplete',
      findings: [{ kind: 'unreadable', identifier: null, path: '', code: 'unauthorized', counts: true, origin: null }],
      summary: { declared: 1, live: null, adopted: 0, elsewhere: 0 },
      touched: ['urn:a'],
      notes: [],
    })
  })
})

describe('an incomplete inventory', () => {
  const incomplete = (items: readonly JsonObject[]) => ({
    inventory: { ok: true, snapshot: snapshotOf(items, false) } as const,
  })

  it('judges what it holds, and says that it is incomplete', () => {
    const comparison = compareAll({
      declared: [code('urn:a', { token_lifetime: 1 }), code('urn:b')],
      input: incomplete([api('urn:a'), api('urn:b')]),
    })

    expect(said(comparison.findings)).toEqual(['unreadable - (api)', 'changed drift token_lifetime'])
    expect(comparison.findings[0]).toMatchObject({ identifier: null, code: 'incomplete_inventory' })
    expect(comparison).toMatchObject({ verdict: 'incomplete', summary: { live: null } })
  })

  it('never says missing, adopted or in sync of what it does not hold', () => {
    const comparison = compareAll({
      declared: [code('urn:declared')],
      base: [code('urn:declared'), code('urn:taken-out')],
      recorded: [api('urn:recorded')],
      input: incomplete([]),
    })

    expect(comparison.findings.map(({ kind, identifier }) => `${kind} ${identifier}`)).toEqual([
      'unreadable null',
      'unreadable urn:declared',
      'unreadable urn:recorded',
    ])
    expect(comparison.summary.adopted).toBe(0)
  })

  it('still believes a confirmation', () => {
    const looks = new Map([['urn:declared', { status: 'missing' }]] as const)

    expect(
      said(compareAll({ declared: [code('urn:declared')], input: { ...incomplete([]), looks } }).findings),
    ).toEqual(['unreadable - (api)', 'missing drift (api)'])
  })
})

describe('an API that could not be read', () => {
  it('is one finding with its code', () => {
    const look = { status: 'unreadable', code: 'timed_out', message: 'x', advice: 'y' } as const

    expect(compareOne({ declared: code(IDENTIFIER), input: { look } }).findings).toMatchObject([
      { kind: 'unreadable', path: '', identifier: IDENTIFIER, code: 'timed_out', counts: true },
    ])
  })
})

describe('the verdict', () => {
  it.each([
    ['in-sync', {}],
    [
      'in-sync',
      { base: [code('urn:a', { token_lifetime: 86_400 })], declared: [code('urn:a', { token_lifetime: 1 })] },
    ],
    ['drifted', { declared: [code('urn:a', { token_lifetime: 1 })] }],
    ['incomplete', { declared: [code('urn:a', { token_lifetime: 1 }), code('urn:gone')] }],
  ] as const)('is %s', (verdict, tenant) => {
    const comparison = compareAll({ live: [api('urn:a')], ...tenant })

    expect(comparison.verdict).toBe(verdict)
    expect(verdictOf(comparison.findings)).toBe(verdict)
  })

  it('names a missing base once, and only where it would have made a difference', () => {
    const drifted = { live: [api('urn:a')], declared: [code('urn:a', { token_lifetime: 1, signing_alg: 'PS256' })] }

    expect(compareAll(drifted).notes).toHaveLength(1)
    expect(compareAll({ ...drifted, base: [] }).notes).toEqual([])
    expect(compareAll({ live: [api('urn:a')], declared: [code('urn:a')] }).notes).toEqual([])
  })
})

describe('what the code touches', () => {
  it('is what it says otherwise than its base, what is new, and what was taken out', () => {
    const scopes = [{ value: 'a' }, { value: 'b', description: '' }]
    const comparison = compareAll({
      base: [
        code('urn:same', { scopes, token_lifetime: 1 }),
        code('urn:edited', { token_lifetime: 1 }),
        code('urn:less', { token_lifetime: 1 }),
        code('urn:more'),
        code('urn:out'),
      ],
      declared: [
        code('urn:same', { token_lifetime: 1, scopes: scopes.toReversed() }),
        code('urn:edited', { token_lifetime: 2 }),
        code('urn:less'),
        code('urn:more', { consent_policy: null }),
        code('urn:new'),
      ],
      live: ['urn:same', 'urn:edited', 'urn:less', 'urn:more', 'urn:out', 'urn:new'].map((identifier) =>
        api(identifier),
      ),
    })

    expect(comparison.touched).toEqual(['urn:edited', 'urn:less', 'urn:more', 'urn:new', 'urn:out'])
    expect(compareAll({ declared: [code('urn:new')], live: [] }).touched).toBeNull()
  })
})

describe('a weaker declaration', () => {
  const weaker = (base: JsonObject, declared: JsonObject, live: JsonObject = base) =>
    compareOne({ base, declared, live: { ...bareApi(), ...live } }).findings.filter(
      ({ kind }) => kind === 'weaker-declaration',
    )

  it('is a notice beside what is pending', () => {
    const { findings } = compareOne({
      base: code(IDENTIFIER, { signing_alg: 'RS256' }),
      declared: code(IDENTIFIER, { signing_alg: 'HS256' }),
      live: bareApi(),
    })

    expect(said(findings)).toEqual(['changed pending signing_alg notice', 'weaker-declaration - signing_alg notice'])
    expect(findings[1]).toMatchObject({
      declared: 'HS256',
      base: 'RS256',
      live: 'RS256',
      direction: 'weakened',
      severity: 'critical',
    })
  })

  it('is said when live has already taken it over, and when live cannot be understood', () => {
    const [base, declared] = [{ token_lifetime: 60 }, { token_lifetime: 600 }]

    expect(said(weaker(base, declared, declared))).toEqual(['weaker-declaration - token_lifetime notice'])
    expect(said(weaker(base, declared, { token_lifetime: 'long' }))).toEqual([
      'weaker-declaration - token_lifetime notice',
    ])
  })

  it('is said of a field that was recorded and is declared for the first time', () => {
    const { findings } = compareOne({
      base: code(IDENTIFIER),
      declared: code(IDENTIFIER, { token_lifetime: 200_000 }),
      recorded: bareApi(),
      live: bareApi(),
    })

    expect(findings).toMatchObject([
      { kind: 'changed', origin: 'pending' },
      { kind: 'weaker-declaration', base: 86_400, declared: 200_000, severity: 'high' },
    ])
  })

  it('is not a safer one, nor one that is neither, nor the same in other words', () => {
    expect(weaker({ token_lifetime: 600 }, { token_lifetime: 60 })).toEqual([])
    expect(weaker({ signing_alg: 'RS256' }, { signing_alg: 'RS512' })).toEqual([])
    expect(weaker({ scopes: [{ value: 'a' }, { value: 'b' }] }, { scopes: [{ value: 'b' }, { value: 'a' }] })).toEqual(
      [],
    )
  })

  it('looks at the siblings of its own side', () => {
    const scopes = (value: boolean, ...names: readonly string[]) => ({
      enforce_policies: value,
      scopes: names.map((name) => ({ value: name })),
    })

    expect(weaker(scopes(true, 'a'), scopes(true, 'a', 'b'))).toMatchObject([{ path: 'scopes.b', severity: 'medium' }])
    expect(weaker(scopes(true, 'a'), scopes(false, 'a', 'b'))).toMatchObject([
      { path: 'enforce_policies', severity: 'critical' },
      { path: 'scopes.b', severity: 'high' },
    ])
  })
})

describe('a field taken out of the code', () => {
  it('is watched like any that nobody declares from the next run on', () => {
    const live = { ...bareApi(), token_lifetime: 60 }
    const declared = code(IDENTIFIER)

    expect(said(compareOne({ base: declared, declared, live }).findings)).toEqual([
      'undeclared - token_lifetime notice',
    ])
    expect(said(compareOne({ base: { ...declared, token_lifetime: 60 }, declared, live }).findings)).toEqual([
      'weaker-declaration - token_lifetime notice',
    ])
  })

  it('whose base equals nothing any more is drift', () => {
    const base = { ...code(IDENTIFIER), token_lifetime: { kept: 'as a digest' } }

    expect(said(compareOne({ base, declared: code(IDENTIFIER), live: bareApi() }).findings)).toEqual([
      'changed drift token_lifetime',
      'weaker-declaration - token_lifetime notice',
    ])
    expect(
      said(compareOne({ base, declared: code(IDENTIFIER, { token_lifetime: 1 }), live: bareApi() }).findings),
    ).toEqual(['changed conflict token_lifetime'])
  })
})

describe('a base that cannot be understood in part', () => {
  it('does not pass for the value that the rest of it looks like', () => {
    const rest = { mechanism: 'dpop', required: true }
    const base = { proof_of_possession: { ...rest, required_for: 5 } }
    const live = { ...bareApi(), proof_of_possession: rest }

    expect(said(compareOne({ base, declared: { proof_of_possession: null }, live }).findings)).toContain(
      'changed conflict proof_of_possession',
    )
  })
})

describe('findings', () => {
  const declared = ['urn:b', 'urn:a', 'urn:c'].map((identifier) =>
    code(identifier, {
      scopes: [{ value: 'z' }, { value: 'é' }, { value: 'a.b' }],
      signing_alg: 'RS256',
      token_lifetime: 60,
      proof_of_possession: { mechanism: 'dpop', required: true },
    }),
  )
  const live = ['urn:c', 'urn:d', 'urn:a', 'urn:b'].map((identifier) =>
    api(identifier, { scopes: [{ value: 'new' }, { value: 'Z' }], signing_alg: 'HS256', colour: 'red' }),
  )
  const base = declared.map((one) => ({ ...one, token_lifetime: 86_400 }))
  const recorded = live.map((one) => ({ ...one, colour: 'blue', enforce_policies: true }))

  it('are the same bytes for the same input, in whatever order it comes', () => {
    const turned = (value: Json): Json => JSON.parse(JSON.stringify(value, reversed)) as Json
    const reversed = (_key: string, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value
    const shuffle = (apis: readonly JsonObject[]) =>
      apis.toReversed().map((one) => {
        const scopes = one.scopes as readonly Json[]
        return turned({ ...one, scopes: scopes.toReversed() }) as JsonObject
      })

    const first = compareAll({ declared, live, base, recorded })
    const second = compareAll({
      declared: shuffle(declared),
      live: shuffle(live),
      base: shuffle(base),
      recorded: shuffle(recorded),
    })

    expect(first.findings.length).toBeGreaterThan(15)
    expect(canonicalText(second as unknown as Json)).toBe(canonicalText(first as unknown as Json))
    expect(second.findings.map((one) => Object.keys(one))).toEqual(first.findings.map((one) => Object.keys(one)))
    expect(compareAll({ declared, live, base, recorded })).toEqual(first)
  })

  it('are sorted: the tenant, then identifier, path and kind in code units', () => {
    const { findings } = compareAll({ declared, live, base, recorded })
    const keys = findings.map(({ identifier, path, kind }) => [identifier ?? '', path, kind].join('\0'))

    expect(findings[0]?.identifier).toBeNull()
    expect(keys).toEqual(keys.toSorted())
    expect(sortFindings(findings.toReversed())).toEqual(findings)
    expect(keys).toEqual([...new Set(keys)])
  })

  it('of one API are sorted too', () => {
    const { findings } = compareOne({
      declared: declared[0] ?? null,
      live: live[0] ?? null,
      recorded: recorded[0] ?? null,
    })

    expect(findings.length).toBeGreaterThan(5)
    expect(sortFindings(findings)).toEqual(findings)
  })

  it('keep their fingerprint while the value moves on, and share it with no other', () => {
    const prints = (alg: string, tenant = TENANT) =>
      compareTenant(tenant, {
        declared: declaredState(declared),
        base: null,
        recorded: null,
        inventory: { ok: true, snapshot: snapshotOf(live.map((one) => ({ ...one, signing_alg: alg }))) },
        looks: new Map(),
        secrets: new Map(),
      }).findings.map(({ fingerprint }) => fingerprint)

    expect(prints('HS256')).toEqual(prints('PS256'))
    expect(new Set(prints('HS256')).size).toBe(prints('HS256').length)
    expect(prints('HS256').every((print) => /^[0-9a-f]{32}$/.test(print))).toBe(true)
    expect(prints('HS256', 'other.auth0.com').filter((print) => prints('HS256').includes(print))).toEqual([])
  })

  it('have a fingerprint that is a contract: this one does not change between versions', () => {
    const { findings } = compareOne({
      declared: { signing_alg: 'RS256' },
      live: { ...bareApi(), signing_alg: 'HS256' },
    })

    expect(findings.map(({ fingerprint }) => fingerprint)).toEqual(['5a74b750a9a7b194c1b95b0fadd6f448'])
  })

  it('name the file and line of the field, else of what is around it, else of the API', () => {
    const values = { identifier: IDENTIFIER, signing_alg: 'RS256', scopes: [{ value: 'a' }], token_lifetime: 60 }
    const place = { file: 'declared/a.yaml', line: 3, lines: { signing_alg: 5, scopes: 7 } }
    const { findings } = compareOne({
      live: { ...bareApi(), signing_alg: 'HS256', constructor: 'x', __proto__: null },
      input: { declared: declaredApi(values, place) },
    })

    expect(findings.map(({ path, file, line }) => [path, file, line])).toEqual([
      ['constructor', 'declared/a.yaml', 3],
      ['scopes.a', 'declared/a.yaml', 7],
      ['signing_alg', 'declared/a.yaml', 5],
      ['token_lifetime', 'declared/a.yaml', 3],
    ])
  })
})
