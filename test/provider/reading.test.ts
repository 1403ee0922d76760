import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULT_KINDS, type FaultKind, type Simulator } from '../../src/simulator/front.ts'
import { checkOnce, FORMS, programOf, projectFolder, setStage, startProcess, tenantWith } from '../support/checks.ts'
import { APPLIED } from '../support/worlds.ts'

const LIST = '/api/v2/resource-servers'
const identifiersOf = (tenant: Simulator): string[] =>
  tenant.list().flatMap((api) => (api.is_system === true ? [] : [api.identifier as string]))

describe('one process', () => {
  test('asked for 1,000 checks at once reads the tenant once: one token, eleven pages', async () => {
    const tenant = await tenantWith({ apis: 1000 })
    const process = startProcess(tenant)

    const looks = await Promise.all(
      identifiersOf(tenant).map((identifier) => checkOnce(process, 'server', { identifier })),
    )

    expect(looks).toHaveLength(1000)
    expect(looks.filter(({ observed }) => observed.status !== 'read')).toEqual([])
    expect(tenant.requests()).toEqual({ 'POST /oauth/token': 1, [`GET ${LIST}`]: 11 })
  })

  test.for([
    ['5', 5, 5, 1],
    ['40', 40, 0, 2],
  ] as const)('%s missing APIs cost at most five questions and one more reading', async ([, missing, most, lists]) => {
    const tenant = await tenantWith({ apis: 60 })
    const process = startProcess(tenant)
    const gone = Array.from({ length: missing }, (_, index) => `https://gone-${index}.example.com/`)

    const looks = await Promise.all(gone.map((identifier) => checkOnce(process, 'server', { identifier })))

    expect(looks.map(({ observed, drift }) => [observed.status, Object.keys(drift)])).toEqual(
      gone.map(() => ['missing', ['identifier']]),
    )
    const { 'POST /oauth/token': token, [`GET ${LIST}`]: list, ...questions } = tenant.requests()
    expect([token, list]).toEqual([1, lists])
    expect(Object.values(questions).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(most)
  })

  test('creates what is in sync without another look at the tenant', async () => {
    const tenant = await tenantWith({ apis: 200 })
    const process = startProcess(tenant)
    const checked = await Promise.all(
      identifiersOf(tenant).map((identifier) => checkOnce(process, 'server', { identifier })),
    )
    const before = tenant.requests()

    const made = await Promise.all(checked.map(({ inputs }) => process.server.create(inputs)))

    expect(made).toHaveLength(200)
    expect(tenant.requests()).toEqual(before)
  })
})

test.for(FORMS)('%s: a preview asks neither who nor whom, whatever file and variables say', async (form) => {
  const tenant = await tenantWith()
  const folder = projectFolder()
  writeFileSync(join(folder, 'tenant-drift.yaml'), 'who: full\naffected: true\n')
  setStage(tenant, folder, { ...APPLIED, live: { ...APPLIED.live, signing_alg: 'HS256' } })
  const env = { TENANT_DRIFT_WHO: 'full', TENANT_DRIFT_AFFECTED: 'true' }
  const process = startProcess(tenant, { cwd: folder, env })

  const { drift } = await checkOnce(process, form, programOf(form, APPLIED.declared))

  expect(JSON.stringify(drift)).toContain('signing_alg')
  expect(Object.keys(tenant.requests()).toSorted()).toEqual([`GET ${LIST}`, 'POST /oauth/token'])
})

/** What these readings never ask for, and what an update outwits by asking for the API itself (below). */
const ELSEWHERE: readonly FaultKind[] = ['refuse-offset', 'refuse-fields', 'empty-list']
const PLACES = [
  ['list', { match: { method: 'GET', path: LIST } }],
  ['token', { match: { path: '/oauth/token' } }],
] as const
const failures = FAULT_KINDS.filter((kind) => !ELSEWHERE.includes(kind)).flatMap((kind) =>
  PLACES.map(([place, match]) => [kind, place, match] as const),
)

describe.concurrent('a tenant that fails', () => {
  test.for(failures)(
    '%s at the %s: no method throws, and nothing is missing or clean',
    async ([kind, , match], context) => {
      const tenant = await tenantWith({}, context.onTestFinished)
      const folder = projectFolder(context.onTestFinished)
      setStage(tenant, folder, APPLIED)
      tenant.setFault({ ...match, kind, ms: 5000 })
      const env = { TENANT_DRIFT_DEADLINE: '700ms' }

      for (const form of FORMS) {
        const process = startProcess(tenant, { cwd: folder, env })
        const methods = form === 'server' ? process.server : process.tenant
        const { inputs, observed, drift } = await checkOnce(process, form, programOf(form, APPLIED.declared))
        const { id, outs } = await methods.create(inputs)
        const read = await methods.read(id, outs)

        expect(observed).toMatchObject({ status: 'unreadable', code: expect.any(String), advice: expect.any(String) })
        expect(drift).toEqual({})
        expect(outs).toMatchObject({ observed: { status: 'unreadable' } })
        expect(read.props).toMatchObject({ observed: { status: 'unreadable' } })
        expect((await methods.diff(id, outs, read.inputs)).changes).not.toBe(false)
      }
    },
  )

  test.for(FORMS)('%s: a list that is suddenly empty is no evidence that anything is gone', async (form, context) => {
    const tenant = await tenantWith({}, context.onTestFinished)
    const folder = projectFolder(context.onTestFinished)
    setStage(tenant, folder, APPLIED)
    tenant.setFault({ kind: 'empty-list' })
    const process = startProcess(tenant, { cwd: folder, env: { TENANT_DRIFT_DEADLINE: '2s' } })

    const { observed, drift } = await checkOnce(process, form, programOf(form, APPLIED.declared))

    expect(observed).toMatchObject({ status: 'unreadable', code: 'implausible_list' })
    expect(drift).toEqual({})
  })

  test.for([
    ['no domain at all', { AUTH0_DOMAIN: undefined }, 'invalid_config'],
    ['a domain that is none', { AUTH0_DOMAIN: 'not a domain' }, 'invalid_config'],
    ['plain http to somewhere else', { AUTH0_DOMAIN: 'http://tenant.example.com' }, 'invalid_config'],
    ['no credentials', { AUTH0_CLIENT_ID: undefined, AUTH0_CLIENT_SECRET: undefined }, 'invalid_config'],
    ['a wrong client secret', { AUTH0_CLIENT_SECRET: 'planted-wrong' }, 'unauthorized'],
    [
      'a tenant that is not there',
      { AUTH0_DOMAIN: 'http://127.0.0.1:9', TENANT_DRIFT_DEADLINE: '700ms' },
      /unreachable|timed_out/,
    ],
  ] as const)('%s: every method answers with the code', async ([, env, code], context) => {
    const tenant = await tenantWith({}, context.onTestFinished)
    const folder = projectFolder(context.onTestFinished)
    setStage(tenant, folder, APPLIED)

    for (const form of FORMS) {
      const process = startProcess(tenant, { cwd: folder, env })
      const methods = form === 'server' ? process.server : process.tenant
      const { inputs, observed } = await checkOnce(process, form, programOf(form, APPLIED.declared))
      const { id, outs } = await methods.create(inputs)

      expect(observed).toMatchObject({ status: 'unreadable', code: expect.stringMatching(code) })
      expect(JSON.stringify([inputs, outs])).not.toContain('planted')
      expect((await methods.update(id, outs, inputs)).outs).toMatchObject({ observed: { status: 'unreadable' } })
    }
  })
})
