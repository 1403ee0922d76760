import { describe, expect, it } from 'vitest'
import { envOf, folderWith, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, served } from './served.ts'

describe('serve that cannot begin', () => {
  it.each([
    ['a door to everybody', ['--listen', '0.0.0.0:0'], {}, 'TENANT_DRIFT_SERVE_TOKEN'],
    ['a schedule that is none', ['--schedule', 'sometimes'], {}, 'flag --schedule'],
    ['a clock that stands still', [], { SOURCE_DATE_EPOCH: '1' }, 'SOURCE_DATE_EPOCH'],
    ['a pull request', [], { GITHUB_EVENT_NAME: 'pull_request' }, 'a pull request'],
    ['a snapshot file', [], { TENANT_DRIFT_LIVE: 'a.json' }, 'serve reads tenants'],
    ['no memory', ['--no-history'], {}, 'serve remembers'],
    ['a short token of a stream', [], { ACME_STREAM: 'short' }, 'log_stream'],
    ['a history elsewhere', ['--history', 'not/there/history.db'], {}, 'history'],
  ])('ends with 1 and says why: %s', async (_, flags, env, why) => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = acmeFolder(tenant)
    const ran = await run(['serve', '--listen', '127.0.0.1:0', ...flags], {
      cwd,
      env: { ...acmeEnv(tenant), ...env },
      now: Date.now,
    })
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(ran.err).toContain(why)
  })

  it('ends with 1 where the address is taken', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const first = await served(acmeFolder(tenant), acmeEnv(tenant))
    const { port } = new URL(first.url)
    const ran = await run(['serve', '--listen', `127.0.0.1:${port}`], {
      cwd: folderWith({ 'declared/a.json': { resource_servers: [] } }),
      env: envOf(tenant),
      now: Date.now,
    })
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(/EADDRINUSE/)
  })
})
