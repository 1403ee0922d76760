import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { livePolicies } from '../../../policies/live/live-policies.ts'
import type { Group } from '../../../policies/live/group.ts'
import { judgeTenant } from '../../../policies/live/judge-group.ts'
import type { SeenResource } from '../../../policies/live/resources.ts'
import { folderWith } from '../../cli/run.ts'
import { driftPolicies } from '../../../policies/drift-policies.ts'
import { MistakesError } from '../../../src/schema/errors.ts'
import type { Json, JsonObject } from '../../../src/schema/json.ts'
import { createTenantReader, tenantConfig, toSnapshotFile } from '../../../src/tenant/front.ts'
import type { Simulator } from '../../../src/simulator/front.ts'
import { tenantWith } from '../../support/checks.ts'
import { api, exported, runLive, UNKNOWN, type Resource, type Violations } from './run-live.ts'

const ORDERS = 'https://orders.example.com/'
const SHOP = 'https://shop.example.com/'
const orders = (inputs: JsonObject = {}): Resource =>
  api('orders', { identifier: ORDERS, signingAlg: 'RS256', __defaults: [], ...inputs })

/** A tenant as the program `[orders()]` left it, and the state of that program as its base. */
async function applied(): Promise<Simulator> {
  const tenant = await tenantWith()
  tenant.create({ identifier: ORDERS, signing_alg: 'RS256' })
  return tenant
}

const BASE = 'pulumi-stack:base.json'
const withBase = (tenant: Simulator, resources: readonly Resource[] = [orders()]) => ({
  env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token, TENANT_DRIFT_BASE: BASE },
  files: { 'base.json': exported(resources) },
})

test('has the policies of the main pack, by the same names and in the same order', () => {
  const names = livePolicies(() => Promise.reject(new Error('never opened'))).map(({ name }) => name)
  expect(names).toEqual(driftPolicies().map(({ name }) => name))
})

test('is silent on a tenant that is what the program says', async () => {
  const tenant = await applied()
  expect(await runLive(tenant, [orders()], withBase(tenant))).toEqual({ lines: [], text: '' })
})

test('a hotfix in the dashboard is mandatory drift at the resource, whatever else the program changes', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256' })

  const found = await runLive(tenant, [orders({ tokenLifetime: 600 })], withBase(tenant))

  expect(found.lines).toEqual(['mandatory signing-alg-drift orders'])
  expect(found.text).toContain('is "HS256" in the tenant and "RS256" in the code')
})

test("a change of the program's own is none, while it is planned and when it has been applied", async () => {
  const tenant = await applied()
  const program = [orders({ signingAlg: 'PS256' }), api('shop', { identifier: SHOP })]

  const planned = await runLive(tenant, program, withBase(tenant))
  const made = await runLive(tenant, program, {
    ...withBase(tenant),
    applied: () => {
      tenant.edit(ORDERS, { signing_alg: 'PS256' })
      tenant.create({ identifier: SHOP })
    },
  })

  expect(planned.lines).toEqual([])
  expect(made.lines).toEqual([])
})

test('code and tenant both changed is a conflict, which no severity lowers', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { token_lifetime: 60 })
  const base = withBase(tenant, [orders({ tokenLifetime: 600 })])

  const found = await runLive(tenant, [orders({ tokenLifetime: 300 })], base)

  expect(found.lines).toEqual(['mandatory token-lifetime-drift orders'])
  expect(found.text).toContain('Conflict:')
})

test('without a base every finding is advisory, and the way out is said once', async () => {
  const tenant = await applied()
  tenant.create({ identifier: SHOP, signing_alg: 'RS256' })
  for (const identifier of [ORDERS, SHOP]) tenant.edit(identifier, { signing_alg: 'HS256' })
  const program = [orders(), api('shop', { identifier: SHOP, signingAlg: 'RS256' })]

  const found = await runLive(tenant, program)

  expect(found.lines).toEqual(['advisory signing-alg-drift orders', 'advisory signing-alg-drift shop'])
  expect(found.text.match(/see TENANT_DRIFT_BASE/g)).toHaveLength(1)
})

test('a disabled policy is quiet, and what it would have collected is still judged by the others', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256', enforce_policies: true })
  const disabled = Object.fromEntries(
    ['name', 'signing-alg', 'id'].map((name) => [`${name}-drift`, { enforcementLevel: 'disabled' }]),
  )

  const found = await runLive(tenant, [orders({ enforcePolicies: false })], {
    ...withBase(tenant, [orders({ enforcePolicies: false })]),
    config: { ...disabled, 'enforce-policies-drift': { severity_at_least: 'low' } },
  })

  expect(found.lines).toEqual(['mandatory enforce-policies-drift orders'])
})

test('scopes are those of both kinds of resources, and order means nothing', async () => {
  const tenant = await applied()
  tenant.create({ identifier: SHOP, scopes: [{ value: 'buy' }] })
  tenant.edit(ORDERS, { scopes: [{ value: 'write' }, { value: 'read', description: 'Read' }] })
  const program: readonly Resource[] = [
    orders(),
    api('shop', { identifier: SHOP }),
    {
      type: 'ResourceServerScope',
      name: 'r',
      inputs: { resourceServerIdentifier: ORDERS, scope: 'read', description: 'Read' },
    },
    { type: 'ResourceServerScope', name: 'w', inputs: { resourceServerIdentifier: ORDERS, scope: 'write' } },
    {
      type: 'ResourceServerScopes',
      name: 'all',
      inputs: { resourceServerIdentifier: SHOP, scopes: [{ name: 'buy', __defaults: [] }] },
    },
  ]

  const quiet = await runLive(tenant, program, withBase(tenant, program))
  tenant.edit(SHOP, { scopes: [{ value: 'buy' }, { value: 'refund' }] })
  const drifted = await runLive(tenant, program, withBase(tenant, program))

  expect(quiet.lines).toEqual([])
  expect(drifted.lines).toEqual(['mandatory scopes-drift shop'])
  expect(drifted.text).toContain('refund')
})

test('what is not known in a first preview is named, and all the rest is compared', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256', scopes: [{ value: 'write' }] })
  tenant.create({ identifier: SHOP, signing_alg: 'RS256' })
  const program: readonly Resource[] = [
    orders({ tokenLifetime: UNKNOWN }),
    api('shop', { identifier: UNKNOWN, signingAlg: 'RS256' }),
    { type: 'ResourceServerScope', name: 'read', inputs: { resourceServerIdentifier: ORDERS, scope: UNKNOWN } },
    { type: 'ResourceServerScope', name: 'write', inputs: { resourceServerIdentifier: ORDERS, scope: 'write' } },
  ]
  const before = [
    orders({ tokenLifetime: 86_400 }),
    api('shop', { identifier: SHOP, signingAlg: 'RS256' }),
    ...program.slice(3),
  ]

  const found = await runLive(tenant, program, withBase(tenant, before))

  expect(found.lines).toEqual([
    'advisory unknown-input orders',
    'advisory unknown-input read',
    'advisory unknown-input shop',
    'mandatory signing-alg-drift orders',
  ])
  expect(found.text).toContain('orders: not known in this preview: tokenLifetime.')
  expect(found.text).toContain('shop: not known in this preview: identifier.')
})

test('an unmanaged API is a notice, counts once the tenant is recorded, and is none where the configuration says whose it is', async () => {
  const tenant = await applied()
  const recorded = await snapshotOf(tenant)
  tenant.create({ identifier: 'urn:stray' })
  const based = withBase(tenant)
  const withRecord = { ...based, files: { ...based.files, 'tenant-drift.recorded.json': recorded } }

  const notice = await runLive(tenant, [orders()], based)
  const counted = await runLive(tenant, [orders()], withRecord)
  const elsewhere = await runLive(tenant, [orders()], {
    ...withRecord,
    config: { 'unmanaged-api': { managed_elsewhere: ['urn:*'] } },
  })
  const excluded = await runLive(tenant, [orders()], {
    ...withRecord,
    files: { ...withRecord.files, 'tenant-drift.yaml': 'exclude: ["urn:*"]\n' },
  })

  expect(notice.lines).toEqual(['advisory unmanaged-api shop-dev'])
  expect(counted.lines).toEqual(['mandatory unmanaged-api shop-dev'])
  expect(elsewhere.lines).toEqual([])
  expect(excluded.lines).toEqual([])
})

test('an accept rule of tenant-drift.yaml hides what it names, and nothing else', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256', enforce_policies: true })
  const rule = `accept:\n  - { resource_server: "${ORDERS}", path: signing_alg, reason: r, owner: o, expires: 2999-01-01 }\n`
  const based = withBase(tenant, [orders({ enforcePolicies: false })])

  const found = await runLive(tenant, [orders({ enforcePolicies: false })], {
    ...based,
    files: { ...based.files, 'tenant-drift.yaml': rule },
  })

  expect(found.lines.map((line) => line.split(' ')[1])).toEqual(['enforce-policies-drift'])
})

test('an accept rule that matches nothing is said, and the ceiling of lifetimes is that of the configuration', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { token_lifetime: 50_000 })
  const rule = `accept:\n  - { resource_server: "${ORDERS}", path: name, reason: r, owner: o, expires: 2999-01-01 }\n`
  const based = withBase(tenant, [orders({ tokenLifetime: 600 })])
  const under = (config: string) =>
    runLive(tenant, [orders({ tokenLifetime: 600 })], {
      ...based,
      files: { ...based.files, 'tenant-drift.yaml': config },
    })

  const usual = await under(rule)
  const lower = await under(`${rule}lifetime_ceiling: 3600\n`)

  expect(usual.lines).toEqual(['advisory stale-rule shop-dev', 'advisory token-lifetime-drift orders'])
  expect(lower.lines).toEqual(['advisory stale-rule shop-dev', 'mandatory token-lifetime-drift orders'])
})

test('a tenant that cannot be read is said once, at its level, and nothing is claimed', async () => {
  const tenant = await applied()
  tenant.setFault({ kind: 'status', status: 403 })

  const found = await runLive(tenant, [orders(), api('shop', { identifier: SHOP })])

  expect(found.lines).toEqual(['mandatory unreadable-tenant shop-dev'])
  expect(found.text).toContain('Nothing is claimed about it')
})

test('each API is compared with the tenant of its own provider, and with no other', async () => {
  const [tenant, other] = [await applied(), await tenantWith()]
  other.create({ identifier: ORDERS, signing_alg: 'HS256' })
  const second = { name: 'second', settings: { domain: other.domain, apiToken: other.token } }
  const program = [orders(), api('there', { identifier: ORDERS, signingAlg: 'HS256' }, second)]

  const quiet = await runLive(tenant, program)
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const drifted = await runLive(tenant, program)

  expect(quiet.lines).toEqual([])
  expect(drifted.lines).toEqual(['advisory signing-alg-drift orders'])
})

test("the environment's credentials are never shown to a tenant that it does not name", async () => {
  const [tenant, other] = [await applied(), await tenantWith()]
  const stranger = { name: 'second', settings: { domain: other.domain } }

  const found = await runLive(tenant, [orders(), api('there', { identifier: SHOP }, stranger)])

  expect(found.lines).toEqual(['mandatory unreadable-tenant shop-dev'])
  expect(other.requests()).toEqual({})
})

test("a provider's own settings are enough, by client secret as well", async () => {
  const tenant = await applied()
  const settings = { domain: tenant.domain, clientId: tenant.client_id, clientSecret: tenant.client_secret }
  tenant.edit(ORDERS, { signing_alg: 'HS256' })

  const found = await runLive(tenant, [orders()], { env: {}, settings })

  expect(found.lines).toEqual(['advisory signing-alg-drift orders'])
  expect(found.text).not.toContain(tenant.client_secret)
})

test('a provider whose tenant is not known yet is said, and no tenant is read for it', async () => {
  const tenant = await applied()
  const dark = { name: 'later', settings: { domain: UNKNOWN } }

  const found = await runLive(tenant, [api('there', { identifier: SHOP }, dark)])

  expect(found.lines).toEqual(['advisory unknown-input there'])
  expect(tenant.requests()).toEqual({})
})

test('scopes that the state keeps as a secret are never shown, where they name their API by the tenant’s id, too', async () => {
  const tenant = await applied()
  const { id = null } = tenant.edit(ORDERS, { scopes: [{ value: 'planted-live' }] })
  const type = 'auth0:index/resourceServerScopes:ResourceServerScopes'
  const inputs = { resourceServerIdentifier: id, scopes: [{ name: 'planted-declared' }] }
  const scopes: SeenResource = {
    urn: 'urn:scopes',
    kind: 'scopes',
    type,
    name: 'scopes',
    values: inputs,
    unknown: [],
    ignored: [],
    ignoredParts: [],
    provider: null,
  }
  const provider = { urn: 'urn:p', name: 'default', values: { domain: tenant.domain }, unknown: [] }
  const group: Group = { key: 'one', provider, all: [scopes], known: [scopes], standing: new Set() }

  const { check } = await judgeTenant(group, {
    env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
    root: folderWith(),
    now: Date.now(),
    managedElsewhere: [],
    base: () => Promise.resolve({ state: null, secrets: new Map([['urn:scopes', ['scopes']]]) }),
  })

  const said = inspect(
    check.differences(() => true),
    { depth: 9 },
  )
  expect(said).toContain('scopes')
  expect(said).not.toContain('planted')
})

test('a signing secret is compared and never shown', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256', signing_secret: 'planted-live-secret-0000' })
  const program = [orders({ signingAlg: 'HS256', signingSecret: 'planted-declared-secret-0' })]

  const found = await runLive(tenant, program, withBase(tenant, program))

  expect(found.lines).toEqual(['mandatory signing-secret-drift orders'])
  expect(found.text).not.toContain('planted')
})

test('a mistake in the program is said, with the resource, and nothing is compared', async () => {
  const tenant = await applied()

  const found = await runLive(tenant, [orders({ tokenLifetime: -1 })])

  expect(found.lines).toEqual(['mandatory invalid-declaration shop-dev'])
  expect(found.text).toContain('token_lifetime')
})

test('an input without a meaning here is named, and not dropped in silence', async () => {
  const tenant = await applied()

  const found = await runLive(tenant, [orders({ verificationLocation: 'https://x.example.com/' })], withBase(tenant))

  expect(found.lines).toEqual(['advisory not-compared shop-dev'])
  expect(found.text).toContain('verification_location')
})

test('an input whose changes the program ignores is not declared by it', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const ignoring = { ...orders(), ignoreChanges: ['signingAlg'] }

  const found = await runLive(tenant, [ignoring], withBase(tenant, [ignoring]))

  expect(found.lines).toEqual(['advisory undeclared-setting shop-dev'])
})

test('a base that cannot be had is a mistake: no finding is called drift or pending for want of it', async () => {
  const tenant = await applied()
  const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }

  const asked = await runLive(tenant, [orders()], { env, config: { 'unreadable-tenant': { base: 'stack' } } })
  const named = await runLive(tenant, [orders()], { env: { ...env, TENANT_DRIFT_BASE: 'pulumi-stack:nowhere.json' } })

  // The PATH of these runs is empty.
  expect(asked.lines).toEqual(['mandatory invalid-declaration shop-dev'])
  expect(asked.text).toContain('pulumi is not on PATH')
  expect(named.lines).toEqual(['mandatory invalid-declaration shop-dev'])
})

async function snapshotOf(tenant: Simulator): Promise<string> {
  const reader = createTenantReader(
    tenantConfig({ env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token } }),
  )
  onTestFinished(() => reader.close())
  const reading = await reader.inventory()
  if (!reading.ok) throw new MistakesError('invalid_config', [])
  return JSON.stringify(toSnapshotFile(reading.snapshot, new Date()))
}

// What a change makes unknown, and what of it is compared all the same.

const scope = (name: string, owner: Json = ORDERS, value: Json = name): Resource => ({
  type: 'ResourceServerScope',
  name,
  inputs: { resourceServerIdentifier: owner, scope: value },
})
const policiesOf = ({ lines }: Violations) => lines.filter((line) => !line.includes(' unknown-input '))

test('an input that the change makes unknown stays compared with what the base knows', async () => {
  const tenant = await applied()
  const made = [orders({ signingAlg: UNKNOWN })]

  const quiet = await runLive(tenant, made, withBase(tenant))
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const drifted = await runLive(tenant, made, withBase(tenant))
  const baseless = await runLive(tenant, made)

  expect([policiesOf(quiet), policiesOf(drifted)]).toEqual([[], ['mandatory signing-alg-drift orders']])
  // Nothing tells what it was, nor what it will be.
  expect(policiesOf(baseless)).toEqual([])
  expect(baseless.text).toContain(`not compared: signing_alg of ${ORDERS}`)
})

test('an identifier that the change makes unknown leaves the API of the base compared', async () => {
  const tenant = await applied()
  const made = [api('orders', { identifier: UNKNOWN, signingAlg: 'RS256' })]

  const quiet = await runLive(tenant, made, withBase(tenant))
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const drifted = await runLive(tenant, made, withBase(tenant))

  expect([policiesOf(quiet), policiesOf(drifted)]).toEqual([[], ['mandatory signing-alg-drift shop-dev']])
})

test('a provider whose domain the change makes unknown leaves what the base knows compared', async () => {
  const tenant = await applied()
  const dark = api(
    'orders',
    { identifier: ORDERS, signingAlg: 'RS256' },
    { name: 'later', settings: { domain: UNKNOWN } },
  )

  const quiet = await runLive(tenant, [dark], withBase(tenant))
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const drifted = await runLive(tenant, [dark], withBase(tenant))

  expect([policiesOf(quiet), policiesOf(drifted)]).toEqual([[], ['mandatory signing-alg-drift shop-dev']])
})

test('the last resource that a change takes out leaves the APIs of the base judged', async () => {
  const tenant = await applied()

  const taken = await runLive(tenant, [], withBase(tenant))
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const touched = await runLive(tenant, [], withBase(tenant))
  const gone = await runLive(tenant, [], { ...withBase(tenant), applied: () => tenant.remove(ORDERS) })
  const never = await runLive(tenant, [], { ...withBase(tenant), files: { 'base.json': exported([]) } })

  expect(taken.lines).toEqual([])
  expect(touched.lines).toEqual(['mandatory unmanaged-api shop-dev'])
  expect(touched.text).toContain('Conflict')
  expect(gone.lines).toEqual([])
  expect(never.lines).not.toEqual([])
})

test('one scope whose owner is not known yet leaves the scopes of every API compared, with a base', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { scopes: [{ value: 'read' }, { value: 'write' }] })
  tenant.create({ identifier: SHOP, scopes: [{ value: 'buy' }] })
  const whole: Resource = {
    type: 'ResourceServerScopes',
    name: 'all',
    inputs: { resourceServerIdentifier: SHOP, scopes: [{ name: 'buy' }] },
  }
  const before = [orders(), api('shop', { identifier: SHOP }), scope('read'), scope('write'), whole]
  const program = [...before, scope('new', UNKNOWN)]

  const quiet = await runLive(tenant, program, withBase(tenant, before))
  tenant.edit(SHOP, { scopes: [{ value: 'buy' }, { value: 'refund' }] })
  tenant.edit(ORDERS, { scopes: [{ value: 'read' }, { value: 'by-hand' }] })
  const drifted = await runLive(tenant, program, withBase(tenant, before))
  const baseless = await runLive(tenant, program)

  expect(policiesOf(quiet)).toEqual([])
  expect(new Set(policiesOf(drifted).map((line) => line.split(' ').at(-1)))).toEqual(new Set(['orders', 'shop']))
  for (const name of ['refund', 'by-hand', 'write']) expect(drifted.text).toContain(`scopes.${name} of`)
  // Without a base the new scope may be the one that nobody else names; what is declared and gone is gone.
  expect(baseless.text).toContain('scopes.refund of')
  expect(baseless.text).toContain('scopes.write of')
  expect(baseless.text).not.toContain('scopes.by-hand of')
  expect(baseless.text).toContain(`not compared: scopes of ${ORDERS} that no resource names`)
  expect(baseless.text).not.toContain(`not compared: scopes of ${SHOP}`)
})

test('the usual record says nothing of a tenant that it is not of, with a configuration beside it or without', async () => {
  const [tenant, other] = [await applied(), await applied()]
  const based = withBase(tenant)
  const beside = { ...based.files, 'tenant-drift.recorded.json': await snapshotOf(other) }
  const runWith = (files: Readonly<Record<string, string>>) =>
    runLive(tenant, [orders()], { ...based, files: { ...beside, ...files } })

  const [alone, configured, named] = [
    await runWith({}),
    await runWith({ 'tenant-drift.yaml': 'accept: []\n' }),
    await runWith({ 'tenant-drift.yaml': 'recorded: tenant-drift.recorded.json\n' }),
  ]

  expect([policiesOf(alone), policiesOf(configured)]).toEqual([[], []])
  expect(named.lines).toEqual(['mandatory invalid-declaration shop-dev'])
})

test('what a program ignores is not declared by it, and the record watches it', async () => {
  const tenant = await applied()
  const recorded = await snapshotOf(tenant)
  const ignoring = (...ignoreChanges: readonly string[]): Resource => ({ ...orders(), ignoreChanges })
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const based = withBase(tenant)

  const said = await runLive(tenant, [orders()], based)
  const ignored = await runLive(tenant, [ignoring('signingAlg')], based)
  const all = await runLive(tenant, [ignoring('*')], based)
  const watched = await runLive(tenant, [ignoring('signingAlg')], {
    ...based,
    files: { ...based.files, 'tenant-drift.recorded.json': recorded },
  })

  expect(said.lines).toEqual(['mandatory signing-alg-drift orders'])
  expect(
    [policiesOf(ignored), policiesOf(all)].flat().filter((line) => !line.startsWith('advisory undeclared')),
  ).toEqual([])
  expect(watched.lines).toEqual(['mandatory undeclared-setting orders'])
})

test.each([
  ['proofOfPossession.required', ['advisory proof-of-possession-drift orders']],
  ['proofOfPossession.*', []],
] as const)('of an input that a program ignores in part (%s) the rest is declared', async (path, lines) => {
  const tenant = await applied()
  tenant.edit(ORDERS, { proof_of_possession: { mechanism: 'dpop', required: false } })
  const program = { ...orders({ proofOfPossession: { mechanism: 'mtls', required: true } }), ignoreChanges: [path] }

  const found = await runLive(tenant, [program], withBase(tenant, [program]))

  expect(found.lines.filter((line) => line.includes('proof-of-possession'))).toEqual(lines)
  expect(found.text).not.toMatch(/^proof_of_possession\.required of .* in the tenant/m)
})

test('of a list of scopes that a program ignores in part nothing is declared', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { scopes: [{ value: 'read', description: 'by hand' }] })
  const before = [orders(), { ...scope('read'), ignoreChanges: ['description'] }]

  const found = await runLive(tenant, before, withBase(tenant, before))

  expect(found.lines.filter((line) => line.startsWith('mandatory'))).toEqual([])
  expect(found.text).not.toContain('weaker')
})

test('an API that was deleted and made again with the same values is another one: the state holds the id of the first', async () => {
  const tenant = await applied()
  const live = tenant.list().find(({ identifier }) => identifier === ORDERS)
  const base = [{ ...orders(), id: live?.id as string }]
  const silent = await runLive(tenant, [orders()], withBase(tenant, base))
  tenant.remove(ORDERS)
  tenant.put({ ...live, id: '66a1f0000000000000000002' })

  const found = await runLive(tenant, [orders()], withBase(tenant, base))

  expect(silent.lines).toEqual([])
  expect(found.lines).toEqual(['mandatory id-drift orders'])
  expect(found.text).toContain(`is "66a1f0000000000000000002" in the tenant, and was "${live?.id as string}"`)
  expect(found.text).toMatch(
    /Stops clients: the API was deleted and created again.*\nFix: create its grants again\. .*tenant-drift record/,
  )
})

test.each(['https://orders.example.com', 'https://ORDERS.example.com/'])(
  'an identifier that the tenant has otherwise written (%s) is one violation, which says so',
  async (written) => {
    const tenant = await applied()
    const live = tenant.list().find(({ identifier }) => identifier === ORDERS)
    tenant.remove(ORDERS)
    tenant.put({ ...live, identifier: written })

    const found = await runLive(tenant, [orders()], withBase(tenant))

    expect(found.lines).toEqual(['mandatory missing-api orders'])
    expect(found.text).toContain(`the tenant has ${written}, which differs only in a trailing slash or in letter case.`)
    expect(found.text).not.toContain('create it again')
  },
)

test('a configuration that excludes every API leaves nothing judged', async () => {
  const tenant = await applied()
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const excluding = (globs: string) => ({
    ...withBase(tenant),
    files: { 'base.json': exported([orders()]), 'tenant-drift.yaml': `exclude: [${globs}]\n` },
  })

  const all = await runLive(tenant, [orders()], excluding('"*"'))
  const some = await runLive(tenant, [orders(), api('shop', { identifier: SHOP })], excluding(`"${ORDERS}"`))

  expect(all.lines).toEqual(['mandatory nothing-judged shop-dev'])
  expect(all.text).toContain('exclu')
  expect(some.lines.filter((line) => line.includes('nothing-judged'))).toEqual([])
})
