import { expect, it } from 'vitest'
import { envOf, folderWith, run } from './run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

async function doctorWith(...scopes: string[]): Promise<string> {
  const tenant = await tenantWith({ apis: 0 })
  const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
  const env = { ...envOf(tenant), AUTH0_API_TOKEN: await tenant.issueToken({ scopes }) }
  return (await run(['doctor', '--affected'], { cwd, env })).out.replaceAll(/\s+/g, ' ')
}

it('a scope that shows what applications can do is used by --affected, whichever of two it is', async () => {
  const out = await doctorWith('read:resource_servers', 'read:client_grants', 'read:client_keys')

  expect(out).toContain('scopes: read:clients is not needed beside read:client_keys')
  expect(out).not.toContain('scopes that are not needed')
})

it('a scope that nothing uses is in excess', async () => {
  expect(await doctorWith('read:resource_servers', 'read:users')).toContain('scopes that are not needed: read:users')
})
