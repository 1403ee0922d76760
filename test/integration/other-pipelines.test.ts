import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { git, repository, ROOT, type Repository } from '../action/runner.ts'
import { bash, standIns } from '../action/workflow.ts'
import { folderWith, readReport } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { emptyShell } from '../support/empty-shell.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PAGE = 'docs/pipelines.md'

const CONFIG = {
  'tenant-drift.yaml': 'accept: []\n',
  'package.json': '{}',
  'package-lock.json': '{}',
  'packages/a/package.json': '{}',
}
const declares = (name: string) => ({
  'declared/a.yaml': `resource_servers: [{ identifier: 'urn:a', name: ${name}, signing_alg: RS256 }]\n`,
})
const DISARMED = {
  'tenant-drift.yaml': `accept: [{ resource_server: '*', path: '**', reason: x, owner: x, expires: '2099-01-01' }]\n`,
}

async function tenantThatSigns(alg: string): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: alg })
  return tenant
}

/** A clone whose origin has main at the base, with the change checked out. */
function cloneOf(repo: Repository): string {
  git(repo.cwd, 'branch', '--quiet', '--force', 'change', 'HEAD')
  git(repo.cwd, 'checkout', '--quiet', 'change')
  git(repo.cwd, 'branch', '--quiet', '--force', 'main', repo.base)
  const clone = path.join(folderWith(), 'clone')
  git(repo.cwd, 'clone', '--quiet', `file://${repo.cwd}`, clone)
  return clone
}

function envFor(tenant: Simulator, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: `${standIns()}:${process.env['PATH'] ?? ''}`,
    TMPDIR: folderWith(),
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_API_TOKEN: tenant.token,
    HOME: folderWith(),
    CI_JOB_ID: '4711',
    CI_JOB_TOKEN: 'token-of-the-job',
    CI_DEFAULT_BRANCH: 'main',
    CI_COMMIT_BRANCH: 'main',
    ...more,
  }
}

describe('the shell of pipelines.md', () => {
  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('on a schedule, with a tenant that signs with %s: exit %i', async (alg, code) => {
    const tenant = await tenantThatSigns(alg)
    const { cwd } = repository(declares('a'))
    const shell = emptyShell({ tenant, cwd })
    await shell.paste(blockOf(PAGE, 'export AUTH0_DOMAIN='))
    expect(await shell.paste(blockOf(PAGE, '--output json=report.json'))).toMatchObject({ code })
    expect(readReport(cwd, 'report.json').exitCode).toBe(code)
  })

  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('as a gate that a change cannot disarm, with %s: exit %i', async (alg, code) => {
    const tenant = await tenantThatSigns(alg)
    const cwd = cloneOf(repository({ ...declares('a'), ...CONFIG }, { ...declares('b'), ...DISARMED }))
    const shell = emptyShell({ tenant, cwd })
    await shell.paste(blockOf(PAGE, 'export AUTH0_DOMAIN='))
    expect(await shell.paste(blockOf(PAGE, 'export TARGET_BRANCH=main'))).toMatchObject({ code })
  })
})

interface Note {
  readonly id: number
  readonly body: string
  readonly author: { readonly id: number }
}

/** A stand-in for GitLab's notes on merge request 7 of project 3, as user 5. */
async function gitLab(): Promise<{ readonly url: string; readonly notes: Note[]; readonly writes: string[] }> {
  const [notes, writes]: [Note[], string[]] = [[], []]
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      let text = ''
      for await (const chunk of incoming) text += String(chunk)
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1')
      const { method = '', headers } = incoming
      const answer = (status: number, body: unknown): void => void outgoing.writeHead(status).end(JSON.stringify(body))
      const list = '/projects/3/merge_requests/7/notes'
      if (headers['private-token'] !== 'secret') return answer(401, {})
      if (pathname === '/user') return answer(200, { id: 5 })
      if (method === 'GET' && pathname === list) return answer(200, searchParams.get('page') === '1' ? notes : [])
      writes.push(method)
      const { body } = JSON.parse(text) as { body: string }
      if (method === 'POST' && pathname === list) notes.push({ id: 9, body, author: { id: 5 } })
      else if (method === 'PUT' && pathname === `${list}/9`) notes.splice(-1, 1, { id: 9, body, author: { id: 5 } })
      else return answer(404, {})
      return answer(200, notes.at(-1))
    })()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, notes, writes }
}

interface Job {
  readonly script: readonly string[]
  readonly after_script: readonly string[]
  readonly artifacts: { readonly reports: Readonly<Record<string, string>> }
}

const template = load(readFileSync(path.join(ROOT, 'templates', 'gitlab-ci.yml'), 'utf8')) as Readonly<
  Record<string, Job>
>
const job = template['tenant-drift'] as Job

describe('the GitLab template', () => {
  it('judges a merge request by the target branch, and keeps one note', async () => {
    const [tenant, lab] = [await tenantThatSigns('HS256'), await gitLab()]
    lab.notes.push({ id: 1, body: '<!-- tenant-drift -->\nof a stranger', author: { id: 6 } })
    const cwd = cloneOf(repository({ ...declares('a'), ...CONFIG }, { ...declares('b'), ...DISARMED }))
    const env = envFor(tenant, {
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_COMMIT_BRANCH: '',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_MERGE_REQUEST_IID: '7',
      CI_PROJECT_ID: '3',
      CI_API_V4_URL: lab.url,
      TENANT_DRIFT_NOTE_TOKEN: 'secret',
      SOURCE_DATE_EPOCH: '1763900000',
    })
    expect(await bash(job.script.join('\n'), env, cwd)).toMatchObject({ code: 2 })
    expect(Object.values(job.artifacts.reports).filter((file) => !existsSync(path.join(cwd, file)))).toEqual([])
    const after = () => bash(job.after_script.join('\n'), env, cwd)
    expect([await after(), await after()].map(({ code }) => code)).toEqual([0, 0])
    expect([lab.writes, lab.notes.length, lab.notes[1]?.body]).toEqual([['POST'], 2, expect.stringContaining('urn:a')])
    // The same differences at another time.
    Object.assign(env, { CI_JOB_ID: '4710', SOURCE_DATE_EPOCH: '1764000000' })
    expect(await bash(job.script.join('\n'), env, cwd)).toMatchObject({ code: 2 })
    expect([await after(), lab.writes]).toMatchObject([{ code: 0 }, ['POST']])
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    env['CI_JOB_ID'] = '4712'
    expect(await bash(job.script.join('\n'), env, cwd)).toMatchObject({ code: 0 })
    expect(await after()).toMatchObject({ code: 0 })
    expect([lab.writes, lab.notes.length]).toEqual([['POST', 'PUT'], 2])
  })

  it('counts everything on the default branch, by the files that are checked out', async () => {
    const tenant = await tenantThatSigns('HS256')
    const { cwd } = repository({ ...declares('a'), ...CONFIG })
    const env = envFor(tenant)
    expect(await bash(job.script.join('\n'), env, cwd)).toMatchObject({ code: 2 })
    expect(await bash(job.after_script.join('\n'), env, cwd)).toMatchObject({ code: 0 })
    expect(readReport(cwd, 'tenant-drift-reports/tenant-drift.json').gate).toBe('all')
  })

  it('judges a merged result by what it was merged into, and by nothing that somebody says instead', async () => {
    const tenant = await tenantThatSigns('HS256')
    const repo = repository({ ...declares('a'), ...CONFIG }, { ...declares('b'), ...DISARMED })
    const cwd = cloneOf(repo)
    const run = (sha: string, id: string) =>
      bash(
        job.script.join('\n'),
        envFor(tenant, {
          CI_PIPELINE_SOURCE: 'merge_request_event',
          CI_COMMIT_BRANCH: '',
          CI_JOB_ID: id,
          CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
          CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
          CI_MERGE_REQUEST_TARGET_BRANCH_SHA: sha,
        }),
        cwd,
      )
    git(repo.cwd, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
    expect(await run(repo.base, '1')).toMatchObject({ code: 2 })
    expect(await run(repo.head, '2')).toMatchObject({ code: 1 })
    expect(await run('', '3')).toMatchObject({ code: 1 })
  })

  it('judges another branch by the default one, and a commit that is not checked out not at all', async () => {
    const tenant = await tenantThatSigns('HS256')
    const cwd = cloneOf(repository({ ...declares('a'), ...CONFIG }, { ...declares('b'), ...DISARMED }))
    const env = envFor(tenant, { CI_COMMIT_BRANCH: 'change' })
    expect(await bash(job.script.join('\n'), env, cwd)).toMatchObject({ code: 2 })
    expect(readReport(cwd, 'tenant-drift-reports/tenant-drift.json').gate).toBe('all')
    const other = { ...env, CI_JOB_ID: '2', CI_COMMIT_SHA: '1'.repeat(40) }
    expect(await bash(job.script.join('\n'), other, cwd)).toMatchObject({ code: 1 })
  })
})
