import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, reportIn, run } from '../cli/run.ts'
import { liveFive, realJson, tenantOf } from '../support/real-states.ts'

const OWNER = 'https://hs.example.com/'
const ID = '677485810c632d4e86a538cc'
const OTHER = 'https://bank.example.com/'
const PROVIDER = 'provider["registry.terraform.io/auth0/auth0"]'

function stateOf(type: string, attributes: JsonObject): JsonObject {
  const instances = [{ schema_version: 0, attributes: { resource_server_identifier: ID, ...attributes } }]
  return { version: 4, resources: [{ mode: 'managed', type, name: 'a', provider: PROVIDER, instances }] }
}

const TYPE = 'auth0:index/resourceServerScope:ResourceServerScope'
const PULUMI = {
  urn: `urn:pulumi:dev::shop::${TYPE}::read`,
  type: TYPE,
  custom: true,
  inputs: { resourceServerIdentifier: ID, scope: 'read:hs', description: 'Read' },
}

/** The real plan, as it is where the program writes the id of an API that it does not declare. */
function planById(): JsonObject {
  const text = JSON.stringify(realJson('tfplan-five-from-nothing.json'))
  const plan = JSON.parse(
    text.replaceAll(`"resource_server_identifier":"${OWNER}"`, `"resource_server_identifier":"${ID}"`),
  )
  const isKept = (each: { readonly address: string }) => each.address.startsWith('auth0_resource_server_scope.')
  const values = plan.planned_values.root_module
  values.resources = values.resources.filter(isKept)
  plan.resource_changes = plan.resource_changes.filter(isKept)
  const root = plan.configuration.root_module
  root.resources = root.resources.filter(isKept)
  for (const each of root.resources) each.expressions.resource_server_identifier = { constant_value: ID }
  return plan as JsonObject
}

/** The scope `read:hs` of an API that the source names by the tenant's id, and does not declare. */
const SOURCES: readonly (readonly [kind: string, content: JsonObject])[] = [
  ['tfstate', stateOf('auth0_resource_server_scope', { scope: 'read:hs', description: 'Read' })],
  [
    'tfstate',
    stateOf('auth0_resource_server_scopes', {
      scopes: [
        { name: 'read:hs', description: 'Read' },
        { name: 'write:hs', description: '' },
      ],
    }),
  ],
  ['tfplan', planById()],
  ['pulumi-stack', { version: 3, deployment: { resources: [{ ...PULUMI, outputs: {} }] } }],
  ['pulumi-preview', { steps: [{ op: 'create', urn: PULUMI.urn, newState: PULUMI }] }],
]

async function check(tenant: Simulator, files: Readonly<Record<string, unknown>>, argv: readonly string[]) {
  const argument = ['check', '-o', 'json', '--quiet', ...argv]
  const { code, out, err } = await run(argument, { cwd: folderWith(files), env: envOf(tenant) })
  if (out === '') throw new Error(`no report: ${err}`)
  const report = reportIn(out)
  const counting = report.findings.filter(({ counts }) => counts)
  return { code, counting: counting.map(({ identifier, path, kind }) => `${identifier} ${path} ${kind}`), report }
}

describe('a scope whose API is named by the tenant’s id', () => {
  const FOUND = `${OWNER} scopes.read:hs changed`

  it.each(SOURCES)('in %s: is compared whatever is chosen, and left out where its API is', async (kind, content) => {
    const tenant = await tenantOf(liveFive())
    const files = { 's.json': content }
    const declared = ['--declared', `${kind}:s.json`]
    const chosen = [[], ['--target', OWNER], ['--target', 'https://hs*'], ['--exclude', OTHER]]
    const silent = await check(tenant, files, [...declared, '--target', OWNER])
    tenant.edit(OWNER, { scopes: [{ value: 'write:hs', description: '' }] })

    const found = await Promise.all(chosen.map((argv) => check(tenant, files, [...declared, ...argv])))
    const without = await check(tenant, files, [...declared, '--exclude', OWNER])

    expect([silent.code, silent.counting]).toEqual([0, []])
    expect(found.map(({ code, counting }) => [code, counting])).toEqual(chosen.map(() => [2, [FOUND]]))
    expect(without.counting).toEqual([])
  })

  it('is compared as base too, and is no pending change of whoever is checked against it', async () => {
    const tenant = await tenantOf(liveFive())
    const files = {
      's.json': stateOf('auth0_resource_server_scopes', { scopes: [{ name: 'read:hs', description: 'Read' }] }),
      'd.json': { resource_servers: [{ identifier: OWNER, scopes: [{ value: 'read:hs', description: 'Read' }] }] },
    }
    tenant.edit(OWNER, { scopes: [] })

    const { code, counting } = await check(tenant, files, [
      '--declared',
      'd.json',
      '--base',
      'tfstate:s.json',
      '--target',
      OWNER,
    ])

    expect([code, counting]).toEqual([2, [FOUND]])
  })

  it('is no target by that id: who names it so is told the identifier', async () => {
    const tenant = await tenantOf(liveFive())
    const { report, code } = await check(tenant, { 's.json': SOURCES[0]?.[1] }, [
      '--declared',
      'tfstate:s.json',
      '--target',
      ID,
    ])

    expect(code).toBe(1)
    expect(report.errors.map(({ advice }) => advice)).toEqual([`Name the API by its identifier, ${OWNER}.`])
  })

  it('that nobody could read leaves the scopes of its API not known', async () => {
    const tenant = await tenantOf(liveFive())
    const encrypted = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'x' }
    const resource = { ...PULUMI, inputs: { ...PULUMI.inputs, scope: encrypted } }
    const files = {
      's.json': { version: 3, deployment: { resources: [resource] } },
      'd.json': { resource_servers: [{ identifier: OWNER, signing_alg: 'HS256' }] },
    }

    const { code, counting } = await check(tenant, files, ['--declared', 'd.json', '--declared', 'pulumi-stack:s.json'])

    expect([code, counting]).toEqual([1, [`${OWNER} scopes unreadable`]])
  })
})
