import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Simulator, StreamOptions } from '../../src/simulator/front.ts'
import { SECRET, services } from '../notify/services.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, served, STREAM_TOKEN } from './served.ts'

async function inSync(stream: StreamOptions): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0, logStream: stream })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }, 'silent')
  return tenant
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await sleep(50)
}

describe('a log stream of the embedded tenant', () => {
  it.each([
    ['array', [], ['HS256', 'RS256']],
    ['object', ['twice'], ['HS256']],
    ['lines', ['unordered', 'twice'], ['HS256']],
  ] as const)('brings each change to a webhook, as %s, %j', { timeout: 60_000 }, async (format, faults, changes) => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/hooks/auth0/acme`
    const [tenant, to] = [await inSync({ url, token: STREAM_TOKEN, format, faults }), await services()]
    to.now = Date.now()
    const notify = `schedule: every 1d\nnotify:\n  - webhook: { url: ${to.url}/hook, secret_variable: HOOK_SECRET }\n`
    const service = await served(acmeFolder(tenant, notify), { ...acmeEnv(tenant), HOOK_SECRET: SECRET }, [
      '--listen',
      `127.0.0.1:${port}`,
    ])
    await service.line(({ event }) => event === 'checked')
    const told: string[] = []
    for (const alg of changes) {
      tenant.edit('urn:a', { signing_alg: alg })
      const count = to.heard.length
      await until(() => to.heard.length > count)
      told.push(to.heard.at(-1) ?? '')
    }
    const all = ['webhook: difference.opened urn:a#signing_alg', 'webhook: difference.resolved urn:a#signing_alg']
    expect(told).toEqual(all.slice(0, changes.length))
    expect(to.heard).toHaveLength(changes.length)
    expect(await service.stop()).toBe(0)
  })

  it('goes to loopback alone', async () => {
    await expect(inSync({ url: 'https://hooks.example.com/', token: STREAM_TOKEN })).rejects.toThrow(/loopback/)
  })
})
