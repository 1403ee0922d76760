import { describe, expect, it } from 'vitest'
import { saidByBase } from '../../src/compare/base-says.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { compareAll, declaredApi, said } from '../support/scenes.ts'

/** A base that was read from a state: every setting of the tenant as it stood then, whoever wrote it. */
const state = (more: JsonObject = {}) => ({
  tenant: null,
  apis: [declaredApi({ ...bareApi(), ...more }, { holdsComputed: true })],
  managedElsewhere: [],
  warnings: [],
})
const code = (more: JsonObject = {}): JsonObject => ({ identifier: IDENTIFIER, ...more })
const live = (more: JsonObject = {}): JsonObject => ({ ...bareApi(), ...more })
const findings = (declared: readonly JsonObject[], base: JsonObject, there: JsonObject, recorded?: JsonObject) =>
  compareAll({
    declared,
    live: [there],
    ...(recorded === undefined ? {} : { recorded: [recorded] }),
    input: { base: state(base) },
  })

describe('a base that holds computed values', () => {
  it.each([
    ['a', 'a', 'a', []],
    ['a', 'a', 'b', ['changed drift token_lifetime']],
    ['a', 'b', 'a', ['changed pending token_lifetime notice']],
    ['a', 'b', 'b', []],
    ['a', 'b', 'c', ['changed conflict token_lifetime']],
  ] as const)('tells the origin of a declared field: base %s, declared %s, live %s', (was, is, now, expected) => {
    const seconds = { a: 100, b: 90, c: 80 }
    const comparison = findings(
      [code({ token_lifetime: seconds[is] })],
      { token_lifetime: seconds[was] },
      live({ token_lifetime: seconds[now] }),
    )

    expect(said(comparison.findings).filter((line) => !line.startsWith('weaker'))).toEqual(expected)
  })

  it('takes no field for a declaration that was taken away', () => {
    const comparison = findings([code()], {}, live())

    expect(said(comparison.findings)).toEqual([])
    expect(comparison.touched).toEqual([])
  })

  it('leaves a field that nobody declares to what was recorded, and to the defaults where nothing was', () => {
    const there = live({ token_lifetime: 60 })

    expect(said(findings([code()], {}, there).findings)).toEqual(['undeclared - token_lifetime notice'])
    expect(said(findings([code()], {}, there, bareApi()).findings)).toEqual(['undeclared drift token_lifetime'])
    expect(said(findings([code()], {}, there, there).findings)).toEqual([])
  })

  it('says nothing of the id of an API that the code does not name', () => {
    const comparison = findings([code()], { id: '66a1f00000000000000000ff' }, live())

    expect(said(comparison.findings)).toEqual([])
  })

  it('tells whether an API that was taken out of the code was changed since', () => {
    expect(said(findings([], {}, live()).findings)).toEqual(['unmanaged pending (api) notice'])
    expect(said(findings([], {}, live({ token_lifetime: 60 })).findings)).toEqual(['unmanaged conflict (api)'])
  })

  it('is cut to the declared fields, where one that holds only what was written stays whole', () => {
    const values = { identifier: IDENTIFIER, token_lifetime: 1, signing_alg: 'RS256' }
    const declared = { identifier: IDENTIFIER, signing_alg: null }

    expect(saidByBase(declaredApi(values, { holdsComputed: true }), declared)).toEqual({
      identifier: IDENTIFIER,
      signing_alg: 'RS256',
    })
    expect(saidByBase(declaredApi(values), declared)).toEqual(values)
  })
})
