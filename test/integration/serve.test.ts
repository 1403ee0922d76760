import { describe, expect, it } from 'vitest'
import { builtFile, isBuilt } from '../support/built.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, postEvents, sapi, served } from '../watch/served.ts'

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
})
