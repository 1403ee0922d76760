import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { checkOnce, FORMS, methodsOf, projectFolder, startProcess, tenantWith, type Form } from '../support/checks.ts'
import { COMMANDS, runCommand } from '../support/engine-model.ts'

const API = 'https://orders.example.com/'
const DECLARED: JsonObject = { identifier: API, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200 }
const RULE: JsonObject = {
  resource_server: 'https://orders*',
  path: 'signing_alg',
  reason: 'a client of 2019 knows no other',
  owner: 'identity team',
  expires: '2026-11-24',
}
const WORDS = { reason: RULE.reason, owner: RULE.owner, expires: RULE.expires }
const LAST_DAY = Date.parse('2026-11-24T23:59:59Z')
const DAY_AFTER = Date.parse('2026-11-25T00:00:00Z')
const now = () => LAST_DAY

async function drifted(live: JsonObject = {}): Promise<Simulator> {
  const tenant = await tenantWith()
  tenant.create({ ...DECLARED, signing_alg: 'HS256', ...live })
  return tenant
}

function write(folder: string, files: Readonly<Record<string, Json>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

function program(form: Form, extra: JsonObject = {}, declared: JsonObject = DECLARED): JsonObject {
  if (form === 'server') return { ...declared, ...extra }
  return form === 'inline' ? { resource_servers: [declared], ...extra } : { files: 'declared.json', ...extra }
}

/** A project with these files in it, beside the declared one. */
function project(files: Readonly<Record<string, Json>> = {}): string {
  return write(projectFolder(), { 'declared.json': { resource_servers: [DECLARED] }, ...files })
}

const ofApi = (form: Form, part: Json | undefined): JsonObject => {
  const all = (part ?? {}) as JsonObject
  return form === 'server' ? all : ((all[API] ?? {}) as JsonObject)
}

describe('an accept rule', () => {
  const WAYS: readonly (readonly [string, Readonly<Record<string, Json>>, JsonObject, Record<string, string>])[] = [
    ['beside Pulumi.yaml', { 'tenant-drift.yaml': { accept: [RULE] } }, {}, {}],
    ['in a file that the configuration names', { 'tenant-drift.yaml': 'accept: ./a.json', 'a.json': [RULE] }, {}, {}],
    ['in the input', {}, { rules: [RULE] }, {}],
    ['in a file of rules that the input names', { 'agreed/rules.json': [RULE] }, { rules: 'agreed/rules.json' }, {}],
    ['in a configuration that the input names', { 'agreed.json': { accept: [RULE] } }, { rules: 'agreed.json' }, {}],
    ['where TENANT_DRIFT_CONFIG points', { 'c.json': { accept: [RULE] } }, {}, { TENANT_DRIFT_CONFIG: 'c.json' }],
  ]

  test.for(FORMS.flatMap((form) => WAYS.map((way) => [form, ...way] as const)))(
    '%s: %s takes the difference out of drift and shows it with its words',
    async ([form, , files, input, env]) => {
      const process = startProcess(await drifted(), { cwd: project(files), env, now })

      const { observed, drift } = await checkOnce(process, form, program(form, input))

      expect(drift).toEqual({})
      expect(observed).toMatchObject({ status: 'read' })
      expect(ofApi(form, observed.accepted)).toMatchObject({
        signing_alg: { ...WORDS, kind: 'changed', declared: 'RS256', live: 'HS256', severity: 'critical' },
      })
    },
  )

  test('is found upwards from the project, no further than the repository', async () => {
    const tenant = await drifted()
    const inRepository = project({ 'tenant-drift.yaml': { accept: [RULE] }, 'infra/Pulumi.yaml': 'name: a\n' })
    const outside = project({ 'tenant-drift.yaml': { accept: [RULE] }, 'repo/.git/HEAD': '', 'repo/Pulumi.yaml': '' })

    const inside = await checkOnce(startProcess(tenant, { cwd: join(inRepository, 'infra'), now }), 'server', DECLARED)
    const beyond = await checkOnce(startProcess(tenant, { cwd: join(outside, 'repo'), now }), 'server', DECLARED)

    expect([Object.keys(inside.drift), Object.keys(beyond.drift)]).toEqual([[], ['signing_alg']])
  })

  test.for(FORMS)('%s: that matches nothing leaves the observation as it would be without it', async (form) => {
    const tenant = await drifted()
    const extra = { rules: [{ ...RULE, live: 'PS256' }] }
    const [bare, ruled] = await Promise.all(
      [{ rules: [] }, extra].map((input) =>
        checkOnce(startProcess(tenant, { cwd: project(), now }), form, program(form, input)),
      ),
    )

    expect(ruled?.drift).toEqual(bare?.drift)
    const { proof: _requests, ...rest } = bare?.observed ?? {}
    expect(ruled?.observed).toMatchObject(rest)
    expect(ruled?.observed).not.toHaveProperty('accepted')
    expect(Object.keys(ofApi(form, ruled?.drift))).toEqual(['signing_alg'])
  })

  test.for(FORMS)('%s: hides on its last day and not on the next, and the end of it shows', async (form) => {
    const tenant = await drifted()
    const cwd = project({ 'tenant-drift.yaml': { accept: [RULE] } })
    const run = (command: (typeof COMMANDS)[number], state: Parameters<typeof runCommand>[1]['state'], at: number) =>
      runCommand(command, {
        methods: methodsOf(startProcess(tenant, { cwd, now: () => at }), form),
        program: program(form),
        state,
      })
    const applied = await run('up', null, LAST_DAY)
    const quiet = await Promise.all(COMMANDS.map((command) => run(command, applied.state, LAST_DAY)))
    const loud = await Promise.all(COMMANDS.map((command) => run(command, applied.state, DAY_AFTER)))
    const again = await Promise.all(COMMANDS.map((command) => run(command, loud[1]?.state ?? null, DAY_AFTER)))

    expect(quiet.map(({ changed }) => changed)).toEqual(COMMANDS.map(() => false))
    expect(loud.map(({ changed }) => changed)).toEqual(COMMANDS.map(() => true))
    expect(again.map(({ changed }) => changed)).toEqual(COMMANDS.map(() => true))
  })

  test.for(FORMS)('%s: lets an up pass that refuses drift', async (form) => {
    const tenant = await drifted()
    const up = (rules: Json) =>
      runCommand('up', {
        methods: methodsOf(startProcess(tenant, { cwd: project(), now }), form),
        program: program(form, { onDrift: 'refuse', rules }),
        state: null,
      })

    expect((await up([RULE])).error).toBeNull()
    expect((await up([])).error).toMatch(/refuse/)
  })

  test.for(FORMS)('%s: never hides what could not be read, or what is declared wrong', async (form) => {
    const tenant = await drifted()
    const all = { rules: [{ ...RULE, resource_server: '*', path: '**' }] }
    const wrong = { ...DECLARED, token_lifetime: -1 }
    const cwd = write(project(), { 'wrong.json': { resource_servers: [wrong] } })
    const mistaken = form === 'files' ? { files: 'wrong.json', ...all } : program(form, all, wrong)
    const invalid = await checkOnce(startProcess(tenant, { cwd, now }), form, mistaken)
    tenant.setFault({ kind: 'status', status: 403, match: { method: 'GET' } })
    const unreadable = await checkOnce(startProcess(tenant, { cwd, now }), form, program(form, all))

    expect([invalid.observed.status, unreadable.observed.status]).toEqual(['invalid', 'unreadable'])
  })

  test('hides a pending change never, and a conflict where it covers it', async () => {
    const tenant = await drifted()
    const cwd = write(project(), {
      'base.json': { resource_servers: [{ ...DECLARED, signing_alg: 'PS256', token_lifetime: 60 }] },
    })
    tenant.edit(API, { token_lifetime: 60 })
    const rules = [{ ...RULE, path: '**' }]
    const process = startProcess(tenant, { cwd, now })

    const { observed, drift } = await checkOnce(process, 'inline', program('inline', { base: 'base.json', rules }))

    expect(drift).toEqual({})
    expect(ofApi('inline', observed.accepted)).toMatchObject({ signing_alg: { origin: 'conflict' } })
    expect(ofApi('inline', observed.pending)).toMatchObject({ token_lifetime: { origin: 'pending' } })
  })

  test('accepts a missing API, and a notice, which then stands in no notice', async () => {
    const tenant = await drifted({ signing_alg: 'RS256', allow_offline_access: true })
    const gone = { identifier: 'https://gone' }
    const rules = [
      { ...RULE, resource_server: 'https://gone', path: '' },
      { ...RULE, path: 'allow_offline_access' },
    ]
    const given = { resource_servers: [DECLARED, gone], rules }

    const { observed, drift } = await checkOnce(startProcess(tenant, { now }), 'inline', given)

    expect(drift).toEqual({})
    expect(observed.accepted).toMatchObject({
      'https://gone': { identifier: { kind: 'missing', ...WORDS } },
      [API]: { allow_offline_access: { kind: 'undeclared', ...WORDS } },
    })
    expect(observed.notices).toEqual([])
  })

  test('accepts the difference of a secret as a whole, and says nothing of it', async () => {
    const secret = 'planted-secret-of-the-code'
    const tenant = await drifted({ signing_secret: 'planted-secret-of-the-tenant' })
    const fields = { ...DECLARED, signing_alg: 'HS256', signing_secret: secret, name: 'planted-name' }
    const rules = ['signing_secret', 'name'].map((path) => ({ ...RULE, path }))
    const hidden = { ...fields, rules, secretInputs: ['name', 'signing_secret'] }

    const { inputs, observed, drift } = await checkOnce(startProcess(tenant, { now }), 'server', hidden)

    expect(drift).toEqual({})
    expect(observed.accepted).toMatchObject({
      name: { declared: '(hidden)', live: '(hidden)' },
      signing_secret: { declared: '(hidden)', live: '(hidden)' },
    })
    expect(JSON.stringify(inputs)).not.toContain('planted')
  })

  test('of a secret that a refresh cannot compare stands while it holds, and no longer', async () => {
    const tenant = await drifted({ signing_secret: 'planted-live-secret' })
    const declared = { ...DECLARED, signing_alg: 'HS256', signing_secret: '${planted}' }
    const rule = { ...RULE, path: 'signing_secret' }
    const cwd = project({ 'declared.json': { resource_servers: [declared] }, 'tenant-drift.yaml': { accept: [rule] } })
    const given = { files: 'declared.json', variables: { planted: 'planted-code-secret' }, secretInputs: ['variables'] }
    const at = (time: number) => startProcess(tenant, { cwd, now: () => time }).tenant
    const applied = await runCommand('up', { methods: at(LAST_DAY), program: given, state: null })
    const state = applied.state
    if (state === null) throw new Error('nothing was stored')

    const still = await at(LAST_DAY).read(state.id, state.outputs)
    const over = await at(DAY_AFTER).read(state.id, still.props)

    expect(still.props).toMatchObject({ drift: {}, observed: { accepted: { [API]: { signing_secret: WORDS } } } })
    expect(over.props).toMatchObject({ drift: { [API]: { signing_secret: { kind: 'changed', origin: 'drift' } } } })
    expect(ofApi('files', (over.props.drift ?? {}) as JsonObject).signing_secret).not.toHaveProperty('reason')
    expect((over.props.observed as JsonObject).accepted).toBeUndefined()
  })
})

describe('a mistake in accept rules', () => {
  const CASES: readonly (readonly [string, Readonly<Record<string, Json>>, JsonObject, string])[] = [
    [
      'in the configuration',
      {
        'tenant-drift.yaml':
          'accept:\n  - resource_server: "*"\n    path: signing_alg\n    reason: r\n    expires: 2026-12-31\n',
      },
      {},
      'tenant-drift.yaml:2:5: owner is missing',
    ],
    [
      'in a file that is named',
      { 'r.yaml': '- resource_server: "*"\n  path: a..b\n  reason: r\n  owner: o\n  expires: 2026-12-31\n' },
      { rules: 'r.yaml' },
      'r.yaml:2:3: path must be a Pulumi',
    ],
    ['of the text', { 'tenant-drift.yaml': 'accept: [\n' }, {}, 'tenant-drift.yaml:'],
    ['in the input', {}, { rules: [{ ...RULE, expires: 'soon' }] }, 'rules[0].expires: expires must be a day'],
    ['of the input', {}, { rules: 5 }, 'rules must be the path'],
    ['that a file is not there', {}, { rules: 'gone.yaml' }, 'gone.yaml cannot be read'],
  ]

  test.for(FORMS.flatMap((form) => CASES.map((each) => [form, ...each] as const)))(
    '%s: %s is invalid, with its place, and nothing is claimed',
    async ([form, , files, input, message]) => {
      const process = startProcess(await drifted(), { cwd: project(files), now })

      const { observed, drift } = await checkOnce(process, form, program(form, input))

      expect(observed).toMatchObject({ status: 'invalid', message: expect.stringContaining(message) })
      expect(drift).toEqual({})
    },
  )

  test.for(FORMS)('%s: rules that are not known yet are said to be unknown', async (form) => {
    const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
    const process = startProcess(await drifted(), { cwd: project(), now })

    const { observed } = await checkOnce(process, form, program(form, { rules: UNKNOWN }))

    expect(observed).toMatchObject({ status: 'unknown', unknown: ['rules'] })
  })
})

describe('a configuration of several tenants', () => {
  const other = { domain: 'other.eu.auth0.com', accept: [RULE] }

  test.for(FORMS)('%s: gives a tenant its own rules and those of all, and no other’s', async (form) => {
    const tenant = await drifted({ token_lifetime: 60 })
    const lifetime = { ...RULE, path: 'token_lifetime' }
    const config = (prod: JsonObject, more: JsonObject = {}) => ({
      tenants: { prod: { domain: `${tenant.domain}/`, ...prod }, other },
      ...more,
    })
    const driftUnder = async (given: JsonObject) => {
      const process = startProcess(tenant, { cwd: project({ 'tenant-drift.json': given }), now })
      const { drift } = await checkOnce(process, form, program(form))
      return Object.keys(ofApi(form, drift)).sort()
    }

    expect(await driftUnder(config({}))).toEqual(['signing_alg', 'token_lifetime'])
    expect(await driftUnder(config({ accept: [RULE] }))).toEqual(['token_lifetime'])
    expect(await driftUnder(config({ accept: [RULE] }, { accept: [lifetime] }))).toEqual([])
  })

  test.for(FORMS)('%s: that does not name this one says so, and only what it says for all holds', async (form) => {
    const given = { 'tenant-drift.yaml': { tenants: { other } } }
    const process = startProcess(await drifted(), { cwd: project(given), now })

    const { observed, drift } = await checkOnce(process, form, program(form))

    expect(Object.keys(ofApi(form, drift))).toEqual(['signing_alg'])
    expect(observed.notes).toContainEqual(expect.stringMatching(/^tenant-drift\.yaml configures other tenants/))
  })

  test('that names one tenant twice is a mistake', async () => {
    const tenant = await drifted()
    const { domain } = tenant
    const process = startProcess(tenant, {
      cwd: project({ 'tenant-drift.yaml': `tenants:\n  a:\n    domain: ${domain}\n  b:\n    domain: ${domain}\n` }),
      now,
    })

    const { observed } = await checkOnce(process, 'inline', program('inline'))

    expect(observed).toMatchObject({ status: 'invalid', message: expect.stringContaining('tenant-drift.yaml:5:') })
  })
})

describe('the recorded file of a configuration', () => {
  async function recording(name: string, config: (domain: string) => JsonObject, from = '') {
    const tenant = await drifted({ signing_alg: 'RS256' })
    const reading = await (await startProcess(tenant).session.reader()).inventory()
    if (!reading.ok) throw new Error(reading.message)
    const snapshot = JSON.parse(
      JSON.stringify(toSnapshotFile(reading.snapshot, new Date('2026-11-01T08:00:00Z'))),
    ) as Json
    tenant.create({ identifier: 'https://by-hand' })
    const cwd = project({ [name]: snapshot, [`${from}tenant-drift.json`]: config(tenant.domain), 'p/Pulumi.yaml': '' })
    return { tenant, cwd }
  }

  test.for([
    ['is the one it names, from its own folder', 'agreed/then.json', () => ({ recorded: 'agreed/then.json' })],
    ['is the default one beside it', 'tenant-drift.recorded.json', () => ({})],
    [
      'is the one of the tenant that is read',
      'prod.json',
      (domain: string) => ({ recorded: 'no.json', tenants: { prod: { domain, recorded: '{tenant}.json' } } }),
    ],
    [
      'is by default named after the tenant',
      'tenant-drift.prod.recorded.json',
      (domain: string) => ({ tenants: { prod: { domain } } }),
    ],
  ] as const)('%s', async ([, name, config]) => {
    const { tenant, cwd } = await recording(name, config)
    const process = startProcess(tenant, { cwd: join(cwd, 'p'), now })

    const { observed, drift } = await checkOnce(process, 'inline', program('inline'))

    expect(observed).toMatchObject({ status: 'read', recorded: true })
    expect(drift).toMatchObject({ 'https://by-hand': { identifier: { kind: 'unmanaged' } } })
  })

  test('gives way to the input and to the variable; named and missing, nothing is claimed', async () => {
    const { tenant, cwd } = await recording('then.json', () => ({ recorded: 'gone.json' }))
    const check = (input: JsonObject, env: Record<string, string>) =>
      checkOnce(startProcess(tenant, { cwd, env, now }), 'inline', program('inline', input))

    const [none, byInput, byVariable] = await Promise.all([
      check({}, {}),
      check({ recorded: 'then.json' }, {}),
      check({}, { TENANT_DRIFT_RECORDED: 'then.json' }),
    ])

    expect(none?.observed).toMatchObject({ status: 'unreadable', code: 'invalid_config' })
    expect([byInput?.observed, byVariable?.observed]).toMatchObject([{ recorded: true }, { recorded: true }])
  })

  test('that was taken of another tenant is refused', async () => {
    const { cwd } = await recording('tenant-drift.recorded.json', () => ({}))

    const { observed } = await checkOnce(startProcess(await drifted(), { cwd, now }), 'inline', program('inline'))

    expect(observed).toMatchObject({ status: 'invalid', message: expect.stringContaining('was taken of') })
  })

  describe('holds for a check of one API as well', () => {
    const undeclared = { identifier: API, signing_alg: 'RS256' }
    const ofServer = (tenant: Simulator, cwd: string, env: Record<string, string> = {}) =>
      checkOnce(startProcess(tenant, { cwd, env, now }), 'server', undeclared)

    test('what agrees with it is no notice any more, and what changes counts', async () => {
      const { tenant, cwd } = await recording('tenant-drift.recorded.json', () => ({}))
      const bare = await ofServer(tenant, project())
      const quiet = await ofServer(tenant, cwd)
      tenant.edit(API, { enforce_policies: true })
      const loud = await ofServer(tenant, cwd)

      expect((bare.observed.notices as Json[]).length).toBeGreaterThan(0)
      expect(quiet).toMatchObject({ drift: {}, observed: { status: 'read', recorded: true, notices: [] } })
      expect(loud.drift).toMatchObject({
        enforce_policies: { kind: 'undeclared', origin: 'drift', live: true },
      })
    })

    test('another tenant’s says nothing where nobody named it, and is refused where somebody did', async () => {
      const { cwd } = await recording('tenant-drift.recorded.json', () => ({}))
      const other = await drifted({ signing_alg: 'RS256' })

      const found = await ofServer(other, cwd)
      const named = await ofServer(other, cwd, { TENANT_DRIFT_RECORDED: 'tenant-drift.recorded.json' })

      expect(found).toMatchObject({ drift: {}, observed: { status: 'read', recorded: false } })
      expect(found.observed.notes).toContainEqual(expect.stringContaining('the recorded snapshot was taken of'))
      expect(named.observed).toMatchObject({ status: 'invalid', message: expect.stringContaining('was taken of') })
    })
  })
})
