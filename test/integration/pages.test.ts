import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { git, repository } from '../action/runner.ts'
import { toolsWith } from '../action/workflow.ts'
import type { Affected } from '../../src/schema/affected.ts'
import type { Report } from '../../src/schema/report.ts'
import { envOf, folderWith, run } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { emptyShell } from '../support/empty-shell.ts'
import { canRun, lacking } from '../repair/script.ts'
import { playOf } from '../support/play-page.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const ORDERS = 'https://orders.example.com/'
const OLD = 'https://old.example.com/'

describe('command.md', () => {
  const PAGE = 'docs/command.md'

  it('shows what happens, block after block', async () => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 3600 })
    tenant.create({ identifier: OLD, name: 'Old' })
    const { cwd } = repository({
      'declared/orders.yaml': blockOf(PAGE, '# the shop\n    signing_alg: RS256\n    token'),
    })
    git(cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    const shell = emptyShell({ tenant, cwd })
    const page = playOf(PAGE)
    await shell.paste(blockOf(PAGE, 'export AUTH0_DOMAIN='))

    await page.next(shell)
    await shell.paste('npx tenant-drift record')
    tenant.remove(OLD)
    tenant.edit(ORDERS, { allow_offline_access: true })
    await page.next(shell)
    tenant.edit(ORDERS, { allow_offline_access: false, signing_alg: 'HS256', token_lifetime: 600 })
    await page.next(shell)

    expect(page.rest).toBe(0)
  })
})

describe.skipIf(!canRun)(`repair.md${lacking}`, () => {
  const PAGE = 'docs/repair.md'

  it('shows what happens, the script among it', { timeout: 60_000 }, async () => {
    const tenant = await tenantWith({ apis: 0 })
    const live = { signing_alg: 'HS256', allow_offline_access: true, scopes: [{ value: 'read:orders' }] }
    tenant.create({ identifier: ORDERS, ...live })
    const { cwd } = repository({ 'declared/orders.yaml': blockOf(PAGE, 'description: Read orders') })
    const own = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
    const page = playOf(PAGE)

    await page.next(emptyShell({ tenant, cwd, own }))

    expect(page.rest).toBe(0)
    expect(tenant.list().at(-1)).toMatchObject(live)
  })
})

describe('declared.md', () => {
  it('shows what mistakes are called', async () => {
    const cwd = folderWith({
      'declared/shop.yaml': `# the shop
resource_servers:
  - identifier: ${ORDERS}
    signing_alg: RS257
    name: Orders
    signingAlg: RS256
`,
    })
    const { code, out } = await run(['check'], { cwd, env: envOf(await tenantWith({ apis: 0 })) })
    // A report breaks its lines.
    const said = out.replaceAll(/\s+/g, ' ')
    const shown = blockOf('docs/declared.md', 'signing_alg: must be one of').trim().split('\n')
    expect([code, shown.length, shown.filter((line) => !said.includes(line))]).toEqual([1, 2, []])
  })
})

describe('affected.md', () => {
  const PAGE = 'docs/affected.md'

  it('shows what the JSON report says of a difference', async () => {
    const tenant = await tenantWith({
      apis: 0,
      scopes: ['read:resource_servers', 'read:client_grants', 'read:clients', 'read:tenant_settings'],
    })
    tenant.create({ identifier: ORDERS, name: 'Orders', token_lifetime: 600 })
    const shown = JSON.parse(blockOf(PAGE, '"allFirstParty"')) as Affected
    const [shop] = shown.applications
    tenant.putClient({
      client_id: shop?.client_id ?? '',
      name: shop?.name ?? '',
      grant_types: ['authorization_code', 'refresh_token'],
    })
    const cwd = folderWith({
      'declared/orders.yaml': `resource_servers: [{ identifier: '${ORDERS}', token_lifetime: 3600 }]\n`,
    })
    const shell = emptyShell({ tenant, cwd, own: envOf(tenant) })
    const { code, log } = await shell.paste(`${blockOf(PAGE, 'check --affected').trim()} --output json`)
    const { findings } = JSON.parse(log.slice(log.indexOf('{'), log.lastIndexOf('}') + 1)) as Report
    expect([code, findings[0]?.affected]).toEqual([2, shown])
  })
})

describe('history.md', () => {
  it.each([
    ['stands as declared', 'RS256'],
    ['has drifted', 'HS256'],
  ] as const)('keeps a history of a tenant that %s, and tells it', async (_how, signing_alg) => {
    const tenant = await tenantWith({ apis: 0 })
    tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg })
    const cwd = folderWith({
      'declared/orders.yaml': `resource_servers: [{ identifier: '${ORDERS}', signing_alg: RS256 }]\n`,
    })
    const shell = emptyShell({ tenant, cwd })
    const { code, log } = await shell.paste(blockOf('docs/history.md', 'npx tenant-drift history'))
    const [, told = ''] = log.split(/^(?:IN SYNC|DRIFTED) {2}acme\.eu\.auth0\.com: .*$/m)
    expect([code, told.includes(ORDERS)]).toEqual([0, signing_alg === 'HS256'])
  })
})

describe('tenant.md', () => {
  it('shows the proof of a reading', async () => {
    const tenant = await tenantWith({ apis: 5 })
    const { domain, client_id, client_secret, audience } = tenant
    const env = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: client_id, AUTH0_CLIENT_SECRET: client_secret }
    const { out } = await run(['snapshot'], { env, cwd: folderWith(), now: Date.now })
    const shown = blockOf('docs/tenant.md', '"rereads"').replace('https://acme.eu.auth0.com/api/v2/', audience)
    expect((JSON.parse(out) as { readonly proof: unknown }).proof).toEqual(JSON.parse(shown))
  })
})

describe('simulator.md', () => {
  const PAGE = 'docs/simulator.md'

  it('starts a tenant that prints such a line, and takes a fault in another terminal', async () => {
    const [command = '', line = ''] = blockOf(PAGE, 'simulate --apis 3').replace('$ ', '').split('\n')
    const env = { PATH: `${toolsWith()}:${process.env['PATH'] ?? ''}` }
    const running = spawn('bash', ['-c', `exec ${command}`], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void running.kill())
    const [first] = (await once(createInterface(running.stdout), 'line')) as [string]
    const started = JSON.parse(first) as { readonly url: string }
    const other = emptyShell({ tenant: await tenantWith({ apis: 0 }) })
    const fault = blockOf(PAGE, '__simulator/faults').replaceAll('http://127.0.0.1:40123', started.url)
    const [call = '', answer] = fault.replace('$ ', '').split('\n')

    expect(Object.keys(started)).toEqual(Object.keys(JSON.parse(line) as object))
    expect(await other.paste(call)).toEqual({ code: 0, log: expect.stringContaining(answer ?? '') })
  })
})
