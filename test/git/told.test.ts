import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { GIT_COMMANDS, gitEnvironment } from '../../src/git/ask.ts'
import { envOf, folderWith, run } from '../cli/run.ts'
import { git, pullRequest, repository, ROOT, runJob } from '../action/runner.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

/** All that git is ever told. Whoever adds to it looks at what a checkout's configuration can make git run then. */
const LIST = [
  '--git-dir ROOM cat-file --batch',
  '--git-dir ROOM fetch --quiet --no-tags --no-recurse-submodules --no-write-fetch-head --depth=1 --end-of-options URL NAME',
  '--git-dir GIT config --includes --get-urlmatch http.extraheader URL',
  '--git-dir GIT rev-parse --verify --quiet --end-of-options NAME',
]

it('git is told these things and nothing else', () => {
  const told = [
    GIT_COMMANDS.objects('ROOM'),
    GIT_COMMANDS.fetch('ROOM', 'URL', 'NAME'),
    GIT_COMMANDS.header('GIT', 'URL'),
    GIT_COMMANDS.ref('GIT', 'NAME'),
  ]
  expect(told.map((args) => args.join(' '))).toEqual(LIST)
  expect(Object.keys(GIT_COMMANDS)).toHaveLength(LIST.length)
})

it('its environment is built from nothing', () => {
  const job = {
    GIT_DIR: 'x',
    GIT_CONFIG_COUNT: '1',
    GIT_SSH_COMMAND: 'x',
    AUTH0_CLIENT_SECRET: 'x',
    INPUT_GITHUB_TOKEN: 'x',
    TENANT_DRIFT_TRUST: 'x',
    HTTPS_PROXY: 'http://proxy',
    SSL_CERT_FILE: '/ca.pem',
    HOME: '/home/me',
    PATH: '/evil',
  }
  const own = {
    PATH: '/usr/bin',
    HOME: '/room',
    XDG_CONFIG_HOME: '/room',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  }
  expect(gitEnvironment('/usr/bin/git', '/room', job)).toEqual({ ...own, GIT_ALLOW_PROTOCOL: 'none' })
  // Who fetches goes the way that the runner has to the network.
  expect(gitEnvironment('/usr/bin/git', '/room', job, 'https')).toEqual({
    ...own,
    GIT_ALLOW_PROTOCOL: 'https',
    HTTPS_PROXY: 'http://proxy',
    SSL_CERT_FILE: '/ca.pem',
  })
})

it('no file of ours starts git in another way', () => {
  const files = ['src', 'policies'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.posix.join(folder, file)),
  )
  const starts = files.filter((file) => /'node:child_process'/.test(readFileSync(path.join(ROOT, file), 'utf8')))
  // The last three start pulumi and the command.
  expect(starts.toSorted()).toEqual([
    'src/action/run-check.ts',
    'src/cli/doctor-machine.ts',
    'src/git/ask.ts',
    'src/git/objects.ts',
    'src/sources/export-stack.ts',
  ])
})

it('what git really gets holds no credential, nothing of the job and no name from the change', async () => {
  const tenant = await tenantWith({ apis: 0 })
  const repo = repository(
    { 'declared/a.json': { resource_servers: [] } },
    { 'declared/b-of-the-change.json': { resource_servers: [] } },
  )
  const bin = folderWith({ git: '' })
  const log = path.join(bin, 'log')
  const real = git(repo.cwd, '--exec-path').replace(/\/lib\/git-core$/, '')
  const found = (process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, 'git'))
  expect(real).not.toBe('')
  const script = `#!/bin/sh\n{ echo "ARGS $*"; env; } >> '${log}'\nfor git in ${found.join(' ')}; do [ -x "$git" ] && exec "$git" "$@"; done\n`
  chmodSync(path.join(folderWith(), '.'), 0o700)
  const wrapper = folderWith({ git: script })
  chmodSync(path.join(wrapper, 'git'), 0o755)
  const env = {
    ...envOf(tenant),
    PATH: `${wrapper}:${process.env['PATH'] ?? ''}`,
    AUTH0_CLIENT_SECRET: 'planted-client-secret',
    TENANT_DRIFT_VAR_x: 'planted-variable',
    GIT_TRACE: path.join(bin, 'trace'),
  }
  const ran = await runJob(repo.cwd, {
    payload: pullRequest(repo),
    env,
    inputs: { 'github-token': 'planted-token', comment: 'false' },
  })
  expect(ran.code).toBe(0)
  const heard = readFileSync(log, 'utf8')
  expect(heard).toContain('ARGS --git-dir')
  expect(heard).not.toMatch(/planted|INPUT_|TENANT_DRIFT_|AUTH0_|GIT_TRACE|of-the-change/)
  expect(heard.includes(tenant.token)).toBe(false)
})

it('a folder that looks like a repository is none', async () => {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  const marker = path.join(folderWith(), 'ran')
  const declares = (name: string) => ({
    'infra/declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256', name }] },
  })
  const { cwd } = repository(declares('a'), {
    ...declares('b'),
    'infra/HEAD': 'ref: refs/heads/x\n',
    'infra/objects/keep': '',
    'infra/refs/keep': '',
    'infra/config': `[core]\n\tworktree = ..\n\tfsmonitor = "touch ${marker}"\n[remote "origin"]\n\turl = "ext::sh -c touch% ${marker}"\n[protocol "ext"]\n\tallow = always\n`,
  })
  const ran = await run(['check', '--base', 'main~1', '--gate', 'touched'], {
    cwd: path.join(cwd, 'infra'),
    env: envOf(tenant),
  })
  expect(ran.code).toBe(2)
  expect(readdirSync(path.dirname(marker))).toEqual([])
})
