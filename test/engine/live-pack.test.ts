import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { ROOT } from '../../tools/run.mjs'
import { installAuth0Plugin, pluginEnvironment } from '../support/auth0-plugin/install.ts'
import { startProject, type Project, type Ran } from '../support/engine.ts'

// An unmodified program of the real npm package, a mandatory pack, and the stack's own state as the base. The steps build on one another: the
// CLI takes seconds for each.

const PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-live-policies.js')
const ORDERS = 'https://orders.example.com/'
const SHOP = 'https://shop.example.com/'
const SECRET = 'planted-signing-secret-of-the-program'

const program = (alg: string) => `import * as auth0 from '@pulumi/auth0'
import * as pulumi from '@pulumi/pulumi'
const orders = new auth0.ResourceServer('orders', {
  identifier: '${ORDERS}', signingAlg: '${alg}', tokenLifetime: pulumi.secret(3600), signingSecret: pulumi.secret('${SECRET}'),
})
new auth0.ResourceServerScope('read', { resourceServerIdentifier: orders.identifier, scope: 'read:orders' })
new auth0.ResourceServer('shop', { identifier: orders.id.apply((id) => '${SHOP}') })
`

let tenant: Simulator
let project: Project

beforeAll(async () => {
  tenant = await startSimulator({ seed: 73 })
  // What the stack's configuration says is all that the pack knows of the tenant: the environment is taken away below.
  project = await startProject(tenant, { 'auth0:domain': tenant.domain, 'auth0:apiToken': tenant.token })
  installAuth0Plugin(project.home)
  project.write('policies.json', JSON.stringify({ 'unreadable-tenant': { base: 'stack' } }))
})

afterAll(async () => {
  await tenant.close()
  project.remove()
})

interface Judged extends Ran {
  /** `level policy resource`, sorted. */
  readonly violations: readonly string[]
}

async function pulumi(args: readonly string[], config = 'policies.json'): Promise<Judged> {
  const away = { AUTH0_DOMAIN: undefined, AUTH0_CLIENT_ID: undefined, AUTH0_CLIENT_SECRET: undefined }
  const pack = ['--policy-pack', PACK, ...(config === '' ? [] : ['--policy-pack-config', config])]
  const ran = await project.run([...args, ...(args[0] === 'refresh' ? [] : pack)], {
    env: { ...away, ...pluginEnvironment(tenant), PULUMI_DEBUG_COMMANDS: 'true' },
  })
  const lines = [...ran.text.matchAll(/- \[(\w+)\] \[severity: \w+\] {2}([\w-]+) {2}\(.*: ([\w-]+)\)$/gm)]
  return { ...ran, violations: lines.map(([, level, policy, name]) => `${level} ${policy} ${name}`).toSorted() }
}

const algOf = (identifier: string) => tenant.list().find((api) => api.identifier === identifier)?.signing_alg

test('an up creates and hardens, a hotfix stops the preview, and a refresh makes it the change that the up repairs', async () => {
  project.setProgram(program('RS256'))
  const first = await pulumi(['preview'])
  const created = await pulumi(['up', '--yes'])
  project.setProgram(program('PS256'))
  const hardened = await pulumi(['up', '--yes', '--skip-preview'])
  const algAfter = algOf(ORDERS)
  tenant.edit(ORDERS, { signing_alg: 'HS256', token_lifetime: 99 })
  const events = join(project.folder, 'events.json')
  const stopped = await pulumi(['preview', '--event-log', events])
  const baseless = await pulumi(['preview'], '')
  const refreshed = await pulumi(['refresh', '--yes', '--skip-preview'])
  const repaired = await pulumi(['up', '--yes', '--skip-preview'])

  expect([first.code, first.violations]).toEqual([0, ['advisory unknown-input shop']])
  expect([created.code, created.violations]).toEqual([0, ['advisory unknown-input shop']])
  expect([hardened.code, hardened.violations, algAfter]).toEqual([0, [], 'PS256'])
  // The token lifetime is a secret of the program: that it differs is said, and nothing of it.
  expect([stopped.code, stopped.violations]).toEqual([
    1,
    ['mandatory signing-alg-drift orders', 'mandatory token-lifetime-drift orders'],
  ])
  expect(stopped.text).toContain('(hidden)')
  expect([baseless.code, baseless.violations]).toEqual([
    0,
    ['advisory signing-alg-drift orders', 'advisory token-lifetime-drift orders'],
  ])
  expect(baseless.text.match(/see TENANT_DRIFT_BASE/g)).toHaveLength(1)
  expect(refreshed.code).toBe(0)
  expect([repaired.code, repaired.violations, algOf(ORDERS)]).toEqual([0, [], 'PS256'])
  for (const { text } of [first, created, hardened, stopped, baseless, refreshed, repaired]) {
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(tenant.token)
  }
  // The SDK's own debug lines hold everything a program registers; what the pack reported does not.
  const reported = readFileSync(events, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"policyEvent"'))
  expect(reported).toHaveLength(2)
  expect(reported.join('\n')).not.toContain(SECRET)
  expect(existsSync(join(project.folder, 'tenant-drift.recorded.json'))).toBe(false)
})

test('the last resource of the program goes: what its state knows is judged all the same', async () => {
  project.setProgram('')

  const emptied = await pulumi(['preview'])
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const touched = await pulumi(['preview'])
  const baseless = await pulumi(['preview'], '')

  expect([emptied.code, emptied.violations]).toEqual([0, []])
  expect([touched.code, touched.violations]).toEqual([1, [expect.stringMatching(/^mandatory unmanaged-api /)]])
  expect([baseless.code, baseless.violations]).toEqual([1, [expect.stringMatching(/^mandatory nothing-judged /)]])
  for (const { text } of [emptied, touched, baseless]) expect(text).not.toContain(tenant.token)
})
