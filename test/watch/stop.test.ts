import { describe, expect, it, onTestFinished } from 'vitest'
import { startHost } from '../../evidence/gate/hosts.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { folderWith, write } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { originWith } from '../git/origin.ts'
import { api, declares } from './following.ts'
import { acmeEnv, acmeFolder, served } from './served.ts'

function timeOf(line: JsonObject | undefined): number {
  return typeof line?.time === 'string' ? Date.parse(line.time) : Number.NaN
}

describe('a service that is told to stop', () => {
  it(
    'gives back a check that does not end, within ten seconds, and another one takes it',
    { timeout: 60_000 },
    async () => {
      const tenant = await tenantWith({ apis: 0 })
      tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
      const cwd = acmeFolder(tenant)
      tenant.setFault({ match: { path: '/api/v2/resource-servers' }, kind: 'hang' })
      const asked = Promise.withResolvers<void>()
      const end = tenant.onRequest(() => asked.resolve())
      const first = await served(cwd, acmeEnv(tenant))
      await asked.promise
      end()
      expect(await first.text('/tenants/acme')).toContain('running now')
      expect(await first.stop()).toBe(0)
      const [stopping, stopped] = ['stopping', 'stopped'].map((event) =>
        first.lines.find((line) => line['event'] === event),
      )
      const took = timeOf(stopped) - timeOf(stopping)
      expect(took).toBeLessThan(10_000)
      tenant.reset()
      const second = await served(cwd, acmeEnv(tenant))
      expect(await second.checked()).toMatchObject({ verdict: 'in-sync' })
      // The history is one file again.
      expect(await second.stop()).toBe(0)
    },
  )
})

describe('a service that is told to stop while it fetches', () => {
  it('ends, tells nothing of the repository, and the next one looks at once', async () => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create(api('urn:a'))
    const origin = originWith({ 'declared/a.json': declares(api('urn:a')) })
    const asked = Promise.withResolvers<void>()
    const host = await startHost(() => asked.resolve())
    onTestFinished(() => host.close())
    const config = (url: string) => ({
      'tenant-drift.yaml': `follow: { repository: ${url} }
schedule: 0 7 1 1 *
exclude: urn:a
tenants:
  acme: { domain: '${tenant.domain}', credentials: { api_token: ACME_TOKEN } }
`,
    })
    const cwd = folderWith(config(`${host.url}/x.git`))
    const env = { ACME_TOKEN: tenant.token }
    const first = await served(cwd, env)
    await asked.promise
    expect(await first.stop()).toBe(0)
    expect(first.lines.map(({ event }) => event)).toEqual(['said', 'listening', 'stopping', 'check_failed', 'stopped'])
    // Nobody has to look into it, and no stack is in it.
    expect(first.lines[3]).toMatchObject({ level: 'info', message: 'the service is stopping' })
    // What stands in the file of the service and in that of the branch alike holds as the branch says it.
    expect(first.lines[0]).toMatchObject({ message: expect.stringMatching(/^acme follows .* exclude: /) })
    expect(tenant.requests()).toEqual({})
    write(cwd, config(origin.url))
    const second = await served(cwd, env)
    expect(await second.line(({ event }) => event === 'checked')).toMatchObject({ verdict: 'in-sync', moves: 0 })
    expect(await second.stop()).toBe(0)
  })
})

describe('who changed it', () => {
  it('stands on the page of a difference, where the service may read the log', async () => {
    const scopes = ['read:resource_servers', 'read:logs']
    const tenant = await tenantWith({ apis: 0, scopes })
    tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }, { at: Date.now() - 3_600_000 })
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] },
      'tenant-drift.yaml': `who: true\ntenants:\n  acme: { domain: '${tenant.domain}', credentials: { api_token: ACME_TOKEN } }\n`,
    })
    const service = await served(cwd, { ACME_TOKEN: tenant.token })
    await service.line(({ event }) => event === 'checked')
    tenant.edit('urn:a', { signing_alg: 'HS256' }, { actor: { kind: 'dashboard' } })
    const seen = service.checked()
    await service.get('/tenants/acme/check', { method: 'POST' })
    expect(await seen).toMatchObject({ verdict: 'drifted' })
    expect(await service.text('/episodes/1')).toContain('a person in the dashboard')
  })
})
