import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { gitHub, pullRequest, repository, runJob, type GitHub, type Repository } from './runner.ts'

const declares = (name: string) => ({
  'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name, signing_alg: 'RS256' }] },
})

async function drifted(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  return tenant
}

const change = () => repository(declares('a'), declares('b'))

function job(repo: Repository, tenant: Simulator, api: GitHub, inputs: Readonly<Record<string, string>> = {}) {
  return runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant), api, inputs })
}

describe('the comment', () => {
  it('is one, edited in place, and only where something changed', async () => {
    const [tenant, github, repo] = [await drifted(), await gitHub(), change()]
    const first = await job(repo, tenant, github)
    expect(first.outputs['comment-url']).toBe('https://github.example/o/r/pull/7#issuecomment-1')
    expect(github.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^<!-- tenant-drift .* -->\n[^]*urn:a/),
    ])
    const again = await job(repo, tenant, github)
    expect([again.code, again.outputs['comment-url']]).toEqual([2, first.outputs['comment-url']])
    expect(github.calls.filter((call) => !call.startsWith('GET'))).toEqual(['POST /repos/o/r/issues/7/comments'])
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    expect((await job(repo, tenant, github)).code).toBe(0)
    expect(github.calls.at(-1)).toBe('PATCH /repos/o/r/issues/comments/1')
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]?.body).toContain('Nothing counts')
  })

  it('is not begun where there is nothing to say', async () => {
    const [tenant, github, repo] = [await drifted(), await gitHub(), change()]
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    const { outputs } = await job(repo, tenant, github)
    expect([outputs['verdict'], outputs['comment-url'], github.comments]).toEqual(['in-sync', '', []])
  })

  it('is found behind a hundred others, and never in those of somebody else', async () => {
    const [tenant, github, repo] = [await drifted(), await gitHub(), change()]
    await job(repo, tenant, github)
    const own = github.comments.pop()
    const body = own?.body ?? ''
    for (let id = 1; id <= 100; id += 1) github.comments.push({ id, body: 'hello', user: { login: 'x' } })
    github.comments.push({ id: 101, body, user: { login: 'stranger' } })
    tenant.edit('urn:a', { name: 'c' })
    await job(repo, tenant, github)
    expect(github.comments).toHaveLength(102)
    expect(github.comments[100]?.body).toBe(body)
    await job(repo, tenant, github)
    expect(github.comments).toHaveLength(102)
  })

  it('has a place for each job', async () => {
    const [tenant, github, repo] = [await drifted(), await gitHub(), change()]
    await job(repo, tenant, github, { 'comment-key': 'one --> two' })
    await job(repo, tenant, github, { 'comment-key': 'two' })
    expect(github.comments).toHaveLength(2)
    expect(github.comments.map(({ body }) => body.indexOf('-->') > body.indexOf('\n'))).toEqual([false, false])
  })

  it.each([
    ['is refused, as in a fork', { refusal: 403 }],
    ['fails', { refusal: 500 }],
  ])('leaves the verdict alone where writing it %s', async (_what, how) => {
    const [tenant, github, repo] = [await drifted(), await gitHub(), change()]
    Object.assign(github, how)
    const ran = await job(repo, tenant, github)
    expect([ran.code, ran.outputs['verdict'], ran.outputs['comment-url']]).toEqual([2, 'drifted', ''])
    expect(ran.log).toMatch(/^::warning title=tenant-drift::No comment was written: /m)
    expect(ran.summary).toContain('urn:a')
  })

  it('is not written without a token, nor where it is not wanted', async () => {
    const [tenant, github, repo] = [await drifted(), await gitHub(), change()]
    await job(repo, tenant, github, { 'github-token': '' })
    await job(repo, tenant, github, { comment: 'false' })
    expect(github.calls).toEqual([])
  })
})
