import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { folderWith, write } from '../cli/run.ts'
import { SECRET, services } from '../notify/services.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, served, type Served } from './served.ts'

async function inSync(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
  return tenant
}

async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await sleep(50)
}

const checksOf = ({ lines }: Served): number => lines.filter(({ event }) => event === 'checked').length

describe('a store that goes away', () => {
  it('lets no check start, is said once, and the first check after it tells what stands, once', async () => {
    const [tenant, to] = [await inSync(), await services()]
    to.now = Date.now()
    const notify = `schedule: every 1s\nhistory: kept/history.db\nnotify:\n  - webhook: { url: ${to.url}/hook, secret_variable: HOOK_SECRET }\n`
    const cwd = acmeFolder(tenant, notify)
    write(cwd, { 'kept/.keep': '' })
    const service = await served(cwd, { ...acmeEnv(tenant), HOOK_SECRET: SECRET })
    await service.checked()
    renameSync(path.join(cwd, 'kept'), path.join(cwd, 'away'))
    await service.line(({ event }) => event === 'store_lost')
    tenant.edit('urn:a', { signing_alg: 'HS256' })
    const before = checksOf(service)
    expect((await service.get('/readyz')).status).toBe(503)
    expect((await service.get('/')).status).toBe(503)
    expect((await service.get('/healthz')).status).toBe(200)
    await sleep(2500)
    expect(checksOf(service)).toBe(before)

    renameSync(path.join(cwd, 'away'), path.join(cwd, 'kept'))
    expect(await service.checked()).toMatchObject({ verdict: 'drifted', remembered: true, moves: 1 })
    await service.checked()
    expect((await service.get('/readyz')).status).toBe(200)
    expect(service.lines.filter(({ event }) => event === 'store_lost')).toHaveLength(1)
    expect(service.lines.filter(({ event }) => event === 'store_back')).toHaveLength(1)
    expect(await service.stop()).toBe(0)
    expect(to.heard).toEqual(['webhook: difference.opened urn:a#signing_alg'])
  })
})

describe('a service that is killed', () => {
  it('is followed by one that takes its turns, knows what it knew, and tells nothing twice', async () => {
    const [tenant, to] = [await inSync(), await services()]
    to.now = Date.now()
    const notify = `notify:\n  - webhook: { url: ${to.url}/hook, secret_variable: HOOK_SECRET }\n`
    const cwd = acmeFolder(tenant, notify)
    const env = { ...acmeEnv(tenant), HOOK_SECRET: SECRET }
    tenant.edit('urn:a', { signing_alg: 'HS256' })
    const first = await served(cwd, env)
    await first.checked()
    await until(() => to.heard.length > 0)
    await first.stop('SIGKILL')
    const second = await served(cwd, env)
    await second.get('/tenants/acme/check', { method: 'POST' })
    expect(await second.checked()).toMatchObject({ verdict: 'drifted', moves: 0 })
    expect(await second.stop()).toBe(0)
    expect(to.heard).toEqual(['webhook: difference.opened urn:a#signing_alg'])
  })
})

describe('several tenants', () => {
  it('are looked at each on its own schedule, and one that cannot be read is no reason for another', async () => {
    const [one, two] = [await inSync(), await inSync()]
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] },
      'tenant-drift.yaml': `tenants:
  one: { domain: '${one.domain}', credentials: { api_token: ONE }, schedule: every 1s }
  two: { domain: '${two.domain}', credentials: { api_token: TWO }, schedule: every 1h }
  three: { domain: '${two.domain}', credentials: { api_token: THREE }, schedule: '0 7 * * 1-5 Europe/Berlin' }
`,
    })
    const service = await served(cwd, { ONE: one.token, TWO: two.token, THREE: 'not-a-good-token' })
    await service.checked('one')
    await service.checked('one')
    const of = (name: string) =>
      service.lines.filter(({ event, tenant }) => event === 'checked' && tenant === name).map(({ verdict }) => verdict)
    expect([of('two'), of('three')]).toEqual([['in-sync'], ['incomplete']])
    expect(await service.text('/tenants/three')).toContain('unauthorized')
    expect(await service.text('/')).toContain('1 that could not be judged')
    expect(service.lines.map((line) => JSON.stringify(line)).join()).not.toContain('not-a-good-token')
  })
})

describe('a tenant that is called default', () => {
  it('is named in the way back, where there are others', async () => {
    const tenant = await inSync()
    tenant.edit('urn:a', { signing_alg: 'HS256' })
    const more = `  default: { domain: '${tenant.domain}', credentials: { api_token: ACME_TOKEN }, schedule: every 1s }\n`
    const service = await served(acmeFolder(tenant, more), acmeEnv(tenant))
    await service.checked('default')
    await service.checked('default')
    const pages = await Promise.all([1, 2].map((id) => service.text(`/episodes/${id}`)))
    const commands = pages.map((page) => /repair --tenant (\S+) --only/.exec(page)?.[1])
    expect(new Set(commands)).toEqual(new Set(['acme', 'default']))
  })
})

describe('two services with one history', () => {
  it('leave each other the tenants that one of them does not know, whatever their files are called', async () => {
    const tenant = await inSync()
    const [few = '', more = ''] = ['few', 'more'].map((name) => path.join(folderWith({}), name, 'identity'))
    const line = (name: string) => `  ${name}: { domain: '${tenant.domain}', credentials: { api_token: ACME_TOKEN } }\n`
    const history = path.join(folderWith({}), 'history.db')
    const begin = (cwd: string, names: readonly string[]) => {
      mkdirSync(path.join(cwd, 'declared'), { recursive: true })
      writeFileSync(path.join(cwd, 'declared', 'a.json'), '{"resource_servers":[]}')
      writeFileSync(path.join(cwd, 'tenant-drift.yaml'), `tenants:\n${names.map(line).join('')}`)
      return served(cwd, { ACME_TOKEN: tenant.token }, ['--history', history])
    }
    const first = await begin(more, ['acme', 'later'])
    await first.line((each) => each['event'] === 'checked' && each['tenant'] === 'later')
    const second = await begin(few, ['acme'])
    await second.line(({ event }) => event === 'checked')
    const seen = first.checked('later')
    expect((await first.get('/api/v1/tenants/later/check', { method: 'POST' })).status).toBe(202)
    expect(await seen).toMatchObject({ verdict: 'in-sync', remembered: true })
  })
})
