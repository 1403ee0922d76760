import { describe, expect, it } from 'vitest'
import { repository, type GitHub } from '../action/runner.ts'
import { bash, runWorkflow, standIns } from '../action/workflow.ts'
import { envOf, folderWith } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { githubIssues } from '../notify/issues-stand-in.ts'
import { services } from '../notify/services.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const snippet = (words: string): string => blockOf('docs/schedule.md', words)

const DECLARED = { 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] } }

async function tenantThatSigns(alg: string) {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: alg })
  return tenant
}

describe('the page about schedules', () => {
  it('has a workflow that keeps an issue and a heartbeat, without any store', { timeout: 300_000 }, async () => {
    const [tenant, github, to] = [await tenantThatSigns('HS256'), await githubIssues(), await services()]
    const { cwd } = repository({
      ...DECLARED,
      'tenant-drift.yaml': snippet('notify:\n  - heartbeat'),
    })
    const run = () =>
      runWorkflow(snippet('name: drift'), cwd, {
        job: { event: 'schedule', ref: 'refs/heads/main', payload: {}, api: { url: github.url } as GitHub },
        secrets: { AUTH0_CLIENT_ID: tenant.client_id, AUTH0_CLIENT_SECRET: tenant.client_secret },
        env: { AUTH0_DOMAIN: tenant.domain, HEARTBEAT_URL: `${to.url}/beat` },
      })
    const first = await run()
    expect([first.code, github.issues.length, to.heard]).toEqual([2, 1, ['heartbeat: ok']])
    expect(github.issues[0]).toMatchObject({ state: 'open', labels: ['drift'] })
    expect(first.log).not.toContain(to.url)
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    expect((await run()).code).toBe(0)
    expect(github.issues).toMatchObject([{ state: 'closed' }])
    expect(to.heard).toEqual(['heartbeat: ok', 'heartbeat: ok'])
  })

  it('has a line for cron that tells once, with a file beside it', { timeout: 300_000 }, async () => {
    const [tenant, to] = [await tenantThatSigns('HS256'), await services()]
    const variables = { ...envOf(tenant), SLACK_WEBHOOK_URL: `${to.url}/slack`, HEARTBEAT_URL: `${to.url}/beat` }
    const cwd = folderWith({
      ...DECLARED,
      'tenant-drift.yaml': snippet('history: history.db'),
      'credentials.sh': Object.entries(variables)
        .map(([name, value]) => `export ${name}='${value}'\n`)
        .join(''),
    })
    const line = snippet('credentials.sh').replace('/srv/identity', cwd)
    const env = { PATH: `${standIns()}:${process.env['PATH'] ?? ''}` }
    const codes = [(await bash(line, env, cwd)).code, (await bash(line, env, cwd)).code]
    expect(codes).toEqual([2, 2])
    expect(to.heard.filter((text) => text.startsWith('slack'))).toEqual(['slack: tenant-drift: 1 new (1 critical)'])
    expect(to.heard).toHaveLength(3)
  })
})
