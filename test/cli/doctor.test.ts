import path from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { requestsOf, tenantWith } from '../tenant/with-tenant.ts'
import { git, repository } from '../action/runner.ts'
import { envOf, folderWith, reportIn, run, write } from './run.ts'

const ORDERS = 'https://orders.example.com/'
const OTHER = 'other.eu.auth0.com'
const DAY_MS = 86_400_000

/** What a case may change before both commands run. */
interface Scene {
  readonly tenant: Simulator
  readonly cwd: string
  readonly env: Record<string, string | undefined>
  readonly files: (files: Readonly<Record<string, unknown>>) => void
}

const declaration = (...servers: readonly JsonObject[]) => ({ resource_servers: servers })
const declared = (extra: JsonObject) => ({ 'declared/a.json': { ...declaration({ identifier: ORDERS }), ...extra } })

/** Another tenant's name in a file of ours; it is digested, so that a changed one is damaged. */
async function snapshotOf(scene: Scene, file: string, now: number): Promise<void> {
  await run(['snapshot', file], { cwd: scene.cwd, env: scene.env, now: () => now })
}

async function strange(scene: Scene, argv: readonly string[], file: string): Promise<void> {
  const other = await tenantWith({ apis: 1 })
  await run([...argv], { cwd: scene.cwd, env: envOf(other), now: Date.now })
  expect(readFileSync(path.join(scene.cwd, file), 'utf8')).toContain(other.domain)
}

type Case = readonly [name: string, change: (scene: Scene) => unknown, ...argv: string[]]

const RULE = {
  resource_server: 'https://gone.example.com/',
  path: 'signing_alg',
  kind: 'changed',
  reason: 'x',
  owner: 'me',
  expires: '2027-01-01',
}

const CASES: readonly Case[] = [
  ['declared files of another tenant', ({ files }) => files(declared({ tenant: OTHER }))],
  ['a record of another tenant', (scene) => strange(scene, ['record'], 'tenant-drift.recorded.json')],
  [
    'a base of another tenant',
    ({ files }) => files({ 'base.json': { tenant: OTHER, ...declaration({ identifier: ORDERS }) } }),
    '--base',
    './base.json',
  ],
  ['a declared file that does not parse', ({ files }) => files({ 'declared/b.yaml': 'resource_servers: [' })],
  ['an unknown field', ({ files }) => files({ 'declared/b.json': declaration({ identifier: 'x', signing: 1 }) })],
  ['a variable without a value', ({ files }) => files({ 'declared/b.json': declaration({ identifier: '${nobody}' }) })],
  ['a pattern that matches no file', () => {}, '--declared', 'nowhere/*.yaml'],
  [
    'two files that disagree',
    ({ files }) =>
      files({
        'declared/b.json': declaration({ identifier: ORDERS, name: 'b' }),
        'declared/c.json': declaration({ identifier: ORDERS, name: 'c' }),
      }),
  ],
  ['a kind of source that is none', () => {}, '--declared', 'nothing:x'],
  ['a record that does not parse', ({ files }) => files({ 'tenant-drift.recorded.json': '{' })],
  ['a record that is named and missing', () => {}, '--recorded', 'nowhere.json'],
  ['a configuration with an unknown key', ({ files }) => files({ 'tenant-drift.yaml': 'declard: x\n' })],
  ['a configuration that is named and missing', () => {}, '--config', 'nowhere.yaml'],
  ['a base that is no ref', () => {}, '--base', 'no-such-branch'],
  ['a trusted commit that is none', () => {}, '--trust', 'no-such-branch'],
  ['a gate without a base', () => {}, '--gate', 'touched'],
  ['only new without an earlier report', () => {}, '--only-new'],
  ['an earlier report that is none', ({ files }) => files({ 'earlier.json': {} }), '--previous', 'earlier.json'],
  [
    'an earlier report of another tenant',
    (scene) => strange(scene, ['check', '--output', 'json=earlier.json'], 'earlier.json'),
    '--previous',
    'earlier.json',
  ],
  ['a snapshot that is missing', () => {}, '--live', 'nowhere.json'],
  [
    'a snapshot that is too old',
    (scene) => snapshotOf(scene, 'live.json', Date.now() - 3 * DAY_MS),
    '--live',
    'live.json',
  ],
  [
    'a snapshot of another tenant',
    (scene) => strange(scene, ['snapshot', 'live.json'], 'live.json'),
    '--live',
    'live.json',
  ],
  [
    'a snapshot that somebody edited',
    async (scene) => {
      await snapshotOf(scene, 'live.json', Date.now())
      const file = path.join(scene.cwd, 'live.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"complete": true', '"complete": false'))
    },
    '--live',
    'live.json',
  ],
  [
    'a snapshot that would be looked at twice',
    (scene) => snapshotOf(scene, 'live.json', Date.now()),
    '--live',
    'live.json',
    '--confirm',
    '1s',
  ],
  ['no domain', ({ env }) => delete env.AUTH0_DOMAIN],
  ['a domain that is none', ({ env }) => (env.AUTH0_DOMAIN = 'https://a b')],
  ['no credentials', ({ env }) => delete env.AUTH0_API_TOKEN],
  ['a deadline that is none', ({ env }) => (env.TENANT_DRIFT_DEADLINE = 'soon')],
  [
    'credentials of a tenant that are not set',
    ({ tenant, files }) =>
      files({
        'tenant-drift.json': { tenants: { acme: { domain: tenant.domain, credentials: { api_token: 'NO_SUCH' } } } },
      }),
  ],
  [
    'a tenant that is not configured',
    ({ tenant, files }) => files({ 'tenant-drift.json': { tenants: { acme: { domain: tenant.domain } } } }),
    '--tenant',
    'nobody',
  ],
  ['a target that is nowhere', () => {}, '--target', 'https://nowhere.example.com/'],
  ['a target that matches nothing', () => {}, '--target', 'urn:*'],
  ['a target that is excluded', () => {}, '--target', ORDERS, '--exclude', '*'],
  ['an output that is none', () => {}, '--output', 'xml'],
  ['two outputs in one place', () => {}, '--output', 'text', '--output', 'json'],
  ['an output in the place of a declaration', () => {}, '--output', 'json=declared/a.json'],
  ['outputs that differ by case alone', () => {}, '--output', 'json=r.json', '--output', 'html=R.json'],
  ['a rule that matches nothing', ({ files }) => files({ 'tenant-drift.json': { accept: [RULE] } }), '--strict-rules'],
  [
    'fewer requests than are needed',
    ({ tenant, env }) => {
      delete env.AUTH0_API_TOKEN
      Object.assign(env, { AUTH0_CLIENT_ID: tenant.client_id, AUTH0_CLIENT_SECRET: tenant.client_secret })
    },
    '--max-requests',
    '1',
  ],
  [
    'a token without the scope',
    async ({ tenant, env }) => (env.AUTH0_API_TOKEN = await tenant.issueToken({ scopes: ['read:clients'] })),
  ],
  ['a token that nobody issued', ({ env }) => (env.AUTH0_API_TOKEN = 'x')],
  ['a tenant that is not well', ({ tenant }) => tenant.setFault({ kind: 'status', status: 503, match: {} })],
  ['a page in place of an answer', ({ tenant }) => tenant.setFault({ kind: 'html', match: {} })],
]

describe('tenant-drift doctor', () => {
  let scene: Scene

  beforeEach(async () => {
    const tenant = await tenantWith()
    tenant.create({ identifier: ORDERS, name: 'Orders' })
    const { cwd } = repository({ 'declared/a.json': declaration({ identifier: ORDERS }) })
    const env = { ...envOf(tenant), TENANT_DRIFT_DEADLINE: '2s' }
    scene = { tenant, cwd, env, files: (files) => write(cwd, files) }
  })

  it.each(CASES.map(([name, change, ...argv]) => ({ name, change, argv })))(
    'says what a check stops at: $name',
    async ({ change, argv }) => {
      await change(scene)
      const world = { cwd: scene.cwd, env: scene.env, now: Date.now }
      const whole = argv.includes('--output') ? argv : [...argv, '--output', 'json']

      const checked = await run(['check', '--quiet', ...whole], world)
      const looked = await run(['doctor', ...argv], world)

      expect([checked.code, looked.code]).toEqual([1, 1])
      const said = flat(looked.out)
      expect(said).toContain(' fail ')
      expect(wordsOf(checked).filter((words) => !said.includes(flat(words)))).toEqual([])
    },
  )

  it('is 0 where a check could tell, whatever it would tell', async () => {
    scene.tenant.edit(ORDERS, { signing_alg: 'HS256' })
    await run(['record'], { cwd: scene.cwd, env: scene.env, now: Date.now })
    scene.files(declared({ tenant: scene.tenant.domain }))
    const world = { cwd: scene.cwd, env: scene.env, now: Date.now }

    const checked = await run(['check', '--quiet'], world)
    const looked = await run(['doctor'], world)

    expect([checked.code, looked.code]).toEqual([0, 0])
    expect(looked.out).not.toMatch(/^fail/m)
  })

  it('reads the list once', async () => {
    await run(['doctor'], { cwd: scene.cwd, env: scene.env, now: Date.now })

    expect(requestsOf(scene.tenant)).toEqual({ token: 0, list: 1, item: 0 })
  })

  it('asks no tenant that the files are not for', async () => {
    scene.files(declared({ tenant: OTHER }))

    await run(['doctor'], { cwd: scene.cwd, env: scene.env, now: Date.now })

    expect(requestsOf(scene.tenant)).toEqual({ token: 0, list: 0, item: 0 })
  })

  it('judges a snapshot file where a check would, without credentials', async () => {
    await snapshotOf(scene, 'live.json', Date.now())
    const env = { TENANT_DRIFT_LIVE: 'live.json' }

    const { code, out } = await run(['doctor'], { cwd: scene.cwd, env, now: Date.now })

    expect(code).toBe(0)
    expect(out).toContain('ok    live: a snapshot file of')
  })

  it('judges by the commit that is trusted', async () => {
    git(scene.cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    scene.files({ 'tenant-drift.yaml': 'declard: x\n' })
    const world = { cwd: scene.cwd, env: { ...scene.env, TENANT_DRIFT_TRUST: 'origin/main' }, now: Date.now }

    expect((await run(['doctor'], world)).code).toBe(0)
    expect((await run(['doctor'], { ...world, env: scene.env })).code).toBe(1)
  })
})

/** Without the line breaks of either. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ')

/** What a check says that stopped it, without what to do about it. */
function wordsOf({ out, err }: { readonly out: string; readonly err: string }): readonly string[] {
  if (out.startsWith('{')) return reportIn(out).errors.map(({ message }) => message)
  return err
    .split('\n')
    .filter((line) => line.startsWith('error: '))
    .map((line) => line.slice('error: '.length))
}

it('a folder outside of any repository is looked at as well', async () => {
  const { code, out } = await run(['doctor'], { cwd: folderWith(), env: {} })

  expect([code, flat(out)]).toEqual([1, expect.stringContaining('no file matches')])
})
