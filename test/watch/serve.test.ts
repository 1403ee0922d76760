import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { SECRET, services } from '../notify/services.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, postEvents, sapi, served } from './served.ts'

async function inSync(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
  return tenant
}

describe('tenant-drift serve', () => {
  it('looks on its schedule, when a log stream says so and when somebody asks, and tells each change once', async () => {
    const [tenant, to] = [await inSync(), await services()]
    to.now = Date.now()
    const notify = `notify:\n  - webhook: { url: ${to.url}/hook, secret_variable: HOOK_SECRET }\n`
    const service = await served(acmeFolder(tenant, notify), { ...acmeEnv(tenant), HOOK_SECRET: SECRET })
    await service.line(({ event, verdict }) => event === 'checked' && verdict === 'in-sync')

    tenant.edit('urn:a', { signing_alg: 'HS256' })
    const seen = service.checked()
    expect((await postEvents(service, JSON.stringify([sapi('1'), sapi('2')]))).status).toBe(204)
    expect(await seen).toMatchObject({ verdict: 'drifted', asked: true, moves: 1, remembered: true })

    tenant.edit('urn:a', { signing_alg: 'RS256' })
    const again = service.checked()
    const asked = await service.get('/tenants/acme/check', { method: 'POST' })
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/tenants/acme'])
    expect(await again).toMatchObject({ verdict: 'in-sync', moves: 1 })

    expect(await service.stop()).toBe(0)
    expect(to.heard).toEqual([
      'webhook: difference.opened urn:a#signing_alg',
      'webhook: difference.resolved urn:a#signing_alg',
    ])
  })

  it('looks again and again by itself', async () => {
    const tenant = await inSync()
    const service = await served(acmeFolder(tenant, 'schedule: every 1s\n'), acmeEnv(tenant))
    await service.checked()
    expect(await service.checked()).toMatchObject({ verdict: 'in-sync', asked: false, moves: 0 })
    expect(await service.stop('SIGINT')).toBe(0)
  })
})
