import { mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { commit, git } from '../action/runner.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run, write, type Ran } from './run.ts'

const RULES = "accept: [{ resource_server: '*', path: '**', reason: r, owner: o, expires: '2099-01-01' }]\n"
const LIST = "- { resource_server: '*', path: '**', reason: r, owner: o, expires: '2099-01-01' }\n"
const declares = (name: string) => ({
  'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256', name }] },
})

/** The tenant signs with HS256 where the code says RS256. */
async function drifted(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  return tenant
}

/** A repository whose `main` has `base`, with a change checked out that edits the drifted API, and does `change` on the disk. */
function changed(base: Readonly<Record<string, unknown>>, change: (cwd: string) => void = () => {}): string {
  const cwd = folderWith({ ...declares('a'), ...base })
  git(cwd, 'init', '--quiet', '--initial-branch=main')
  commit(cwd)
  git(cwd, 'checkout', '--quiet', '-b', 'change')
  write(cwd, declares('b'))
  change(cwd)
  commit(cwd)
  return cwd
}

const GATE = ['check', '--trust', 'main', '--base', 'main', '--gate', 'touched', '--output', 'json']

async function judge(cwd: string, ...flags: readonly string[]): Promise<Ran> {
  return run([...GATE, ...flags], { cwd, env: envOf(await drifted()) })
}

const link = (cwd: string, target: string, name: string): void => {
  mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true })
  symlinkSync(target, path.join(cwd, name))
}

describe('check --trust', () => {
  const disarming: readonly (readonly [string, Readonly<Record<string, unknown>>, (cwd: string) => void])[] = [
    ['a first configuration', {}, (cwd) => write(cwd, { 'tenant-drift.yaml': RULES })],
    ['another ending', { 'tenant-drift.json': { accept: [] } }, (cwd) => write(cwd, { 'tenant-drift.yml': RULES })],
    ['an edited one', { 'tenant-drift.yaml': 'accept: []\n' }, (cwd) => write(cwd, { 'tenant-drift.yaml': RULES })],
    [
      'rules in a file of their own',
      { 'tenant-drift.yaml': 'accept: rules/r.yaml\n', 'rules/r.yaml': '[]\n' },
      (cwd) => write(cwd, { 'rules/r.yaml': LIST }),
    ],
    [
      'rules behind a name with detours',
      { 'tenant-drift.yaml': 'accept: ./x/../rules//r.yaml\n', 'rules/r.yaml': '[]\n' },
      (cwd) => write(cwd, { 'rules/r.yaml': LIST }),
    ],
    [
      'a folder of rules made a link',
      { 'tenant-drift.yaml': 'accept: rules/r.yaml\n', 'rules/r.yaml': '[]\n' },
      (cwd) => {
        git(cwd, 'rm', '-r', '--quiet', 'rules')
        write(cwd, { 'elsewhere/r.yaml': LIST })
        link(cwd, 'elsewhere', 'rules')
      },
    ],
    [
      'a configuration made a link',
      { 'tenant-drift.yaml': 'accept: []\n' },
      (cwd) => {
        unlinkSync(path.join(cwd, 'tenant-drift.yaml'))
        write(cwd, { 'other.yaml': RULES })
        link(cwd, 'other.yaml', 'tenant-drift.yaml')
      },
    ],
    [
      'a configuration deleted, and a nearer one',
      { 'tenant-drift.yaml': 'accept: []\n' },
      (cwd) => {
        unlinkSync(path.join(cwd, 'tenant-drift.yaml'))
        write(cwd, { 'tenant-drift.yml': RULES })
      },
    ],
  ]

  it.each(disarming)('is not disarmed by %s', async (_what, base, change) => {
    const { code, out } = await judge(changed(base, change))
    expect(code).toBe(2)
    expect(reportIn(out).trust?.edited.length).toBeGreaterThan(0)
  })

  it('follows the rules of the commit, and says what decided', async () => {
    const cwd = changed({ 'tenant-drift.yaml': RULES }, (folder) =>
      write(folder, { 'tenant-drift.yaml': 'accept: []\n' }),
    )
    const { code, out } = await judge(cwd)
    expect(code).toBe(0)
    expect(reportIn(out).trust).toEqual({
      commit: git(cwd, 'rev-parse', 'main'),
      files: ['tenant-drift.yaml'],
      edited: ['tenant-drift.yaml'],
    })
    const text = await run(GATE.slice(0, -2), { cwd, env: envOf(await drifted()) })
    expect(text.out).toContain('This change edits')
  })

  it('says nothing of edits where there are none, and leaves the work tree as it is', async () => {
    const cwd = changed({ 'tenant-drift.yaml': 'accept: []\n' })
    const { out } = await judge(cwd)
    expect(reportIn(out).trust?.edited).toEqual([])
    expect(git(cwd, 'status', '--porcelain')).toBe('')
  })

  it('follows links in the commit, where their target is edited', async () => {
    const cwd = folderWith({ ...declares('a'), 'tenant-drift.yaml': 'accept: r.yaml\n', 'real/r.yaml': '[]\n' })
    link(cwd, 'real/r.yaml', 'r.yaml')
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    write(cwd, { ...declares('b'), 'real/r.yaml': LIST })
    commit(cwd)
    const ran = await run(['check', '--trust', 'main~1', '--base', 'main~1', '--gate', 'touched', '-o', 'json'], {
      cwd,
      env: envOf(await drifted()),
    })
    expect([ran.code, reportIn(ran.out).trust?.edited]).toEqual([2, ['real/r.yaml']])
  })

  it.each([
    ['a link out of the repository', (cwd: string, out: string) => link(cwd, path.join(out, 'r.yaml'), 'r.yaml')],
    ['a link upwards out of it', (cwd: string) => link(cwd, '../r.yaml', 'r.yaml')],
    ['a circle of links', (cwd: string) => link(cwd, 'r.yaml', 'r.yaml')],
    [
      'a pointer of Git LFS',
      (cwd: string) => write(cwd, { 'r.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n' }),
    ],
  ])('is 1 where the rules are %s', async (_what, make) => {
    const outside = folderWith({ 'r.yaml': LIST })
    const cwd = folderWith({ ...declares('a'), 'tenant-drift.yaml': 'accept: r.yaml\n' })
    make(cwd, outside)
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    write(cwd, declares('b'))
    const { code, err } = await judge(cwd)
    expect(code).toBe(1)
    expect(err).toContain('r.yaml')
  })

  it('reads a file outside of the repository as it is', async () => {
    const outside = folderWith({ 'tenant-drift.yaml': RULES })
    const named = ['--config', path.join(outside, 'tenant-drift.yaml'), '--declared', 'declared/*.json']
    const { code } = await judge(changed({}), ...named)
    expect(code).toBe(0)
  })

  it.each([
    ['that only the change has', {}, 1],
    ['that the commit has, too', { 'rules.yaml': 'accept: []\n' }, 2],
  ])('a link outside leads to the commit, for a file %s', async (_what, base, expected) => {
    const cwd = changed(base, (folder) => write(folder, { 'rules.yaml': RULES }))
    const outside = folderWith()
    symlinkSync(path.join(cwd, 'rules.yaml'), path.join(outside, 'config.yaml'))
    const { code } = await judge(cwd, '--config', path.join(outside, 'config.yaml'))
    expect(code).toBe(expected)
  })

  it('knows the repository under another name', async () => {
    const cwd = changed({ 'tenant-drift.yaml': 'accept: r.yaml\n', 'r.yaml': '[]\n' }, (folder) =>
      write(folder, { 'r.yaml': LIST }),
    )
    const outside = folderWith()
    symlinkSync(cwd, path.join(outside, 'work'))
    const { code } = await judge(cwd, '--config', path.join(outside, 'work', 'tenant-drift.yaml'))
    expect(code).toBe(2)
  })

  it.each(['--config', '--recorded', '--previous', '--live'])(
    '%s names no file that only the change has',
    async (flag) => {
      const file = folderWith()
      const tenant = await drifted()
      await run(['snapshot', path.join(file, 's.json')], { env: envOf(tenant), now: Date.now })
      const text = readFileSync(path.join(file, 's.json'), 'utf8')
      const cwd = changed({}, (folder) => write(folder, { 'own.json': flag === '--config' ? '{"accept":[]}' : text }))
      const { code, out, err } = await judge(cwd, flag, 'own.json')
      expect([code, out + err]).toEqual([1, expect.stringContaining('own.json')])
    },
  )

  it('takes a base of files from the commit', async () => {
    const tenant = await drifted()
    tenant.edit('urn:a', { signing_alg: 'RS256', token_lifetime: 60 })
    const base = { 'tenant-drift.yaml': 'declared: declared/*.json\n' }
    // With a base of its own the change would pass the lifetime off as pending.
    const cwd = changed(
      { ...base, 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', token_lifetime: 7200 }] } },
      (folder) =>
        write(folder, { 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', token_lifetime: 3600 }] } }),
    )
    const ran = await run(
      ['check', '--trust', 'main', '--base', 'declared/*.json', '--gate', 'touched', '-o', 'json'],
      {
        cwd,
        env: envOf(tenant),
      },
    )
    expect(reportIn(ran.out).findings[0]).toMatchObject({ origin: 'conflict', base: 7200 })
  })

  it('holds through the variable, and a key of the configuration is none', async () => {
    const cwd = changed({}, (folder) => write(folder, { 'tenant-drift.yaml': RULES }))
    const tenant = await drifted()
    const flags = ['check', '--base', 'main', '--gate', 'touched']
    const env = { ...envOf(tenant), TENANT_DRIFT_TRUST: 'main' }
    expect((await run(flags, { cwd, env })).code).toBe(2)
    const own = changed({}, (folder) => write(folder, { 'tenant-drift.yaml': 'trust: change\n' }))
    expect((await run(flags, { cwd: own, env: envOf(tenant) })).err).toContain('unknown key')
  })

  it.each([
    ['a folder without a repository', () => folderWith(declares('a')), 'main', 'is not in a git repository'],
    ['a ref that is not there', () => changed({}), 'no-such', 'no such ref'],
    ['a shortened commit', () => changed({}), 'abcdef12', 'give the full name'],
  ])('is 1 in %s', async (_what, make, ref, message) => {
    const { code, err } = await run(['check', '--trust', ref], { cwd: make(), env: envOf(await drifted()) })
    expect([code, err]).toEqual([1, expect.stringContaining(message)])
  })

  it('is missed where a job judges a change without it', async () => {
    const cwd = changed({})
    const env = { ...envOf(await drifted()), CI_PIPELINE_SOURCE: 'merge_request_event' }
    const without = await run(['check', '--base', 'main', '--gate', 'touched'], { cwd, env })
    expect(without.err).toContain('the rules of that change itself')
    const quiet = await run(['check', '--trust', 'main', '--base', 'main', '--gate', 'touched'], { cwd, env })
    expect(quiet.err).not.toContain('the rules of that change itself')
  })
})

describe('beside what a base cannot say', () => {
  it('a glob of the change hides nothing, where the base is a state', async () => {
    const tenant = await drifted()
    const other = { identifier: 'urn:other', name: 'other', signing_alg: 'HS256' }
    tenant.create(other)
    const { out: record } = await run(['snapshot'], { env: envOf(tenant) })
    tenant.edit('urn:other', { token_lifetime: 60 })
    const state = JSON.stringify({
      version: 4,
      resources: [
        {
          mode: 'managed',
          type: 'auth0_resource_server',
          name: 'a',
          provider: 'provider["registry.terraform.io/auth0/auth0"]',
          instances: [{ attributes: { identifier: 'urn:a', signing_alg: 'HS256', name: 'a' } }],
        },
      ],
    })
    const cwd = changed({ 'tenant-drift.recorded.json': record, 'state.json': state }, (folder) =>
      write(folder, {
        'declared/a.json': {
          resource_servers: [{ identifier: 'urn:a', signing_alg: 'HS256', name: 'a' }],
          managed_elsewhere: ['*'],
        },
      }),
    )
    const { code, out } = await run(['check', '--trust', 'main', '--base', 'tfstate:state.json', '-o', 'json'], {
      cwd,
      env: envOf(tenant),
    })
    expect([
      code,
      reportIn(out)
        .findings.filter(({ counts }) => counts)
        .map(({ identifier }) => identifier),
    ]).toEqual([2, ['urn:other']])
  })

  it('the first declared files of a repository are pending', async () => {
    const tenant = await drifted()
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    const cwd = folderWith({ 'README.md': 'x' })
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    git(cwd, 'checkout', '--quiet', '-b', 'change')
    write(cwd, declares('b'))
    commit(cwd)
    const { code, out } = await run(GATE, { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).findings.map(({ path: at, origin }) => [at, origin])]).toEqual([
      0,
      [['name', 'pending']],
    ])
  })

  it('another folder than the one that was declared in is no first one', async () => {
    const cwd = folderWith({ 'infra/declared/a.json': declares('a')['declared/a.json'], 'evil/README.md': 'x' })
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    git(cwd, 'checkout', '--quiet', '-b', 'change')
    git(cwd, 'rm', '-r', '--quiet', 'infra')
    link(cwd, 'evil', 'infra')
    write(cwd, { 'evil/declared/a.json': declares('b')['declared/a.json'] })
    commit(cwd)
    // As the system tells it to a process that is started in `infra`.
    const { code } = await run(GATE, { cwd: path.join(cwd, 'evil'), env: envOf(await drifted()) })
    expect(code).toBe(1)
  })

  it('line ends of a checkout are no edit', async () => {
    const cwd = changed({ 'tenant-drift.yaml': 'accept: []\nexclude: [urn:none]\n' })
    write(cwd, { 'tenant-drift.yaml': 'accept: []\r\nexclude: [urn:none]\r\n' })
    const { out } = await judge(cwd)
    expect(reportIn(out).trust?.edited).toEqual([])
  })
})

describe('check --base', () => {
  it('a name that is a file and a ref is 1, and both are named', async () => {
    const cwd = changed({}, (folder) => write(folder, { 'origin/main': 'resource_servers: []\n' }))
    git(cwd, 'update-ref', 'refs/remotes/origin/main', 'main')
    const { code, out } = await run(['check', '--base', 'origin/main', '-o', 'json'], {
      cwd,
      env: envOf(await drifted()),
    })
    expect([code, reportIn(out).errors[0]?.message]).toEqual([1, expect.stringContaining('refs/remotes/origin/main')])
  })
})
