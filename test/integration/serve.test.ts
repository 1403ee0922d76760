import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { builtFile, isBuilt } from '../support/built.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { serveGit, startHost } from '../../evidence/gate/hosts.ts'
import { folderWith } from '../cli/run.ts'
import { SECRET, services } from '../notify/services.ts'
import { originWith } from '../git/origin.ts'
import { api, declares } from '../watch/following.ts'
import { acmeEnv, acmeFolder, postEvents, sapi, served, STREAM_TOKEN } from '../watch/served.ts'

const TOKEN = 'planted-token-of-the-service'
const BASIC = `Basic ${Buffer.from(`oauth2:${TOKEN}`).toString('base64')}`

describe.skipIf(!isBuilt)('what is shipped', () => {
  it('serves: a check, a hook, a page with its look and script, an end with 0', async () => {
    const tenant = await tenantWith({ apis: 3 })
    tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
    const cwd = acmeFolder(tenant, 'schedule: 0 7 * * * Europe/Berlin\n')
    const service = await served(cwd, acmeEnv(tenant), [], builtFile('bin/tenant-drift.js'))
    await service.line(({ event }) => event === 'checked')
    tenant.edit('urn:a', { signing_alg: 'HS256' })
    const seen = service.checked()
    expect((await postEvents(service, JSON.stringify(sapi('1')))).status).toBe(204)
    expect(await seen).toMatchObject({ verdict: 'drifted', asked: true })
    const page = await service.text('/tenants/acme')
    expect(page).toContain('signing_alg')
    for (const [, asset = ''] of page.matchAll(/(?:href|src)="(\/[\w.-]+\.(?:css|js|svg))"/g))
      expect([asset, (await service.get(asset)).status]).toEqual([asset, 200])
    expect(await service.text('/metrics')).toMatch(/^tenant_drift_verdict\{tenant="acme",verdict="drifted"\} 1$/m)
    expect(await service.stop()).toBe(0)
  })

  it('follows a repository over the network: what is merged waits, a mistake is told with its place, and the token stays', async () => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create(api('urn:a'))
    const origin = originWith({ 'declared/a.json': declares(api('urn:a')) })
    const host = await startHost(async (request, response, body) => {
      if (request.headers.authorization !== BASIC) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
        return
      }
      const { pathname, search } = new URL(request.url ?? '/', 'http://x')
      await serveGit(request, response, body, { root: origin.folder, pathname, query: search.slice(1) })
    })
    onTestFinished(() => host.close())
    const to = await services()
    to.now = Date.now()
    const cwd = folderWith({
      token: `${TOKEN}\n`,
      'tenant-drift.yaml': `follow: { repository: ${host.url}/.git, user: oauth2, token_file: token }
schedule: 0 7 * * * Europe/Berlin
notify:
  - webhook: { url: ${to.url}/hook, secret_variable: HOOK_SECRET }
tenants:
  acme: { domain: ${tenant.domain}, credentials: { api_token: ACME_TOKEN }, log_stream: { token_variable: ACME_STREAM } }
`,
    })
    const env = { ACME_TOKEN: tenant.token, ACME_STREAM: STREAM_TOKEN, HOOK_SECRET: SECRET }
    const lines: JsonObject[] = []
    // A process each time: it knows nothing but what the history holds, and shares no fetch with the one before.
    const start = async () => {
      const service = await served(cwd, env, [], builtFile('bin/tenant-drift.js'))
      const seen = service.line(({ event }) => event === 'checked')
      await service.get('/tenants/acme/check', { method: 'POST' })
      return { service, line: await seen }
    }
    const look = async () => {
      const { service, line } = await start()
      expect(await service.stop()).toBe(0)
      lines.push(...service.lines)
      return line
    }
    expect(await look()).toMatchObject({ verdict: 'in-sync' })
    const tip = origin.push({ 'declared/a.json': declares(api('urn:a', { token_lifetime: 600 })) })
    expect(await look()).toMatchObject({ verdict: 'in-sync', commit: tip })
    origin.push({ 'declared/b.json': '{' })
    const { service, line } = await start()
    expect(line).toMatchObject({ verdict: 'incomplete', commit: tip, error: 'invalid_declaration' })
    const page = await service.text('/tenants/acme')
    for (const words of [`${host.url}/.git`, 'declared/b.json:1', tip.slice(0, 12)]) expect(page).toContain(words)
    const metrics = await service.text('/metrics')
    expect(metrics).toMatch(/^tenant_drift_fetch_failing\{tenant="acme"\} 0$/m)
    const view = (await (await service.get('/api/v1/tenants/acme')).json()) as { readonly follows: object }
    expect(view.follows).toMatchObject({ repository: `${host.url}/.git`, branch: 'main', fault: null })
    expect(await service.stop()).toBe(0)
    expect(to.heard).toEqual(['webhook: tenant.unreadable'])
    expect(JSON.stringify(to.bodies.webhook)).toContain('declared/b.json:1')
    const files = readdirSync(path.join(cwd, '.tenant-drift'), { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(cwd, '.tenant-drift', name))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file, 'latin1'))
    const said = [page, metrics, JSON.stringify([view, lines, service.lines, to.bodies]), ...files]
    for (const secret of [TOKEN, BASIC.slice('Basic '.length)])
      expect(said.filter((text) => text.includes(secret))).toEqual([])
  })
})
