import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { repository, ROOT, type GitHub } from '../action/runner.ts'
import { bash, runWorkflow, standIns } from '../action/workflow.ts'
import { envOf, folderWith } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { postgresPackage, startPostgres } from '../history/stores.ts'
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

  it('has a workflow that keeps a file in the cache, and takes it up again', { timeout: 300_000 }, async () => {
    const [tenant, to] = [await tenantThatSigns('HS256'), await services()]
    const { cwd } = repository({
      ...DECLARED,
      'tenant-drift.yaml': snippet('severity_at_least: medium'),
    })
    const run = (visibility: string) =>
      runWorkflow(snippet('name: schedule'), cwd, {
        job: { event: 'schedule', ref: 'refs/heads/main', payload: { repository: { visibility } } },
        secrets: {
          AUTH0_CLIENT_ID: tenant.client_id,
          AUTH0_CLIENT_SECRET: tenant.client_secret,
          SLACK_WEBHOOK_URL: `${to.url}/slack`,
        },
        env: { AUTH0_DOMAIN: tenant.domain, CI: 'true' },
      })
    const ran = [await run('private'), await run('private')]
    expect(ran.map(({ code }) => code)).toEqual([2, 2])
    const caches = ran[0]?.used.filter(({ uses }) => uses.startsWith('actions/cache/')).map(({ with: given }) => given)
    // What is saved, whatever came of the run, is what is taken up: by its prefix.
    expect(caches).toMatchObject([{ path: '.tenant-drift' }, { path: '.tenant-drift' }])
    expect(caches?.[1]?.['key']).toBe(caches?.[0]?.['key'])
    expect(caches?.[0]?.['key']).toMatch(new RegExp(`^${caches?.[0]?.['restore-keys']}\\d+-\\d+$`))
    expect(existsSync(path.join(cwd, '.tenant-drift', 'history.db'))).toBe(true)
    expect(to.heard).toEqual([
      'slack: tenant-drift: the memory begins here (a first run, or the memory was lost): 1 open (1 critical)',
    ])
    const refused = await run('public')
    expect([refused.code, /a history in a cached file is refused/.test(refused.log)]).toEqual([1, true])
  })

  it('has a job for a schedule of GitLab, whose cache holds what it remembers', { timeout: 300_000 }, async () => {
    const template = load(readFileSync(path.join(ROOT, 'templates', 'gitlab-schedule.yml'), 'utf8')) as Readonly<
      Record<string, { readonly script: readonly string[]; readonly cache: { readonly paths: readonly string[] } }>
    >
    const [name] = Object.keys(template)
    const job = template['tenant-drift-schedule']
    const run = async (visibility: string) => {
      const [tenant, to] = [await tenantThatSigns('HS256'), await services()]
      const config = snippet('- gitlab_issue:').replace('acme/identity', 'g/p')
      const cwd = folderWith({ ...DECLARED, 'tenant-drift.yaml': config })
      const env = {
        PATH: `${standIns()}:${process.env['PATH'] ?? ''}`,
        ...envOf(tenant),
        CI: 'true',
        CI_DEFAULT_BRANCH: 'main',
        CI_COMMIT_BRANCH: 'main',
        CI_PIPELINE_SOURCE: 'schedule',
        CI_PROJECT_DIR: cwd,
        CI_PROJECT_VISIBILITY: visibility,
        CI_API_V4_URL: to.url,
        GITLAB_ISSUE_TOKEN: 'glpat-of-a-bot',
        HEARTBEAT_URL: `${to.url}/beat`,
      }
      const script = job?.script.join('\n') ?? 'exit 9'
      const codes = [(await bash(script, env, cwd)).code, (await bash(script, env, cwd)).code]
      return { codes, heard: to.heard, isKept: existsSync(path.join(cwd, '.tenant-drift', 'history.db')) }
    }
    const told = ['gitlab: opened acme', 'heartbeat: ok', 'heartbeat: ok']
    const inPrivate = await run('private')
    const inPublic = await run('public')
    expect([name, job?.cache.paths]).toEqual(['tenant-drift-schedule', ['.tenant-drift/']])
    expect([inPrivate.codes, inPrivate.isKept]).toEqual([[2, 2], true])
    expect([inPublic.codes, inPublic.isKept]).toEqual([[2, 2], false])
    for (const { heard } of [inPrivate, inPublic])
      expect(heard.map((line) => line.replace(/(opened) .*/, '$1 acme')).sort()).toEqual(told)
  })

  it('has lines for PostgreSQL', { timeout: 300_000 }, async ({ skip }) => {
    const Postgres = await postgresPackage()
    if (Postgres === null) return skip('no PostgreSQL for this platform')
    const server = await startPostgres(Postgres)
    try {
      const [tenant, { url }] = [await tenantThatSigns('RS256'), await server.store()]
      const cwd = folderWith(DECLARED)
      const lines = snippet('npm install tenant-drift pg').replace('db.example.com/drift', url.replace(/^.*@/, ''))
      const env = {
        PATH: `${standIns()}:${process.env['PATH'] ?? ''}`,
        ...envOf(tenant),
        DB_PASSWORD: 'invented-password',
      }
      const ran = await bash(lines, env, cwd)
      expect([ran.code, ran.log.includes('IN SYNC'), ran.log.includes('invented-password')]).toEqual([0, true, false])
      tenant.edit('urn:a', { signing_alg: 'HS256' })
      expect((await bash(lines, env, cwd)).code).toBe(2)
    } finally {
      await server.stop()
    }
  })
})
