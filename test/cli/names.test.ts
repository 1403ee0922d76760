import { expect, it } from 'vitest'
import { git, repository } from '../action/runner.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run, write } from './run.ts'

/** Names that every object of JavaScript knows, and the one that is none for it. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty', 'valueOf']

it.each(NAMES)('a tenant, an API, a scope and a variable may be called %s', async (name) => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: name, name, signing_alg: 'HS256', scopes: [{ value: name, description: 'one' }] })
  const scopes = [{ value: name, description: `\${${name}}` }]
  const cwd = folderWith({
    'declared/a.json': { resource_servers: [{ identifier: name, signing_alg: 'RS256', scopes }] },
    'tenant-drift.json': {
      tenants: { [name]: { domain: tenant.domain, credentials: { api_token: 'TOKEN' }, variables: { [name]: 'two' } } },
    },
  })
  const { code, out, err } = await run(['check', '-o', 'json'], { cwd, env: { TOKEN: tenant.token } })
  const { findings } = reportIn(out)

  expect([code, err]).toEqual([2, expect.not.stringContaining('bug')])
  expect(findings.map(({ identifier, path, live }) => [identifier, path, live])).toEqual([
    [name, 'signing_alg', 'HS256'],
    [name, `scopes.${name}.description`, 'one'],
  ])
  const print = findings[0]?.fingerprint ?? ''
  const rule = ['--reason', 'r', '--owner', 'o', '--expires', '2026-12-24']
  expect(await run(['accept', print, ...rule], { cwd, env: { TOKEN: tenant.token } })).toMatchObject({ code: 0 })
})

it('an API and a scope called __proto__ are compared', async () => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: '__proto__', name: 'a', signing_alg: 'HS256', scopes: [{ value: '__proto__' }] })
  const cwd = folderWith({
    'declared/a.yaml': 'resource_servers: [{ identifier: __proto__, signing_alg: RS256, scopes: [] }]\n',
  })
  const { out } = await run(['check', '-o', 'json'], { cwd, env: envOf(tenant) })
  expect(reportIn(out).findings.map(({ identifier, path }) => [identifier, path])).toEqual([
    ['__proto__', 'signing_alg'],
    ['__proto__', 'scopes.__proto__'],
  ])
})

it.each(NAMES)('a tenant that was renamed to %s has the base that it had by its domain', async (name) => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
  const section = { domain: tenant.domain, credentials: { api_token: 'TOKEN' }, declared: 'then/*.json' }
  const declared = (alg: string) => ({ resource_servers: [{ identifier: 'urn:a', signing_alg: alg }] })
  const { cwd } = repository(
    { 'then/a.json': declared('RS256'), 'tenant-drift.json': { tenants: { prod: section } } },
    {
      'now/a.json': declared('PS256'),
      'tenant-drift.json': { tenants: { [name]: { ...section, declared: 'now/*.json' } } },
    },
  )
  const base = git(cwd, 'rev-parse', 'HEAD~1')
  const { code, out } = await run(['check', '-o', 'json', '--base', base], { cwd, env: { TOKEN: tenant.token } })
  expect([code, reportIn(out).findings.map(({ path, origin }) => [path, origin])]).toEqual([
    0,
    [['signing_alg', 'pending']],
  ])
})

it('a rule for a tenant that the configuration does not name is written nowhere', async () => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] } })
  const { out } = await run(['check', '-o', 'json'], { cwd, env: envOf(tenant) })
  const report = reportIn(out)
  for (const name of ['constructor', 'prod']) {
    write(cwd, { 'r.json': { ...report, name } })
    const print = report.findings[0]?.fingerprint ?? ''
    const about = ['--reason', 'r', '--owner', 'o', '--expires', '2026-12-24']
    const { code, err } = await run(['accept', print, '--report', 'r.json', ...about], { cwd })
    expect([code, err]).toEqual([1, expect.stringContaining('which the configuration here does not name')])
  }
})
