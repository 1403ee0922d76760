import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serveGit, startHost, type Host } from '../../evidence/gate/hosts.ts'
import { envOf, folderWith } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { git, pullRequest, repository, runJob, type Job, type JobRan, type Repository } from './runner.ts'

const TOKEN = 'token-of-the-job'
const BASIC = `basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`
const declares = (alg: string, name: string) => ({
  'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: alg, name }] },
})

interface Server extends Host {
  /** Headers of all requests that it takes; anything else is 401. */
  readonly accepts: string[]
}

/** A server that gives a repository as GitHub does: any commit by its name, to whoever shows one of these credentials. */
async function serverOf(cwd: string): Promise<Server> {
  git(cwd, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  git(cwd, 'config', 'uploadpack.allowFilter', 'true')
  const accepts = [BASIC]
  const host = await startHost(async (request, response, body) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://x')
    if (!accepts.includes(request.headers.authorization ?? '')) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      return
    }
    const rest = pathname.replace(/^\/o\/r/, '/.git')
    await serveGit(request, response, body, { root: cwd, pathname: rest, query: search.slice(1) })
  })
  onTestFinished(() => host.close())
  return { ...host, accepts }
}

/** A checkout as actions/checkout makes one: the merge of the change, and nothing before it. */
function shallow(repo: Repository, ...options: readonly string[]): string {
  const clone = path.join(folderWith(), 'clone')
  git(repo.cwd, 'clone', '--quiet', ...options, `file://${repo.cwd}`, clone)
  return clone
}

async function drifted() {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  const rules = `accept: [{ resource_server: '*', path: '**', reason: r, owner: o, expires: '2099-01-01' }]\n`
  const repo = repository(declares('RS256', 'a'), { ...declares('RS256', 'b'), 'tenant-drift.yaml': rules })
  const server = await serverOf(repo.cwd)
  const run = (cwd: string, job: Partial<Job> = {}): Promise<JobRan> =>
    runJob(cwd, {
      payload: pullRequest(repo),
      ...job,
      env: { ...envOf(tenant), GITHUB_SERVER_URL: server.url, ...job.env },
      inputs: { 'github-token': TOKEN, comment: 'false', ...job.inputs },
    })
  return { repo, server, run }
}

describe('a base that the checkout lacks', () => {
  it.each([
    ['a shallow checkout', ['--depth=1']],
    ['a partial clone', ['--filter=blob:none']],
  ])('is fetched with the token of the job into %s', async (_what, options) => {
    const { repo, server, run } = await drifted()
    const ran = await run(shallow(repo, ...options))
    expect([ran.code, ran.outputs['verdict']]).toEqual([2, 'drifted'])
    expect(server.heard.length).toBeGreaterThan(0)
    expect(ran.summary).toContain('This change edits')
  })

  it('is fetched with the header that the checkout left, wherever its configuration has it', async () => {
    const { repo, server, run } = await drifted()
    server.accepts.splice(0, 1, 'basic left-by-checkout')
    const clone = shallow(repo, '--depth=1')
    writeFileSync(
      path.join(clone, '.git', 'left.config'),
      `[http "${server.url}/"]\n\textraheader = AUTHORIZATION: basic left-by-checkout\n`,
    )
    git(clone, 'config', 'include.path', 'left.config')
    expect((await run(clone)).code).toBe(2)
  })

  it('is 1 where nobody may have it, and no helper of the checkout is asked', async () => {
    const { repo, server, run } = await drifted()
    server.accepts.splice(0, 1)
    const clone = shallow(repo, '--depth=1')
    const marker = path.join(folderWith(), 'asked')
    git(clone, 'config', 'credential.helper', `!touch ${marker}; false`)
    git(clone, 'config', 'remote.origin.url', 'ext::sh -c "touch ran"')
    const ran = await run(clone)
    expect([ran.code, ran.outputs['verdict']]).toEqual([1, 'incomplete'])
    expect(ran.log).toContain('cannot be fetched')
    expect(existsSync(marker)).toBe(false)
  })

  it('follows no redirect, and sends no credential after one', async () => {
    const { repo, run } = await drifted()
    const other = await startHost((_request, response) => void response.writeHead(404).end())
    const first = await startHost(
      (request, response) => void response.writeHead(302, { location: `${other.url}${request.url ?? ''}` }).end(),
    )
    onTestFinished(async () => {
      await other.close()
      await first.close()
    })
    const ran = await run(shallow(repo, '--depth=1'), { env: { GITHUB_SERVER_URL: first.url } })
    expect([ran.code, other.heard]).toEqual([1, []])
  })
})

describe('another branch than the default one', () => {
  it('is judged by the rules of the default branch, and nothing of it counts as drift that it changes itself', async () => {
    const { repo, run } = await drifted()
    const clone = shallow(repo, '--depth=1', '--branch=change')
    const job = { event: 'push', ref: 'refs/heads/change', payload: { repository: { default_branch: 'main' } } }
    git(repo.cwd, 'reset', '--quiet', '--hard', repo.base)
    const ran = await run(clone, job)
    expect([ran.code, ran.outputs['verdict']]).toEqual([2, 'drifted'])
    // Its own name as the base is a choice of the workflow's, and touches nothing: everything counts there all the same.
    const own = await run(clone, { ...job, inputs: { base: repo.head, gate: 'touched' } })
    const report = JSON.parse(readFileSync(own.outputs['reports'] ?? '', 'utf8')) as { gate: string }
    expect([own.code, report.gate]).toEqual([0, 'all'])
  })

  it('is 1 where the default branch can be had nowhere', async () => {
    const { repo, server, run } = await drifted()
    server.accepts.splice(0, 1)
    const clone = path.join(folderWith(), 'clone')
    mkdirSync(clone)
    git(clone, 'init', '--quiet', '--initial-branch=x')
    git(clone, 'fetch', '--quiet', `file://${repo.cwd}`, 'change')
    git(clone, 'checkout', '--quiet', 'FETCH_HEAD')
    const job = { event: 'workflow_dispatch', ref: 'refs/heads/x', payload: { repository: { default_branch: 'main' } } }
    expect((await run(clone, job)).code).toBe(1)
  })
})
