import { notKnown, type ChangedBy } from '../../src/schema/changed-by.ts'
import { describe, expect, it } from 'vitest'
import { compareTenant, judgeFindings, type TenantInput } from '../../src/compare/front.ts'
import { invert, makeRepairPlan, renderPlan } from '../../src/repair/front.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import type { RepairPlan } from '../../src/schema/repair.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { declaredState, PROOF, TENANT } from '../support/scenes.ts'

interface Asked {
  readonly declared?: JsonObject
  readonly live: JsonObject
  readonly base?: JsonObject
  readonly recorded?: JsonObject
  readonly only?: readonly string[]
  readonly acceptWeakened?: boolean
  readonly includeBreaking?: boolean
  readonly told?: Readonly<Record<string, ChangedBy>>
}

/** The plan of one API; everything that is allowed is, unless it says otherwise. */
function planOf({ declared, live, base, recorded, only, told = {}, ...flags }: Asked): RepairPlan {
  const { acceptWeakened = true, includeBreaking = true } = flags
  const api: JsonObject = { ...bareApi(), ...live }
  const items = [api]
  const input: TenantInput = {
    declared: declaredState(declared === undefined ? [] : [{ identifier: IDENTIFIER, ...declared }]),
    base: base === undefined ? null : declaredState([{ identifier: IDENTIFIER, ...base }]),
    recorded:
      recorded === undefined
        ? null
        : { tenant: TENANT, complete: true, items: [{ ...bareApi(), ...recorded }], proof: PROOF },
    inventory: { ok: true, snapshot: { tenant: TENANT, complete: true, items, proof: PROOF } },
    looks: new Map(),
    secrets: new Map(),
  }
  const { findings } = judgeFindings(compareTenant(TENANT, input), {
    gate: 'all',
    rules: [],
    usedElsewhere: new Set(),
    today: null,
    previous: null,
    onlyNew: false,
    failOn: 'any',
    strictRules: false,
    targets: null,
  })
  return makeRepairPlan({
    isNamed: only !== undefined,
    acceptWeakened,
    includeBreaking,
    findings: findings.filter(({ path, counts }) => (only === undefined ? counts : only.includes(path))),
    sidesOf: (identifier) => ({
      identifier,
      live: api,
      declared: input.declared.apis[0] ?? null,
      base: input.base?.apis[0]?.values ?? null,
    }),
    management: null,
    variableOf: () => 'SECRET',
    holdsSecret: (value) => JSON.stringify(value).includes('a-token-of-this-run'),
    alsoTold: ({ path }) => ({ changedBy: told[path] }),
    elsewhereOf: () => null,
    hasErrors: false,
    head: {
      tool: { name: 'tenant-drift', version: '0.0.0' },
      generatedAt: '2026-11-30T08:00:00.000Z',
      tenant: TENANT,
      name: null,
      readAt: '2026-11-30T08:00:00.000Z',
    },
  })
}

const bodyOf = (plan: RepairPlan) => plan.apis[0]?.patch.body
const inverseOf = (plan: RepairPlan) => plan.apis[0]?.inverse.patch?.body
const lostOf = (plan: RepairPlan) => plan.apis[0]?.inverse.lost.map(({ field }) => field)

const encryption = (pem: string | undefined): JsonObject => ({
  format: 'compact-nested-jwe',
  encryption_key: { name: 'key', alg: 'RSA-OAEP-256', pem: pem ?? '' },
})
const encrypted = (thumbprint: Json | undefined, more: JsonObject = {}): JsonObject => ({
  format: 'compact-nested-jwe',
  encryption_key: { name: 'key', alg: 'RSA-OAEP-256', thumbprint_sha256: thumbprint ?? '', ...more },
})

describe('the body of a PATCH', () => {
  it.each<[string, JsonObject, JsonObject, body: JsonObject, inverse: JsonObject, lost?: readonly string[]]>([
    [
      'a switch',
      { allow_offline_access: false },
      { allow_offline_access: true },
      { allow_offline_access: false },
      { allow_offline_access: true },
    ],
    [
      'a switch that is not there',
      { enforce_policies: true },
      {},
      { enforce_policies: true },
      { enforce_policies: false },
    ],
    [
      'a switch that must not be set',
      { enforce_policies: null },
      { enforce_policies: true },
      { enforce_policies: false },
      { enforce_policies: true },
    ],
    [
      'a dialect that is not there',
      { token_dialect: 'rfc9068_profile' },
      {},
      { token_dialect: 'rfc9068_profile' },
      { token_dialect: 'access_token' },
    ],
    ['a name that was never set', { name: 'Orders' }, {}, { name: 'Orders' }, {}, ['name']],
    [
      'what null takes away',
      { consent_policy: null },
      { consent_policy: 'transactional-authorization-with-mfa' },
      { consent_policy: null },
      { consent_policy: 'transactional-authorization-with-mfa' },
    ],
    [
      'scopes: the live list, in its order, with the drifted items put right',
      { scopes: [{ value: 'c' }, { value: 'a', description: 'A' }, { value: 'new', description: 'New' }] },
      { scopes: [{ value: 'b' }, { description: 'other', value: 'a' }, { value: 'c', description: 'C' }] },
      { scopes: [{ description: 'A', value: 'a' }, { value: 'c' }, { value: 'new', description: 'New' }] },
      { scopes: [{ value: 'b' }, { description: 'other', value: 'a' }, { value: 'c', description: 'C' }] },
    ],
    [
      'scopes that must not be there',
      { scopes: [] },
      { scopes: [{ value: 'a' }] },
      { scopes: [] },
      { scopes: [{ value: 'a' }] },
    ],
    ['scopes where there were none', { scopes: [{ value: 'a' }] }, {}, { scopes: [{ value: 'a' }] }, { scopes: [] }],
    [
      'access by kind of subject: all members',
      { subject_type_authorization: { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } } },
      {
        subject_type_authorization: {
          client: { policy: 'deny_all' },
          user: { policy: 'allow_all' },
          anonymous_user: { policy: 'deny_all' },
        },
      },
      {
        subject_type_authorization: {
          client: { policy: 'deny_all' },
          user: { policy: 'require_client_grant' },
          anonymous_user: { policy: 'deny_all' },
        },
      },
      {
        subject_type_authorization: {
          client: { policy: 'deny_all' },
          user: { policy: 'allow_all' },
          anonymous_user: { policy: 'deny_all' },
        },
      },
    ],
    [
      'access whose default is declared by leaving it out',
      { subject_type_authorization: { client: { policy: 'require_client_grant' } } },
      { subject_type_authorization: { user: { policy: 'deny_all' } } },
      { subject_type_authorization: { user: { policy: 'allow_all' } } },
      { subject_type_authorization: { user: { policy: 'deny_all' } } },
    ],
    [
      'proof of possession: mechanism and required always',
      { proof_of_possession: { mechanism: 'dpop', required: true } },
      { proof_of_possession: { mechanism: 'dpop', required: false, required_for: 'public_clients' } },
      { proof_of_possession: { mechanism: 'dpop', required: true } },
      { proof_of_possession: { mechanism: 'dpop', required: false, required_for: 'public_clients' } },
    ],
    [
      'no proof of possession, said in words',
      { proof_of_possession: { mechanism: 'none', required: false } },
      { proof_of_possession: { mechanism: 'mtls', required: false } },
      { proof_of_possession: null },
      { proof_of_possession: { mechanism: 'mtls', required: false } },
    ],
    [
      'authorization details: what no row names stays',
      { authorization_details: [{ type: 'pay', limit: 1 }] },
      { authorization_details: [{ type: 'pay', limit: 2, deep: { er: [1] } }, { type: 'more' }] },
      { authorization_details: [{ type: 'pay', limit: 1 }] },
      { authorization_details: [{ type: 'pay', limit: 2, deep: { er: [1] } }, { type: 'more' }] },
    ],
    [
      'claims of anonymous sessions',
      { access_token: { claims_mapping: { custom_claims: [{ name: 'plan', expression: 'a.plan' }] } } },
      {
        access_token: {
          claims_mapping: {
            custom_claims: [
              { name: 'x', expression: 'a.x' },
              { name: 'plan', expression: 'b' },
            ],
          },
        },
      },
      { access_token: { claims_mapping: { custom_claims: [{ name: 'plan', expression: 'a.plan' }] } } },
      {
        access_token: {
          claims_mapping: {
            custom_claims: [
              { name: 'x', expression: 'a.x' },
              { name: 'plan', expression: 'b' },
            ],
          },
        },
      },
    ],
    [
      'a key that was taken away',
      { token_encryption: encryption(SAMPLE_PEMS[0]) },
      {},
      { token_encryption: encryption(SAMPLE_PEMS[0]) },
      { token_encryption: null },
    ],
    [
      'a key that is called otherwise',
      { token_encryption: encryption(SAMPLE_PEMS[0]) },
      { token_encryption: encrypted(SAMPLE_THUMBPRINTS[0], { name: 'other' }) },
      { token_encryption: encryption(SAMPLE_PEMS[0]) },
      {
        token_encryption: {
          ...encryption(SAMPLE_PEMS[0]),
          encryption_key: { name: 'other', alg: 'RSA-OAEP-256', pem: SAMPLE_PEMS[0] ?? '' },
        },
      },
    ],
    [
      'another key',
      { token_encryption: encryption(SAMPLE_PEMS[0]) },
      { token_encryption: encrypted(SAMPLE_THUMBPRINTS[1]) },
      { token_encryption: encryption(SAMPLE_PEMS[0]) },
      {},
      ['token_encryption'],
    ],
  ])('of %s', (_what, declared, live, body, inverse, lost = []) => {
    const plan = planOf({ declared, live })

    expect([plan.exitCode, plan.leftOut]).toEqual([0, []])
    expect(JSON.stringify(inOrder(bodyOf(plan)))).toBe(JSON.stringify(inOrder(body)))
    expect(inverseOf(plan) ?? {}).toEqual(inverse)
    expect(lostOf(plan)).toEqual(lost)
    // The precondition: whole top-level values, as seen.
    const seen: JsonObject = { ...bareApi(), ...live }
    expect(plan.apis[0]?.patch.before).toEqual(
      Object.keys(body).map((field) => (seen[field] === undefined ? { field } : { field, value: seen[field] })),
    )
  })

  it('holds what is asked for and no member beside it', () => {
    const declared = { token_lifetime: 600, name: 'Orders', scopes: [{ value: 'a' }] }
    const live = { token_lifetime: 600, name: 'Other', scopes: [{ value: 'a' }], enforce_policies: true }
    expect(bodyOf(planOf({ declared, live }))).toEqual({ name: 'Orders' })
  })

  it.each<[string, JsonObject, JsonObject, string]>([
    [
      'a member nobody knows',
      { scopes: [{ value: 'a', description: 'A' }] },
      { scopes: [{ value: 'a', colour: 'red' }] },
      'does not know',
    ],
    [
      'a value nobody knows',
      { subject_type_authorization: { client: { policy: 'deny_all' } } },
      {
        subject_type_authorization: {
          user: { policy: 'allow_all' },
          client: { policy: 'require_client_grant' },
          anonymous_user: { policy: 'brand_new' },
        },
      },
      'this version does not know',
    ],
    [
      'half a character',
      { scopes: [{ value: 'a', description: 'A' }] },
      { scopes: [{ value: 'a' }, { value: '\ud800' }] },
      'would change on the way',
    ],
    [
      'a number that no double holds',
      { authorization_details: [{ type: 'a', x: 1 }] },
      { authorization_details: [{ type: 'a', x: 2, y: 2 ** 60 }] },
      'would change on the way',
    ],
    [
      'a secret of this run',
      { scopes: [{ value: 'a', description: 'A' }] },
      { scopes: [{ value: 'a' }, { value: 'a-token-of-this-run' }] },
      'is a secret',
    ],
    [
      'a key without its PEM',
      { token_encryption: encrypted(SAMPLE_THUMBPRINTS[0]) },
      { token_encryption: encrypted(SAMPLE_THUMBPRINTS[1]) },
      'never returns the PEM',
    ],
    ['a claim of agents that cannot be undone', { agent_subject_claims: 'auth0-v2' }, {}, 'this version does not know'],
  ])('is none where the value holds %s', (_what, declared, live, why) => {
    const plan = planOf({ declared, live, includeBreaking: false })

    expect(plan.apis).toEqual([])
    expect(plan.leftOut.filter(({ why: said }) => said.includes(why)).length).toBeGreaterThan(0)
    expect(plan.exitCode).toBe(2)
  })

  it('leaves a list alone that holds what it cannot send, and puts back what is beside it', () => {
    const plan = planOf({
      declared: { name: 'Orders', scopes: [{ value: 'a', description: 'A' }] },
      live: { name: 'Other', scopes: [{ value: 'a', colour: 'red' }] },
    })
    expect([bodyOf(plan), plan.leftOut.map(({ path }) => path)]).toEqual([{ name: 'Orders' }, ['scopes.a.description']])
  })
})

describe('what is left out', () => {
  it.each<[string, Partial<Asked>, paths: readonly string[], left: readonly string[]]>([
    [
      'a safer value, without more',
      {
        acceptWeakened: false,
        includeBreaking: false,
        declared: { allow_offline_access: false },
        live: { allow_offline_access: true },
      },
      ['allow_offline_access'],
      [],
    ],
    [
      'what is less safe than it stands',
      { acceptWeakened: false, declared: { token_lifetime: 3600 }, live: { token_lifetime: 60 } },
      [],
      ['token_lifetime'],
    ],
    [
      'the same, named',
      {
        acceptWeakened: false,
        only: ['token_lifetime'],
        declared: { token_lifetime: 3600 },
        live: { token_lifetime: 60 },
      },
      [],
      ['token_lifetime'],
    ],
    [
      'a shorter lifetime',
      { includeBreaking: false, declared: { token_lifetime: 60 }, live: { token_lifetime: 3600 } },
      [],
      ['token_lifetime'],
    ],
    [
      'the same, named',
      {
        includeBreaking: false,
        only: ['token_lifetime'],
        declared: { token_lifetime: 60 },
        live: { token_lifetime: 3600 },
      },
      ['token_lifetime'],
      [],
    ],
    [
      'another algorithm',
      { includeBreaking: false, declared: { signing_alg: 'RS256' }, live: { signing_alg: 'HS256' } },
      [],
      ['signing_alg'],
    ],
    [
      'a scope that goes',
      { includeBreaking: false, declared: { scopes: [] }, live: { scopes: [{ value: 'a' }] } },
      [],
      ['scopes.a'],
    ],
    [
      'roles that decide again',
      { includeBreaking: false, declared: { enforce_policies: true }, live: { enforce_policies: false } },
      [],
      ['enforce_policies'],
    ],
    ['what cannot be brought back', { includeBreaking: false, declared: { name: 'Orders' }, live: {} }, [], ['name']],
    ['a conflict', { declared: { name: 'C' }, base: { name: 'A' }, live: { name: 'B' } }, [], ['name']],
    [
      'a conflict, named',
      { only: ['name'], declared: { name: 'C' }, base: { name: 'A' }, live: { name: 'B' } },
      ['name'],
      [],
    ],
    [
      'a pending change, named',
      { only: ['name'], declared: { name: 'C' }, base: { name: 'A' }, live: { name: 'A' } },
      ['name'],
      [],
    ],
    [
      'what nobody declares',
      { declared: {}, recorded: { token_lifetime: 60 }, live: { token_lifetime: 50 } },
      [],
      ['token_lifetime'],
    ],
    [
      'what nobody declares, named',
      { only: ['token_lifetime'], declared: {}, recorded: { token_lifetime: 60 }, live: { token_lifetime: 50 } },
      ['token_lifetime'],
      [],
    ],
    ['the id', { declared: { id: '66a1f0000000000000000009' }, live: {} }, [], ['id']],
    ['the linked client', { declared: { client_id: 'a' }, live: { client_id: 'b' } }, [], ['client_id']],
  ])('%s', (_what, asked, paths, left) => {
    const plan = planOf({ live: {}, ...asked })

    expect(plan.apis.flatMap(({ repairs }) => repairs.map(({ path }) => path))).toEqual(paths)
    expect(plan.leftOut.map(({ path }) => path)).toEqual(left)
    expect(plan.exitCode).toBe(left.length > 0 ? 2 : 0)
  })

  it('is judged by what the rest of the plan leaves', () => {
    // With roles off and every client let in a scope more is graver; none of it is less safe than what stands.
    const plan = planOf({
      declared: { enforce_policies: true, token_dialect: 'access_token_authz' },
      live: { enforce_policies: false, token_dialect: 'access_token' },
      acceptWeakened: false,
    })
    expect(plan.apis[0]?.repairs.map(({ path, becomes }) => [path, becomes])).toEqual([
      ['enforce_policies', 'safer'],
      ['token_dialect', 'neither'],
    ])
  })
})

describe('what a plan says of a difference', () => {
  it('names what ends, whom it can stop, what stays and who will undo it', () => {
    const keptBy = {
      through: 'application' as const,
      actor: { application: { client_id: 'abc', name: 'deploy-prod' } },
      tool: 'deploy-cli',
      log: '900',
      count: 4,
      last: '2026-11-29T01:52:00.000Z',
    }
    const plan = planOf({
      declared: { signing_alg: 'HS256', allow_offline_access: false },
      live: { signing_alg: 'RS256', allow_offline_access: true },
      told: { allow_offline_access: { ...notKnown('no-event'), keptBy } },
    })
    const [first, second] = plan.apis[0]?.repairs ?? []
    expect(first).toMatchObject({ path: 'allow_offline_access', becomes: 'safer', breaks: false })
    expect(first?.says).toMatch(/^Ends this: clients get refresh tokens/)
    expect(first?.warnings).toEqual([
      'The live value was sent again 4 times since, last at 29 Nov 2026, 01:52 UTC, by application deploy-prod (calls itself deploy-cli), who will undo the repair unless the source of that value is changed.',
    ])
    const byHand = planOf({
      declared: { allow_offline_access: false },
      live: { allow_offline_access: true },
      told: { allow_offline_access: { ...notKnown('no-event'), keptBy: { ...keptBy, through: 'dashboard' } } },
    })
    expect(byHand.apis[0]?.repairs[0]?.warnings).toEqual([])
    expect(second).toMatchObject({ path: 'signing_alg', becomes: 'less-safe', breaks: true })
    expect(second?.says).toMatch(/^Less safe: .* Can stop clients: /)
    expect(second?.warnings).toEqual([
      'Setting HS256 creates a signing secret, which stays when the algorithm changes again.',
    ])
  })
})

describe('the plan that undoes another one', () => {
  const wayBackOf = (declared: JsonObject, live: JsonObject) => {
    const plan = planOf({ declared, live })
    return invert(plan, new Set((plan.apis[0]?.repairs ?? []).map(({ fingerprint }) => fingerprint)))
  }
  const ENCRYPTED = { token_encryption: encrypted(SAMPLE_THUMBPRINTS[0]) }

  it('names what cannot come back of an API of which nothing else does', () => {
    const plan = wayBackOf({ token_encryption: null }, ENCRYPTED)

    expect(plan).toMatchObject({ exitCode: 2, apis: [], leftOut: [{ identifier: IDENTIFIER, counts: true }] })
    expect(plan.leftOut[0]?.why).toMatch(/^it cannot be restored, because /)
    expect(renderPlan('text', plan)).toContain(`token_encryption of ${IDENTIFIER}`)
  })

  it('counts what it undoes, and what it does not', () => {
    const plan = wayBackOf({ token_encryption: null, signing_alg: 'RS256' }, { ...ENCRYPTED, signing_alg: 'PS256' })

    expect(plan.apis[0]?.repairs.map(({ path }) => path)).toEqual(['signing_alg'])
    expect(plan.leftOut.map(({ path }) => path)).toEqual(['token_encryption'])
    expect(renderPlan('text', plan)).toContain('undoes 1 difference on 1 API, and leaves 1 out')
  })
})

it.each([
  ['acme.eu.auth0.com', 'https://acme.eu.auth0.com', '=https'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', '=http'],
  ['http://[::1]:8080', 'http://[::1]:8080', '=http'],
])('a script for %s asks there and nowhere else', (tenant, origin, proto) => {
  const plan = planOf({ declared: { signing_alg: 'RS256' }, live: { signing_alg: 'PS256' } })
  const text = renderPlan('sh', { ...plan, tenant })

  expect(text).toContain(`origin='${origin}'`)
  expect(text).toContain(`proto='${proto}'`)
})

function inOrder(body: JsonObject | undefined): Json {
  return isJsonObject(body) ? Object.fromEntries(Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1))) : null
}
