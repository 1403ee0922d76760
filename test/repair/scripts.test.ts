import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { RepairPlan } from '../../src/schema/repair.ts'
import { SAMPLE_PEMS } from '../../src/schema/sample-keys.ts'
import { requestsOf, tenantWith } from '../tenant/with-tenant.ts'
import { canRun, isThere, lacking, pathWith, sceneOf, standInFor, type Scene } from './script.ts'

/** A shell that is not bash. */
const DASH = 'dash'

const HOSTILE = [
  "it's",
  '$(touch INJECTED)',
  '`touch INJECTED`',
  '"; touch INJECTED; "',
  "'; touch INJECTED; '",
  '\\',
  '\\n\\u0000',
  '\u202egnp.exe',
  'a\nEND_OF_PLAN\ntouch INJECTED\n',
  '-d@/etc/passwd',
  '../../../users',
  '[1-9]{a,b}',
  '%2e%2e/',
  '${AUTH0_API_TOKEN}',
  '$ENV.AUTH0_API_TOKEN',
  '__proto__',
  '日本',
  '🙂',
  '#!/bin/sh ##[error]x ##vso[task.complete]x ::error::x',
  '\u0007\u001b[31m',
  'nul\u0000nul\u2028\u007f',
]

/** A tenant in which every API drifted: a scope lost its description, a name and an authorization detail changed. */
async function hostileScene(): Promise<{ scene: Scene; live: () => readonly JsonObject[] }> {
  const tenant = await tenantWith({ apis: 0 })
  const joined = HOSTILE.flatMap((_, index) => (index % 11 === 0 ? [HOSTILE.slice(index, index + 11).join('')] : []))
  const declared = joined.map((text, index) => ({
    identifier: `urn:${index}:${text}`,
    name: `Name ${index}`,
    scopes: HOSTILE.map((value) => ({ value, description: text })),
    authorization_details: [{ type: text, [text]: { [text]: [text, 1.5, null, true] } }],
  }))
  expect(declared).toHaveLength(2)
  for (const api of declared)
    tenant.create({
      ...api,
      name: 'Other',
      scopes: api.scopes.map(({ value }) => ({ value })),
      authorization_details: [{ type: api.authorization_details[0]?.type ?? '', other: 'x' }],
    })
  return { scene: sceneOf(tenant, declared), live: () => tenant.list() }
}

const TRANSPORTS = ['sh', 'auth0'] as const

describe.skipIf(!canRun).each(TRANSPORTS)(`the script, by %s${lacking}`, (transport) => {
  it(
    'puts back whatever names and values there are, does nothing else, and undoes it',
    { timeout: 60_000 },
    async () => {
      const { scene, live } = await hostileScene()
      const { PATH, calls } = standInFor(scene)
      const before = live()
      const ran = await scene.run('repair', '--include-breaking', '--output', `${transport}=fix.sh`)
      expect([ran.code, ran.err, ran.out]).toEqual([0, '', ''])
      // Nobody has to trust what they cannot see.
      expect(readFileSync(path.join(scene.cwd, 'fix.sh'), 'utf8')).toMatch(/^[\n\x20-\x7e]*$/)
      const files = readdirSync(scene.cwd)

      const done = await scene.bash(['fix.sh'], { PATH })

      expect([done.code, done.out]).toEqual([0, ''])
      expect(done.err.split('\n').filter((line) => line.endsWith(': done, and read again'))).toHaveLength(2)
      expect(done.err).not.toMatch(/[^\n\x20-\x7e]/)
      expect((await scene.run('check')).code).toBe(0)
      expect(readdirSync(scene.cwd)).toEqual(files)

      const undone = await scene.bash(['fix.sh', '--inverse'], { PATH })

      expect(undone.code).toBe(0)
      expect(live()).toEqual(before)
      // The body is no argument, and neither is the token; a name never stands in a path.
      const said = calls().map(({ argv }) => argv.join(' '))
      expect(said.filter((line) => line.includes(scene.tenant.token) || line.includes('Name'))).toEqual([])
      expect(said.filter((line) => !/^api (get|patch) resource-servers\/[0-9a-f]{24} /.test(line))).toEqual([])
      expect(calls().length > 0).toBe(transport === 'auth0')
    },
  )

  it('stops where the tenant changed meanwhile, and changes nothing', async () => {
    const { scene, tenant } = await small()
    const { PATH } = standInFor(scene)
    await scene.run('repair', '--output', `${transport}=fix.sh`)
    tenant.edit('urn:orders', { scopes: [{ value: 'read' }, { value: 'somebody:new' }] })
    const before = tenant.list()

    const { code, err } = await scene.bash(['fix.sh'], { PATH })

    expect([code, err]).toEqual([
      1,
      'stopped: urn:orders was changed since the plan was made (scopes): make a new plan; nothing was sent\n',
    ])
    expect(tenant.list()).toEqual(before)
  })

  it('lets what others changed beside it stand', async () => {
    const { scene, tenant } = await small()
    const { PATH } = standInFor(scene)
    await scene.run('repair', '--output', `${transport}=fix.sh`)
    tenant.edit('urn:orders', { token_lifetime: 60, enforce_policies: true })

    expect((await scene.bash(['fix.sh'], { PATH })).code).toBe(0)
    expect(tenant.list().at(-1)).toMatchObject({ token_lifetime: 60, enforce_policies: true, name: 'Orders' })
  })

  it('stops when it runs a second time, and when the API is another one by now', async () => {
    const { scene, tenant } = await small()
    const { PATH } = standInFor(scene)
    await scene.run('repair', '--output', `${transport}=fix.sh`)
    await scene.bash(['fix.sh'], { PATH })
    const again = await scene.bash(['fix.sh'], { PATH })
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('already has the values of this plan')])
    tenant.remove('urn:orders')
    tenant.create({ identifier: 'urn:orders', name: 'Other' })
    const gone = await scene.bash(['fix.sh'], { PATH })
    expect([gone.code, gone.err]).toEqual([
      1,
      expect.stringMatching(/^stopped: urn:orders (could not be read: the tenant answered 404|was not found)/),
    ])
  })

  it('stops before the first request where a program or a secret is missing', async () => {
    const { scene, tenant } = await small(
      { signing_secret: 'a-declared-secret-1' },
      { signing_secret: 'another-secret-22' },
    )
    const { PATH } = standInFor(scene)
    await scene.run('repair', '--include-breaking', '--output', `${transport}=fix.sh`)
    tenant.reset()
    const name = 'TENANT_DRIFT_VAR_signing_secret_urn_orders'

    const withoutJq = await scene.bash(['fix.sh'], { PATH: pathWith(scene.cwd, 'bash', 'curl') })
    const short = await scene.bash(['fix.sh'], { PATH, [name]: 'too short' })
    const wrongFlag = await scene.bash(['fix.sh', '--undo'], { PATH })

    expect([withoutJq.code, withoutJq.err]).toEqual([1, 'stopped: jq is not installed; nothing was sent\n'])
    expect([short.code, short.err]).toEqual([
      1,
      `stopped: ${name} is not exported, or has fewer than 16 characters: it must hold the signing secret; nothing was sent\n`,
    ])
    expect([wrongFlag.code, wrongFlag.err]).toEqual([1, 'stopped: the only flag is --inverse; nothing was sent\n'])
    expect(tenant.requests()).toEqual({})

    const done = await scene.bash(['fix.sh'], { PATH, [name]: 'a-declared-secret-1' })
    expect([done.code, tenant.list().at(-1)?.signing_secret]).toEqual([0, 'a-declared-secret-1'])
  })

  it('does what it can of several, and says how far it came', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const identifiers = ['urn:a', 'urn:b', 'urn:c']
    for (const identifier of identifiers) tenant.create({ identifier, name: 'Other' })
    const scene = sceneOf(
      tenant,
      identifiers.map((identifier) => ({ identifier, name: 'Agreed' })),
    )
    const { PATH } = standInFor(scene)
    await scene.run('repair', '--output', `${transport}=fix.sh`)
    tenant.edit('urn:b', { name: 'By hand' })

    const { code, err } = await scene.bash(['fix.sh'], { PATH })

    expect([code, err.split('\n')]).toEqual([
      1,
      [
        'urn:a: done, and read again',
        'stopped: urn:b was changed since the plan was made (name): make a new plan; 1 changed before it',
        '',
      ],
    ])
    expect(
      tenant
        .list()
        .slice(1)
        .map(({ name }) => name),
    ).toEqual(['Agreed', 'By hand', 'Other'])
  })
})

async function small(declared: JsonObject = {}, live: JsonObject = {}) {
  const tenant = await tenantWith({ apis: 0 })
  const wanted = { name: 'Orders', scopes: [{ value: 'read', description: 'Read' }] }
  tenant.create({ identifier: 'urn:orders', name: 'Other', scopes: [{ value: 'read' }], ...live })
  return { tenant, scene: sceneOf(tenant, [{ identifier: 'urn:orders', ...wanted, ...declared }]) }
}

describe.skipIf(!canRun)(`the script by curl${lacking}`, () => {
  it('keeps the token and the secret out of every list of processes', { timeout: 30_000 }, async () => {
    const secret = 'a-declared-secret-1'
    const tenant = await tenantWith({ apis: 0, latencyMs: 150 })
    tenant.create({ identifier: 'urn:orders', signing_secret: 'another-secret-22', name: 'Other' })
    const scene = sceneOf(tenant, [{ identifier: 'urn:orders', signing_secret: secret, name: 'Orders' }])
    await scene.run('repair', '--include-breaking', '--output', 'sh=fix.sh')
    const seen = new Set<string>()
    const watch = setInterval(() => {
      for (const line of processes()) seen.add(line)
    }, 10)
    const done = await scene.bash(['fix.sh'], { TENANT_DRIFT_VAR_signing_secret_urn_orders: secret })
    clearInterval(watch)

    expect(done.code).toBe(0)
    const lines = [...seen]
    expect(lines.filter((line) => line.includes('/api/v2/resource-servers/')).length).toBeGreaterThan(0)
    expect(lines.filter((line) => line.includes(tenant.token) || line.includes(secret))).toEqual([])
  })

  it('waits where the rate is refused, and goes on', { timeout: 30_000 }, async () => {
    const { scene, tenant } = await small()
    await scene.run('repair', '--output', 'sh=fix.sh')
    tenant.setFault({ kind: 'status', status: 429, match: { method: 'PATCH' }, times: 1 })
    expect((await scene.bash(['fix.sh'])).code).toBe(0)
    expect(requestsOf(tenant).item).toBe(4)
  })

  it('asks no proxy for what is on this machine, and asks in full where the tenant takes no other question', async () => {
    const { scene, tenant } = await small()
    await scene.run('repair', '--output', 'sh=fix.sh')
    tenant.setFault({ kind: 'refuse-fields' })
    const proxy = 'http://127.0.0.1:1/'
    expect((await scene.bash(['fix.sh'], { http_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy })).code).toBe(0)
  })

  it('does nothing where its file was cut off', async () => {
    const { scene, tenant } = await small()
    await scene.run('repair', '--output', 'sh=fix.sh')
    const whole = readFileSync(path.join(scene.cwd, 'fix.sh'), 'utf8')
    tenant.reset()
    for (const length of [
      whole.indexOf('steps() {') + 40,
      whole.indexOf('END_OF_PLAN\n}'),
      whole.indexOf('\nsteps\n'),
    ]) {
      writeFileSync(path.join(scene.cwd, 'cut.sh'), whole.slice(0, length))
      await scene.bash(['cut.sh'])
    }
    expect(tenant.requests()).toEqual({})
  })

  it('says what the tenant refused, and nothing of its answer', async () => {
    const { scene, tenant } = await small()
    await scene.run('repair', '--output', 'sh=fix.sh')
    const readOnly = await tenant.issueToken({ scopes: ['read:resource_servers'] })
    const { code, err } = await scene.bash(['fix.sh'], { AUTH0_API_TOKEN: readOnly })
    expect([code, err]).toEqual([1, 'stopped: urn:orders was not changed: the tenant answered 403; nothing was sent\n'])
    for (const token of ['', 'two\nlines', 'a"b'])
      expect((await scene.bash(['fix.sh'], { AUTH0_API_TOKEN: token })).err).toMatch(
        /^stopped: AUTH0_API_TOKEN .*nothing was sent\n$/,
      )
  })

  it.skipIf(!isThere(DASH))('refuses another shell in words', async () => {
    const { scene } = await small()
    await scene.run('repair', '--output', 'sh=fix.sh')
    const { status, stderr } = spawnSync(DASH, ['fix.sh'], { cwd: scene.cwd, encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, 'stopped: run this with bash; nothing was sent\n'])
  })
})

describe('the plan', () => {
  it('takes a key from the declaration alone, and names what cannot come back', async () => {
    const [declared, other] = SAMPLE_PEMS
    const encryption = (pem: string | undefined) => ({
      format: 'compact-nested-jwe',
      encryption_key: { name: 'key', alg: 'RSA-OAEP-256', pem: pem ?? '' },
    })
    const { scene } = await small({ token_encryption: encryption(declared) }, { token_encryption: encryption(other) })
    const { out, code } = await scene.run('repair', '--include-breaking', '--output', 'json')
    const plan = JSON.parse(out) as RepairPlan
    expect(code).toBe(0)
    expect(plan.apis[0]?.patch.body.token_encryption).toEqual(encryption(declared))
    expect(plan.apis[0]?.inverse.lost.map(({ field }) => field)).toEqual(['token_encryption'])
  })
})

function processes(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8')]
      } catch {
        return []
      }
    })
}
