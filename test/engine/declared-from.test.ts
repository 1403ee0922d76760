import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDeclared } from '../../src/sources/front.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { pulumiEnvironment, requirePulumi } from '../../tools/pulumi-cli.mjs'
import { installAuth0Plugin, pluginEnvironment } from '../support/auth0-plugin/install.ts'
import { resourcesOf, startProject, stepsOf, type Project } from '../support/engine.ts'

const ORDERS = 'https://orders.example.com/'
const STOCK = 'https://stock.example.com/'

/** Two APIs, each with a check of what the program says of it; `settings` are those of the first. */
const program = (settings: JsonObject): string => `import * as auth0 from '@pulumi/auth0'
import { declaredFrom, ResourceServerCheck } from 'tenant-drift'
const make = (name, identifier, settings, names) => {
  const args = { identifier, ...settings }
  const api = new auth0.ResourceServer(name, args)
  const scopesArgs = { resourceServerIdentifier: api.identifier, scopes: names.map((name) => ({ name })) }
  const scopes = new auth0.ResourceServerScopes(name, scopesArgs)
  new ResourceServerCheck(name + '-check', declaredFrom(api, args, { scopes: { resource: scopes, args: scopesArgs } }))
  return api
}
const orders = make('orders', '${ORDERS}', ${JSON.stringify(settings)}, ['read:orders'])
make('stock', '${STOCK}', { name: orders.id, signingAlg: 'RS256', proofOfPossession: { disable: true } }, ['read:stock', 'write:stock'])
`
const SOFT = { signingAlg: 'RS256', tokenLifetime: 7200 }
const HARD = { signingAlg: 'PS256', tokenLifetime: 600, proofOfPossession: { mechanism: 'dpop', required: true } }

let tenant: Simulator
let project: Project

beforeAll(async () => {
  tenant = await startSimulator({ seed: 73 })
  project = await startProject(tenant)
  installAuth0Plugin(project.home)
})

afterAll(async () => {
  await tenant.close()
  project.remove()
})

const run = (...args: readonly string[]) =>
  project.run(args, { env: { ...pluginEnvironment(tenant), PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' } })
const live = (identifier: string): JsonObject => tenant.list().find((api) => api.identifier === identifier) ?? {}

/** What came of each check: its step, its kind of observation and the paths that differ. */
async function checks(...args: readonly string[]) {
  const ran = await run(...args, '--json')
  const steps = stepsOf(ran.stdout).map(({ name, op, inputs }) => {
    const { observed, drift } = inputs as { observed: JsonObject; drift: JsonObject }
    return [name, op, observed.status, Object.keys(drift), Object.keys((observed.pending ?? {}) as JsonObject)]
  })
  return { code: ran.code, steps }
}

/** What the state keeps as seen by each check. */
const stored = () =>
  ['orders-check', 'stock-check'].map((name) => {
    const { observed, drift } = (resourcesOf(project.stateText())[name]?.outputs ?? {}) as {
      observed: JsonObject
      drift: JsonObject
    }
    return [name, observed.status, drift, observed.pending]
  })
const SETTLED = [
  ['orders-check', 'read', {}, {}],
  ['stock-check', 'read', {}, {}],
]
const quiet = (op = 'same') => [
  ['orders-check', op, 'read', [], []],
  ['stock-check', op, 'read', [], []],
]

test('a check of what a program declares with @pulumi/auth0 follows its API', async () => {
  project.setProgram(program(SOFT))

  const first = await checks('preview')
  expect(first.steps).toEqual([
    ['orders-check', 'create', 'missing', ['identifier'], []],
    // Its name is an output of an API that is still to be made.
    ['stock-check', 'create', 'unknown', ['identifier'], []],
  ])

  const made = await run('up', '--yes', '--skip-preview')
  expect(made.code).toBe(0)
  expect(live(ORDERS)).toMatchObject({ signing_alg: 'RS256', scopes: [{ value: 'read:orders' }] })
  expect(stored()).toEqual(SETTLED)
  expect((await checks('preview')).steps).toEqual(quiet())

  project.setProgram(program(HARD))
  const hardening = await checks('preview')
  expect(hardening.steps).toEqual([
    ['orders-check', 'update', 'read', [], ['proof_of_possession', 'signing_alg', 'token_lifetime']],
    ['stock-check', 'same', 'read', [], []],
  ])
  const hardened = await run('up', '--yes', '--skip-preview')
  expect(hardened.code).toBe(0)
  expect(live(ORDERS)).toMatchObject({
    signing_alg: 'PS256',
    proof_of_possession: { mechanism: 'dpop', required: true },
  })
  expect(stored()).toEqual(SETTLED)
  const after = await run('preview', '--expect-no-changes')
  expect(after.code).toBe(0)

  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  // What the provider reads becomes the API's outputs, and must not become the declaration.
  await run('refresh', '--yes', '--skip-preview')
  expect((await checks('preview')).steps[0]).toEqual(['orders-check', 'update', 'read', ['signing_alg'], []])
  const repaired = await run('up', '--yes', '--skip-preview')
  expect(repaired.code).toBe(0)
  expect(live(ORDERS).signing_alg).toBe('PS256')
  expect(stored()).toEqual(SETTLED)

  // What the stack holds of the API and of its check is one declaration, as the CLI exports it and as a source asks the CLI for it.
  const exported = await run('stack', 'export')
  project.write('stack.json', exported.stdout)
  const env = pulumiEnvironment({ home: project.home, backend: project.backend, cli: requirePulumi(), extra: {} })
  for (const source of ['pulumi-stack:stack.json', 'pulumi:.#test']) {
    const state = await readDeclared([source], { cwd: project.folder, variables: {}, env })
    expect(state.apis.map(({ values }) => values)).toMatchObject([
      {
        identifier: ORDERS,
        signing_alg: 'PS256',
        proof_of_possession: { mechanism: 'dpop' },
        scopes: [{ value: 'read:orders' }],
      },
      { identifier: STOCK, name: live(ORDERS).id, proof_of_possession: null },
    ])
    expect(state.apis[0]?.at).toMatch(/auth0:index\/resourceServer:ResourceServer::orders$/)
    expect(state.warnings).toEqual([])
  }
})
