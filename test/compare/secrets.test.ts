import { describe, expect, it } from 'vitest'
import { HIDDEN } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { digestSecret, SECRET_NOT_KEPT } from '../../src/schema/secret-digest.ts'
import type { SecretLook } from '../../src/schema/snapshot.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { compareOne, said, TENANT, type Sides } from '../support/scenes.ts'

const digest = (secret: string) => digestSecret(TENANT, IDENTIFIER, secret)
const [A, B, C] = await Promise.all([
  digest('a-planted-secret-1'),
  digest('a-planted-secret-2'),
  digest('a-planted-secret-3'),
])

const read = (secret: string | null): SecretLook => ({ status: 'read', digest: secret })
const code = (secret: string | null) => ({ identifier: IDENTIFIER, signing_secret: secret })
const HS256 = { ...bareApi(), signing_alg: 'HS256' }
const declaredHs = { signing_alg: 'HS256' }

function compare(sides: Sides, secret: SecretLook | undefined, live: JsonObject = HS256) {
  const withAlg = (values: JsonObject | null | undefined) => (values ? { ...declaredHs, ...values } : values)
  const base = withAlg(sides.base)
  return compareOne({
    ...sides,
    declared: withAlg(sides.declared) ?? null,
    ...(base === undefined ? {} : { base }),
    live,
    ...(secret === undefined ? {} : { input: { secret } }),
  })
}

describe('a declared secret', () => {
  it.each([
    ['a a a', A, A, A, []],
    ['a a b', A, A, B, ['changed drift signing_secret']],
    ['a b a', A, B, A, ['changed pending signing_secret notice']],
    ['a b b', A, B, B, []],
    ['a b c', A, B, C, ['changed conflict signing_secret']],
    ['not kept, a a', SECRET_NOT_KEPT, A, A, []],
    [
      'not kept, a b: it must not pass for a change of the code',
      SECRET_NOT_KEPT,
      A,
      B,
      ['changed drift signing_secret'],
    ],
    ['none there, a and live none', null, A, null, ['changed pending signing_secret notice']],
    ['a, to be none, and live has a', A, null, A, ['changed pending signing_secret notice']],
    ['none anywhere', null, null, null, []],
  ])('base, declared, live: %s', (_title, base, declared, live, says) => {
    expect(said(compare({ base: code(base), declared: code(declared) }, read(live)).findings)).toEqual(says)
  })

  it('that live has taken over is adopted', () => {
    expect(compare({ base: code(A), declared: code(B) }, read(B))).toMatchObject({ adopted: 1, touched: true })
  })

  it('is drift without a base, and pending where the base says nothing of it', () => {
    const silent = { identifier: IDENTIFIER }

    expect(said(compare({ declared: code(A) }, read(B)).findings)).toEqual(['changed drift signing_secret'])
    expect(said(compare({ declared: code(A), base: silent }, read(B)).findings)).toEqual([
      'changed pending signing_secret notice',
    ])
    expect(said(compare({ declared: code(A), base: silent, recorded: HS256 }, read(B)).findings)).toEqual([
      'changed pending signing_secret notice',
    ])
  })

  it.each([undefined, { status: 'unreadable', code: 'insufficient_scope', message: '', advice: '' } as const])(
    'that could not be read is unreadable, and the rest is compared',
    (look) => {
      const { findings } = compare({ declared: { ...code(A), token_lifetime: 5 } }, look)

      expect(said(findings)).toEqual(['unreadable - signing_secret', 'changed drift token_lifetime'])
    },
  )

  it('is shown as hidden, and nothing of its digest is in a finding', () => {
    const all = [
      compare({ base: code(A), declared: code(B) }, read(C)),
      compare({ base: code(A), declared: { identifier: IDENTIFIER } }, read(B)),
      compare({ base: code(A) }, read(B)),
      compare({ base: code(A), declared: code(A) }, read(null)),
      compareOne({ declared: code(A), base: code(B), live: null }),
    ].flatMap(({ findings }) => findings)
    const text = JSON.stringify(all)

    expect(all[0]).toMatchObject({ declared: HIDDEN, base: HIDDEN, live: HIDDEN, severity: 'critical' })
    expect(all.length).toBeGreaterThanOrEqual(6)
    for (const secret of [A, B, C, 'planted', 'scrypt']) expect(text).not.toContain(secret)
  })

  it('says null as null', () => {
    const { findings } = compare({ base: code(null), declared: code(null) }, read(A))

    expect(findings).toMatchObject([{ declared: null, base: null, live: HIDDEN }])
  })

  it('that is taken out of the code is a weaker declaration, compared once more where it is known', () => {
    const sides = { base: code(A), declared: { identifier: IDENTIFIER } }

    expect(said(compare(sides, undefined).findings)).toEqual(['weaker-declaration - signing_secret notice'])
    expect(said(compare(sides, read(A)).findings)).toEqual(['weaker-declaration - signing_secret notice'])
    expect(said(compare(sides, read(B)).findings)).toEqual([
      'changed drift signing_secret',
      'weaker-declaration - signing_secret notice',
    ])
  })

  it('makes an API that was taken out of the code a conflict where it is known to have changed', () => {
    expect(said(compare({ base: code(A) }, read(A)).findings)).toEqual(['unmanaged pending (api) notice'])
    expect(said(compare({ base: code(A) }, read(B)).findings)).toEqual(['unmanaged conflict (api)'])
    expect(said(compare({ base: code(SECRET_NOT_KEPT) }, read(B)).findings)).toEqual(['unmanaged pending (api) notice'])
  })

  it('that is not kept in the base is no edit of the code', () => {
    expect(compare({ base: code(SECRET_NOT_KEPT), declared: code(A) }, read(A)).touched).toBe(false)
    expect(compare({ base: code(B), declared: code(A) }, read(A)).touched).toBe(true)
  })
})

describe('a secret that nobody declares', () => {
  it('is never looked at, even where a tenant returns it', () => {
    const live = { ...HS256, signing_secret: 'a-planted-secret-9' }
    const { findings } = compareOne({ declared: declaredHs, live, recorded: HS256 })

    expect(findings).toEqual([])
  })
})

describe('an unknown key that sounds like a secret', () => {
  it.each([
    ['next_signing_secret', 'planted'],
    ['keys', [{ private_key: 'planted' }]],
    ['rotation', { password: { value: 'planted' } }],
    ['note', '-----BEGIN PRIVATE KEY-----planted'],
  ])('%s is reported without its value', (key, value) => {
    const { findings } = compareOne({ declared: {}, live: { ...bareApi(), [key]: value }, recorded: bareApi() })

    expect(findings).toMatchObject([{ kind: 'unknown-field', path: key, live: HIDDEN, counts: true }])
    expect(JSON.stringify(findings)).not.toContain('planted')
  })

  it('others are shown', () => {
    expect(compareOne({ declared: {}, live: { ...bareApi(), colour: 'red' } }).findings).toMatchObject([
      { live: 'red' },
    ])
  })
})
