import { expect, test } from 'vitest'
import { configure, resourceServerCheck, tenantCheck } from '../../src/provider/entry.ts'
import { RESOURCE_SERVER_PROVIDER, TENANT_PROVIDER } from '../../src/provider/contract.ts'
import { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../../src/schema/state-contract.ts'
import { HIDDEN_TEXT, WHOLE_API } from '../../src/schema/observed.ts'
import { isJsonObject } from '../../src/schema/json.ts'
import { checkOnce, startProcess, tenantWith } from '../support/checks.ts'

// All of this lives in states that nobody but their owners can change: another text here is a breaking change.

test('the stored texts are these, character by character', () => {
  expect(RESOURCE_SERVER_PROVIDER).toBe(
    'exports.handler=()=>{const m=import("tenant-drift/provider");let c;const f=k=>async(...a)=>{await c;return(await m).resourceServerCheck[k](...a)};return{configure:r=>c=m.then(x=>x.configure(r)),check:f("check"),diff:f("diff"),create:f("create"),read:f("read"),update:f("update"),delete:f("delete")}};',
  )
  expect(TENANT_PROVIDER).toBe(
    'exports.handler=()=>{const m=import("tenant-drift/provider");let c;const f=k=>async(...a)=>{await c;return(await m).tenantCheck[k](...a)};return{configure:r=>c=m.then(x=>x.configure(r)),check:f("check"),diff:f("diff"),create:f("create"),read:f("read"),update:f("update"),delete:f("delete")}};',
  )
})

test('type tokens and fixed words are these', () => {
  expect([RESOURCE_SERVER_TYPE, TENANT_TYPE, WHOLE_API, HIDDEN_TEXT]).toEqual([
    'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck',
    'pulumi-nodejs:dynamic/tenantDrift:TenantCheck',
    'identifier',
    '(hidden)',
  ])
})

test('the module that the texts load has every method that they name', () => {
  const named = /return\{configure.*\}\};$/.exec(RESOURCE_SERVER_PROVIDER)?.[0].matchAll(/f\("(\w+)"\)/g)
  const methods = [...(named ?? [])].map((match) => match[1] ?? '')

  expect(methods).toEqual(['check', 'diff', 'create', 'read', 'update', 'delete'])
  expect(Object.keys(resourceServerCheck).sort()).toEqual([...methods].sort())
  expect(Object.keys(tenantCheck).sort()).toEqual([...methods].sort())
  expect(typeof configure).toBe('function')
})

test('ids are the identifier and the address of the tenant; keys of drift are identifier and property path', async () => {
  const tenant = await tenantWith()
  tenant.create({ identifier: 'https://a', signing_alg: 'HS256', scopes: [{ value: 'read:a', description: 'live' }] })
  const declared = {
    identifier: 'https://a',
    signing_alg: 'RS256',
    scopes: [{ value: 'read:a', description: 'declared' }],
  }
  const process = startProcess(tenant)
  const server = await checkOnce(process, 'server', declared)
  const inline = await checkOnce(process, 'inline', { resource_servers: [declared, { identifier: 'https://b' }] })

  expect((await process.server.create(server.inputs)).id).toBe('https://a')
  expect((await process.tenant.create(inline.inputs)).id).toBe(tenant.domain)
  expect(Object.keys(server.drift)).toEqual(['scopes.read:a.description', 'signing_alg'])
  expect(
    Object.fromEntries(
      Object.entries(inline.drift).map(([name, entries]) => [name, Object.keys(isJsonObject(entries) ? entries : {})]),
    ),
  ).toEqual({ 'https://a': ['scopes.read:a.description', 'signing_alg'], 'https://b': ['identifier'] })
})
