import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { checkOnce, methodsOf, projectFolder, startProcess, tenantWith, type Form } from '../support/checks.ts'
import { runCommand, type Resource } from '../support/engine-model.ts'

const API = 'https://orders.example.com/'
const BEFORE: JsonObject = { identifier: API, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200 }
const EDITED: JsonObject = { ...BEFORE, token_lifetime: 3600 }
const INLINE: readonly Form[] = ['server', 'inline']
const programs = (form: Form, fields: JsonObject, extra: JsonObject = {}): JsonObject =>
  form === 'server' ? { ...fields, ...extra } : { resource_servers: [fields], ...extra }
const originsOf = (form: Form, part: JsonObject): JsonObject => {
  const entries = (form === 'server' ? part : (part[API] ?? {})) as JsonObject
  return Object.fromEntries(
    Object.entries(entries).map(([path, entry]) => [path, (entry as JsonObject).origin ?? null]),
  )
}

async function tenantOfOne(live: JsonObject = {}): Promise<Simulator> {
  const tenant = await tenantWith()
  tenant.create({ ...BEFORE, ...live })
  return tenant
}

describe('a base', () => {
  const declare = (folder: string, api: JsonObject): void =>
    writeFileSync(join(folder, 'base.json'), JSON.stringify({ resource_servers: [api] }))

  test.for(
    INLINE.flatMap((form) => [
      [form, 'the input', { base: 'base.json' }, {}] as const,
      [form, 'TENANT_DRIFT_BASE', {}, { TENANT_DRIFT_BASE: 'base.json' }] as const,
    ]),
  )('%s: from %s tells pending from drift without a state', async ([form, , input, env]) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const folder = projectFolder()
    declare(folder, BEFORE)
    const process = startProcess(tenant, { cwd: folder, env })

    const { observed, drift } = await checkOnce(process, form, programs(form, EDITED, input))

    expect(originsOf(form, drift)).toEqual({ signing_alg: 'drift' })
    expect(originsOf(form, observed.pending as JsonObject)).toEqual({ token_lifetime: 'pending' })
  })

  const PULUMI_SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:x' }
  const stackWith = (signingAlg: Json): string =>
    JSON.stringify({
      version: 3,
      deployment: {
        resources: [
          {
            urn: 'urn:pulumi:dev::shop::auth0:index/resourceServer:ResourceServer::orders',
            custom: true,
            type: 'auth0:index/resourceServer:ResourceServer',
            inputs: { identifier: API, name: 'Orders', signingAlg, tokenLifetime: 7200 },
          },
        ],
      },
    })
  const excluding = {
    'base.yaml': JSON.stringify({ resourceServers: [BEFORE, { identifier: 'urn:b', name: 'B' }] }),
    'config.json': JSON.stringify({ AUTH0_EXCLUDED_RESOURCE_SERVERS: ['Orders'] }),
  }

  test.for(
    INLINE.flatMap((form) => [
      [form, 'has the setting encrypted', { 'base.json': stackWith(PULUMI_SECRET) }, 'pulumi-stack:base.json'] as const,
      [form, 'leaves the API alone', excluding, 'a0deploy:base.yaml'] as const,
    ]),
  )('%s: that %s does not make a drift pending', async ([form, , files, base]) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const folder = projectFolder()
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const process = startProcess(tenant, { cwd: folder })

    const { observed, drift } = await checkOnce(process, form, programs(form, BEFORE, { base }))

    expect(originsOf(form, drift)).toEqual({ signing_alg: 'drift' })
    expect(observed.pending).toEqual({})
  })

  test.for(INLINE)('%s: holds the scopes that name their API by the tenant’s id', async (form) => {
    const tenant = await tenantOfOne()
    const { id = null } = tenant.edit(API, { scopes: [] })
    const folder = projectFolder()
    const type = 'auth0:index/resourceServerScopes:ResourceServerScopes'
    const inputs = { resourceServerIdentifier: id, scopes: [{ name: 'read' }] }
    const resources = [{ urn: `urn:pulumi:dev::shop::${type}::read`, custom: true, type, inputs }]
    writeFileSync(join(folder, 'base.json'), JSON.stringify({ version: 3, deployment: { resources } }))
    const program = programs(form, { identifier: API, scopes: [{ value: 'read' }] }, { base: 'pulumi-stack:base.json' })

    const { observed, drift } = await checkOnce(startProcess(tenant, { cwd: folder }), form, program)

    expect(originsOf(form, drift)).toEqual({ 'scopes.read': 'drift' })
    expect(observed.pending).toEqual({})
  })

  test.for<[string, JsonObject]>([
    ['the inputs that were applied', {}],
    ['a file', { base: 'base.json' }],
  ])('that is %s declares an API until the code that hands it over is applied', async ([from, input]) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const folder = projectFolder()
    declare(folder, BEFORE)
    const process = startProcess(tenant, { cwd: folder })
    const before =
      from === 'a file' ? undefined : (await checkOnce(process, 'inline', programs('inline', BEFORE))).inputs
    const program = { resource_servers: [], managedElsewhere: ['*'], ...input }

    const { drift } = await checkOnce(startProcess(tenant, { cwd: folder }), 'inline', program, before)

    expect(drift).toMatchObject({ [API]: { identifier: { kind: 'unmanaged', origin: 'conflict' } } })
  })

  test('in files shows no variable that a signing secret takes: the check is invalid, and names it', async () => {
    const tenant = await tenantOfOne()
    const folder = projectFolder()
    const api = { ...BEFORE, name: '${orders}', signing_alg: 'HS256', signing_secret: '${orders}' }
    writeFileSync(join(folder, 'declared.json'), JSON.stringify({ resource_servers: [api] }))
    const program = { files: 'declared.json', variables: { orders: 'planted-0123456789abcdef' } }

    const { observed } = await checkOnce(startProcess(tenant, { cwd: folder }), 'files', program)

    expect(observed).toMatchObject({ status: 'invalid' })
    expect(JSON.stringify(observed)).toContain('the variable orders stands for a secret')
    expect(JSON.stringify(observed)).not.toContain('planted')
  })

  test('in files takes the same variables as the declared ones', async () => {
    const tenant = await tenantOfOne()
    const folder = projectFolder()
    declare(folder, { ...BEFORE, name: '${name}' })
    writeFileSync(join(folder, 'declared.json'), JSON.stringify({ resource_servers: [{ ...EDITED, name: '${name}' }] }))
    const program = { files: 'declared.json', base: 'base.json', variables: { name: 'Orders' } }

    const { observed, drift } = await checkOnce(startProcess(tenant, { cwd: folder }), 'files', program)

    expect(observed).toMatchObject({ status: 'read', pending: { [API]: { token_lifetime: { origin: 'pending' } } } })
    expect(drift).toEqual({})
  })

  const SECRET = 'planted-secret-name'
  const TAKEN_OUT = 'https://taken-out.example.com/'
  const LIVES: Readonly<Record<string, JsonObject>> = {
    'as the base has it': { name: SECRET, signing_alg: 'RS256' },
    'turned by hand': { name: `${SECRET} by hand`, signing_alg: 'HS256' },
  }

  test.for(Object.keys(LIVES))('in files takes secret variables too, and nothing of them shows: %s', async (live) => {
    const tenant = await tenantOfOne(LIVES[live])
    tenant.create({ identifier: TAKEN_OUT, ...LIVES[live] })
    const folder = projectFolder()
    const write = (name: string, ...apis: readonly JsonObject[]): void =>
      writeFileSync(join(folder, name), JSON.stringify({ resource_servers: apis }))
    const named = { name: '${planted}', signing_alg: 'RS256' }
    write('base.json', { ...BEFORE, ...named }, { identifier: TAKEN_OUT, ...named })
    write('declared.json', { ...EDITED, name: 'Orders' })
    const given = { files: 'declared.json', base: 'base.json', variables: { planted: SECRET } }

    const { inputs, observed, drift } = await checkOnce(startProcess(tenant, { cwd: folder }), 'files', {
      ...given,
      secretInputs: ['variables'],
    })

    const [found, origin] = live === 'turned by hand' ? [drift, 'conflict'] : [observed.pending, 'pending']
    expect(found).toMatchObject({
      [API]: { name: { origin, declared: '(hidden)', live: '(hidden)' } },
      [TAKEN_OUT]: { identifier: { kind: 'unmanaged', origin } },
    })
    expect(JSON.stringify(inputs)).not.toContain('planted-secret')
  })

  test.for(INLINE)('%s: of a state wins over one that is named', async (form) => {
    const tenant = await tenantOfOne()
    const folder = projectFolder()
    declare(folder, EDITED)
    const applied = startProcess(tenant, { cwd: folder })
    const { inputs } = await checkOnce(applied, form, programs(form, BEFORE))
    const process = startProcess(tenant, { cwd: folder, env: { TENANT_DRIFT_BASE: 'base.json' } })

    const { observed, drift } = await checkOnce(process, form, programs(form, EDITED), inputs)

    expect(drift).toEqual({})
    expect(originsOf(form, observed.pending as JsonObject)).toEqual({ token_lifetime: 'pending' })
  })

  test.for(INLINE)('%s: that cannot be read is said, and never "no base"', async (form) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const process = startProcess(tenant, { cwd: projectFolder(), env: { TENANT_DRIFT_BASE: 'nothing.json' } })

    const { observed, drift } = await checkOnce(process, form, programs(form, EDITED))

    expect(observed).toMatchObject({ status: 'invalid', message: expect.stringContaining('nothing.json') })
    expect(drift).toEqual({})
  })

  test.for(INLINE)('%s: that was declared for another tenant is invalid, and nothing is compared', async (form) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const folder = projectFolder()
    const foreign = { tenant: 'other.eu.auth0.com', resource_servers: [BEFORE] }
    writeFileSync(join(folder, 'base.json'), JSON.stringify(foreign))
    const process = startProcess(tenant, { cwd: folder, env: { TENANT_DRIFT_BASE: 'base.json' } })

    const { observed, drift } = await checkOnce(process, form, programs(form, EDITED))

    expect(observed).toMatchObject({
      status: 'invalid',
      message: expect.stringContaining(`the base is for other.eu.auth0.com, and this run reads ${tenant.domain}`),
    })
    expect(drift).toEqual({})
  })

  test('of files in the state is what was applied, whatever the files say by now', async () => {
    const tenant = await tenantOfOne()
    const folder = projectFolder()
    declare(folder, BEFORE)
    const program = { files: 'base.json' }
    const applied = await checkOnce(startProcess(tenant, { cwd: folder }), 'files', program)
    declare(folder, EDITED)
    tenant.edit(API, { signing_alg: 'HS256' })

    const { observed, drift } = await checkOnce(startProcess(tenant, { cwd: folder }), 'files', program, applied.inputs)

    expect(originsOf('files', drift)).toEqual({ signing_alg: 'drift' })
    expect(originsOf('files', observed.pending as JsonObject)).toEqual({ token_lifetime: 'pending' })
  })
})

describe('an API that is replaced', () => {
  test('is checked twice, and neither time against what its predecessor declared', async () => {
    const tenant = await tenantOfOne()
    tenant.create({ ...BEFORE, identifier: 'https://next', token_lifetime: 60 })
    const first = startProcess(tenant)
    const applied = await runCommand('up', { methods: first.server, program: BEFORE, state: null })
    const next = { ...BEFORE, identifier: 'https://next' }

    const replaced = await runCommand('up', {
      methods: startProcess(tenant).server,
      program: next,
      state: applied.state,
    })
    const after = await runCommand('preview', {
      methods: startProcess(tenant).server,
      program: next,
      state: replaced.state,
    })

    expect(replaced).toMatchObject({ step: 'replace', state: { id: 'https://next' } })
    // Its predecessor's state says nothing of it: whose doing the difference is, nobody knows. Applied, it is drift.
    expect(replaced.checked).toMatchObject({
      drift: { token_lifetime: { origin: 'drift' } },
      observed: { pending: {}, noBase: true },
    })
    expect(after).toMatchObject({ changed: true, checked: { drift: { token_lifetime: { origin: 'drift' } } } })
  })
})

describe('onDrift refuse', () => {
  test.for(INLINE)('%s: creates and updates only what is in sync, and says why', async (form) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const program = programs(form, BEFORE, { onDrift: 'refuse' })
    const up = (state: Resource | null) =>
      runCommand('up', { methods: methodsOf(startProcess(tenant), form), program, state })

    const refused = await up(null)
    tenant.edit(API, { signing_alg: 'RS256' })
    const made = await up(null)
    tenant.setFault({ kind: 'status', status: 403, match: { method: 'GET' } })
    const unreadable = await up(made.state)

    expect([refused.state, refused.error]).toEqual([null, expect.stringMatching(/signing_alg|orders/)])
    expect(made).toMatchObject({ error: null, state: { inputs: { drift: {} } } })
    expect(unreadable).toMatchObject({ state: made.state, error: expect.stringContaining('insufficient_scope') })
  })
})

describe('a snapshot in place of the tenant', () => {
  const TAKEN = Date.UTC(2026, 0, 1)
  async function snapshotFile(folder: string, change: (text: string) => string = (text) => text): Promise<Simulator> {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const reading = await (await startProcess(tenant).session.reader()).inventory()
    if (!reading.ok) throw new Error(reading.message)
    writeFileSync(join(folder, 'live.json'), change(JSON.stringify(toSnapshotFile(reading.snapshot, new Date(TAKEN)))))
    tenant.reset()
    return tenant
  }
  const hour = 3_600_000

  test.for(INLINE)('%s: is compared without a request, whatever the credentials', async (form) => {
    const folder = projectFolder()
    const tenant = await snapshotFile(folder)
    const env = { TENANT_DRIFT_LIVE: 'live.json', AUTH0_CLIENT_ID: undefined, AUTH0_CLIENT_SECRET: undefined }
    const process = startProcess(tenant, { cwd: folder, env, now: () => TAKEN + hour })

    const { drift } = await checkOnce(process, form, programs(form, BEFORE))

    expect(originsOf(form, drift)).toEqual({ signing_alg: 'drift' })
    expect(tenant.requests()).toEqual({})
  })

  test('is that of its own tenant where the variable of the domain is blank, as in a job without secrets', async () => {
    const folder = projectFolder()
    const tenant = await snapshotFile(folder)
    const env = { TENANT_DRIFT_LIVE: 'live.json', AUTH0_DOMAIN: ' ', AUTH0_CLIENT_ID: '', AUTH0_CLIENT_SECRET: '' }
    const process = startProcess(tenant, { cwd: folder, env, now: () => TAKEN + hour })

    const { observed, drift } = await checkOnce(process, 'server', BEFORE)

    expect([observed.status, Object.keys(drift)]).toEqual(['read', ['signing_alg']])
  })

  test.for([
    ['too old', 25 * hour, {}, 'snapshot_too_old'],
    ['older than allowed', 2 * hour, { TENANT_DRIFT_MAX_AGE: '1h' }, 'snapshot_too_old'],
    ['of a maximum age that is none', hour, { TENANT_DRIFT_MAX_AGE: 'soon' }, 'invalid_config'],
    ['from the future', -hour, {}, 'snapshot_too_old'],
    ['of another tenant', hour, { AUTH0_DOMAIN: 'other.eu.auth0.com' }, 'snapshot_other_tenant'],
    ['not there', hour, { TENANT_DRIFT_LIVE: 'gone.json' }, 'invalid_config'],
  ] as const)('%s is unreadable', async ([, age, env, code]) => {
    const folder = projectFolder()
    const tenant = await snapshotFile(folder)
    const process = startProcess(tenant, {
      cwd: folder,
      env: { TENANT_DRIFT_LIVE: 'live.json', ...env },
      now: () => TAKEN + age,
    })

    const looks = await Promise.all(INLINE.map((form) => checkOnce(process, form, programs(form, BEFORE))))

    expect(looks.map(({ observed, drift }) => [observed.status, observed.code, drift])).toEqual(
      INLINE.map(() => ['unreadable', code, {}]),
    )
  })

  test('that was altered is unreadable', async () => {
    const folder = projectFolder()
    const tenant = await snapshotFile(folder, (text) => text.replace('"HS256"', '"RS256"'))
    const env = { TENANT_DRIFT_LIVE: 'live.json' }
    const process = startProcess(tenant, { cwd: folder, env, now: () => TAKEN + hour })

    const { observed } = await checkOnce(process, 'server', BEFORE)

    expect(observed).toMatchObject({ status: 'unreadable', code: 'snapshot_altered' })
  })
})

describe('a recorded snapshot', () => {
  async function recordedTenant(folder: string, name: string): Promise<Simulator> {
    const tenant = await tenantOfOne()
    const reading = await (await startProcess(tenant).session.reader()).inventory()
    if (!reading.ok) throw new Error(reading.message)
    writeFileSync(
      join(folder, name),
      JSON.stringify(toSnapshotFile(reading.snapshot, new Date('2026-11-01T08:00:00Z'))),
    )
    tenant.edit(API, { allow_offline_access: true })
    tenant.create({ identifier: 'https://by-hand' })
    return tenant
  }

  test.for([
    ['by default', 'tenant-drift.recorded.json', {}, {}],
    ['as the input names it', 'agreed.json', { recorded: 'agreed.json' }, {}],
    ['as the environment names it', 'agreed.json', {}, { TENANT_DRIFT_RECORDED: 'agreed.json' }],
  ] as const)('is found %s, however old it is, and makes undeclared settings count', async ([, name, input, env]) => {
    const folder = projectFolder()
    const tenant = await recordedTenant(folder, name)
    const process = startProcess(tenant, { cwd: folder, env })

    const { observed, drift } = await checkOnce(process, 'inline', { resource_servers: [BEFORE], ...input })

    expect(observed).toMatchObject({ status: 'read', recorded: true })
    expect(drift).toMatchObject({
      [API]: { allow_offline_access: { kind: 'undeclared', origin: 'drift' } },
      'https://by-hand': { identifier: { kind: 'unmanaged' } },
    })
  })

  test('that is named and missing is no reading; a default one that is missing is none', async () => {
    const tenant = await tenantOfOne({ allow_offline_access: true })
    const process = startProcess(tenant, { cwd: projectFolder() })

    const named = await checkOnce(process, 'inline', { resource_servers: [BEFORE], recorded: 'gone.json' })
    const none = await checkOnce(process, 'inline', { resource_servers: [BEFORE] })

    expect(named.observed).toMatchObject({ status: 'unreadable', code: 'invalid_config' })
    expect(none).toMatchObject({ observed: { status: 'read', recorded: false }, drift: {} })
  })
})
