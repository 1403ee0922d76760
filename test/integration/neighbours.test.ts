import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { envOf, folderWith, reportIn, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const API = 'https://orders.example.com/'
const TYPE = 'auth0:index/resourceServer:ResourceServer'

function stack(inputs: JsonObject, ignoreChanges: readonly string[] = []): JsonObject {
  const urn = `urn:pulumi:dev::shop::${TYPE}::orders`
  const resources = [{ urn, type: TYPE, custom: true, inputs: { identifier: API, ...inputs }, ignoreChanges }]
  return { version: 3, deployment: { resources } }
}

function state(attributes: JsonObject): JsonObject {
  const instances = [{ schema_version: 0, attributes: { identifier: API, ...attributes } }]
  const provider = 'provider["registry.terraform.io/auth0/auth0"]'
  return {
    version: 4,
    resources: [{ mode: 'managed', type: 'auth0_resource_server', name: 'a', provider, instances }],
  }
}

async function check(live: JsonObject, files: Readonly<Record<string, unknown>>, argv: readonly string[]) {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: API, name: 'Orders' })
  tenant.edit(API, live)
  const argument = ['check', '-o', 'json', '--quiet', ...argv]
  const { code, out, err } = await run(argument, { cwd: folderWith(files), env: envOf(tenant) })
  if (out === '') throw new Error(err)
  const told = reportIn(out).findings.filter(({ counts, kind }) => counts || kind === 'not-compared')
  return { code, told: told.map(({ path, kind, origin }) => `${path} ${kind} ${origin}`) }
}

describe('a base that cannot tell a part of a value', () => {
  const USERS = {
    subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'require_client_grant' } },
  }
  const LIVE = {
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
  }
  const CLIENT = [{ policy: 'require_client_grant' }]

  it.each<readonly [string, JsonObject]>([
    ['null', { user: [{ policy: null }], client: CLIENT }],
    ['an empty block', { user: [], client: CLIENT }],
    ['nothing', { client: CLIENT }],
  ])('is no base there: %s', async (_, block) => {
    const files = {
      'd.json': { resource_servers: [{ identifier: API, ...USERS }] },
      'b.json': state({ subject_type_authorization: [block] }),
    }

    const { code, told } = await check(LIVE, files, ['--declared', 'd.json', '--base', 'tfstate:b.json'])

    expect([code, told]).toEqual([2, ['subject_type_authorization.user.policy changed drift']])
  })

  it.each<readonly [string, JsonObject | null]>([
    ['null', null],
    ['a block without a name', { type: null }],
  ])('is none for a list with an item of which nothing is said: %s', async (_, item) => {
    const files = {
      'd.json': {
        resource_servers: [{ identifier: API, authorization_details: [{ type: 'payment' }, { type: 'b' }] }],
      },
      'b.json': state({ authorization_details: [{ type: 'payment' }, item] }),
    }

    const { code, told } = await check({ authorization_details: [{ type: 'payment' }] }, files, [
      '--declared',
      'd.json',
      '--base',
      'tfstate:b.json',
    ])

    expect([code, told]).toEqual([2, ['authorization_details.b changed drift']])
  })
})

describe('ignoreChanges of a part', () => {
  const DECLARED = { proofOfPossession: { mechanism: 'mtls', required: true }, authorizationDetails: [{ type: 'pay' }] }
  const LIVE = { proof_of_possession: { mechanism: 'dpop', required: false } }
  const [REQUIRED, MECHANISM] = ['proof_of_possession.required', 'proof_of_possession.mechanism']
  const [PAY, DARK] = ['authorization_details.pay changed drift', 'not-compared null']

  it.each<readonly [string, readonly string[]]>([
    ['proofOfPossession.required', [PAY, `${MECHANISM} changed drift`, `${REQUIRED} ${DARK}`]],
    ['proofOfPossession.*', [PAY]],
    ['proofOfPossession', [PAY]],
    ['authorizationDetails[0]', [`${REQUIRED} changed drift`, `${MECHANISM} changed drift`]],
    ['authorizationDetails[0].type', [`${REQUIRED} changed drift`, `${MECHANISM} changed drift`]],
  ])('%s', async (path, expected) => {
    const { told } = await check(LIVE, { 's.json': stack(DECLARED, [path]) }, ['--declared', 'pulumi-stack:s.json'])

    expect(told.toSorted()).toEqual([...expected].sort())
  })
})
