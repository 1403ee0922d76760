import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { StaleRule } from '../../src/schema/observed.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { checkOnce, FORMS, methodsOf, projectFolder, startProcess, tenantWith, type Form } from '../support/checks.ts'
import { NOW, run as runShell } from '../cli/run.ts'
import { runCommand, type Resource } from '../support/engine-model.ts'

const API = 'https://orders.example.com/'
const DECLARED: JsonObject = { identifier: API, signing_alg: 'RS256', token_lifetime: 7200 }
const RULE: JsonObject = { resource_server: '*', path: 'signing_alg', reason: 'r', owner: 'o', expires: '2027-06-30' }
const now = () => Date.parse('2026-11-24T12:00:00Z')

async function tenantOf(live: JsonObject): Promise<Simulator> {
  const tenant = await tenantWith()
  tenant.put({ id: '66a1f0000000000000000001', ...DECLARED, ...live })
  return tenant
}

function project(config: JsonObject): string {
  const folder = projectFolder()
  writeFileSync(join(folder, 'declared.json'), JSON.stringify({ resource_servers: [DECLARED] }))
  writeFileSync(join(folder, 'tenant-drift.json'), JSON.stringify(config))
  return folder
}

function program(form: Form): JsonObject {
  if (form === 'server') return DECLARED
  return form === 'inline' ? { resource_servers: [DECLARED] } : { files: 'declared.json' }
}

const ofApi = (form: Form, part: Json | undefined): JsonObject => {
  const all = (part ?? {}) as JsonObject
  return form === 'server' ? all : ((all[API] ?? {}) as JsonObject)
}

test.for([
  ['a glob of all that is declared', ['https://orders*'], true],
  ['everything', ['*'], true],
  ['another API', ['https://shop*'], undefined],
] as const)('a tenant of which %s is excluded', async ([, exclude, allExcluded]) => {
  const tenant = await tenantOf({ signing_alg: 'HS256' })
  tenant.create({ identifier: 'https://shop.example.com/' })
  for (const form of ['inline', 'files'] as const) {
    const process = startProcess(tenant, { cwd: project({ exclude: [...exclude] }), now })

    const { observed } = await checkOnce(process, form, program(form))

    expect([observed.status, observed.allExcluded]).toEqual(['read', allExcluded])
  }
})

describe('exclude', () => {
  const WAYS: readonly (readonly [string, (domain: string) => JsonObject, Record<string, string>])[] = [
    ['at the top', () => ({ exclude: 'https://orders*' }), {}],
    [
      'of the tenant, in place of the top',
      (domain) => ({ exclude: 'x', tenants: { t: { domain, exclude: [API] } } }),
      {},
    ],
    ['of the variable, in place of the file', () => ({ exclude: 'x' }), { TENANT_DRIFT_EXCLUDE: `urn:*\n ${API}\n` }],
  ]

  test.for(FORMS.flatMap((form) => WAYS.map((way) => [form, ...way] as const)))(
    '%s: %s takes an API out of what is judged, and says so',
    async ([form, , config, env]) => {
      const tenant = await tenantOf({ signing_alg: 'HS256', allow_offline_access: true })
      const process = startProcess(tenant, { cwd: project(config(tenant.domain)), env, now })

      const { observed, drift } = await checkOnce(process, form, program(form))

      expect(drift).toEqual({})
      expect(observed).toMatchObject({ status: form === 'server' ? 'excluded' : 'read', pending: {}, notices: [] })
      expect(observed.notes).toContainEqual(expect.stringContaining('(exclude)'))
    },
  )

  test.for(FORMS)('%s: that names other APIs leaves the drift of this one', async (form) => {
    const tenant = await tenantOf({ signing_alg: 'HS256' })
    const process = startProcess(tenant, { cwd: project({ exclude: 'https://billing*' }), now })

    const { drift } = await checkOnce(process, form, program(form))

    expect(ofApi(form, drift)).toHaveProperty('signing_alg')
  })

  test.for(FORMS)('%s: for a while loses neither the base nor the drift that was there', async (form) => {
    const tenant = await tenantOf({ signing_alg: 'HS256' })
    const up = (config: JsonObject, state: Resource | null) =>
      runCommand('up', {
        methods: methodsOf(startProcess(tenant, { cwd: project(config), now }), form),
        program: program(form),
        state,
      })
    const applied = await up({}, null)
    const away = await up({ exclude: '*' }, applied.state)

    const back = await up({}, away.state)

    expect(away.checked?.drift).toEqual({})
    expect(ofApi(form, back.checked?.drift)).toMatchObject({ signing_alg: { origin: 'drift' } })
    expect(back.changed).toBe(true)
  })

  test('does not make a list complete that is not: the other APIs are still to be looked at', async () => {
    const tenant = await tenantWith({ apis: 1001, scopesPerApi: 0 })
    tenant.setFault({ kind: 'refuse-offset' })
    const process = startProcess(tenant, { cwd: project({ exclude: 'urn:nobody' }), now })

    const { observed } = await checkOnce(process, 'inline', { resource_servers: [] })

    expect(observed).toMatchObject({ status: 'unreadable', code: 'incomplete_inventory' })
  })
})

describe('a variable is read as the command reads it', () => {
  const RECORD = 'tenant-drift.recorded.json'
  const base = (signing: string) => JSON.stringify({ resource_servers: [{ ...DECLARED, signing_alg: signing }] })

  test.for(FORMS)('%s: TENANT_DRIFT_BASE has one source a line, and a blank one is not set', async (form) => {
    const tenant = await tenantOf({ signing_alg: 'PS256' })
    const origin = async (written: string) => {
      const cwd = project({})
      writeFileSync(join(cwd, 'base.json'), base('PS256'))
      writeFileSync(join(cwd, 'more.json'), JSON.stringify({ resource_servers: [{ identifier: 'urn:more' }] }))
      const process = startProcess(tenant, { cwd, env: { TENANT_DRIFT_BASE: written }, now })
      const { observed, drift } = await checkOnce(process, form, program(form))
      return [observed.status, ofApi(form, drift).signing_alg === undefined ? 'pending' : 'drift']
    }

    expect(await origin(' base.json\n more.json ')).toEqual(['read', 'pending'])
    expect(await origin('  ')).toEqual(['read', 'drift'])
  })

  test('a blank TENANT_DRIFT_LIVE, _MAX_AGE and _RECORDED are not set', async () => {
    const tenant = await tenantOf({})
    const env = { TENANT_DRIFT_LIVE: ' ', TENANT_DRIFT_MAX_AGE: '', TENANT_DRIFT_RECORDED: ' ' }
    const process = startProcess(tenant, { cwd: project({}), env, now })

    const { observed } = await checkOnce(process, 'inline', program('inline'))

    expect(observed.status).toBe('read')
  })

  test('a snapshot is judged by TENANT_DRIFT_MAX_AGE, and what is no duration is refused by name', async () => {
    const tenant = await tenantOf({})
    const cwd = project({})
    const { out } = await runShell(['snapshot'], {
      cwd,
      env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
    })
    writeFileSync(join(cwd, 'snapshot.json'), out)
    const look = async (age: string) => {
      const env = { TENANT_DRIFT_LIVE: ' snapshot.json ', TENANT_DRIFT_MAX_AGE: age }
      const process = startProcess(tenant, { cwd, env, now: () => NOW + 3_600_000 })
      return (await checkOnce(process, 'inline', program('inline'))).observed
    }

    expect(await look('')).toMatchObject({ status: 'read' })
    expect(await look('30m')).toMatchObject({ status: 'unreadable', code: 'snapshot_too_old' })
    expect(await look('a day')).toMatchObject({
      message: 'variable TENANT_DRIFT_MAX_AGE: a duration like 90s, 2m or 24h is expected',
    })
  })

  test('TENANT_DRIFT_RECORDED is taken before the key of the file, as it is, without blanks at its ends', async () => {
    const tenant = await tenantOf({ allow_offline_access: true })
    const cwd = project({ recorded: 'not-there.json' })
    const { out } = await runShell(['snapshot'], {
      cwd,
      env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
    })
    writeFileSync(join(cwd, RECORD), out)
    const env = { TENANT_DRIFT_RECORDED: ` ${RECORD} ` }
    const process = startProcess(tenant, { cwd, env, now })

    const { observed, drift } = await checkOnce(process, 'inline', program('inline'))

    expect([observed.status, drift]).toEqual(['read', {}])
  })
})

describe('lifetime_ceiling', () => {
  const severity = async (form: Form, config: (domain: string) => JsonObject, env: Record<string, string> = {}) => {
    const tenant = await tenantOf({ token_lifetime: 20_000 })
    const process = startProcess(tenant, { cwd: project(config(tenant.domain)), env, now })
    const { observed, drift } = await checkOnce(process, form, program(form))
    return (ofApi(form, drift).token_lifetime as JsonObject | undefined)?.severity ?? observed
  }

  test.for(FORMS)('%s: is where a lifetime that grew becomes high', async (form) => {
    const low = { lifetime_ceiling: 10_000 }
    expect(await severity(form, () => ({}))).toBe('medium')
    expect(await severity(form, () => low)).toBe('high')
    expect(await severity(form, (domain) => ({ ...low, tenants: { t: { domain, lifetime_ceiling: 30_000 } } }))).toBe(
      'medium',
    )
    expect(await severity(form, () => ({}), { TENANT_DRIFT_LIFETIME_CEILING: '10000' })).toBe('high')
  })

  test.for(FORMS)('%s: that is no number of seconds is invalid', async (form) => {
    expect(await severity(form, () => ({ lifetime_ceiling: 0 }))).toMatchObject({ status: 'invalid' })
    expect(await severity(form, () => ({}), { TENANT_DRIFT_LIFETIME_CEILING: 'a day' })).toMatchObject({
      status: 'invalid',
      message: expect.stringContaining('TENANT_DRIFT_LIFETIME_CEILING'),
    })
  })
})

describe('stale rules', () => {
  const stale = async (
    config: (domain: string) => JsonObject,
    declared: JsonObject = { resource_servers: [DECLARED] },
  ) => {
    const tenant = await tenantOf({ signing_alg: 'HS256' })
    const process = startProcess(tenant, { cwd: project(config(tenant.domain)), now })
    const { observed } = await checkOnce(process, 'inline', declared)
    const rules = (observed.staleRules ?? []) as unknown as readonly StaleRule[]
    return rules.map(({ path, state }) => `${path} ${state}`)
  }
  const RULES = [
    RULE,
    { ...RULE, path: 'scopes' },
    { ...RULE, path: 'signing_alg', expires: '2026-11-23' },
    { ...RULE, path: 'name', expires: '2026-12-08' },
  ]

  test('are those that match nothing and those that are over; one that ends soon and matches is too', async () => {
    expect(await stale(() => ({ accept: RULES }))).toEqual(['scopes unused', 'signing_alg expired', 'name unused'])
    expect(await stale(() => ({ accept: [{ ...RULE, expires: '2026-12-08' }] }))).toEqual(['signing_alg expiring'])
    expect(await stale(() => ({ accept: [{ ...RULE, expires: '2026-12-09' }] }))).toEqual([])
  })

  test('are not called unused where only a part was compared, or where other tenants have them too', async () => {
    const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
    const unknown = { resource_servers: [DECLARED, { identifier: UNKNOWN }] }
    const other = { domain: 'other.eu.auth0.com' }
    expect(await stale(() => ({ accept: RULES, exclude: 'urn:x' }))).toEqual(['signing_alg expired', 'name expiring'])
    expect(await stale(() => ({ accept: RULES }), unknown)).toEqual(['signing_alg expired', 'name expiring'])
    expect(await stale((domain) => ({ accept: RULES, tenants: { t: { domain }, other } }))).toEqual([
      'signing_alg expired',
      'name expiring',
    ])
    expect(await stale((domain) => ({ tenants: { t: { domain, accept: RULES }, other } }))).toEqual([
      'scopes unused',
      'signing_alg expired',
      'name unused',
    ])
  })

  test('that appear in an unchanged tenant are no change for the engine', async () => {
    const tenant = await tenantOf({})
    const run = (config: JsonObject, state: Resource | null) =>
      runCommand(state === null ? 'up' : 'preview', {
        methods: startProcess(tenant, { cwd: project(config), now }).tenant,
        program: { resource_servers: [DECLARED] },
        state,
      })
    const applied = await run({}, null)

    const preview = await run({ accept: RULES }, applied.state)

    expect((preview.checked?.observed as JsonObject | undefined)?.staleRules).toHaveLength(4)
    expect([preview.changed, preview.step]).toEqual([false, 'same'])
  })
})
