import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWith } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { postgresPackage, startPostgres, type Server } from '../history/stores.ts'
import { SECRET, services } from '../notify/services.ts'
import { builtFile, isBuilt } from '../support/built.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { served, type Served } from '../watch/served.ts'

const Postgres = await postgresPackage()
let server: Server | null = null

beforeAll(async () => {
  if (Postgres !== null) server = await startPostgres(Postgres)
})

afterAll(() => server?.stop())

const checksOf = ({ lines }: Served): number => lines.filter(({ event }) => event === 'checked').length

describe.skipIf(Postgres === null || !isBuilt)('two services on one history in PostgreSQL', () => {
  it('share the tenants, and one that is killed is followed by the other, which tells nothing twice', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => tenantWith({ apis: 0 })))
    for (const tenant of tenants) tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
    const to = await services()
    to.now = Date.now()
    const sections = tenants.map(
      ({ domain }, index) => `  t${index}: { domain: '${domain}', credentials: { api_token: TOKEN_${index} } }\n`,
    )
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] },
      'tenant-drift.yaml': `${blockOf('docs/watch.md', 'DRIFT_DATABASE')}schedule: every 2s\nnotify:\n  - webhook: { url: ${to.url}/hook, secret_variable: HOOK_SECRET }\ntenants:\n${sections.join('')}`,
    })
    const store = await (server as Server).store()
    const env = {
      DRIFT_DATABASE: store.url,
      HOOK_SECRET: SECRET,
      ...Object.fromEntries(tenants.map(({ token }, index) => [`TOKEN_${index}`, token])),
    }
    const main = builtFile('bin/tenant-drift.js')
    const [first, second] = await Promise.all([served(cwd, env, [], main), served(cwd, env, [], main)])
    await Promise.all([first.checked(), second.checked()])
    tenants[0]?.edit('urn:a', { signing_alg: 'HS256' })
    await Promise.any([first, second].map((each) => each.line(({ verdict }) => verdict === 'drifted')))
    await first.stop('SIGKILL')
    tenants[1]?.edit('urn:a', { signing_alg: 'HS256' })
    // Whatever the killed one had in hand comes back when its lease is over.
    for (const name of ['t0', 't1', 't2', 't3']) await second.checked(name)
    await second.line(({ tenant, verdict }) => tenant === 't1' && verdict === 'drifted')
    expect(await second.stop()).toBe(0)
    expect(checksOf(first)).toBeGreaterThan(0)
    expect(to.heard).toEqual([
      'webhook: difference.opened urn:a#signing_alg',
      'webhook: difference.opened urn:a#signing_alg',
    ])
    const lines = [...first.lines, ...second.lines].map((line) => JSON.stringify(line)).join()
    expect(lines).not.toContain('invented-password')
  })
})
