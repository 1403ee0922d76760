import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run, write } from './run.ts'

const A = 'urn:a'
const B = 'urn:b'

const IDENTITY = ['-c', 'user.name=x', '-c', 'user.email=x@x.example', '-c', 'commit.gpgsign=false']

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', [...IDENTITY, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}

function commit(cwd: string, message = 'x'): string {
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '--allow-empty', '--message', message)
  return git(cwd, 'rev-parse', 'HEAD')
}

const declares = (...servers: readonly JsonObject[]) => ({ resource_servers: servers })

/** A repository whose main declares `base`, and whose work tree declares `declared`. */
function repository(base: readonly JsonObject[], declared: readonly JsonObject[]): string {
  const cwd = folderWith({ 'declared/apis.json': declares(...base) })
  git(cwd, 'init', '--quiet', '--initial-branch=main')
  commit(cwd)
  write(cwd, { 'declared/apis.json': declares(...declared) })
  return cwd
}

async function liveWith(...apis: readonly JsonObject[]): Promise<Simulator> {
  const tenant = await tenantWith()
  for (const api of apis) tenant.create(api)
  return tenant
}

/** The declared file moves; `target` and `link`: a link to where it is. */
function move(cwd: string, to: string, target?: string, link?: string): void {
  mkdirSync(path.join(cwd, path.dirname(to)), { recursive: true })
  renameSync(path.join(cwd, 'declared/apis.json'), path.join(cwd, to))
  if (target !== undefined && link !== undefined) symlinkSync(path.join(cwd, target), path.join(cwd, link))
}

const alg = (signing_alg: string, identifier = A): JsonObject => ({ identifier, signing_alg })

describe('check --base REF', () => {
  it.each<[string, readonly JsonObject[], readonly JsonObject[], readonly JsonObject[], string[], number]>([
    ['a a a: in sync', [alg('RS256')], [alg('RS256')], [alg('RS256')], [], 0],
    ['a a b: drift', [alg('RS256')], [alg('RS256')], [alg('PS256')], ['changed drift true'], 2],
    ['a b a: pending', [alg('RS256')], [alg('PS256')], [alg('RS256')], ['changed pending false'], 0],
    ['a b b: adopted', [alg('RS256')], [alg('PS256')], [alg('PS256')], [], 0],
    ['a b c: conflict', [alg('RS256')], [alg('PS256')], [alg('RS512')], ['changed conflict true'], 2],
    ['new and not live: pending', [], [alg('RS256')], [], ['missing pending false'], 0],
    ['taken out and live: pending', [alg('RS256')], [], [alg('RS256')], ['unmanaged pending false'], 0],
    ['taken out and gone: adopted', [alg('RS256')], [], [], [], 0],
    ['taken out and changed: conflict', [alg('RS256')], [], [alg('PS256')], ['unmanaged conflict true'], 2],
    ['edited and gone: conflict', [alg('RS256')], [alg('PS256')], [], ['missing conflict true'], 2],
    ['gone: drift', [alg('RS256')], [alg('RS256')], [], ['missing drift true'], 2],
  ])('%s', async (_name, base, declared, live, expected, code) => {
    const tenant = await liveWith(...live)
    const cwd = repository(base, declared)
    const ran = await run(['check', '--base', 'main', '--output', 'json', '--quiet'], { cwd, env: envOf(tenant) })
    const findings = reportIn(ran.out).findings.filter(({ origin }) => origin !== null)
    expect(findings.map(({ kind, origin, counts }) => `${kind} ${origin ?? ''} ${counts}`)).toEqual(expected)
    expect(ran.code).toBe(code)
  })

  it.each<[string, (cwd: string) => void, number]>([
    [
      'is handed over',
      (cwd) => write(cwd, { 'declared/apis.json': { resource_servers: [], managed_elsewhere: ['*'] } }),
      2,
    ],
    [
      'is handed over by a second file',
      (cwd) =>
        write(cwd, {
          'declared/apis.json': declares(),
          'declared/z.yaml': `managed_elsewhere: ["${A}*"]\nresource_servers: []\n`,
        }),
      2,
    ],
    ['moves to a hidden folder', (cwd) => move(cwd, 'declared/.hidden/apis.json'), 2],
    ['moves to a linked folder', (cwd) => move(cwd, 'elsewhere/apis.json', 'elsewhere', 'declared/linked'), 2],
    ['gets another ending', (cwd) => move(cwd, 'declared/apis.jsonc'), 2],
    // It declares the same as before: such a change touches nothing.
    [
      'is a link to the same text',
      (cwd) => move(cwd, 'elsewhere/apis.json', 'elsewhere/apis.json', 'declared/apis.json'),
      0,
    ],
  ])('counts a drift of an API that %s', async (_name, change, code) => {
    const tenant = await liveWith(alg('HS256'))
    const cwd = repository([alg('RS256')], [alg('RS256')])
    write(cwd, { 'declared/more.json': declares() })
    change(cwd)
    const argv = ['check', '--base', 'main', '--output', 'json', '--quiet', '--gate']
    const gate = await run([...argv, 'touched'], { cwd, env: envOf(tenant) })
    const all = await run([...argv, 'all'], { cwd, env: envOf(tenant) })

    expect([gate.code, all.code]).toEqual([code, 2])
  })

  it('refuses a change that names another tenant than its base', async () => {
    const tenant = await liveWith()
    const cwd = folderWith({ 'base.json': { tenant: tenant.domain, resource_servers: [] } })
    write(cwd, { 'declared/a.json': { tenant: 'other.eu.auth0.com', resource_servers: [] } })

    const { code, out } = await run(['check', '--base', 'base.json'], { cwd, env: envOf(tenant) })

    expect([code, out]).toEqual([1, expect.stringContaining('the declared files are for other.eu.auth0.com')])
  })

  it('puts a declaration that became less safe first', async () => {
    const tenant = await liveWith(alg('RS256'), alg('HS256', B))
    const cwd = repository([alg('RS256'), alg('RS256', B)], [alg('HS256'), alg('RS256', B)])
    const { out } = await run(['check', '--base', 'main', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect(reportIn(out).findings[0]).toMatchObject({ kind: 'weaker-declaration', identifier: A, counts: false })
  })

  it.each([
    [
      'drift of an API that the change does not touch is shown and passes',
      [alg('RS256'), alg('RS256', B)],
      [alg('PS256'), alg('RS256', B)],
      [alg('RS256'), alg('HS256', B)],
      0,
    ],
    [
      'drift of an API that it touches fails',
      [alg('RS256')],
      [{ ...alg('RS256'), token_lifetime: 60 }],
      [alg('HS256')],
      2,
    ],
    ['a conflict fails', [alg('RS256')], [alg('PS256')], [alg('HS256')], 2],
    ['an API nobody declares passes', [alg('RS256')], [alg('RS256')], [alg('RS256'), alg('HS256', B)], 0],
  ] as const)('with --gate touched %s', async (_name, base, declared, live, code) => {
    const tenant = await liveWith(...live)
    const cwd = repository(base, declared)
    const argv = ['check', '--base', 'main', '--gate', 'touched', '--quiet']
    expect((await run(argv, { cwd, env: envOf(tenant) })).code).toBe(code)
  })

  it.each<[string, string, (domain: string) => readonly [then: JsonObject, now: JsonObject], string[]]>([
    ['its configuration', 'old/a.json', () => [{ declared: 'old/*.json' }, { declared: 'new/*.json' }], []],
    ['its default, where that names none', 'declared/a.json', () => [{ gate: 'all' }, { declared: 'new/*.json' }], []],
    [
      'its entry of the tenant, whatever that is called',
      'old/a.json',
      (domain) => [
        { tenants: { before: { domain, declared: 'old/*.json' } } },
        { tenants: { now: { domain, declared: 'new/*.json' } } },
      ],
      [],
    ],
    [
      'a flag, which holds for both',
      'new/a.json',
      () => [{ declared: 'old/*.json' }, { declared: 'elsewhere/*.json' }],
      ['--declared', 'new/*.json'],
    ],
  ])('takes the place of the declared files in a commit from %s', async (_from, place, configs, argv) => {
    const tenant = await liveWith(alg('RS256'))
    const [then, now] = configs(tenant.domain)
    const cwd = folderWith({ 'tenant-drift.json': then, [place]: declares(alg('RS256')) })
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    git(cwd, 'rm', '--quiet', place)
    write(cwd, { 'tenant-drift.json': now, 'new/a.json': declares(alg('PS256')) })

    const { code, out } = await run(['check', '--base', 'main', '--output', 'json', ...argv], {
      cwd,
      env: envOf(tenant),
    })

    expect(reportIn(out).findings).toMatchObject([{ path: 'signing_alg', origin: 'pending', base: 'RS256' }])
    expect(code).toBe(0)
  })

  it('takes the variables of that commit, which are a part of what was declared', async () => {
    const tenant = await liveWith(alg('RS256'))
    const cwd = folderWith({
      'tenant-drift.json': { variables: { alg: 'RS256' } },
      'declared/a.json': declares(alg('${alg}')),
    })
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    write(cwd, { 'tenant-drift.json': { variables: { alg: 'PS256' } } })
    const check = async (...argv: readonly string[]) => {
      const { out } = await run(['check', '--base', 'main', '--output', 'json', ...argv], { cwd, env: envOf(tenant) })
      return reportIn(out).findings.map(({ path: at, origin }) => `${at} ${origin ?? ''}`)
    }
    expect(await check()).toEqual(['signing_alg pending'])
    expect(await check('--var', 'alg=PS256')).toEqual(['signing_alg drift'])
  })

  it('is 1 where the configuration of that commit has mistakes, and names them there', async () => {
    const tenant = await liveWith(alg('RS256'))
    const cwd = folderWith({ 'tenant-drift.json': '{"declard": 1}', 'declared/a.json': declares(alg('RS256')) })
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    write(cwd, { 'tenant-drift.json': {} })
    const { code, out } = await run(['check', '--base', 'main', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).errors.map(({ message }) => message)]).toEqual([
      1,
      [expect.stringMatching(/^main:tenant-drift\.json:1:2: unknown key "declard"/)],
    ])
  })

  it('reads globs, extends and links of the commit, from a folder below the repository, and touches nothing', async () => {
    const tenant = await liveWith(alg('RS256'))
    const root = folderWith({
      'app/declared/apis.yaml': 'extends: [../../shared/base.yaml]\nresource_servers: []\n',
      'shared/base.yaml': 'resource_servers:\n  - identifier: urn:a\n    signing_alg: RS256\n',
    })
    git(root, 'init', '--quiet', '--initial-branch=main')
    const first = commit(root)
    write(root, { 'shared/base.yaml': 'resource_servers:\n  - identifier: urn:a\n    signing_alg: PS256\n' })
    const index = readFileSync(path.join(root, '.git/index'))
    const { mtimeMs } = statSync(path.join(root, '.git/index'))
    const cwd = path.join(root, 'app')
    for (const ref of ['main', 'HEAD', first, first.slice(0, 8), 'refs/heads/main', 'heads/main']) {
      const { code, out } = await run(['check', '--base', ref, '--output', 'json'], { cwd, env: envOf(tenant) })
      expect([ref, code, reportIn(out).findings.map(({ origin }) => origin)]).toEqual([ref, 0, ['pending']])
    }
    expect(readFileSync(path.join(root, '.git/index'))).toEqual(index)
    expect(statSync(path.join(root, '.git/index')).mtimeMs).toBe(mtimeMs)
    expect(git(root, 'status', '--porcelain')).toBe('M shared/base.yaml')
  })

  it('reads many and large files of a commit', async () => {
    const servers = Array.from({ length: 60 }, (_api, index) => alg('RS256', `urn:${String(index).padStart(3, '0')}`))
    const tenant = await liveWith(...servers)
    const padding = '# padding\n'.repeat(20_000)
    const files = servers.map((server, index) => [
      `declared/${index}.yaml`,
      `${padding}resource_servers:\n  - ${JSON.stringify(server)}\n`,
    ])
    const cwd = folderWith(Object.fromEntries(files) as Record<string, string>)
    git(cwd, 'init', '--quiet', '--initial-branch=main')
    commit(cwd)
    const { code, out } = await run(['check', '--base', 'main', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).against.base]).toEqual([0, true])
  })

  it('says mistakes of a base with its ref, and is 1', async () => {
    const tenant = await liveWith()
    const cwd = repository([{ identifier: A, signing_algo: 1 }], [alg('RS256')])
    const { code, out } = await run(['check', '--base', 'main', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).errors[0]?.message.slice(0, 25)]).toEqual([1, 'main:declared/apis.json:1'])
  })

  it.each([
    ['a ref that is not there', 'release/1', 'the repository has no such ref'],
    ['a ref that looks like a flag', '--upload-pack=x', 'give a branch, a tag'],
    ['a file that is not there', 'base.yaml', 'the repository has no such ref'],
    ['a glob that matches nothing', 'old/*.yaml', 'no file matches'],
    ['a kind that is none', 'terraform:x', 'not a kind of source'],
  ])('%s is 1', async (_name, ref, message) => {
    const tenant = await liveWith()
    const cwd = repository([], [])
    const { code, out } = await run(['check', `--base=${ref}`, '--output', 'json'], { cwd, env: envOf(tenant) })
    expect(code).toBe(1)
    expect(reportIn(out).errors[0]?.message).toContain(message)
    expect(existsSync(path.join(cwd, 'x'))).toBe(false)
  })

  it('outside of a repository is 1', async () => {
    const tenant = await liveWith()
    const cwd = folderWith({ 'declared/a.json': declares() })
    const { code, out } = await run(['check', '--base', 'main', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect(code).toBe(1)
    expect(reportIn(out).errors[0]?.message).toContain('not in a git repository')
  })

  it('of files that were elsewhere then is 1: an empty base would make everything pending', async () => {
    const tenant = await liveWith(alg('HS256'))
    const cwd = repository([alg('RS256')], [alg('RS256')])
    write(cwd, { 'apis/apis.json': declares(alg('RS256')) })
    const argv = ['check', '--base', 'main', '--declared', 'apis/*.json', '--output', 'json']
    const { code, out } = await run(argv, { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).errors[0]?.message.slice(0, 17)]).toEqual([1, 'main:apis/*.json:'])
  })
})

describe('check --base SOURCE', () => {
  it('takes a file before a ref of the same name', async () => {
    const tenant = await liveWith(alg('RS256'))
    const cwd = folderWith({ 'declared/a.json': declares(alg('PS256')), 'base.json': declares(alg('RS256')) })
    const { code, out } = await run(['check', '--base', 'base.json', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).findings.map(({ origin }) => origin)]).toEqual([0, ['pending']])
  })

  it('compares secrets by their digests on all three sides, and never shows them', async () => {
    const tenant = await liveWith({ identifier: A, signing_alg: 'HS256', signing_secret: 'live-secret-live-secret' })
    const at = (signing_secret: string) => declares({ ...alg('HS256'), signing_secret })
    const cwd = folderWith({
      'declared/a.json': at('code-secret-code-secret'),
      'base.json': at('base-secret-base-secret'),
    })
    const { code, out, err } = await run(['check', '--base', 'base.json', '--output', 'json'], {
      cwd,
      env: envOf(tenant),
    })
    expect([code, reportIn(out).findings.map(({ path: at_, origin }) => `${at_} ${origin ?? ''}`)]).toEqual([
      2,
      ['signing_secret conflict'],
    ])
    expect(out + err).not.toContain('-secret-')
  })
})
