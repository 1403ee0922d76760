import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf } from '../cli/run.ts'
import { githubIssues, TOKEN, type Issues } from '../notify/issues-stand-in.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { gitHub, pullRequest, repository, runJob, type Repository } from './runner.ts'

const DECLARED = { 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] } }

async function drifted(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  return tenant
}

function schedule(
  repo: Repository,
  tenant: Simulator,
  github: Issues,
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  return runJob(repo.cwd, {
    event: 'schedule',
    payload: { repository: { default_branch: 'main', visibility: github.visibility } },
    env: { ...envOf(tenant), GITHUB_API_URL: github.url, ...env },
    inputs: { issue: 'true', 'github-token': TOKEN, ...inputs },
  })
}

describe('the input issue', () => {
  it('opens one issue a tenant on the default branch, and closes it', async () => {
    const [tenant, github, repo] = [await drifted(), await githubIssues(), repository(DECLARED)]
    const first = await schedule(repo, tenant, github, { 'issue-labels': 'drift\nauth0' })
    expect([first.code, first.outputs['issue-urls']]).toEqual([2, 'https://github.example/o/r/issues/1'])
    expect(github.issues[0]).toMatchObject({ state: 'open', labels: ['drift', 'auth0'] })
    expect(github.issues[0]?.body).toMatch(/`signing_alg`.*`"RS256"`.*`"HS256"`/)
    await schedule(repo, tenant, github)
    expect(github.writes).toEqual(['POST /repos/o/r/issues', 'POST /repos/o/r/issues/1/labels'])
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    expect((await schedule(repo, tenant, github)).code).toBe(0)
    expect(github.issues).toMatchObject([{ state: 'closed', reason: 'completed' }])
  })

  it('tells the time by the clock of the check, however the variable that stops it is written', async () => {
    const [tenant, github, repo] = [await drifted(), await githubIssues(), repository(DECLARED)]
    await schedule(repo, tenant, github, {}, { SOURCE_DATE_EPOCH: ' 1764000000 ' })
    expect(github.issues[0]?.body).toContain('As of 24 November 2025, 16:00 UTC')
  })

  it('opens it for a tenant that cannot be judged, too', async () => {
    const [tenant, github, repo] = [await drifted(), await githubIssues(), repository(DECLARED)]
    const ran = await schedule(repo, tenant, github, {}, { AUTH0_API_TOKEN: 'a-dead-token-of-somebody' })
    expect(ran.code).toBe(1)
    expect(github.issues[0]?.body).toMatch(/Could not be judged since/)
  })

  it('writes none for a change, nor where a part is looked at', async () => {
    const [tenant, github, api, repo] = [await drifted(), await githubIssues(), await gitHub(), repository(DECLARED)]
    await runJob(repo.cwd, { payload: pullRequest(repo), env: envOf(tenant), api, inputs: { issue: 'true' } })
    expect(api.calls.filter((call) => call.endsWith('/issues'))).toEqual([])
    const part = await schedule(repo, tenant, github, { target: 'urn:a' })
    expect(part.log).toMatch(/::warning .*No issue was written: this run checks only a part/)
    expect(github.calls).toEqual([])
  })

  it('changes no verdict where it cannot be written (Dependabot, a missing right), and says why', async () => {
    const [tenant, github, repo] = [await drifted(), await githubIssues(), repository(DECLARED)]
    github.fail = () => ({ status: 403 })
    const ran = await schedule(repo, tenant, github)
    expect(ran.code).toBe(2)
    expect(ran.log).toMatch(/::warning .*The issue was not written: GitHub answered 403: .*issues: write.*Dependabot/)
    expect(ran.log).not.toMatch(/hostile/)
  })

  it('says numbers alone where everybody can read the repository', async () => {
    const [tenant, github, repo] = [await drifted(), await githubIssues(), repository(DECLARED)]
    github.visibility = 'public'
    await schedule(repo, tenant, github)
    expect(JSON.stringify(github.issues)).not.toMatch(/urn:a|signing_alg|HS256/)
  })
})

describe('the input history', () => {
  it.each([
    ['public', 1],
    ['private', 2],
  ])('in a %s repository, where the payload says nothing and GitHub is asked: exit %i', async (visibility, code) => {
    const [tenant, github, repo] = [await drifted(), await githubIssues(), repository(DECLARED)]
    github.visibility = visibility
    const ran = await runJob(repo.cwd, {
      event: 'schedule',
      payload: { repository: { default_branch: 'main', visibility: undefined } },
      env: { ...envOf(tenant), GITHUB_API_URL: github.url, GITHUB_ACTIONS: 'true' },
      inputs: { history: 'history.db', 'github-token': TOKEN },
    })
    const isRefused = ran.log.includes('a history in a cached file is refused')
    expect([ran.code, existsSync(path.join(repo.cwd, 'history.db')), isRefused]).toEqual([code, code === 2, code === 1])
  })
})
