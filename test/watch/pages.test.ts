import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commandProgram } from '../../src/cli/program.ts'
import { folderWith } from '../cli/run.ts'
import { blockOf, read, ROOT } from '../docs/pages.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { serveGit, startHost } from '../../evidence/gate/hosts.ts'
import { originWith } from '../git/origin.ts'
import { api, declares } from './following.ts'
import { acmeEnv, acmeFolder, served } from './served.ts'

const watch = (words: string): string => blockOf('docs/watch.md', words)
const monitoring = (words: string): string => blockOf('docs/monitoring.md', words)
const TOKEN = 'a-token-of-this-service'

/** What stands behind `export`, with the values of this test in their place. */
function commandsOf(text: string): readonly string[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('export '))
}

function flagsOf(command: string): readonly string[] {
  const found = commandProgram({
    out: () => {},
    err: () => {},
    env: {},
    cwd: '/',
    now: () => 0,
    isOutTerminal: false,
    isErrTerminal: false,
  }).commands.find((each) => each.name() === command)
  return found?.options.map(({ long }) => long ?? '') ?? []
}

describe('docs/watch.md', () => {
  it('begins with a command that begins', async () => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
    expect(commandsOf(watch('npx tenant-drift serve\n'))).toEqual(['npx tenant-drift serve'])
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] } })
    const service = await served(cwd, { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token })
    expect(await service.checked()).toMatchObject({ verdict: 'in-sync', tenant: 'default' })
    expect(readFileSync(join(cwd, '.tenant-drift', 'history.db')).length).toBeGreaterThan(0)
    expect(await service.stop()).toBe(0)
  })

  it('has a repository that is followed, with its token and its tenant', async () => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create(api('urn:a'))
    const origin = originWith({ 'declared/a.json': declares(api('urn:a')) })
    const sent = new Set<string | undefined>()
    const host = await startHost(async (request, response, body) => {
      sent.add(request.headers.authorization)
      const { pathname, search } = new URL(request.url ?? '/', 'http://x')
      await serveGit(request, response, body, { root: origin.folder, pathname, query: search.slice(1) })
    })
    onTestFinished(() => host.close())
    const written = watch('follow:')
      .replace('https://github.com/acme/identity.git', `${host.url}/.git`)
      .replace('acme.eu.auth0.com', tenant.domain)
    const { client_id: PROD_CLIENT_ID, client_secret: PROD_CLIENT_SECRET } = tenant
    const env = { GIT_TOKEN: 'token', PROD_CLIENT_ID, PROD_CLIENT_SECRET }
    const service = await served(folderWith({ 'tenant-drift.yaml': written }), env)
    const tip = origin.git('rev-parse', 'main')
    expect(await service.checked()).toMatchObject({ verdict: 'in-sync', tenant: 'acme-prod', commit: tip })
    expect([...sent]).toEqual([`Basic ${Buffer.from('x-access-token:token').toString('base64')}`])
    expect(await service.stop()).toBe(0)
  })

  it('has a unit of systemd whose command has these flags', () => {
    const unit = watch('[Unit]')
    const [, line = ''] = /^ExecStart=(.+)$/m.exec(unit) ?? []
    const [, program, command, ...rest] = line.split(' ')
    expect([program, command]).toEqual(['tenant-drift', 'serve'])
    expect(flagsOf('serve')).toEqual(expect.arrayContaining(rest.filter((word) => word.startsWith('--'))))
    // The service takes ten seconds at most to end.
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10)
    expect(unit).toContain('StateDirectory=tenant-drift\n')
  })

  it('has a proxy that hands on what the service looks at', () => {
    const proxy = watch('proxy_pass')
    expect(proxy).toContain('proxy_pass http://127.0.0.1:8484;')
    expect(proxy).toContain('proxy_set_header Host $host;')
    expect(proxy).toContain('proxy_set_header X-Forwarded-User "";')
    // More than the service sends a ping in.
    expect(Number(/proxy_read_timeout (\d+)s/.exec(proxy)?.[1])).toBeGreaterThan(20)
  })

  it('has a call of the API that is answered', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const service = await served(acmeFolder(tenant), { ...acmeEnv(tenant), TENANT_DRIFT_SERVE_TOKEN: TOKEN })
    const call = watch('curl -sS')
    const [, path = ''] = /http:\/\/127\.0\.0\.1:8484(\S+)/.exec(call) ?? []
    expect(call).toContain('-X POST -H "Authorization: Bearer $TENANT_DRIFT_SERVE_TOKEN"')
    const answer = await service.get(path.replace('acme-prod', 'acme'), {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([202, ['ready']])
  })
})

describe('docs/monitoring.md', () => {
  it('names the metrics that there are, and its alerts and dashboard name no others', async () => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
    const service = await served(acmeFolder(tenant), acmeEnv(tenant))
    await service.checked()
    const namesIn = (text: string): ReadonlySet<string> => new Set(text.match(/\btenant_drift_\w+/g) ?? [])
    const there = new Set((await service.text('/metrics')).match(/(?<=^# TYPE )\S+/gm) ?? [])
    // Where nothing was sent yet, and no tenant follows a repository, there are none of these.
    const fetches = ['tenant_drift_fetch_failing', 'tenant_drift_last_fetch_age_seconds']
    const all = new Set([...there, ...fetches, 'tenant_drift_deliveries'])
    const page = read('docs/monitoring.md')
    const table = page.slice(page.indexOf('## Metrics'), page.indexOf('## Alerts'))
    expect(namesIn(table)).toEqual(all)
    const rules = monitoring('alert: TenantDriftDown')
    const { groups } = load(rules) as { readonly groups: readonly { readonly rules: readonly object[] }[] }
    expect(groups.flatMap((group) => group.rules).length).toBeGreaterThan(5)
    const dashboard = readFileSync(join(ROOT, 'templates', 'grafana-dashboard.json'), 'utf8')
    expect((JSON.parse(dashboard) as { readonly panels: readonly object[] }).panels.length).toBeGreaterThan(10)
    for (const text of [rules, dashboard]) expect([...namesIn(text)].filter((name) => !all.has(name))).toEqual([])
  })

  it('has a configuration of Prometheus that sends the token', () => {
    const [job] = (
      load(monitoring('scrape_configs')) as {
        readonly scrape_configs: readonly { readonly job_name: string; readonly authorization: object }[]
      }
    ).scrape_configs
    expect(job).toMatchObject({
      job_name: 'tenant-drift',
      authorization: { credentials_file: expect.any(String) as string },
    })
    expect(monitoring('alert: TenantDriftDown')).toContain('up{job="tenant-drift"}')
  })
})
