import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { compareAll, said, type Tenant, declaredState } from '../support/scenes.ts'

/**
 * Every combination of an API that is there or not: in the base (`no` base at all, `-` not in it, or value a), in the code (`-`, or a or b),
 * live (`-`, a, b or c), and recorded (the three columns: nothing recorded for the tenant, the tenant without this API, the API at a).
 * What a difference is, case by case, written out by hand. The values are those of one field; a is its default, so that it is never undeclared.
 */
const VALUES = { a: 86_400, b: 3600, c: 7200 } as const

const LINES = `
no  -  - | in sync                                | in sync              | missing drift
no  -  a | unmanaged notice                       | unmanaged drift      | in sync
no  -  b | unmanaged notice, undeclared notice    | unmanaged drift      | undeclared drift
no  -  c | unmanaged notice, undeclared notice    | unmanaged drift      | undeclared drift
no  a  - | missing drift                          | missing drift        | missing drift
no  a  a | in sync                                | in sync              | in sync
no  a  b | changed drift                          | changed drift        | changed drift
no  a  c | changed drift                          | changed drift        | changed drift
no  b  - | missing drift                          | missing drift        | missing drift
no  b  a | changed drift                          | changed drift        | changed drift
no  b  b | in sync                                | in sync              | in sync
no  b  c | changed drift                          | changed drift        | changed drift
-   -  - | in sync                                | in sync              | missing drift
-   -  a | unmanaged notice                       | unmanaged drift      | in sync
-   -  b | unmanaged notice, undeclared notice    | unmanaged drift      | undeclared drift
-   -  c | unmanaged notice, undeclared notice    | unmanaged drift      | undeclared drift
-   a  - | missing pending                        | missing pending      | missing drift
-   a  a | in sync                                | in sync              | in sync
-   a  b | changed pending                        | changed pending      | changed drift
-   a  c | changed pending                        | changed pending      | changed drift
-   b  - | missing pending                        | missing pending      | missing conflict
-   b  a | changed pending                        | changed pending      | changed pending
-   b  b | in sync                                | in sync              | adopted
-   b  c | changed pending                        | changed pending      | changed conflict
a   -  - | adopted                                | adopted              | adopted
a   -  a | unmanaged pending                      | unmanaged pending    | unmanaged pending
a   -  b | unmanaged conflict                     | unmanaged conflict   | unmanaged conflict
a   -  c | unmanaged conflict                     | unmanaged conflict   | unmanaged conflict
a   a  - | missing drift                          | missing drift        | missing drift
a   a  a | in sync                                | in sync              | in sync
a   a  b | changed drift                          | changed drift        | changed drift
a   a  c | changed drift                          | changed drift        | changed drift
a   b  - | missing conflict                       | missing conflict     | missing conflict
a   b  a | changed pending                        | changed pending      | changed pending
a   b  b | adopted                                | adopted              | adopted
a   b  c | changed conflict                       | changed conflict     | changed conflict
`
const RECORDED = { nothing: null, 'the tenant without it': [], 'the API at a': ['a'] } as const

const CASES = LINES.trim()
  .split('\n')
  .flatMap((line) => {
    const [sides = '', ...columns] = line.split('|').map((cell) => cell.trim())
    const [base = '', declared = '', live = ''] = sides.split(/\s+/)
    return Object.keys(RECORDED).map((recorded, index) => ({
      base,
      declared,
      live,
      recorded: recorded as keyof typeof RECORDED,
      says: columns[index] ?? '',
    }))
  })

type Value = keyof typeof VALUES
const isValue = (letter: string): letter is Value => Object.hasOwn(VALUES, letter)
const written = (letter: string): readonly JsonObject[] =>
  isValue(letter) ? [{ identifier: IDENTIFIER, token_lifetime: VALUES[letter] }] : []
const found = (letter: string): readonly JsonObject[] =>
  isValue(letter) ? [{ ...bareApi(), token_lifetime: VALUES[letter] }] : []

function tenantOf({ base, declared, live, recorded }: (typeof CASES)[number]): Tenant {
  return {
    declared: written(declared),
    base: base === 'no' ? null : written(base),
    live: found(live),
    recorded: RECORDED[recorded]?.flatMap(found) ?? null,
    // The tenant room has confirmed what its list does not hold.
    ...(live === '-' ? { input: { looks: new Map([[IDENTIFIER, { status: 'missing' }]]) } } : {}),
  }
}

describe('an API that is there or not', () => {
  it('is looked at in all 108 combinations', () => {
    expect(new Set(CASES.map((one) => JSON.stringify({ ...one, says: '' }))).size).toBe(108)
    expect(CASES.every(({ says }) => says !== '')).toBe(true)
  })

  it.each(CASES)('base $base, declared $declared, live $live, recorded $recorded: $says', (one) => {
    const { findings, summary, verdict } = compareAll(tenantOf(one))

    const about = findings.filter((finding) => finding.kind !== 'weaker-declaration')
    const words = about
      .toSorted((x, y) => x.path.localeCompare(y.path))
      .map(({ kind, origin, counts }) => [kind, origin ?? '-', ...(counts ? [] : ['notice'])].join(' '))
      .map((text) => text.replace(' - ', ' ').replace('pending notice', 'pending'))
    const says = words.length > 0 ? words.join(', ') : summary.adopted > 0 ? 'adopted' : 'in sync'
    expect(says).toBe(one.says)
    expect(summary.adopted).toBe(one.says === 'adopted' ? 1 : 0)
    expect(verdict).toBe(/drift|conflict/.test(one.says) ? 'drifted' : 'in-sync')
  })
})

describe('an API that is not in a list', () => {
  const declared = [{ identifier: IDENTIFIER }]

  it('is unreadable, and not missing, as long as nobody confirmed it', () => {
    const { findings, verdict } = compareAll({ declared })

    expect(findings).toMatchObject([{ kind: 'unreadable', identifier: IDENTIFIER, code: 'incomplete_inventory' }])
    expect(verdict).toBe('incomplete')
  })

  it('is compared when a second look found it', () => {
    const live = { ...bareApi(), token_lifetime: 1 }
    const looks = new Map([[IDENTIFIER, { status: 'read', live }] as const])

    expect(
      said(compareAll({ declared: [{ identifier: IDENTIFIER, token_lifetime: 2 }], input: { looks } }).findings),
    ).toEqual(['changed drift token_lifetime'])
  })
})

describe('managed elsewhere', () => {
  const live = ['urn:legacy:a', 'urn:legacy:b/c', 'urn:new'].map((identifier) => ({ ...bareApi(), identifier }))
  const says = (tenant: Tenant) =>
    compareAll(tenant).findings.map(({ identifier, kind, origin }) => `${identifier} ${kind} ${origin}`)

  it('is not unmanaged, is counted, and its settings are its own business', () => {
    const odd = live.map((api) => ({ ...api, token_lifetime: 5 }))
    const tenant = { live: odd, recorded: [], managedElsewhere: ['urn:legacy:*'] }

    expect(says(tenant)).toEqual(['urn:new unmanaged drift'])
    expect(compareAll(tenant).summary).toMatchObject({ live: 3, elsewhere: 2, declared: 0 })
  })

  it('gone is nobody’s loss here', () => {
    expect(says({ recorded: live, live: live.slice(2), managedElsewhere: ['urn:legacy:*'] })).toEqual([])
  })

  it('is said once in review when the code declared it until now', () => {
    const base = [{ identifier: 'urn:legacy:a' }]
    const { findings, touched } = compareAll({ base, live, recorded: live, managedElsewhere: ['urn:legacy:*'] })

    expect(said(findings)).toEqual(['unmanaged pending (api) notice', 'weaker-declaration - (api) notice'])
    expect(touched).toEqual(['urn:legacy:a'])
  })

  it.each([['*'], ['urn:legacy:a'], ['urn:legacy:*']])(
    'is taken out of the code for a comparison with a base, so that %s hides no drift of it',
    (glob) => {
      const base = [{ identifier: 'urn:legacy:a', token_lifetime: 5 }]
      const tenant = { base, live, recorded: live, managedElsewhere: [glob] }

      expect(compareAll(tenant).touched).toEqual(['urn:legacy:a'])
      expect(says(tenant)).toContain('urn:legacy:a unmanaged conflict')
      expect(compareAll(tenant).verdict).toBe('drifted')
    },
  )

  it('applies after the merge: beside a base that knows of no such thing it hides nothing', () => {
    const base = declaredState([])
    const tenant = { live, recorded: [], managedElsewhere: ['urn:legacy:*'] }
    const drift = ['urn:legacy:a', 'urn:legacy:b/c', 'urn:new'].map((identifier) => `${identifier} unmanaged drift`)

    expect(says({ ...tenant, input: { base } })).toEqual(drift)
    expect(says({ ...tenant, input: { base: { ...base, managedElsewhere: ['urn:legacy:a'] } } })).toEqual(
      drift.slice(1),
    )
    expect(says({ ...tenant, input: { base: { ...base, managedElsewhere: ['urn:*'] } } })).toEqual(drift.slice(2))
    expect(
      says({ ...tenant, managedElsewhere: [], input: { base: { ...base, managedElsewhere: ['urn:*'] } } }),
    ).toEqual(drift)
  })

  it('holds at once beside a base that has no way to say it, but not for what that base declares', () => {
    const base = {
      ...declaredState([{ identifier: 'urn:legacy:a', token_lifetime: 5 }]),
      lacksElsewhere: true as const,
    }

    expect(says({ live, recorded: [], managedElsewhere: ['urn:legacy:*'], input: { base } })).toEqual([
      'urn:legacy:a unmanaged conflict',
      'urn:legacy:a weaker-declaration null',
      'urn:new unmanaged drift',
    ])
  })

  it.each(['urn:LEGACY:a', 'urn:legacy:a/', 'urn:legacy:a '])(
    'is no other thing than an identifier that is edited: as %s the API itself is taken out',
    (identifier) => {
      const base = [{ identifier: 'urn:legacy:a', token_lifetime: 5 }]
      const declared = [{ identifier, token_lifetime: 5 }]

      const looks = new Map([[identifier, { status: 'missing' }] as const])

      expect(says({ base, declared, live, recorded: live, input: { looks } })).toEqual(
        expect.arrayContaining(['urn:legacy:a unmanaged conflict', `${identifier} missing pending`]),
      )
    },
  )

  it('does not hold for what is declared', () => {
    const declared = [{ identifier: 'urn:legacy:a', token_lifetime: 5 }]

    expect(says({ declared, live, recorded: live, managedElsewhere: ['urn:*'] })).toEqual([
      'urn:legacy:a changed drift',
    ])
  })

  it.each([
    ['urn:legacy:*', 'urn:legacy:a', true],
    ['urn:legacy:*', 'urn:legacy:b/c', true],
    ['urn:legacy:*', 'urn:legacyx', false],
    ['*', 'https://a/b/c', true],
    ['https://api.{a,b}.com/', 'https://api.a.com/', false],
    ['https://api.{a,b}.com/', 'https://api.{a,b}.com/', true],
    ['!urn:a', 'urn:b', false],
    ['.hidden*', '.hidden/x', true],
  ])('glob %s on %s: %s', (glob, identifier, isElsewhere) => {
    const one = [{ ...bareApi(), identifier }]

    expect(says({ live: one, recorded: [], managedElsewhere: [glob] })).toEqual(
      isElsewhere ? [] : [`${identifier} unmanaged drift`],
    )
  })
})
