import { describe, expect, it } from 'vitest'
import type { DeclaredApi } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { IDENTIFIER } from '../support/corpus.ts'
import { compareAll, declaredApi, said, snapshotOf } from '../support/scenes.ts'

const LIVE: JsonObject = {
  id: '66a1f0000000000000000001',
  identifier: IDENTIFIER,
  name: 'Orders',
  is_system: false,
  signing_alg: 'HS256',
  token_lifetime: 86_400,
  token_lifetime_for_web: 7200,
  allow_offline_access: false,
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
}
const state = (...apis: readonly DeclaredApi[]) => ({ tenant: null, apis, managedElsewhere: [], warnings: [] })
const api = (values: JsonObject, more: Partial<DeclaredApi> = {}) =>
  declaredApi({ identifier: IDENTIFIER, ...values }, more)

describe('what a source declares and nobody could read', () => {
  const encrypted = { notKnown: [{ path: 'signing_alg', why: 'encrypted' as const }] }

  it.each([
    ['beside a record that differs', { recorded: snapshotOf([{ ...LIVE, signing_alg: 'RS256' }]) }],
    ['beside a base that says it', { base: state(api({ signing_alg: 'RS256' })) }],
    ['alone', {}],
  ])('makes the run incomplete, %s: neither drift nor undeclared nor taken away', (_, input) => {
    const compared = compareAll({ live: [LIVE], input: { declared: state(api({}, encrypted)), ...input } })

    expect([compared.verdict, said(compared.findings)]).toEqual(['incomplete', ['unreadable - signing_alg']])
    expect(compared.findings[0]).toMatchObject({ code: 'declared_unreadable', why: 'encrypted', counts: true })
  })

  it('is a notice where this version has no meaning for it, and what stands beside it is compared', () => {
    const novel = { user: { policy: 'allow_all' }, client: { policy: 'deny_all' }, robot: { policy: 'deny_all' } }
    const declared = api(
      { subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } } },
      {
        notKnown: [
          { path: 'subject_type_authorization.anonymous_user', why: 'unmapped' },
          { path: 'access_token', why: 'unmapped' },
        ],
      },
    )
    const live = { ...LIVE, subject_type_authorization: { ...novel, anonymous_user: { policy: 'allow_all' } } }

    const compared = compareAll({ live: [live], input: { declared: state(declared) } })

    expect(said(compared.findings)).toEqual([
      'unknown-field - subject_type_authorization.robot notice',
      'not-compared - access_token notice',
      'undeclared - signing_alg notice',
      'not-compared - subject_type_authorization.anonymous_user notice',
      'changed drift subject_type_authorization.client.policy',
    ])
  })

  const novel = (value?: number): JsonObject => (value === undefined ? {} : { novel: value })

  it.each([
    ['novel', novel],
    [
      'proof_of_possession.novel',
      (value?: number) => ({ proof_of_possession: { mechanism: 'dpop', ...novel(value) } }),
    ],
    ['scopes.a.novel', (value?: number) => ({ scopes: [{ value: 'a', ...novel(value) }] })],
  ])('is not said to be declared nowhere, and the record watches it all the same: %s', (path, of) => {
    const more = { notKnown: [{ path, why: 'unmapped' as const }] }
    const declared = state(api({ signing_alg: 'HS256', ...of() }, more))
    const live = { ...LIVE, ...of(2) }

    expect(said(compareAll({ live: [live], input: { declared } }).findings)).toEqual([`not-compared - ${path} notice`])
    const recorded = snapshotOf([{ ...LIVE, ...of(1) }])
    const { findings } = compareAll({ live: [live], input: { declared, recorded } })
    const counting = findings.filter(({ counts }) => counts)
    expect(counting.map(({ kind, origin }) => [kind, origin])).toEqual([['unknown-field', 'drift']])
  })
})

describe('a base that cannot tell', () => {
  const declared = state(api({ signing_alg: 'RS256' }))

  it.each<[string, Partial<DeclaredApi>]>([
    ['encrypted', { notKnown: [{ path: 'signing_alg', why: 'encrypted' }] }],
    ['unknown to its tool', { cannotSay: ['signing_alg'] }],
  ])('is no base for that path: %s', (_, more) => {
    const compared = compareAll({ live: [LIVE], input: { declared, base: state(api({}, more)) } })

    expect(said(compared.findings)).toContain('changed drift signing_alg')
  })

  it('is one where it does not say what it could', () => {
    const compared = compareAll({ live: [LIVE], input: { declared, base: state(api({})) } })

    expect(said(compared.findings)).toContain('changed pending signing_alg notice')
  })

  it('is none inside of what it cannot tell, and one beside it', () => {
    const both = { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } }
    const wanted = state(api({ subject_type_authorization: both }))
    const live = {
      ...LIVE,
      subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'require_client_grant' } },
    }
    const base = api(
      { subject_type_authorization: { client: { policy: 'require_client_grant' } } },
      { notKnown: [{ path: 'subject_type_authorization.user', why: 'unmapped' }] },
    )

    const compared = compareAll({ live: [live], input: { declared: wanted, base: state(base) } })

    expect(said(compared.findings).filter((each) => each.startsWith('changed'))).toEqual([
      'changed pending subject_type_authorization.client.policy notice',
      'changed drift subject_type_authorization.user.policy',
    ])
  })
})

describe('some scopes of an API that is declared elsewhere', () => {
  const some = state(api({ scopes: [{ value: 'r', description: 'Read' }] }, { isSomeScopes: true }))
  const withScopes = (...scopes: readonly JsonObject[]): JsonObject => ({ ...LIVE, signing_alg: 'RS256', scopes })

  it('must exist, and say nothing of others', () => {
    const there = compareAll({
      live: [withScopes({ value: 'r', description: 'Read' }, { value: 'w' })],
      input: { declared: some },
    })
    const gone = compareAll({ live: [withScopes({ value: 'w' })], input: { declared: some } })

    expect(there.findings.filter(({ counts }) => counts)).toEqual([])
    expect(said(gone.findings.filter(({ counts }) => counts))).toEqual(['changed drift scopes.r'])
  })

  it('leave the others to the record', () => {
    const compared = compareAll({
      recorded: [withScopes({ value: 'r', description: 'Old' }, { value: 'w' })],
      live: [withScopes({ value: 'r', description: 'Read' }, { value: 'admin' })],
      input: { declared: some },
    })

    expect(said(compared.findings)).toEqual(['undeclared drift scopes.admin', 'undeclared drift scopes.w'])
  })

  it('are no base for a list', () => {
    const declared = state(api({ scopes: [{ value: 'r', description: 'Read' }, { value: 'w' }] }))

    const compared = compareAll({
      live: [withScopes({ value: 'r', description: 'Read' })],
      input: { declared, base: some },
    })

    expect(said(compared.findings)).toEqual(['changed drift scopes.w'])
  })
})
