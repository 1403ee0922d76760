import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { bareApi, IDENTIFIER, liveForm, mutations } from '../support/corpus.ts'
import { compareAll, compareOne, said } from '../support/scenes.ts'

const says = (live: JsonObject, recorded?: JsonObject | null, declared: JsonObject | null = {}) =>
  said(compareOne({ declared, live, ...(recorded === undefined ? {} : { recorded }) }).findings)

const watched = mutations().filter(({ row }) => {
  const top = row.path.split('.')[0]
  return FIELDS.some((one) => one.path === top && one.watched)
})

describe('a setting that nobody declares', () => {
  it('is a notice where it is not at its default and nothing is recorded, a list in one', () => {
    const live = { ...bareApi(), allow_offline_access: true, scopes: [{ value: 'a' }, { value: 'b' }] }

    expect(compareOne({ declared: {}, live }).findings).toMatchObject([
      { kind: 'undeclared', path: 'allow_offline_access', origin: null, counts: false, live: true },
      { kind: 'undeclared', path: 'scopes', counts: false, live: [{ value: 'a' }, { value: 'b' }] },
    ])
  })

  it.each(watched.map((mutation) => [mutation.title, mutation] as const))(
    'counts where it differs from what was recorded: %s',
    (_title, { declared, live: recorded, paths }) => {
      const live = liveForm(declared)

      expect(says(live, recorded)).toEqual(paths.map((path) => `undeclared drift ${path}`))
      expect(says(recorded, recorded)).toEqual([])
    },
  )

  it('counts once recorded, even where the new value is a default', () => {
    const recorded = { ...bareApi(), allow_offline_access: true, enforce_policies: true, scopes: [{ value: 'a' }] }

    expect(says(bareApi(), recorded)).toEqual([
      'undeclared drift allow_offline_access',
      'undeclared drift enforce_policies',
      'undeclared drift scopes.a',
    ])
    expect(compareOne({ declared: {}, live: bareApi(), recorded }).findings[2]).toMatchObject({ base: { value: 'a' } })
  })

  it('is silent as recorded, in any words that mean the same', () => {
    const live = { ...bareApi(), allow_offline_access: true, scopes: [{ value: 'a', description: '' }, { value: 'b' }] }
    const recorded = { ...live, scopes: [{ value: 'b' }, { value: 'a' }], token_dialect: 'access_token' }

    expect(says(live, recorded)).toEqual([])
  })

  it('of these is never news: client_id, is_system; a name and an id are once they are recorded', () => {
    const live = { ...bareApi(), client_id: 'c' }
    const other = { ...live, id: '66a1f0000000000000000009', name: 'Other' }

    expect(says(live, bareApi())).toEqual([])
    expect(says(other)).toEqual([])
    expect(says(other, bareApi())).toEqual(['changed drift id', 'undeclared drift name'])
  })

  it('that every API has is unreadable when it goes, where it was recorded', () => {
    const { token_lifetime: _gone, ...live } = bareApi()

    expect(says(live, bareApi())).toEqual(['unreadable - token_lifetime'])
    expect(says(live)).toEqual([])
  })
})

describe('a system API', () => {
  const system = (identifier: string, more: JsonObject = {}) => ({ ...bareApi(), identifier, is_system: true, ...more })
  const MANAGEMENT = system('https://acme.eu.auth0.com/api/v2/', { scopes: [{ value: 'read:users' }] })
  const MY_ACCOUNT = system('https://acme.eu.auth0.com/me/', {
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    token_lifetime: 600,
    token_lifetime_for_web: 600,
    proof_of_possession: { mechanism: 'dpop', required: false },
    subject_type_authorization: { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } },
    scopes: [{ value: 'read:me:factors' }],
  })
  const EXPRESS = system('urn:auth0:express-configure', {
    enforce_policies: true,
    token_lifetime: 300,
    subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'allow_all' } },
  })
  const GUESSED = system('https://acme.eu.auth0.com/my-org/', { allow_offline_access: true })

  it.each([MANAGEMENT, MY_ACCOUNT, EXPRESS])('at its own defaults is silent: $identifier', (live) => {
    expect(said(compareAll({ live: [live] }).findings)).toEqual([])
    expect(said(compareAll({ live: [live], recorded: [] }).findings)).toEqual([])
    expect(said(compareAll({ live: [live], base: [] }).findings)).toEqual([])
  })

  it('is never unmanaged, but its settings are watched', () => {
    const live = [{ ...MANAGEMENT, token_lifetime: 5000 }]

    expect(said(compareAll({ live }).findings)).toEqual(['undeclared - token_lifetime notice'])
    expect(said(compareAll({ live, recorded: [MANAGEMENT] }).findings)).toEqual(['undeclared drift token_lifetime'])
    expect(said(compareAll({ live, recorded: [] }).findings)).toEqual(['undeclared drift token_lifetime'])
  })

  it('whose defaults nobody measured is shown, and fails nothing, until it is recorded', () => {
    expect(said(compareAll({ live: [GUESSED], recorded: [] }).findings)).toEqual([
      'undeclared - allow_offline_access notice',
    ])
    expect(
      said(compareAll({ live: [GUESSED], recorded: [{ ...GUESSED, allow_offline_access: false }] }).findings),
    ).toEqual(['undeclared drift allow_offline_access'])
  })

  it('grows new scopes by itself: only one that goes away is news', () => {
    const grown = { ...MANAGEMENT, scopes: [{ value: 'read:users', description: 'New words' }, { value: 'read:new' }] }
    const shrunk = { ...MANAGEMENT, scopes: [] }

    expect(said(compareAll({ live: [grown], recorded: [MANAGEMENT] }).findings)).toEqual([])
    expect(said(compareAll({ live: [grown] }).findings)).toEqual([])
    expect(said(compareAll({ live: [shrunk], recorded: [MANAGEMENT] }).findings)).toEqual([
      'undeclared drift scopes.read:users',
    ])
  })

  it('whose scopes are declared is compared like any other', () => {
    const { identifier, scopes = [] } = MANAGEMENT as JsonObject
    const grown = { ...MANAGEMENT, scopes: [{ value: 'read:users' }, { value: 'read:new' }] }
    const declared = [{ identifier: identifier ?? '', scopes }]

    expect(said(compareAll({ live: [grown], declared }).findings)).toEqual(['changed drift scopes.read:new'])
    expect(said(compareAll({ live: [grown], declared, base: declared }).findings)).toEqual([
      'changed drift scopes.read:new',
    ])
  })

  it('that is taken out of the code is not unmanaged, and does not go out of sight', () => {
    const base = [{ identifier: MANAGEMENT.identifier, token_lifetime: 86_400, scopes: [{ value: 'read:users' }] }]
    const weaker = ['weaker-declaration - scopes notice', 'weaker-declaration - token_lifetime notice']
    const changed = { ...MANAGEMENT, token_lifetime: 90_000, scopes: [{ value: 'read:users' }, { value: 'read:new' }] }

    expect(said(compareAll({ live: [MANAGEMENT], base }).findings)).toEqual(weaker)
    expect(said(compareAll({ live: [changed], base }).findings).toSorted()).toEqual(
      ['changed drift token_lifetime', ...weaker].toSorted(),
    )
  })

  it('that was recorded and is gone is missing', () => {
    const looks = new Map([['urn:auth0:express-configure', { status: 'missing' }]] as const)

    expect(said(compareAll({ live: [], recorded: [EXPRESS], input: { looks } }).findings)).toEqual([
      'missing drift (api)',
    ])
  })

  it('is one by what the tenant says, not by its identifier', () => {
    const { is_system: _not, ...mine } = MANAGEMENT as JsonObject

    expect(said(compareAll({ live: [mine], recorded: [] }).findings)).toEqual(['unmanaged drift (api)'])
  })
})

describe('a key that this version does not know', () => {
  const fresh = { colour: 'red' }

  it('is a notice while nothing is recorded, and counts after', () => {
    expect(says({ ...bareApi(), ...fresh })).toEqual(['unknown-field - colour notice'])
    expect(says({ ...bareApi(), ...fresh }, bareApi())).toEqual(['unknown-field drift colour'])
    expect(says({ ...bareApi(), ...fresh }, { ...bareApi(), ...fresh })).toEqual([])
  })

  it.each([
    [{ colour: 'blue' }, { base: 'red', live: 'blue' }],
    [{}, { base: 'red' }],
  ])('counts when it changes or goes: %j', (now, shown) => {
    const { findings } = compareOne({
      declared: {},
      live: { ...bareApi(), ...now },
      recorded: { ...bareApi(), ...fresh },
    })

    expect(findings).toMatchObject([{ kind: 'unknown-field', path: 'colour', counts: true, ...shown }])
    expect(Object.hasOwn(findings[0] ?? {}, 'live')).toBe(Object.hasOwn(shown, 'live'))
  })

  it.each([
    ['an item', { scopes: [{ value: 'a.b', colour: 'red' }] }, 'scopes["a.b"].colour'],
    [
      'an object',
      { proof_of_possession: { mechanism: 'dpop', required: true, colour: 1 } },
      'proof_of_possession.colour',
    ],
    [
      'an object in an object',
      { subject_type_authorization: { user: { policy: 'deny_all', colour: 1 } } },
      'subject_type_authorization.user.colour',
    ],
    ['an object, a whole one', { subject_type_authorization: { robot: {} } }, 'subject_type_authorization.robot'],
  ])(
    'inside %s is found where the field is declared, where it is not, and where it is recorded',
    (_title, live, path) => {
      const api = { ...bareApi(), ...live }
      const declared = JSON.parse(
        JSON.stringify(live, (key, value: unknown) => (['colour', 'robot'].includes(key) ? undefined : value)),
      ) as JsonObject
      const unknown = (findings: readonly string[]) => findings.filter((one) => one.startsWith('unknown-field'))

      expect(says(api, undefined, declared)).toEqual([`unknown-field - ${path} notice`])
      expect(unknown(says(api))).toEqual([`unknown-field - ${path} notice`])
      expect(says(api, { ...bareApi(), ...declared }, declared)).toEqual([`unknown-field drift ${path}`])
      expect(says(api, api, declared)).toEqual([])
      expect(says(api, api)).toEqual([])
      expect(says({ ...bareApi(), ...declared }, api, declared)).toEqual([`unknown-field drift ${path}`])
      expect(says({ ...bareApi(), ...declared }, api)).toEqual([`unknown-field drift ${path}`])
    },
  )

  it('inside open items is a member like any other', () => {
    const items = (limit: number) => ({ authorization_details: [{ type: 'a', limit }] })

    expect(says({ ...bareApi(), ...items(2) }, undefined, items(1))).toEqual([
      'changed drift authorization_details.a.limit',
    ])
  })

  it('on many APIs is one finding about the tenant', () => {
    const api = (index: number, more: JsonObject) => ({ ...bareApi(), identifier: `urn:${index}`, ...more })
    const live = [1, 2, 3].map((index) =>
      api(index, { colour: 'red', shape: index, scopes: [1, 2].map((n) => ({ value: `s${n}`, icon: 'x' })) }),
    )
    const declared = [1, 2, 3].map((index) => ({
      identifier: `urn:${index}`,
      scopes: [{ value: 's1' }, { value: 's2' }],
    }))
    const { findings, verdict } = compareAll({ live, declared })

    expect(said(findings)).toEqual([
      'unknown-field - colour notice',
      'unknown-field - scopes.*.icon notice',
      'unknown-field - shape notice',
    ])
    expect(findings).toMatchObject([
      { identifier: null, live: 'red', apis: 3 },
      { identifier: null, live: 'x', apis: 3 },
      { identifier: null, apis: 3 },
    ])
    expect(Object.hasOwn(findings[2] ?? {}, 'live')).toBe(false)
    expect(verdict).toBe('in-sync')
  })

  it('on many APIs counts once recorded', () => {
    const live = [{ ...bareApi(), colour: 'red' }]
    const tenant = { live, recorded: [bareApi()], declared: [{ identifier: IDENTIFIER }] }

    expect(said(compareAll(tenant).findings)).toEqual(['unknown-field drift colour'])
    expect(compareAll(tenant).verdict).toBe('drifted')
  })
})

describe('a whole list of scopes', () => {
  const named = (...names: readonly string[]) => ({ ...bareApi(), scopes: names.map((value) => ({ value })) })
  const b = [{ value: 'a' }, { value: 'b' }]

  it('is shown by its keys: the order that a tenant returns makes no other report', () => {
    const first = compareOne({ declared: {}, live: named('b', 'a') }).findings

    expect(first).toMatchObject([{ kind: 'undeclared', path: 'scopes', live: b }])
    expect(compareOne({ declared: {}, live: named('a', 'b') }).findings).toEqual(first)
  })

  it('that is taken out of the code is shown so, too', () => {
    const { findings } = compareOne({ declared: {}, base: { scopes: [...b].reverse() }, live: named('b', 'a') })

    expect(findings).toMatchObject([{ kind: 'weaker-declaration', path: 'scopes', base: b, live: b }])
  })
})
