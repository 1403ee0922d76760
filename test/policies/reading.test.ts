import { describe, expect, it } from 'vitest'
import type { Observed } from '../../src/schema/observed.ts'
import { DRIFTED, levels, runPack, serverCheck, tenantCheck } from './run-policies.ts'

const unreadable: Partial<Observed> = {
  status: 'unreadable',
  code: 'server_error',
  message: 'the tenant answered with a server error',
  advice: 'Run again.',
}

describe('unreadable-tenant', () => {
  it('says an unreadable tenant once for a run, however many checks it concerns', () => {
    const checks = Array.from({ length: 40 }, () => serverCheck({}, unreadable))
    const reported = runPack([...checks, tenantCheck({}, unreadable)])
    expect(levels(reported)).toEqual(['unreadable-tenant mandatory'])
    expect(reported[0]?.message).toMatchInlineSnapshot(`
      "The tenant acme.eu.auth0.com could not be read (server_error).
      the tenant answered with a server error
      Nothing is claimed about it: it is neither in sync nor drifted, and nothing is missing. This message is for all its checks.
      Fix: Run again."
    `)
  })

  it('says it again in the next run', () => {
    const run = () => levels(runPack([serverCheck({}, unreadable)]))
    expect([run(), run()]).toEqual([['unreadable-tenant mandatory'], ['unreadable-tenant mandatory']])
  })

  it.each([
    ['another code', { ...unreadable, code: 'timed_out' }],
    ['another message', { ...unreadable, message: 'page 3' }],
    ['another tenant', { ...unreadable, tenant: 'other.eu.auth0.com' }],
  ] as const)('keeps %s apart', (_title, other) => {
    expect(runPack([serverCheck({}, unreadable), serverCheck({}, other)])).toHaveLength(2)
  })

  it('says each place that could not be read, beside the drift of the rest', () => {
    const dark = { ...DRIFTED, kind: 'unreadable', origin: null, code: 'wrong_type' } as const
    const drift = { token_lifetime: dark, name: dark, signing_alg: DRIFTED }
    expect(levels(runPack([serverCheck(drift)]))).toEqual([
      'signing-alg-drift mandatory',
      'unreadable-tenant mandatory',
      'unreadable-tenant mandatory',
    ])
  })

  it('judges the declared APIs of a tenant whose inventory is incomplete', () => {
    const check = tenantCheck({ 'urn:a': { signing_alg: DRIFTED } }, { ...unreadable, code: 'incomplete_inventory' })
    expect(levels(runPack([check]))).toEqual(['signing-alg-drift mandatory', 'unreadable-tenant mandatory'])
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'read'],
    ['a status nobody knows', { status: 'fine' }],
    ['no status', {}],
  ])('takes %s in place of an observation for unreadable, never for clean', (_title, observed) => {
    const { type, props } = serverCheck({})
    expect(levels(runPack([{ type, props: { ...props, observed } }]))).toEqual(['unreadable-tenant mandatory'])
  })

  it('is not lowered by only_touched', () => {
    const config = { 'unreadable-tenant': { only_touched: true, severity_at_least: 'critical' } } as const
    expect(levels(runPack([serverCheck({}, unreadable)], config))).toEqual(['unreadable-tenant mandatory'])
  })
})

describe('invalid-declaration', () => {
  const invalid: Partial<Observed> = {
    status: 'invalid',
    code: 'invalid_declaration',
    message: 'a.yaml:1:2: token_lifetime: must be at least 0 seconds\nb.yaml:3:4: signing_alg: must be one of HS256',
    advice: 'Fix these places and run again.',
  }

  it('lists every mistake on a line of its own', () => {
    const [reported] = runPack([{ ...tenantCheck({}, invalid), name: 'tenant' }])
    expect(reported?.message).toMatchInlineSnapshot(`
      "The declaration of tenant has mistakes, so nothing was compared:
      a.yaml:1:2: token_lifetime: must be at least 0 seconds
      b.yaml:3:4: signing_alg: must be one of HS256
      Fix: Fix these places and run again."
    `)
  })

  it('is mandatory, and not lowered by configuration', () => {
    const config = { 'invalid-declaration': { only_touched: true, severity_at_least: 'critical' } } as const
    expect(levels(runPack([serverCheck({}, invalid)], config))).toEqual(['invalid-declaration mandatory'])
  })

  it('shows twenty mistakes and counts the others', () => {
    const message = Array.from({ length: 25 }, (_, index) => `mistake ${index}`).join('\n')
    const [reported] = runPack([serverCheck({}, { ...invalid, message })])
    expect(reported?.message).toContain('mistake 19\nand 5 more')
    expect(reported?.message).not.toContain('mistake 20')
  })
})

describe('unknown-input', () => {
  const blind = (unknown: readonly string[]) => ({ ...serverCheck({}, { status: 'unknown', unknown }), name: 'orders' })

  it('is an advisory that says nothing was compared where the identifier is not known', () => {
    const reported = runPack([blind(['identifier'])])
    expect(levels(reported)).toEqual(['unknown-input advisory'])
    expect(reported[0]?.message).toContain('orders: not known in this preview: identifier.\nNothing was compared, so')
  })

  it('says that the rest was compared where another field is not known, and reports its drift', () => {
    const { type, props } = serverCheck(
      { signing_alg: DRIFTED },
      { status: 'unknown', unknown: ['token_lifetime'], touched: true },
    )
    const reported = runPack([{ type, props }])
    expect(levels(reported)).toEqual(['signing-alg-drift mandatory', 'unknown-input advisory'])
    expect(reported.at(-1)?.message).toContain('Everything that depends on them was not compared. The rest was.')
  })

  it('touches no input but those it needs: reading an unknown one would end the policy', () => {
    const { type, props } = blind(['identifier'])
    const guarded = new Proxy(props, {
      get(target, key) {
        if (key === 'observed' || key === 'drift') return target[key]
        throw new Error(`${String(key)} can't be known during preview`)
      },
    })
    expect(levels(runPack([{ type, props: guarded }]))).toEqual(['unknown-input advisory'])
  })
})
