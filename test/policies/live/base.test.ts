import { expect, test } from 'vitest'
import { baseFromExport } from '../../../policies/live/base.ts'
import { groupsOfExport } from '../../../policies/live/base-groups.ts'
import { groupByTenant } from '../../../policies/live/group.ts'
import type { ProviderSeen, SeenResource } from '../../../policies/live/resources.ts'
import type { JsonObject } from '../../../src/schema/json.ts'

const TYPE = 'auth0:index/resourceServer:ResourceServer'
const urn = (name: string) => `urn:pulumi:dev::shop::${TYPE}::${name}`
const providerUrn = (name: string) => `urn:pulumi:dev::shop::pulumi:providers:auth0::${name}`
/** The engine's mark of a secret in an export. */
const ENCRYPTED = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:planted' }

const provider = (name: string, domain: string): ProviderSeen => ({
  urn: providerUrn(name),
  name,
  values: { domain },
  unknown: [],
})
const seen = (name: string, values: JsonObject, by: ProviderSeen): SeenResource => ({
  urn: urn(name),
  name,
  type: TYPE,
  kind: 'server',
  values,
  unknown: [],
  ignored: [],
  ignoredParts: [],
  provider: by,
})
const stored = (name: string, inputs: JsonObject, by: string): JsonObject => ({
  urn: urn(name),
  type: TYPE,
  custom: true,
  inputs,
  provider: `${providerUrn(by)}::id`,
})
const storedProvider = (name: string, domain: string): JsonObject => ({
  urn: providerUrn(name),
  type: 'pulumi:providers:auth0',
  custom: true,
  inputs: { domain },
})
const exportOf = (...resources: readonly JsonObject[]) => JSON.stringify({ version: 3, deployment: { resources } })

const ACME = provider('default_3_49_0', 'acme.eu.auth0.com')

test('a newer version of the package, and so another default provider, is no other stack', async () => {
  const groups = groupByTenant([seen('orders', { identifier: 'https://orders', signingAlg: 'RS256' }, ACME)], {})
  const text = exportOf(stored('orders', { identifier: 'https://orders', signingAlg: 'PS256' }, 'default_3_48_0'))

  const { state } = await baseFromExport(text, groups[0]!, groups, {})

  expect(state?.apis.map(({ values }) => values)).toEqual([{ identifier: 'https://orders', signing_alg: 'PS256' }])
})

test('of a stack with two tenants each has its own APIs, those taken out of the program by the tenant of their provider', async () => {
  const other = provider('other', 'other.eu.auth0.com')
  const groups = groupByTenant(
    [seen('here', { identifier: 'https://api' }, ACME), seen('there', { identifier: 'https://api' }, other)],
    {},
  )
  const text = exportOf(
    storedProvider('default_3_48_0', 'acme.eu.auth0.com'),
    storedProvider('other', 'https://other.eu.auth0.com/'),
    stored('here', { identifier: 'https://api', name: 'here' }, 'default_3_48_0'),
    stored('there', { identifier: 'https://api', name: 'there' }, 'other'),
    stored('gone', { identifier: 'https://gone' }, 'other'),
  )

  const bases = await Promise.all(groups.map((group) => baseFromExport(text, group, groups, {})))

  expect(bases.map(({ state }) => state?.apis.map(({ values }) => values))).toEqual([
    [{ identifier: 'https://api', name: 'here' }],
    [{ identifier: 'https://api', name: 'there' }, { identifier: 'https://gone' }],
  ])
})

test('an input that the state keeps encrypted stands as the program has it, so that its drift does not look like a change', async () => {
  const groups = groupByTenant([seen('orders', { identifier: 'https://orders', tokenLifetime: 3600 }, ACME)], {})
  const text = exportOf(stored('orders', { identifier: 'https://orders', tokenLifetime: ENCRYPTED }, 'default_3_49_0'))

  const { state, secrets } = await baseFromExport(text, groups[0]!, groups, {})

  expect(state?.apis.map(({ values }) => values)).toEqual([{ identifier: 'https://orders', token_lifetime: 3600 }])
  expect(secrets.get(urn('orders'))).toEqual(['tokenLifetime'])
})

test('a stack that was never applied says that there was nothing, and one whose export is no JSON says nothing', async () => {
  const groups = groupByTenant([seen('orders', { identifier: 'https://orders' }, ACME)], {})
  const fresh = JSON.stringify({ version: 3, deployment: { manifest: {} } })

  expect((await baseFromExport(fresh, groups[0]!, groups, {})).state?.apis).toEqual([])
  await expect(async () => baseFromExport('warning: something', groups[0]!, groups, {})).rejects.toThrow('is not JSON')
})

test('a tenant of which only the state has something is judged by what the state knows', async () => {
  const groups = groupByTenant([seen('here', { identifier: 'https://api' }, ACME)], {})
  const other = { domain: 'other.eu.auth0.com', apiToken: ENCRYPTED }
  const text = exportOf(
    storedProvider('default_3_48_0', 'acme.eu.auth0.com'),
    { ...storedProvider('other', ''), inputs: other },
    stored('here', { identifier: 'https://api' }, 'default_3_48_0'),
    stored('left', { identifier: 'https://left' }, 'default_3_48_0'),
    stored('gone', { identifier: 'https://gone' }, 'other'),
    stored('dark', { identifier: 'https://dark' }, 'other'),
    { ...stored('only-looked-up', { identifier: 'https://elsewhere' }, 'third'), external: true },
  )
  const config = { 'auth0:domain': 'https://other.eu.auth0.com/', 'auth0:apiToken': 'of-the-stack' }
  const env = { PULUMI_CONFIG: JSON.stringify(config) }

  const [group, ...more] = groupsOfExport(text, groups, new Set([urn('dark')]), env)
  const { state } = await baseFromExport(text, group!, [...groups, group!], env)

  expect(more).toEqual([])
  expect(group).toMatchObject({ key: 'https://other.eu.auth0.com', all: [], standing: new Set([urn('dark')]) })
  expect(group?.provider?.values).toEqual({ domain: 'other.eu.auth0.com', apiToken: 'of-the-stack' })
  expect(state?.apis.map(({ identifier }) => identifier)).toEqual(['https://dark', 'https://gone'])
})

test('a program without any resource left is for the tenant of its state, or of the configuration', () => {
  const text = exportOf(
    storedProvider('default', 'acme.eu.auth0.com'),
    stored('gone', { identifier: 'https://gone' }, 'default'),
  )
  const bare = exportOf(stored('gone', { identifier: 'https://gone' }, 'default'))

  expect(groupsOfExport(text, [], new Set(), {}).map(({ key }) => key)).toEqual(['https://acme.eu.auth0.com'])
  expect(groupsOfExport(bare, [], new Set(), { AUTH0_DOMAIN: 'a.eu.auth0.com' }).map(({ key }) => key)).toEqual([
    'https://a.eu.auth0.com',
  ])
  expect(groupsOfExport(exportOf(), [], new Set(), {})).toEqual([])
})
