import { describe, expect, it } from 'vitest'
import { gatherTenant } from '../../src/run/gather-tenant.ts'
import { messageOf } from '../../src/words/finding.ts'
import type { DeclaredApi } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { TenantReader } from '../../src/schema/snapshot.ts'
import { IDENTIFIER, bareApi } from '../support/corpus.ts'
import { compareAll, declaredApi, PROOF, said, snapshotOf, TENANT } from '../support/scenes.ts'

const state = (...apis: readonly DeclaredApi[]) => ({ tenant: null, apis, managedElsewhere: [], warnings: [] })
const api = (values: JsonObject, more: Partial<DeclaredApi> = {}) =>
  declaredApi({ identifier: IDENTIFIER, ...values }, more)
const [OLD, NEW] = ['66a1f0000000000000000001', '66a1f0000000000000000002']

describe('an API that was deleted and made again with the same values', () => {
  const live = { ...bareApi(), id: NEW }
  const before = { ...bareApi(), id: OLD }

  it.each([
    ['the record', { recorded: snapshotOf([before]) }],
    ['the source that made it', { declared: state(api({}, { tenantId: OLD })) }],
    ['the base', { base: state(api({}, { tenantId: OLD })) }],
  ])('is changed at id, high, where %s knows the old one', (_, input) => {
    const { findings } = compareAll({ live: [live], input: { declared: state(api({})), ...input } })
    const [found] = findings.filter(({ path }) => path === 'id')

    expect([found?.kind, found?.severity, found?.counts, found?.origin]).toEqual(['changed', 'high', true, 'drift'])
    expect(found === undefined ? '' : messageOf(found)).toContain('was deleted and created again')
  })

  it('is so in a record of what nobody declares', () => {
    expect(said(compareAll({ recorded: [before], live: [live] }).findings)).toEqual(['changed drift id'])
  })

  it('is nothing where the ids agree, or nobody knows one', () => {
    const agreeing = compareAll({
      recorded: [before],
      live: [before],
      input: { declared: state(api({}, { tenantId: OLD })) },
    })
    const silent = compareAll({ live: [live], input: { declared: state(api({})) } })

    expect([...agreeing.findings, ...silent.findings]).toEqual([])
  })
})

describe('a state is no declaration', () => {
  const agreed = { ...bareApi(), id: OLD, signing_alg: 'RS256' }
  const flipped = { ...agreed, signing_alg: 'HS256' }
  const refreshed = api({ signing_alg: 'HS256' }, { isReadBack: true, tenantId: OLD })

  it('where state and tenant agree and the record does not, it is told against the record, with both readings', () => {
    const { findings, verdict } = compareAll({
      recorded: [agreed],
      live: [flipped],
      input: { declared: state(refreshed) },
    })

    expect([verdict, said(findings)]).toEqual(['drifted', ['undeclared drift signing_alg']])
    expect(findings[0]).toMatchObject({ severity: 'critical', declared: 'HS256', base: 'RS256', live: 'HS256' })
    expect(messageOf(findings[0] as (typeof findings)[number])).toMatch(
      /the code was applied after the record was made, or the tool took over/,
    )
  })

  it('scopes in resources of their own are always written: there it is a notice', () => {
    const scopes = (...values: readonly string[]) => ({ scopes: values.map((value) => ({ value })) })
    const { findings, verdict } = compareAll({
      recorded: [{ ...agreed, ...scopes('r') }],
      live: [{ ...agreed, ...scopes('r', 'w') }],
      input: { declared: state(api(scopes('w', 'r'), { isReadBack: true })) },
    })

    expect([verdict, said(findings)]).toEqual(['in-sync', ['undeclared - scopes.w notice']])
  })

  it('what the code writes for sure an apply does not take over: there it is a notice', () => {
    const declared = api({ signing_alg: 'HS256', token_lifetime: 60 }, { isReadBack: true, written: ['signing_alg'] })
    const { findings } = compareAll({
      recorded: [agreed],
      live: [{ ...flipped, token_lifetime: 60 }],
      input: { declared: state(declared) },
    })

    expect(said(findings)).toEqual(['undeclared - signing_alg notice', 'undeclared drift token_lifetime'])
  })

  it('is silent where the record agrees, where there is none, and for what is no state', () => {
    const run = (declared: DeclaredApi, recorded: readonly JsonObject[] | null) =>
      compareAll({ recorded, live: [flipped], input: { declared: state(declared) } }).findings

    expect(run(refreshed, [flipped])).toEqual([])
    expect(run(refreshed, null)).toEqual([])
    expect(run(api({ signing_alg: 'HS256' }), [agreed])).toEqual([])
  })

  it('as base it is none where it has what the tenant has, and the record what the code says', () => {
    const declared = state(api({ signing_alg: 'RS256' }))
    const run = (base: DeclaredApi) =>
      said(compareAll({ recorded: [agreed], live: [flipped], input: { declared, base: state(base) } }).findings)

    expect(run(refreshed)).toEqual(['changed drift signing_alg'])
    expect(run(api({ signing_alg: 'HS256' }))).toEqual(['changed pending signing_alg notice'])
  })
})

describe('an identifier that differs only in a trailing slash or in letter case', () => {
  const live = { ...bareApi(), identifier: 'https://Orders.example.com' }
  const input = { declared: state(declaredApi({ identifier: 'https://orders.example.com/' })) }

  it('is one finding, which says so', () => {
    const look = { status: 'missing' } as const
    const looks = new Map([['https://orders.example.com/', look]])
    const { findings } = compareAll({ live: [live], input: { ...input, looks } })

    expect(said(findings)).toEqual(['missing drift (api)'])
    expect(messageOf(findings[0] as (typeof findings)[number])).toContain(
      'the tenant has https://Orders.example.com, which differs only in a trailing slash or in letter case',
    )
  })
})

describe('scopes that name their API by the tenant’s id', () => {
  const live = { ...bareApi(), id: OLD, scopes: [{ value: 'r' }, { value: 'admin' }] }
  const reader = {
    tenant: TENANT,
    inventory: () => Promise.resolve({ ok: true, snapshot: snapshotOf([live]) }),
    find: () => Promise.reject(new Error('nothing is absent')),
    secretDigests: () => Promise.resolve(new Map()),
    proof: () => PROOF,
  } as unknown as TenantReader
  const scopes = (more: Partial<DeclaredApi> = {}) =>
    declaredApi({ identifier: OLD, scopes: [{ value: 'r' }] }, { isScopesOnly: true, ...more })
  const compared = async (...apis: readonly DeclaredApi[]) => {
    const { input } = await gatherTenant(
      reader,
      { declared: state(...apis), base: null, recorded: null },
      { includes: null },
    )
    return said(compareAll({ input }).findings.filter(({ counts }) => counts))
  }

  it('are those of that API, whether it is declared beside them or not', async () => {
    expect(await compared(scopes())).toEqual(['changed drift scopes.admin'])
    expect(await compared(scopes(), api({}))).toEqual(['changed drift scopes.admin'])
    expect(await compared(scopes({ isSomeScopes: true }), api({}))).toEqual([])
  })

  it('are not known where the API says others', async () => {
    expect(await compared(scopes(), api({ scopes: [{ value: 'admin' }] }))).toEqual(['unreadable - scopes'])
  })
})
