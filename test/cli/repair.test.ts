import { Ajv2020 } from 'ajv/dist/2020.js'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { repairJsonSchema } from '../../src/schema/repair-schema.ts'
import type { RepairPlan } from '../../src/schema/repair.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { canRun, lacking, sceneOf } from '../repair/script.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run } from './run.ts'
import { DEPLOY, KIM, whoWorld } from './who-world.ts'

const DECLARED = { identifier: 'urn:orders', name: 'Orders', signing_alg: 'RS256' }

async function drifted(live: JsonObject = {}): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ ...DECLARED, name: 'Other', ...live })
  return tenant
}

const planIn = (text: string) => JSON.parse(text) as RepairPlan

describe('tenant-drift repair', () => {
  it('has a plan that its published schema takes, the same for the same input', async () => {
    const tenant = await drifted({ signing_alg: 'HS256', token_encryption: { format: 'x' } })
    tenant.create({ identifier: 'urn:came' })
    const scene = sceneOf(tenant, [DECLARED, { identifier: 'urn:gone' }])
    const all = ['repair', '--include-breaking', '--output', 'json']
    const [plain, again, inverse] = [
      await scene.run(...all),
      await scene.run(...all),
      await scene.run(...all, '--inverse'),
    ]

    expect(again.out).toBe(plain.out)
    const validate = new Ajv2020({ strict: false }).compile(repairJsonSchema())
    for (const { out } of [plain, inverse]) {
      validate(planIn(out))
      expect(validate.errors).toBeNull()
    }
    const { schemaVersion: _version, ...without } = planIn(plain.out)
    expect(validate(without)).toBe(false)
    expect(planIn(inverse.out).apis[0]?.patch).toEqual(planIn(plain.out).apis[0]?.inverse.patch)
    expect(planIn(inverse.out).way).toBe('inverse')
  })

  it('holds one difference by its name, and says which names are none', async () => {
    const tenant = await drifted({ signing_alg: 'HS256' })
    const scene = sceneOf(tenant, [DECLARED])
    const { findings } = reportIn((await scene.run('check', '--output', 'json')).out)
    const named = findings.find(({ path: at }) => at === 'signing_alg')?.fingerprint ?? ''

    const one = await scene.run('repair', '--only', named.slice(0, 8), '--output', 'json')
    expect([one.code, planIn(one.out).apis[0]?.patch.body]).toEqual([0, { signing_alg: 'RS256' }])
    for (const only of ['abc', 'abcdef012345'])
      expect(await scene.run('repair', '--only', only)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/--only .*: (a fingerprint has|no finding has)/),
      })
  })

  it('puts back what an accept rule hides by its name alone', async () => {
    const tenant = await drifted()
    const rule = { resource_server: 'urn:orders', path: 'name', reason: 'r', owner: 'o', expires: '2026-12-24' }
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [DECLARED] },
      'tenant-drift.yaml': `accept: [${JSON.stringify(rule)}]\n`,
    })
    const io = { cwd, env: envOf(tenant) }
    const { ignored } = reportIn((await run(['check', '--output', 'json', '--quiet'], io)).out)

    expect(await run(['repair', '--quiet'], io)).toMatchObject({ code: 0, out: 'Nothing to put back.\n' })
    const named = await run(['repair', '--quiet', '--only', ignored[0]?.finding.fingerprint ?? '', '-o', 'json'], io)
    expect([named.code, planIn(named.out).apis[0]?.patch.body]).toEqual([0, { name: 'Orders' }])
  })

  it('never makes nor deletes an API, and says so', async () => {
    const tenant = await drifted({ name: 'Orders' })
    const scene = sceneOf(tenant, [DECLARED, { identifier: 'urn:gone', name: 'Gone' }])
    const { out, code } = await scene.run('repair', '--include-breaking', '--accept-weakened')
    expect([code, out.replaceAll(/\[\w+\]/g, '[...]')]).toEqual([
      2,
      `Left out, 1 difference:
  critical the API of urn:gone [...]
    Why: a new API gets another id, and the grants of the old one are gone: create it with the tool that declares it, then create the grants again.

The plan puts back 0 differences on 0 APIs, and leaves 1 out. Nothing was sent.
`,
    ])
  })

  it('ends with 1 where something could not be read, and says what it can', async () => {
    const tenant = await drifted({ token_lifetime: 'long' as never })
    const scene = sceneOf(tenant, [{ ...DECLARED, token_lifetime: 60 }])
    const { out, err, code } = await scene.run('repair', '--output', 'json')
    expect([code, planIn(out).exitCode, planIn(out).apis[0]?.patch.body]).toEqual([1, 1, { name: 'Orders' }])
    expect(planIn(out).leftOut.map(({ path: at, why }) => [at, why])).toEqual([
      ['token_lifetime', 'what could not be read cannot be put back'],
    ])
    expect(err).toContain('token_lifetime')
    const nobody = await run(['repair'], { cwd: scene.cwd, env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: 'x' } })
    expect([nobody.code, nobody.out]).toEqual([1, expect.stringContaining('Not everything could be read.')])
  })

  it('writes files as they are named, and none in the place of what it reads', async () => {
    const scene = sceneOf(await drifted(), [DECLARED])
    const files = [
      '--output',
      'json=plans/plan.json',
      '--output',
      'sh=fix.sh',
      '--output',
      'auth0=cli.sh',
      '--output',
      'text',
    ]
    expect(await scene.run('repair', ...files)).toMatchObject({ code: 0, out: expect.stringContaining('PATCH') })
    expect(planIn(readFileSync(path.join(scene.cwd, 'plans/plan.json'), 'utf8')).exitCode).toBe(0)
    expect(['fix.sh', 'cli.sh'].map((file) => existsSync(path.join(scene.cwd, file)))).toEqual([true, true])
    for (const [wrong, why] of [
      [['--output', 'json', '--output', 'sh'], 'only one format can go to standard output'],
      [['--output', 'sarif'], 'no such format; known: text, json, sh, auth0'],
      [['--output', 'sh=declared/all.json'], 'what is declared'],
    ] as const)
      expect(await scene.run('repair', ...wrong)).toMatchObject({ code: 1, err: expect.stringContaining(why) })
  })

  it('tells no secret, neither of the tenant nor of the run', async () => {
    const [declared, live, own] = ['a-declared-secret-1', 'a-live-secret-number-2', 'the-secret-of-this-run-33333333']
    const tenant = await drifted({ signing_secret: live })
    tenant.create({ identifier: `urn:${own}`, name: 'Other' })
    const { cwd } = sceneOf(tenant, [
      {
        ...DECLARED,
        signing_secret: declared,
        scopes: [{ value: 'a', description: `${'long '.repeat(30)}${own}` }, { value: own }],
      },
      { identifier: `urn:${own}`, name: 'Orders' },
    ])
    const env = { ...envOf(tenant), AUTH0_CLIENT_SECRET: own }
    for (const format of ['text', 'json', 'sh', 'auth0']) {
      const flags = ['--quiet', '--include-breaking', '--accept-weakened', '--output', format]
      const { out, err, code } = await run(['repair', ...flags], { cwd, env })
      expect(code).toBe(2)
      // Nor the beginning of one, where a value was cut.
      expect([declared, live, own.slice(0, 12)].filter((secret) => (out + err).includes(secret))).toEqual([])
    }
  })

  it('names the variable by which a secret is declared, and else one of its own for each API', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const [one, two] = ['urn:a-b', 'urn:a_b']
    for (const identifier of [one, two, 'urn:c']) tenant.create({ identifier, signing_secret: 'another-secret-22' })
    const cwd = folderWith({
      'declared/a.yaml': `resource_servers:
  - { identifier: '${one}', signing_secret: 'a-declared-secret-1' }
  - { identifier: '${two}', signing_secret: 'a-declared-secret-2' }
  - { identifier: 'urn:c', signing_secret: '\${shop}' }
`,
    })
    const env = {
      ...envOf(tenant),
      TENANT_DRIFT_VAR_shop: 'a-declared-secret-3',
      TENANT_DRIFT_VAR_other: 'something-else-17',
    }
    const { out } = await run(['repair', '--quiet', '--include-breaking', '-o', 'json'], { cwd, env })

    expect(planIn(out).apis.map(({ patch }) => patch.secrets.signing_secret)).toEqual([
      expect.stringMatching(/^TENANT_DRIFT_VAR_signing_secret_urn_a_b_[0-9a-f]{8}$/),
      expect.stringMatching(/^TENANT_DRIFT_VAR_signing_secret_urn_a_b_[0-9a-f]{8}$/),
      'TENANT_DRIFT_VAR_shop',
    ])
    expect(new Set(planIn(out).apis.map(({ patch }) => patch.secrets.signing_secret)).size).toBe(3)
  })

  it.skipIf(!canRun)(
    `puts the tenant’s own APIs back with what these take, and leaves the rest out${lacking}`,
    async () => {
      const tenant = await tenantWith({ apis: 0 })
      const me = tenant.audience.replace('/api/v2/', '/me/')
      tenant.create({ identifier: me })
      const access = (user: string, client: string) => ({ user: { policy: user }, client: { policy: client } })
      const scene = sceneOf(tenant, [
        {
          identifier: tenant.audience,
          token_lifetime: 600,
          subject_type_authorization: access('deny_all', 'require_client_grant'),
        },
        { identifier: me, name: 'Mine', subject_type_authorization: access('require_client_grant', 'deny_all') },
      ])
      tenant.edit(me, { subject_type_authorization: access('allow_all', 'deny_all') })
      const { out } = await scene.run(
        'repair',
        '--include-breaking',
        '--accept-weakened',
        '-o',
        'json',
        '-o',
        'sh=fix.sh',
      )
      const plan = planIn(out)

      expect(new Map(plan.apis.map(({ identifier, patch }) => [identifier, patch.body]))).toEqual(
        new Map<string, JsonObject>([
          [tenant.audience, { token_lifetime: 600, subject_type_authorization: { user: { policy: 'deny_all' } } }],
          [me, { subject_type_authorization: access('require_client_grant', 'deny_all') }],
        ]),
      )
      expect(plan.leftOut.map(({ identifier, path: at }) => [identifier, at])).toEqual([[me, 'name']])
      expect((await scene.bash(['fix.sh'])).err.split('\n')).toHaveLength(4)
      const { findings } = reportIn((await scene.run('check', '-o', 'json')).out)
      expect(findings.filter(({ counts }) => counts).map(({ path: at }) => at)).toEqual(['name'])
      expect((await scene.bash(['fix.sh', '--inverse'])).code).toBe(0)
      expect(tenant.list()[0]).toMatchObject({
        subject_type_authorization: access('allow_all', 'require_client_grant'),
      })
    },
  )
})

describe('with --who and --affected', () => {
  it('says which pipeline will undo it again, and whom it hits, and asks for it only then', async () => {
    const scopes = ['read:logs', 'read:client_grants', 'read:clients', 'read:tenant_settings']
    const world = await whoWorld({ history: false, scopes })
    const { tenant, cwd, at, edit } = world
    edit(1, { name: 'Orders API' }, { actor: KIM })
    edit(2, { signing_alg: 'PS256' }, { actor: KIM })
    edit(3, { signing_alg: 'PS256', name: 'Orders API' }, { actor: DEPLOY })
    edit(4, { signing_alg: 'PS256', name: 'Orders API' }, { actor: DEPLOY })
    world.hour = 6
    const io = { cwd, env: envOf(tenant), now: () => at(6) }
    const all = ['repair', '--quiet', '--include-breaking', '--accept-weakened', '-o', 'json']
    const others = () =>
      Object.keys(tenant.requests()).filter((request) => /logs|grants|clients|settings/.test(request))

    const plain = planIn((await run(all, io)).out)
    expect([plain.apis[0]?.repairs[0]?.warnings, plain.apis[0]?.repairs[0]?.affected, others()]).toEqual([
      [],
      undefined,
      [],
    ])
    const told = planIn((await run([...all, '--who', '--affected'], io)).out)
    expect(told.apis[0]?.repairs[0]?.warnings).toEqual([
      expect.stringMatching(/^The live value was sent again 2 times since, .*deploy-prod.*will undo the repair/),
    ])
    expect(told.apis[0]?.repairs[0]?.affected).toMatchObject({ allFirstParty: true })
    expect(others().length).toBeGreaterThan(1)
    const { out } = await run(
      ['repair', '--quiet', '--include-breaking', '--accept-weakened', '--who', '--affected'],
      io,
    )
    expect(out).toMatch(/^ {4}Mind: The live value was sent again 2 times/m)
    expect(out).toMatch(/^ {4}Hits/m)
  })
})

describe('where another tool declares it', () => {
  const address = 'auth0_resource_server.orders["it\'s"]'
  const state = {
    version: 4,
    terraform_version: '1.9.0',
    resources: [
      {
        mode: 'managed',
        type: 'auth0_resource_server',
        name: 'orders',
        provider: 'provider["registry.terraform.io/auth0/auth0"]',
        instances: [
          {
            index_key: "it's",
            schema_version: 0,
            attributes: { identifier: 'urn:orders', name: 'Orders', allow_offline_access: false },
          },
        ],
      },
    ],
  }
  const type = 'auth0:index/resourceServer:ResourceServer'
  const urn = `urn:pulumi:dev::shop::${type}::orders`
  const inputs = { identifier: 'urn:orders', name: 'Orders', allowOfflineAccess: false }
  const stack = {
    version: 3,
    deployment: { manifest: {}, resources: [{ urn, custom: true, type, inputs, outputs: inputs }] },
  }
  const yaml = `resourceServers:\n  - name: Orders\n    identifier: urn:orders\n    allow_offline_access: false\n`

  it.each([
    [
      'tfstate:s.json',
      { 's.json': state },
      'Terraform',
      `terraform apply -target='auth0_resource_server.orders["it'\\''s"]'`,
      address,
    ],
    ['pulumi-stack:s.json', { 's.json': stack }, 'Pulumi', `pulumi up --refresh --target '${urn}'`, urn],
    [
      'a0deploy:auth0/tenant.yaml',
      { 'auth0/tenant.yaml': yaml },
      'the deploy CLI',
      `a0deploy import --input_file 'auth0/tenant.yaml'`,
      'auth0/tenant.yaml',
    ],
  ])('names its own command and address: %s', async (source, files, tool, command, at) => {
    const tenant = await drifted({ name: 'Orders', allow_offline_access: true })
    const cwd = folderWith(files)
    const { out, err } = await run(['repair', '--quiet', '--declared', source, '-o', 'json'], {
      cwd,
      env: envOf(tenant),
    })

    expect(err).not.toContain('error')
    const [api] = planIn(out).apis
    expect(api?.patch.body).toEqual({ allow_offline_access: false })
    expect(api?.elsewhere).toEqual([{ tool, address: at, command, note: expect.stringMatching(/\.$/) }])
  })
})
