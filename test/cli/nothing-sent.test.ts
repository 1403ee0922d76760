import { expect, it } from 'vitest'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, run } from './run.ts'

const declares = (tenant: string) => ({ tenant, resource_servers: [] })
const yaml = (tenant: string) => `tenant: ${tenant}\nresource_servers: []\n`

it.each([
  ['declared files', { 'declared/a.json': declares('acme.eu.auth0.com') }],
  ['declared YAML', { 'declared/a.yaml': yaml('acme.eu.auth0.com'), 'declared/b.yaml': 'resource_servers: []\n' }],
  [
    'a file that another one extends',
    { 'declared/a.yaml': 'extends: [../b.yaml]\n', 'b.yaml': yaml('acme.eu.auth0.com') },
  ],
  [
    'a variable',
    { 'declared/a.yaml': yaml('${tenant}'), 'tenant-drift.yaml': 'variables: { tenant: acme.eu.auth0.com }\n' },
  ],
])('a domain that %s contradict is asked nothing', async (_what, files) => {
  const tenant = await tenantWith()
  const { code, out } = await run(['check'], { cwd: folderWith(files), env: envOf(tenant) })
  expect([code, tenant.requests()]).toEqual([1, {}])
  expect(out).toContain('acme.eu.auth0.com')
})

it.each([['check'], ['record']])('a domain that the record contradicts is asked nothing by %s', async (command) => {
  const [recorded, mistyped] = [await tenantWith(), await tenantWith()]
  const { out: record } = await run(['snapshot'], { env: envOf(recorded) })
  const files = { 'declared/a.json': { resource_servers: [] }, 'tenant-drift.recorded.json': record }
  const { code } = await run([command], { cwd: folderWith(files), env: envOf(mistyped) })
  expect([code, mistyped.requests()]).toEqual([1, {}])
})

it('a domain that all of them name is asked', async () => {
  const tenant = await tenantWith({ apis: 0 })
  const { out: record } = await run(['snapshot'], { env: envOf(tenant) })
  const files = { 'declared/a.yaml': yaml(tenant.domain), 'tenant-drift.recorded.json': record }
  expect((await run(['check'], { cwd: folderWith(files), env: envOf(tenant) })).code).toBe(0)
})
