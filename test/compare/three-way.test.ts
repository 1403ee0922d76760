import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/schema/finding.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { bareApi } from '../support/corpus.ts'
import { compareOne, said } from '../support/scenes.ts'

/** Fields of several kinds, each with three values that differ at one path. `undefined` is a key that is not there. */
interface Kind {
  readonly path: string
  /** The field as the code writes it. */
  readonly declared: (value: Json | undefined) => JsonObject
  /** The field as the tenant returns it. */
  readonly live: (value: Json | undefined) => JsonObject
  readonly values: readonly [Json | undefined, Json | undefined, Json | undefined]
}

const same = (write: (value: Json | undefined) => JsonObject) => ({ declared: write, live: write })
const description = (value: Json | undefined) => ({
  scopes: [{ value: 'other' }, value === undefined ? { value: 'a.b' } : { value: 'a.b', description: value }],
})
const pop = (mechanism: Json) => ({ mechanism, required: true })

const KINDS: Readonly<Record<string, Kind>> = {
  'a text': {
    path: 'signing_alg',
    ...same((alg) => ({ signing_alg: alg ?? null })),
    values: ['RS256', 'PS256', 'RS512'],
  },
  'a number': {
    path: 'token_lifetime',
    ...same((seconds) => ({ token_lifetime: seconds ?? null })),
    values: [86_400, 60, 0],
  },
  'a text that may be absent': {
    path: 'token_dialect',
    declared: (value) => ({ token_dialect: value ?? null }),
    live: (value): JsonObject => (value === undefined ? {} : { token_dialect: value }),
    values: [undefined, 'rfc9068_profile', 'a_new_one'],
  },
  'an item of a keyed list': {
    path: 'authorization_details["pay ment"].limit',
    ...same((limit) => ({
      authorization_details: [{ type: 'other' }, { type: 'pay ment', ...(limit === undefined ? {} : { limit }) }],
    })),
    values: [undefined, 1, { deep: [1, 2] }],
  },
  'a member of an item of a keyed list': {
    path: 'scopes["a.b"].description',
    ...same(description),
    values: [undefined, 'one', 'two'],
  },
  'a member of an object': {
    path: 'proof_of_possession.required_for',
    ...same((value) => ({
      proof_of_possession: { ...pop('dpop'), ...(value === undefined ? {} : { required_for: value }) },
    })),
    values: [undefined, 'public_clients', 'a_new_one'],
  },
  'a member two objects deep': {
    path: 'subject_type_authorization.user.policy',
    ...same((policy) => ({ subject_type_authorization: policy === undefined ? {} : { user: { policy } } })),
    values: [undefined, 'require_client_grant', 'deny_all'],
  },
  'a member of an item of a list two objects deep': {
    path: 'access_token.claims_mapping.custom_claims.country.expression',
    ...same((expression = 'a.b') => ({
      access_token: { claims_mapping: { custom_claims: [{ name: 'country', expression }] } },
    })),
    values: ['a.b', 'a.c', 'a.d'],
  },
}

/** The table of origins, by hand: base, declared, live, as letters in the order in which they first appear. */
const TABLE: Readonly<Record<string, string>> = {
  'a a a': 'in sync',
  'a a b': 'drift',
  'a b a': 'pending',
  'a b b': 'adopted',
  'a b c': 'conflict',
}
/** No base at all; a base with the API that says nothing of the field, and nothing recorded. */
const WITHOUT: Readonly<Record<'none' | 'silent', Readonly<Record<string, string>>>> = {
  none: { 'a a': 'in sync', 'a b': 'drift' },
  silent: { 'a a': 'in sync', 'a b': 'pending' },
}
/** The code no longer declares the field. */
const REMOVED: Readonly<Record<string, string>> = { 'a a': 'in sync', 'a b': 'drift' }

const THREE = [0, 1, 2] as const
const pattern = (...indices: readonly number[]) => {
  const seen = [...new Set(indices)]
  return indices.map((index) => 'abc'.charAt(seen.indexOf(index))).join(' ')
}

/** What is said of one path, in the table's words. */
function verdict(findings: readonly Finding[], adopted: number, path: string): string {
  const about = findings.filter((finding) => finding.kind !== 'weaker-declaration')
  expect(about.map((finding) => finding.path)).toEqual(about.length === 0 ? [] : [path])
  const [finding] = about
  if (finding === undefined) return adopted === 0 ? 'in sync' : `adopted${adopted === 1 ? '' : ` ${adopted}`}`
  expect(finding.kind).toBe('changed')
  expect(adopted).toBe(0)
  expect(finding.counts).toBe(finding.origin !== 'pending')
  return finding.origin ?? 'none'
}

const CASES = Object.entries(KINDS).flatMap(([name, kind]) =>
  THREE.flatMap((base) =>
    THREE.flatMap((declared) => THREE.map((live) => [name, { kind, base, declared, live }] as const)),
  ),
)

describe.each(Object.entries(KINDS))('%s', (_name, kind) => {
  const api = { identifier: 'urn:x' }
  const live = (index: number) => ({ ...bareApi(), ...kind.live(kind.values[index]) })
  const declared = (index: number) => ({ ...api, ...kind.declared(kind.values[index]) })
  const pairs = THREE.flatMap((first) => THREE.map((second) => [first, second] as const))

  it.each(
    CASES.filter(([, one]) => one.kind === kind).map(
      ([, one]) => [pattern(one.base, one.declared, one.live), one] as const,
    ),
  )('base, declared, live: %s (%j)', (letters, one) => {
    const result = compareOne({ base: declared(one.base), declared: declared(one.declared), live: live(one.live) })

    expect(verdict(result.findings, result.adopted, kind.path)).toBe(TABLE[letters])
  })

  it.each(
    CASES.filter(([, one]) => one.kind === kind).map(
      ([, one]) => [pattern(one.base, one.declared, one.live), one] as const,
    ),
  )('recorded where the base is silent, declared, live: %s (%j)', (letters, one) => {
    const sides = { declared: declared(one.declared), live: live(one.live), recorded: live(one.base) }
    const withApi = compareOne({ base: api, ...sides })
    const withoutApi = compareOne({ base: null, ...sides })

    expect(verdict(withApi.findings, withApi.adopted, kind.path)).toBe(TABLE[letters])
    expect(verdict(withoutApi.findings, withoutApi.adopted, kind.path)).toBe(TABLE[letters])
  })

  it.each(pairs)('no base: values %d and %d', (first, second) => {
    const result = compareOne({ declared: declared(first), live: live(second) })
    const recorded = compareOne({ declared: declared(first), live: live(second), recorded: live(second) })

    expect(verdict(result.findings, result.adopted, kind.path)).toBe(WITHOUT.none[pattern(first, second)])
    expect(verdict(recorded.findings, recorded.adopted, kind.path)).toBe(WITHOUT.none[pattern(first, second)])
  })

  it.each(pairs)('a base that says nothing of it: values %d and %d', (first, second) => {
    const sides = { declared: declared(first), live: live(second) }
    const silent = compareOne({ base: api, ...sides })
    const newApi = compareOne({ base: null, ...sides })

    expect(verdict(silent.findings, silent.adopted, kind.path)).toBe(WITHOUT.silent[pattern(first, second)])
    expect(verdict(newApi.findings, newApi.adopted, kind.path)).toBe(WITHOUT.silent[pattern(first, second)])
  })

  it.each(pairs)('taken out of the code: values %d and %d', (first, second) => {
    const { findings, adopted } = compareOne({ base: declared(first), declared: api, live: live(second) })
    const [field = ''] = Object.keys(kind.declared(kind.values[0]))

    expect(verdict(findings, adopted, kind.path)).toBe(REMOVED[pattern(first, second)])
    expect(said(findings)).toContain(`weaker-declaration - ${field} notice`)
  })

  it('never says that a side that agrees with live differs from it', () => {
    for (const one of THREE) expect(compareOne({ declared: declared(one), live: live(one) }).findings).toEqual([])
  })
})

describe('an object that comes and goes as a whole', () => {
  const field = (value: Json) => ({ identifier: 'urn:x', proof_of_possession: value })
  const live = (value: Json) => (value === null ? bareApi() : { ...bareApi(), proof_of_possession: value })
  const values = [null, pop('dpop'), { mechanism: 'mtls', required: false }] as const

  it.each(
    THREE.flatMap((base) =>
      THREE.flatMap((declared) =>
        THREE.map((index) => [pattern(base, declared, index), base, declared, index] as const),
      ),
    ),
  )('base, declared, live: %s (%d %d %d)', (letters, base, declared, index) => {
    const { findings, adopted } = compareOne({
      base: field(values[base]),
      declared: field(values[declared]),
      live: live(values[index]),
    })
    const origins = new Set(findings.filter(({ kind }) => kind === 'changed').map(({ origin }) => origin))

    const expected: Readonly<Record<string, readonly (string | null)[]>> = {
      'a a a': [],
      'a a b': ['drift'],
      'a b a': ['pending'],
      'a b b': [],
      'a b c': ['conflict'],
    }
    expect([...origins]).toEqual(expected[letters])
    expect(adopted > 0).toBe(letters === 'a b b')
  })
})

describe('what a finding shows', () => {
  it('is each side as it was written, null kept apart from absent', () => {
    const base = { identifier: 'urn:x', scopes: [{ value: 'a', description: 'base' }], consent_policy: null }
    const declared = { identifier: 'urn:x', scopes: [{ description: 'code', value: 'a' }], consent_policy: null }
    const live = { ...bareApi(), scopes: [], consent_policy: 'standard-plus' }

    const { findings } = compareOne({ base, declared, live })

    expect(findings.map(({ path, declared: d, base: b, live: l }) => ({ path, d, b, l }))).toEqual([
      { path: 'consent_policy', d: null, b: null, l: 'standard-plus' },
      {
        path: 'scopes.a',
        d: { description: 'code', value: 'a' },
        b: { value: 'a', description: 'base' },
        l: undefined,
      },
    ])
    expect(Object.hasOwn(findings[1] ?? {}, 'live')).toBe(false)
  })
})
