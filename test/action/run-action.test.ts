import { existsSync, readdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/schema/report.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, run, write } from '../cli/run.ts'
import { programFile } from '../support/built.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { commit, git, gitHub, pullRequest, repository, runJob, type JobRan } from './runner.ts'

const A = 'urn:a'
const B = 'urn:b'
const api = (identifier: string, alg: string) => ({ identifier, signing_alg: alg })
const declares = (...servers: readonly object[]) => ({ 'declared/apis.json': { resource_servers: servers } })
const acceptB = {
  'tenant-drift.yaml': `accept:
  - { resource_server: 'urn:*', path: '**', reason: known, owner: me, expires: '2099-01-01' }
`,
}

/** Both APIs sign with RS256, as declared; `drifted` do not. */
async function live(...drifted: readonly string[]): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  for (const identifier of [A, B])
    tenant.create({ identifier, name: identifier, signing_alg: drifted.includes(identifier) ? 'HS256' : 'RS256' })
  return tenant
}

const declared = declares(api(A, 'RS256'), api(B, 'RS256'))

function reportOf({ outputs }: JobRan): Report {
  return JSON.parse(readFileSync(outputs['reports'] ?? '', 'utf8')) as Report
}

describe('on a pull request', () => {
  it('is judged against the commit it goes into, and by what it touches', async () => {
    const tenant = await live(B)
    const repo = repository(declared, declares({ ...api(A, 'RS256'), name: 'other' }, api(B, 'RS256')))
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    expect([ran.code, ran.outputs['verdict']]).toEqual([0, 'in-sync'])
    expect(reportOf(ran)).toMatchObject({
      gate: 'touched',
      against: { base: true },
      summary: { byOrigin: { pending: 1 } },
    })
  })

  it('stops a change of an API that drifted meanwhile', async () => {
    const tenant = await live(A)
    const repo = repository(declared, declares({ ...api(A, 'RS256'), name: 'other' }, api(B, 'RS256')))
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    expect([ran.code, ran.outputs['verdict'], ran.outputs['counting']]).toEqual([2, 'drifted', '1'])
    expect(ran.summary).toContain(A)
    expect(ran.log).toMatch(/^::error /m)
  })

  const touched = declares({ ...api(A, 'RS256'), name: 'other' }, api(B, 'RS256'))
  const disarming: readonly (readonly [
    string,
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ])[] = [
    ['adds a configuration that accepts it', {}, acceptB],
    ['adds one that looks past it', {}, { 'tenant-drift.yml': `exclude: ['${A}']\n` }],
    ['adds one that fails for nothing', {}, { 'tenant-drift.json': { fail_on: 'never' } }],
    ['widens the rules', { 'tenant-drift.yaml': 'accept: []\n' }, acceptB],
    [
      'widens a list of rules of their own',
      { 'tenant-drift.yaml': 'accept: rules/list.yaml\n', 'rules/list.yaml': '[]\n' },
      { 'rules/list.yaml': acceptB['tenant-drift.yaml'] },
    ],
  ]

  it.each(disarming)('cannot be disarmed by a change that %s', async (_how, before, change) => {
    const tenant = await live(A)
    const repo = repository({ ...declared, ...before }, { ...touched, ...change })
    const files = () =>
      Object.fromEntries(Object.keys(change).map((name) => [name, readFileSync(path.join(repo.cwd, name), 'utf8')]))
    const untouched = files()
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    expect([ran.code, ran.outputs['verdict']]).toEqual([2, 'drifted'])
    expect(ran.summary).toContain('This change edits')
    // And afterwards the change is there again.
    expect(files()).toEqual(untouched)
    expect(git(repo.cwd, 'status', '--porcelain')).toBe('')
  })

  it('follows the rules of the base', async () => {
    const tenant = await live(A)
    const repo = repository({ ...declared, ...acceptB }, { ...touched, 'tenant-drift.yaml': 'accept: []\n' })
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    expect([ran.code, ran.outputs['ignored']]).toEqual([0, '1'])
  })

  it('puts back a configuration that the change takes away, and is quiet about what it leaves alone', async () => {
    const tenant = await live(A)
    const repo = repository({ ...declared, ...acceptB }, { ...touched, 'tenant-drift.yaml': null })
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    expect([ran.code, existsSync(path.join(repo.cwd, 'tenant-drift.yaml'))]).toEqual([0, false])
    const other = repository({ ...declared, ...acceptB }, touched)
    const quiet = await runJob(other.cwd, { payload: pullRequest(other), env: envOf(tenant) })
    expect(quiet.summary).not.toContain('This change edits')
  })

  it('judges by the record of the base', async () => {
    const tenant = await live()
    const first = await run(['snapshot'], { env: envOf(tenant) })
    tenant.edit(B, { name: 'renamed', token_lifetime: 60 })
    const second = await run(['snapshot'], { env: envOf(tenant) })
    const one = declares(api(A, 'RS256'))
    const repo = repository(
      { ...one, 'tenant-drift.recorded.json': first.out },
      { 'tenant-drift.recorded.json': second.out },
    )
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant), inputs: { gate: 'all' } })
    expect([ran.code, ran.outputs['verdict']]).toEqual([2, 'drifted'])
  })

  it('does not follow a link that the change puts in the place of its rules', async () => {
    const tenant = await live(A)
    const repo = repository({ ...declared, 'tenant-drift.yaml': 'accept: []\n', 'other.yaml': 'untouched\n' }, touched)
    unlinkSync(path.join(repo.cwd, 'tenant-drift.yaml'))
    symlinkSync('other.yaml', path.join(repo.cwd, 'tenant-drift.yaml'))
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    expect(ran.code).toBe(2)
    expect(readFileSync(path.join(repo.cwd, 'other.yaml'), 'utf8')).toBe('untouched\n')
  })

  it('does not enter a folder of rules that the change makes a link', async () => {
    const tenant = await live(A)
    const before = { 'tenant-drift.yaml': 'accept: rules/list.yaml\n', 'rules/list.yaml': '[]\n' }
    const repo = repository({ ...declared, ...before }, touched)
    git(repo.cwd, 'rm', '-r', '--quiet', 'rules')
    write(repo.cwd, { 'elsewhere/list.yaml': acceptB['tenant-drift.yaml'] })
    symlinkSync('elsewhere', path.join(repo.cwd, 'rules'))
    const head = commit(repo.cwd)
    const ran = await runJob(repo.cwd, { payload: pullRequest({ ...repo, head }), env: envOf(tenant) })
    expect([ran.code, ran.outputs['verdict']]).toEqual([2, 'drifted'])
    expect(readFileSync(path.join(repo.cwd, 'elsewhere/list.yaml'), 'utf8')).toBe(acceptB['tenant-drift.yaml'])
  })

  it('hands out the trusted files of the base, for the policy pack of a later step', async () => {
    const tenant = await live()
    const repo = repository(
      { ...declared, 'policy.json': '{"all":"mandatory"}' },
      { 'policy.json': '{"all":"disabled"}' },
    )
    const inputs = { 'trusted-paths': 'policy.json' }
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant), inputs })
    const file = (folder = '') => readFileSync(path.join(folder, 'policy.json'), 'utf8')
    expect([ran.code, file(ran.outputs['base-files'])]).toEqual([0, '{"all":"mandatory"}'])
    expect(file(repo.cwd)).toBe('{"all":"disabled"}')
    const onMain = await runJob(repo.cwd, { event: 'schedule', env: envOf(tenant), inputs })
    expect(file(onMain.outputs['base-files'])).toBe('{"all":"disabled"}')
  })

  it.each([
    ['a base that is nowhere', (head: string) => ({ head: '2'.repeat(40), base: '1'.repeat(40), checkout: head })],
    [
      'the base checked out in place of the change',
      (_head: string, base: string) => ({ head: '2'.repeat(40), base, checkout: base }),
    ],
  ])('is 1 with %s', async (_what, choose) => {
    const tenant = await live(A)
    const repo = repository(declared)
    const { checkout, ...change } = choose(repo.head, repo.base)
    git(repo.cwd, 'checkout', '--quiet', checkout)
    const ran = await runJob(repo.cwd, { payload: pullRequest(change), env: envOf(tenant) })
    expect([ran.code, ran.outputs['verdict'], ran.outputs['reports']]).toEqual([1, 'incomplete', ''])
    expect(ran.summary).toContain('Could not tell')
  })

  it('is 1 where the payload does not say what the change is', async () => {
    const { cwd } = repository(declared)
    const ran = await runJob(cwd, { payload: {} })
    expect([ran.code, ran.outputs['verdict']]).toEqual([1, 'incomplete'])
  })
})

describe('in a merge queue', () => {
  it('is judged as a change, without a comment', async () => {
    const tenant = await live(A)
    const repo = repository(declared, declares({ ...api(A, 'RS256'), name: 'other' }, api(B, 'RS256')))
    const payload = { merge_group: { head_sha: git(repo.cwd, 'rev-parse', 'HEAD'), base_sha: repo.base } }
    const github = await gitHub()
    const ran = await runJob(repo.cwd, { event: 'merge_group', payload, env: envOf(tenant), api: github })
    expect([ran.code, reportOf(ran).gate, github.calls]).toEqual([2, 'touched', []])
  })
})

describe('off a pull request', () => {
  it('counts everything, by the files that are checked out', async () => {
    const tenant = await live(B)
    const { cwd } = repository(declared)
    const job = { event: 'schedule', ref: 'refs/heads/main', env: envOf(tenant) }
    const ran = await runJob(cwd, job)
    expect([ran.code, reportOf(ran).gate]).toEqual([2, 'all'])
    write(cwd, acceptB)
    expect((await runJob(cwd, job)).code).toBe(0)
  })

  it.each([
    ['push', 'refs/heads/main', true],
    ['schedule', 'refs/heads/main', true],
    ['workflow_dispatch', 'refs/heads/other', false],
    ['push', 'refs/heads/other', false],
    ['push', 'refs/tags/main', false],
  ] as const)('%s of %s: a SARIF file for upload is %s', async (event, ref, isThere) => {
    const tenant = await live(B)
    const { cwd } = repository(declared)
    const { outputs } = await runJob(cwd, { event, ref, env: envOf(tenant) })
    expect(outputs['sarif'] !== '').toBe(isThere)
  })

  it('has no SARIF for upload on a pull request, nor from a run that could not tell', async () => {
    const tenant = await live(B)
    const repo = repository(declared)
    const onChange = await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant) })
    tenant.setFault({ kind: 'html' })
    const job = { event: 'schedule', ref: 'refs/heads/main', env: envOf(tenant), inputs: { deadline: '2s' } }
    const untold = await runJob(repo.cwd, job)
    expect([onChange.outputs['sarif'], untold.outputs['sarif']]).toEqual(['', ''])
    expect([untold.code, untold.outputs['verdict']]).toEqual([1, 'incomplete'])
  })

  it('gives each tenant a report of its own, and the worst verdict', async () => {
    const [calm, drifted] = [await live(), await live(A)]
    const { cwd } = repository({
      ...declared,
      'tenant-drift.json': {
        tenants: {
          calm: { domain: calm.domain, credentials: { api_token: 'CALM' } },
          other: { domain: drifted.domain, credentials: { api_token: 'OTHER' } },
        },
      },
    })
    const env = { CALM: calm.token, OTHER: drifted.token }
    const { code, outputs } = await runJob(cwd, { event: 'schedule', env })
    const names = outputs['reports']?.split('\n').map((file) => path.basename(file))
    expect([code, outputs['verdict'], names]).toEqual([2, 'drifted', ['calm.json', 'other.json']])
    expect(readdirSync(outputs['sarif'] ?? '')).toEqual(['calm.sarif', 'other.sarif'])
  })
})

describe('without credentials', () => {
  const noSecrets = { AUTH0_CLIENT_ID: '', AUTH0_CLIENT_SECRET: '', AUTH0_API_TOKEN: '' }

  it('a fork or Dependabot is judged by the snapshot of the default branch', async () => {
    const tenant = await live(A)
    const snapshot = path.join(folderWith(), 'tenant.json')
    await run(['snapshot', snapshot], { env: envOf(tenant), now: Date.now })
    const repo = repository(declared, declares({ ...api(A, 'RS256'), name: 'other' }, api(B, 'RS256')))
    const job = { payload: pullRequest(repo), inputs: { 'fallback-live': snapshot, 'max-age': '2h' } }
    const ran = await runJob(repo.cwd, { ...job, env: noSecrets })
    expect([ran.code, ran.outputs['verdict']]).toEqual([2, 'drifted'])
    // With credentials the tenant itself is asked.
    tenant.edit(A, { signing_alg: 'RS256' })
    expect((await runJob(repo.cwd, { ...job, env: envOf(tenant) })).code).toBe(0)
  })

  it('a change cannot bring its own snapshot', async () => {
    const [calm, tenant] = [await live(), await live(A)]
    const now = Date.now
    const good = (await run(['snapshot'], { env: envOf(calm), now })).out
    const bad = (await run(['snapshot'], { env: envOf(tenant), now })).out
    const repo = repository({ ...declared, 'live.json': bad }, { 'live.json': good })
    const inputs = { 'fallback-live': 'live.json', gate: 'all' }
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: noSecrets, inputs })
    expect(ran.code).toBe(2)
  })

  it.each([
    ['not a snapshot', {}],
    ['a snapshot that is not there', { 'fallback-live': 'absent.json' }],
  ])('is 1 with %s', async (_what, inputs) => {
    const repo = repository(declared)
    const ran = await runJob(repo.cwd, { payload: pullRequest(repo), env: noSecrets, inputs })
    expect([ran.code, ran.outputs['verdict']]).toEqual([1, 'incomplete'])
  })
})

describe('what it believes', () => {
  const script = (text: string) =>
    [process.execPath, path.join(folderWith({ 'command.mjs': text }), 'command.mjs')] as const

  it.each([
    ['exit 0 without a report', ''],
    ['exit 2 without a report', 'process.exitCode = 2'],
    [
      'a report that is cut',
      `
      import { writeFileSync } from 'node:fs'
      const file = process.argv.find((arg) => arg.startsWith('--output=json=')).slice(14).replace('{tenant}', 'x')
      writeFileSync(file, '{"schemaVersion":1')`,
    ],
    ['a signal', 'process.kill(process.pid, "SIGKILL")'],
  ])('is 1 after %s', async (_what, text) => {
    const { cwd } = repository(declared)
    const ran = await runJob(cwd, { event: 'schedule', command: script(text) })
    expect([ran.code, ran.outputs['verdict'], ran.outputs['sarif']]).toEqual([1, 'incomplete', ''])
  })

  it('is 1 where the exit code and a whole report contradict one another', async () => {
    const tenant = await live()
    const { cwd } = repository(declared)
    const liar = `
      import { spawnSync } from 'node:child_process'
      spawnSync(process.execPath, [${JSON.stringify(programFile('tenant-drift'))}, ...process.argv.slice(2)], { stdio: 'inherit' })
      process.exitCode = 2`
    const ran = await runJob(cwd, { event: 'schedule', command: script(liar), env: envOf(tenant) })
    expect([ran.code, ran.outputs['verdict']]).toEqual([1, 'incomplete'])
  })

  it('lets no line of the check be a command to the runner', async () => {
    const { cwd } = repository(declared)
    const command = script('console.log("::set-env name=X::y"); console.error("::error::z")')
    const { log } = await runJob(cwd, { event: 'schedule', command })
    const [, token = ''] = /^::stop-commands::(.+)$/m.exec(log) ?? []
    const [shown = ''] = log.split(`::${token}::`)
    expect(token).not.toBe('')
    expect(shown).toContain('::set-env name=X::y')
    expect(shown).toContain('::error::z')
  })

  it('does not hand the token of the repository to the check', async () => {
    const { cwd } = repository(declared)
    const command = script('console.log(JSON.stringify(process.env))')
    const { log } = await runJob(cwd, { event: 'schedule', command, api: await gitHub() })
    expect(log).toContain('GITHUB_WORKSPACE')
    expect(log).not.toContain('token-of-the-job')
  })
})
