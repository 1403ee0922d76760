import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, readReport, reportIn, run, write } from '../cli/run.ts'
import { liveForm, mutations } from '../support/corpus.ts'
import { deployCli, tenantDrift, writeDeployConfig } from '../support/deploy-cli.ts'
import { identifiersOf, tenantWith } from '../tenant/with-tenant.ts'

const SCOPES = ['read:resource_servers', 'read:clients']
const FORMATS = [
  ['yaml', 'a0deploy:exported/tenant.yaml'],
  ['directory', 'a0deploy:exported'],
] as const

/** A folder in which the real deploy CLI has just exported the tenant. */
async function exportOf(tenant: Simulator, format: string): Promise<string> {
  const folder = folderWith()
  writeDeployConfig(folder, tenant)
  const { code, out, err } = await deployCli(['export', '-f', format, '-o', 'exported'], folder)
  if (code !== 0) throw new Error(out + err)
  return folder
}

/** Each change of the corpus on an API of its own, before and after; ids are no part of what the deploy CLI says. */
const CORPUS = mutations()
  .filter(({ row }) => row.path !== 'id')
  .map((mutation, index) => {
    // The deploy CLI names files by the name of the API.
    const own = (api: JsonObject): JsonObject => ({
      ...api,
      identifier: `https://api-${index}.example.com/`,
      id: `a${String(index).padStart(23, '0')}`,
      name: `${typeof api.name === 'string' ? api.name : 'API'} ${index}`,
    })
    return { mutation, before: own(liveForm(mutation.declared)), after: own(mutation.live) }
  })

/** The deploy CLI writes neither, and what is set where nothing was exported is never `undeclared` for these. */
const LOST = [
  'is_system from absent to true',
  'client_id from "clientOrders000000000000000000001" to "clientOrders000000000000000000002"',
  'client_id from "clientOrders000000000000000000001" to absent',
  'client_id from "clientOrders000000000000000000002" to "clientOrders000000000000000000001"',
  'client_id from "clientOrders000000000000000000002" to absent',
  'client_id from absent to "clientOrders000000000000000000001"',
  'client_id from absent to "clientOrders000000000000000000002"',
  'signing_secret from absent to "an-invented-secret-1"',
  'signing_secret from absent to "an-invented-secret-2"',
]

describe('what the real deploy CLI exports', () => {
  it.each(FORMATS)(
    'as %s is in sync, and recorded beside it every change of the corpus is found',
    async (format, source) => {
      const tenant = await tenantWith({ tls: true, scopes: SCOPES })
      for (const { before } of CORPUS) tenant.put(before)
      const folder = await exportOf(tenant, format)
      const check = ['check', '--declared', source, '--output', 'json=report.json', '--quiet']
      const recorded = await tenantDrift(['record', '--quiet'], folder, tenant)

      const untouched = await tenantDrift(check, folder, tenant)
      const { findings } = readReport(folder, 'report.json')
      for (const { after } of CORPUS) tenant.put(after)
      const touched = await tenantDrift(check, folder, tenant)

      expect([recorded.code, untouched.code, touched.code]).toEqual([0, 0, 2])
      expect(findings).toEqual([])
      const found = Map.groupBy(readReport(folder, 'report.json').findings, ({ identifier }) => identifier)
      const pathsOf = (name: Json | undefined): readonly string[] =>
        (found.get(typeof name === 'string' ? name : null) ?? []).filter(({ counts }) => counts).map(({ path }) => path)
      const missed = CORPUS.filter(
        ({ mutation, after }) => pathsOf(after.identifier).toSorted().join() !== mutation.paths.toSorted().join(),
      )
      expect(missed.map(({ mutation }) => mutation.title)).toEqual(LOST)
    },
  )

  it('holds system APIs and linked clients, which are in sync, and names what is not compared', async () => {
    const tenant = await tenantWith({ tls: true, scopes: SCOPES, apis: 3 })
    const [identifier = ''] = identifiersOf(tenant)
    tenant.create({ identifier: `https://${tenant.domain}/me/`, name: 'Me' })
    tenant.edit(identifier, { client_id: tenant.client_id, brand_new: true })
    const folder = await exportOf(tenant, 'yaml')

    const { code, out, err } = await tenantDrift(
      ['check', '--declared', 'a0deploy:exported/tenant.yaml'],
      folder,
      tenant,
    )

    expect(code).toBe(0)
    expect(err).toMatch(/never writes it: client_id$/m)
    expect(out).toContain('brand_new')
    expect(out).toMatch(/^IN SYNC, EXCEPT FOR WHAT WAS NOT COMPARED/m)
  })

  it('is drift after each of some hotfixes, a deleted API, and, once recorded, one that was made by hand', async () => {
    const exported = await tenantWith({ tls: true, scopes: SCOPES, apis: 5 })
    const before = exported.list().filter(({ is_system }) => is_system !== true)
    const [first = '', second = ''] = identifiersOf(exported)
    const cwd = await exportOf(exported, 'directory')
    // The same APIs without TLS, so that the checks need no process of their own.
    const tenant = await tenantWith({ load: before })
    const here = (...args: readonly string[]): ReturnType<typeof run> =>
      run([...args, '--quiet'], { cwd, env: envOf(tenant) })
    const after = async (change: () => unknown): Promise<number> => {
      change()
      const { code } = await here('check', '--declared', 'a0deploy:exported')
      for (const api of before) tenant.put(api)
      tenant.remove('urn:by-hand')
      return code
    }
    const byHand = (): unknown => tenant.create({ identifier: 'urn:by-hand', name: 'By hand' })

    expect(await after(() => undefined)).toBe(0)
    expect(await after(() => tenant.edit(first, { signing_alg: 'HS256' }))).toBe(2)
    expect(await after(() => tenant.edit(first, { scopes: [] }))).toBe(2)
    expect(await after(() => tenant.edit(second, { allow_offline_access: false }))).toBe(2)
    expect(await after(() => tenant.remove(second))).toBe(2)
    expect(await after(byHand)).toBe(0)
    expect((await here('record')).code).toBe(0)
    expect(await after(byHand)).toBe(2)
  })
})

describe('files of the deploy CLI as of a git ref', () => {
  const IDENTITY = ['-c', 'user.name=x', '-c', 'user.email=x@x.example', '-c', 'commit.gpgsign=false']
  const api = (signing_alg: string): JsonObject => ({ identifier: 'urn:a', name: 'A', signing_alg })

  /** A repository whose main has one API, and a tenant in which it stands with this algorithm. */
  async function world(live: string): Promise<{ readonly cwd: string; readonly tenant: Simulator }> {
    const cwd = folderWith({ 'auth/resource-servers/A.json': api('RS256') })
    for (const args of [
      ['init', '--quiet', '--initial-branch=main'],
      ['add', '--all'],
      ['commit', '-qm', 'x'],
    ])
      execFileSync('git', [...IDENTITY, ...args], { cwd, stdio: 'ignore' })
    const tenant = await tenantWith()
    tenant.create(api(live))
    return { cwd, tenant }
  }

  const check = async (cwd: string, tenant: Simulator): Promise<readonly unknown[]> => {
    const args = ['check', '--declared', 'a0deploy:auth', '--base', 'main', '--output', 'json', '--quiet']
    const { code, out } = await run(args, { cwd, env: envOf(tenant) })
    const said = reportIn(out).findings.filter(({ origin }) => origin !== null)
    return [code, ...said.map(({ kind, origin, path }) => `${kind} ${String(origin)} ${path}`)]
  }

  it.each([
    ['pending', 'RS256', [0, 'changed pending signing_alg']],
    ['adopted', 'PS256', [0]],
    ['a conflict', 'RS512', [2, 'changed conflict signing_alg']],
  ])('tell that a change of them is %s', async (_name, live, expected) => {
    const { cwd, tenant } = await world(live)
    write(cwd, { 'auth/resource-servers/A.json': api('PS256') })

    expect(await check(cwd, tenant)).toEqual(expected)
  })

  it('tell an API that was taken out from one that somebody made', async () => {
    const { cwd, tenant } = await world('RS256')
    rmSync(join(cwd, 'auth/resource-servers/A.json'))
    write(cwd, { 'auth/resource-servers/B.json': { identifier: 'urn:b' } })
    tenant.create({ identifier: 'urn:b' })

    expect(await check(cwd, tenant)).toEqual([0, 'unmanaged pending '])
  })
})
