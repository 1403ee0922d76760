import { describe, expect, it } from 'vitest'
import { affectedBy, type Hit } from '../../src/affected/affected-by.ts'
import { NO_TENANT, type Affected, type Application, type Applications, type Grant } from '../../src/schema/affected.ts'
import type { Reach } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import type { JsonObject } from '../../src/schema/json.ts'

const API = 'https://orders.example.com/'

const application = (clientId: string, parts: Partial<Application> = {}): Application => ({
  clientId,
  name: clientId.toUpperCase(),
  isFirstParty: true,
  isPermissive: false,
  grantTypes: ['authorization_code', 'refresh_token'],
  provesPossession: false,
  isPublic: false,
  linkedTo: null,
  ...parts,
})

const grant = (clientId: string | null, parts: Partial<Grant> = {}): Grant => ({
  clientId,
  audience: API,
  subject: 'client',
  scopes: ['read:orders'],
  allScopes: false,
  detailTypes: [],
  ...parts,
})

/** A machine, a web application with a grant for users, one without any, somebody else's, and somebody else's that follows the policy. */
const CLIENTS = [
  application('machine', { grantTypes: ['client_credentials'] }),
  application('web', { provesPossession: true }),
  application('spa', { grantTypes: ['authorization_code', 'implicit'], isPublic: true }),
  application('theirs', { isFirstParty: false }),
  application('permissive', { isFirstParty: false, isPermissive: true }),
]
const GRANTS = [
  grant('machine'),
  grant('web', { subject: 'user', scopes: ['write:orders'], detailTypes: ['payment'] }),
  grant('theirs', { subject: 'user', allScopes: true, scopes: [] }),
  grant('machine', { audience: 'https://other.example.com/', scopes: ['write:orders'] }),
]

const learnt = (parts: Partial<Applications> = {}): Applications => ({
  grants: { ok: true, value: GRANTS },
  clients: { ok: true, value: { depth: 'whole', list: CLIENTS } },
  defaultAudience: { ok: true, value: '' },
  ...parts,
})

const finding = (path: string, parts: Partial<Hit['finding']> = {}): Hit['finding'] => ({
  kind: 'changed',
  identifier: API,
  path,
  direction: 'weakened',
  ...parts,
})

const policy = (user: string, client = 'require_client_grant'): JsonObject => ({
  subject_type_authorization: { user: { policy: user }, client: { policy: client } },
})

const hit = (path: string, parts: Partial<Hit['finding']> = {}, api: JsonObject = {}, about = learnt()): Affected =>
  affectedBy({ finding: finding(path, parts), api: { identifier: API, ...api } }, about)

const names = ({ applications }: Affected): readonly string[] =>
  applications.map(({ client_id: id, why }) => `${id}: ${why}`)

const EVERYONE = ['machine: grant', 'theirs: grant', 'web: grant', 'permissive: permissive', 'spa: first-party']

it("an ordinary API that is called like one of the tenant's own hits whoever has a grant for it", () => {
  const called = 'https://api.acme.com/api/v2/'
  const grants = [grant('theirs', { audience: called }), grant(null, { audience: called })]
  const about = learnt({ grants: { ok: true, value: grants } })

  expect(names(hit('signing_alg', { identifier: called }, { identifier: called }, about))).toContain('theirs: grant')
})

describe('whom a difference hits, by field', () => {
  it.each<[string, Partial<Hit['finding']>, JsonObject, readonly string[]]>([
    ['signing_alg', {}, {}, EVERYONE],
    ['signing_secret', {}, {}, EVERYONE],
    ['token_dialect', {}, {}, EVERYONE],
    ['token_encryption.format', {}, {}, EVERYONE],
    ['token_lifetime', { direction: 'weakened' }, {}, EVERYONE],
    [
      'token_lifetime',
      { direction: 'strengthened' },
      {},
      ['theirs: refresh-tokens', 'web: refresh-tokens', 'permissive: refresh-tokens'],
    ],
    [
      'token_lifetime_for_web',
      { direction: 'strengthened' },
      {},
      ['theirs: refresh-tokens', 'web: refresh-tokens', 'permissive: refresh-tokens', 'spa: browser-tokens'],
    ],
    ['allow_offline_access', {}, {}, ['theirs: refresh-tokens', 'web: refresh-tokens', 'permissive: refresh-tokens']],
    [
      'proof_of_possession.required',
      { direction: 'neutral' },
      { proof_of_possession: { mechanism: 'dpop', required: true } },
      [
        'machine: no-proof-of-possession',
        'theirs: no-proof-of-possession',
        'permissive: no-proof-of-possession',
        'spa: no-proof-of-possession',
      ],
    ],
    [
      'proof_of_possession.required',
      {},
      { proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'public_clients' } },
      ['spa: no-proof-of-possession'],
    ],
    [
      'proof_of_possession.required_for',
      {},
      {},
      ['machine: no-proof-of-possession', 'theirs: no-proof-of-possession', 'permissive: no-proof-of-possession'],
    ],
    ['scopes["read:orders"]', {}, {}, ['machine: grant-names-scope', 'theirs: grant-names-scope']],
    ['scopes["write:orders"]', {}, {}, ['theirs: grant-names-scope', 'web: grant-names-scope']],
    ['scopes["write:orders"].description', {}, {}, ['theirs: grant-names-scope', 'web: grant-names-scope']],
    ['authorization_details.payment', {}, {}, ['web: grant-names-type']],
    ['enforce_policies', {}, {}, ['theirs: grant', 'web: grant', 'permissive: permissive', 'spa: first-party']],
    ['skip_consent_for_verifiable_first_party_clients', {}, {}, ['web: grant', 'spa: first-party']],
    ['subject_type_authorization.client.policy', {}, {}, ['machine: grant']],
    ['subject_type_authorization.anonymous_user.policy', {}, {}, []],
    ['a_field_of_tomorrow', {}, {}, EVERYONE],
  ])('%s, %o, %o', (path, parts, api, expected) => {
    const affected = hit(path, parts, api)
    expect(names(affected)).toEqual(expected)
    expect(affected.total).toBe(expected.length)
    expect(affected.unknown).toEqual([])
  })

  it.each([
    ['signing_alg', true],
    ['signing_secret', true],
    ['token_encryption.encryption_key.pem', true],
    ['token_dialect', true],
    ['token_lifetime', false],
    ['scopes["a"]', false],
  ])('%s hits whatever checks tokens: %s', (path, expected) => {
    expect(hit(path).verifiers).toBe(expected)
  })

  it('is decided by the row alone: one that says nothing hits everyone, a child what its parent hits', () => {
    const at = (path: string, reach: Reach | undefined) => {
      const [first] = FIELDS
      if (first === undefined) throw new Error('the catalogue is empty')
      const { reach: _reach, ...bare } = first
      const row = { ...bare, path, ...(reach === undefined ? {} : { reach }) }
      return names(affectedBy({ finding: finding(path), api: {} }, learnt(), [...FIELDS, row]))
    }
    expect(at('new_field', { hits: 'machines' })).toEqual(['machine: grant'])
    expect(at('new_field', undefined)).toEqual(EVERYONE)
    expect(at('proof_of_possession.new_member', undefined)).toEqual(names(hit('proof_of_possession')))
  })
})

describe('the policy of an API', () => {
  it('lets every first-party application in that acts for users, unless it says otherwise', () => {
    expect(hit('signing_alg').allFirstParty).toBe(true)
    expect(hit('signing_alg', {}, policy('allow_all')).allFirstParty).toBe(true)
    const closed = hit('signing_alg', {}, policy('require_client_grant'))
    expect(closed.allFirstParty).toBe(false)
    expect(names(closed)).toEqual(['machine: grant', 'theirs: grant', 'web: grant'])
  })

  it('beats every grant where it denies all', () => {
    expect(names(hit('signing_alg', {}, policy('deny_all')))).toEqual(['machine: grant'])
    expect(names(hit('signing_alg', {}, policy('deny_all', 'deny_all')))).toEqual([])
  })

  it.each<[string, string, readonly string[]]>([
    ['allow_all', 'require_client_grant', ['permissive: permissive', 'spa: no-grant']],
    ['require_client_grant', 'allow_all', ['permissive: permissive', 'spa: no-grant']],
    ['allow_all', 'deny_all', ['theirs: grant', 'web: grant', 'permissive: permissive', 'spa: no-grant']],
    ['require_client_grant', 'deny_all', ['theirs: grant', 'web: grant']],
  ])('that went from %s to %s hits those that it lets in on one side alone', (declared, live, expected) => {
    const affected = hit('subject_type_authorization.user.policy', { declared, live }, policy(live))
    expect(names(affected)).toEqual(expected)
    expect(affected.allFirstParty).toBe([declared, live].includes('allow_all'))
  })

  it('keeps third parties out of the APIs of the tenant itself, with and without a grant', () => {
    const system = { is_system: true, identifier: API }
    const affected = hit(
      'token_lifetime',
      {},
      system,
      learnt({ grants: { ok: true, value: [...GRANTS, grant(null)] } }),
    )
    expect(names(affected)).toEqual(['machine: grant', 'web: grant', 'spa: first-party'])
    expect(affected.thirdPartyByDefault).toBe(false)
  })
})

describe('what else is told', () => {
  it('a grant that third parties have by default, where the field concerns it', () => {
    const about = learnt({ grants: { ok: true, value: [grant(null, { scopes: ['read:orders'] })] } })
    expect(hit('signing_alg', {}, {}, about).thirdPartyByDefault).toBe(true)
    expect(hit('scopes["read:orders"]', {}, {}, about).thirdPartyByDefault).toBe(true)
    expect(hit('scopes["write:orders"]', {}, {}, about).thirdPartyByDefault).toBe(false)
    expect(hit('signing_alg').thirdPartyByDefault).toBe(false)
  })

  it.each<[string, Applications['defaultAudience'], boolean | null]>([
    ['it is', { ok: true, value: API }, true],
    ['it is another one', { ok: true, value: 'urn:other' }, false],
    ['there is none', { ok: true, value: '' }, false],
    ['nobody may say', { ok: false, because: 'no-scope' }, null],
  ])('the default audience: %s', (_title, defaultAudience, expected) => {
    expect(hit('signing_alg', {}, {}, learnt({ defaultAudience })).defaultAudience).toBe(expected)
  })

  it("the API's own client", () => {
    const list = [...CLIENTS, application('own', { linkedTo: API, grantTypes: [] })]
    const about = learnt({ clients: { ok: true, value: { depth: 'whole', list } } })
    expect(names(hit('client_id', {}, {}, about))).toEqual(['own: linked'])
    expect(names(hit('signing_alg', {}, {}, about))).toContain('own: linked')
  })

  it('twenty names, and the number of all', () => {
    const many = Array.from({ length: 45 }, (_, index) => grant(`c${String(index).padStart(2, '0')}`))
    const affected = hit('signing_alg', {}, policy('deny_all'), learnt({ grants: { ok: true, value: many } }))
    expect(affected.total).toBe(45)
    expect(affected.applications).toHaveLength(20)
    expect(affected.applications[0]).toEqual({ client_id: 'c00', name: null, why: 'grant' })
  })
})

describe('what is not known', () => {
  const NOTHING = { ok: false, because: 'no-scope' } as const

  it('is never nobody: without grants', () => {
    const affected = hit('scopes["read:orders"]', {}, {}, learnt({ grants: NOTHING }))
    expect(affected).toMatchObject({
      applications: [],
      total: null,
      unknown: [{ what: 'grants', because: 'no-scope' }],
    })
  })

  it('is told where grants are missing and first-party applications are known all the same', () => {
    const affected = hit('signing_alg', {}, {}, learnt({ grants: NOTHING }))
    expect(affected).toMatchObject({ total: 3, allFirstParty: true, unknown: [{ what: 'grants' }] })
  })

  it('without applications: grants by their ids, with nobody left out', () => {
    const affected = hit(
      'proof_of_possession.required',
      {},
      policy('require_client_grant'),
      learnt({ clients: NOTHING }),
    )
    expect(names(affected)).toEqual(['machine: grant', 'theirs: grant', 'web: grant'])
    expect(affected.applications.every(({ name }) => name === null)).toBe(true)
    expect(affected.unknown.map(({ what }) => what)).toEqual(['names', 'applications'])
  })

  it('with names alone: what they can do', () => {
    const list = CLIENTS.map((client): Application => ({
      ...client,
      isFirstParty: null,
      isPermissive: null,
      grantTypes: null,
      provesPossession: null,
      isPublic: null,
    }))
    const affected = hit(
      'proof_of_possession.required',
      {},
      {},
      learnt({ clients: { ok: true, value: { depth: 'summary', list } } }),
    )
    expect(names(affected)).toEqual(['machine: grant', 'theirs: grant', 'web: grant'])
    expect(affected.applications[0]?.name).toBe('MACHINE')
    expect(affected.unknown).toEqual([{ what: 'applications', because: 'no-scope' }])
  })

  it('where applications are listed in part', () => {
    const clients = { ok: true, value: { depth: 'whole', list: CLIENTS.slice(0, 1) }, inPart: true } as const
    const affected = hit('signing_alg', {}, {}, learnt({ clients }))
    expect(affected.unknown).toEqual([
      { what: 'names', because: 'in-part' },
      { what: 'applications', because: 'in-part' },
    ])
  })

  it.each<Partial<Hit['finding']>>([{ kind: 'missing', path: '' }, { path: 'id' }])(
    'where the API is gone, or was made again, and its grants with it: %o',
    (parts) => {
      const about = learnt({ grants: { ok: true, value: [] } })
      const affected = hit(parts.path ?? '', parts, policy('require_client_grant'), about)
      expect(affected).toMatchObject({ total: null, unknown: [{ what: 'grants', because: 'gone' }] })
    },
  )

  it('where no tenant was asked', () => {
    const affected = hit('signing_alg', {}, {}, NO_TENANT)
    expect(affected).toMatchObject({ applications: [], total: null, defaultAudience: null, verifiers: true })
    expect(affected.unknown.map(({ because }) => because)).toEqual(Array(4).fill('no-tenant'))
  })

  it('nobody is said where everything is known', () => {
    const about = learnt({ grants: { ok: true, value: [] } })
    expect(hit('signing_alg', {}, policy('require_client_grant'), about)).toEqual({
      applications: [],
      total: 0,
      allFirstParty: false,
      thirdPartyByDefault: false,
      defaultAudience: false,
      verifiers: true,
      unknown: [],
    })
  })
})
