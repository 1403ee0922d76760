import { describe, expect, it } from 'vitest'
import { envOf, folderWith, run, write } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, served } from './served.ts'

function begins(cwd: string, env: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  return run(['serve', '--listen', '127.0.0.1:0', ...flags], { cwd, env, now: Date.now })
}

describe('serve that cannot begin', () => {
  it.each([
    ['a door to everybody', ['--listen', '0.0.0.0:0'], {}, 'TENANT_DRIFT_SERVE_TOKEN'],
    ['a schedule that is none', ['--schedule', 'sometimes'], {}, 'flag --schedule'],
    ['a clock that stands still', [], { SOURCE_DATE_EPOCH: '1' }, 'SOURCE_DATE_EPOCH'],
    ['a pull request', [], { GITHUB_EVENT_NAME: 'pull_request' }, 'a pull request'],
    ['a snapshot file', [], { TENANT_DRIFT_LIVE: 'a.json' }, 'serve reads tenants'],
    ['no memory', ['--no-history'], {}, 'serve always needs a history'],
    ['a short token of a stream', [], { ACME_STREAM: 'short' }, 'log_stream'],
    ['a history elsewhere', ['--history', 'not/there/history.db'], {}, 'history'],
  ])('ends with 1 and says why: %s', async (_, flags, env, why) => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = acmeFolder(tenant)
    const ran = await begins(cwd, { ...acmeEnv(tenant), ...env }, flags)
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(ran.err).toContain(why)
  })

  it.each([
    ['a token in the address', 'repository: https://user:token@git.example/x.git', 'without a password or token'],
    ['a way of git that runs a program', 'repository: "ext::sh -c id"', 'repository must be'],
    ['http beyond this machine', 'repository: http://git.example/x.git', 'repository must be'],
    ['a host that is a flag', 'repository: ssh://-oProxyCommand=id/x', 'repository must be'],
    ['a path that is a flag', 'repository: "git@host:-x"', 'repository must be'],
    ['a branch that is more than a name', 'repository: https://git.example/x, branch: "main:other"', 'branch must be'],
    ['a folder outside', 'repository: https://git.example/x, folder: ../x', 'folder must be'],
    ['a token of ssh', 'repository: git@git.example:x.git, token_variable: GIT_TOKEN', 'ssh uses keys'],
    ['a token that is not set', 'repository: https://git.example/x, token_variable: GIT_TOKEN', 'GIT_TOKEN is not set'],
    ['a token file that is not there', 'repository: https://git.example/x, token_file: none', 'none is not there'],
  ])('ends with 1 where what it should follow is %s', async (_, follow, why) => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = acmeFolder(tenant, `follow: { ${follow} }\n`)
    const ran = await begins(cwd, acmeEnv(tenant))
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(ran.err).toContain(why)
  })

  it('ends with 1 where the command line wants no memory, and the file names a variable that holds one', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = acmeFolder(tenant, 'history: { url_variable: HISTORY_URL }\n')
    const ran = await begins(cwd, acmeEnv(tenant), ['--no-history'])
    expect([ran.code, ran.out, ran.err]).toEqual([
      1,
      '',
      expect.stringContaining('flag --history: serve always needs a history'),
    ])
  })

  it('ends with 1 where what it follows has no place', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = acmeFolder(tenant, 'follow: { repository: file:///srv/x.git }\n')
    write(cwd, { '.tenant-drift/follow': 'a file' })
    const ran = await begins(cwd, acmeEnv(tenant))
    expect([ran.code, ran.out, ran.err]).toEqual([
      1,
      '',
      expect.stringMatching(/follow: the folder .* cannot be created/),
    ])
  })

  it('ends with 1 where a base stands beside what it follows', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = acmeFolder(tenant, 'base: declared/a.json\nfollow: { repository: file:///srv/x.git }\n')
    const ran = await begins(cwd, acmeEnv(tenant))
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringContaining('the base is always the last commit that was proven in sync'),
    ])
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
