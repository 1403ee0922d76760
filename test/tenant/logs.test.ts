import { describe, expect, it, onTestFinished } from 'vitest'
import type { LogReading } from '../../src/schema/log-event.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/front.ts'
import type { Fault } from '../../src/simulator/options.ts'
import { createTenantReader, tenantConfig } from '../../src/tenant/front.ts'

const API = 'https://orders.example.com/'
const NOW = Date.parse('2026-11-28T12:00:00Z')
const MINUTE = 60_000
const DAY = 86_400_000

async function startLogs(options: SimulatorOptions = {}): Promise<Simulator> {
  const tenant = await startSimulator({ scopes: ['read:resource_servers', 'read:logs'], now: () => NOW, ...options })
  onTestFinished(() => tenant.close())
  tenant.create({ identifier: API }, 'silent')
  return tenant
}

/** `count` events a second apart, or all at once, the last one a minute ago. */
function fill(tenant: Simulator, count: number, apart = 1000): void {
  for (let index = 0; index < count; index += 1)
    tenant.edit(API, { token_lifetime: 60 + index }, { at: NOW - MINUTE - (count - 1 - index) * apart })
}

async function read(tenant: Simulator, { from = NOW - DAY, isBroad = false } = {}) {
  const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
  const reader = createTenantReader(tenantConfig({ env }), { sleep: () => Promise.resolve() })
  onTestFinished(() => reader.close())
  const look = await reader.logs?.({ from, isBroad, persons: false })
  return { look, requests: tenant.requests()['GET /api/v2/logs'] ?? 0, proof: reader.proof() }
}

async function reading(tenant: Simulator, question = {}): Promise<LogReading & { requests: number }> {
  const { look, requests } = await read(tenant, question)
  if (look?.ok !== true) throw new Error(`not read: ${look?.reason ?? 'no log'}`)
  return { ...look.reading, requests }
}

describe('the reader of the tenant log', () => {
  it('asks once for less than a page, and gives the oldest first', async () => {
    const tenant = await startLogs()
    fill(tenant, 99)
    const { events, requests, isWhole, from, oldest, at } = await reading(tenant)
    expect([events.length, requests, isWhole, from]).toEqual([99, 1, true, NOW - DAY])
    expect(events.map((event) => event.at)).toEqual(events.map((event) => event.at).toSorted((a, b) => a - b))
    expect([oldest, at]).toEqual([events[0]?.at, NOW])
  })

  it('asks once more after a full last page', async () => {
    const tenant = await startLogs()
    fill(tenant, 200)
    expect(await reading(tenant)).toMatchObject({ requests: 3, isWhole: true })
  })

  it('goes on by date where there are more than a thousand, and has each once', async () => {
    const tenant = await startLogs()
    fill(tenant, 1150)
    const { events, requests, isWhole } = await reading(tenant)
    expect([events.length, new Set(events.map(({ log }) => log)).size, isWhole, requests]).toEqual([
      1150,
      1150,
      true,
      12,
    ])
  })

  it('gives up where a thousand have one time, and says from when on it has all', async () => {
    const tenant = await startLogs()
    fill(tenant, 3)
    fill(tenant, 1001, 0)
    const { events, isWhole, from, oldest } = await reading(tenant)
    expect(isWhole).toBe(false)
    expect(events.length).toBeGreaterThanOrEqual(1000)
    expect(from).toBe((oldest ?? 0) + 1)
  })

  it('looks at ten pages of all writes at most', async () => {
    const tenant = await startLogs()
    fill(tenant, 1150)
    expect(await reading(tenant, { isBroad: true })).toMatchObject({ requests: 10, isWhole: false })
  })

  it('asks narrowly for what is described as ours, and broadly for the rest', async () => {
    const tenant = await startLogs()
    fill(tenant, 1)
    const [entry] = tenant.logs()
    tenant.putLog({ ...entry, log_id: '9002x', description: 'Change an API' } as Parameters<Simulator['putLog']>[0])
    expect((await reading(tenant)).events).toHaveLength(1)
    expect((await reading(tenant, { isBroad: true })).events).toHaveLength(2)
  })

  it('asks for nothing before', async () => {
    const tenant = await startLogs()
    fill(tenant, 10, 10 * MINUTE)
    expect((await reading(tenant, { from: NOW - 25 * MINUTE })).events).toHaveLength(3)
  })

  it.each<[string, Fault, number]>([
    ['in no order', { kind: 'log-unordered' }, 10],
    ['with a hole', { kind: 'log-hole' }, 9],
    ['that lags in the middle', { kind: 'log-lag' }, 9],
    ['without totals', { kind: 'log-no-totals' }, 10],
    ['that was throttled once', { kind: 'status', status: 429, times: 1, match: { path: '/api/v2/logs' } }, 10],
    ['that failed once', { kind: 'status', status: 502, times: 1, match: { path: '/api/v2/logs' } }, 10],
  ])('reads one %s', async (_what, fault, count) => {
    const tenant = await startLogs()
    fill(tenant, 10)
    tenant.setFault(fault)
    const { events } = await reading(tenant)
    expect(events).toHaveLength(count)
    expect(events.map((event) => event.at)).toEqual(events.map((event) => event.at).toSorted((a, b) => a - b))
  })

  it.each<[string, SimulatorOptions, Fault | null, string]>([
    ['without the scope', { scopes: ['read:resource_servers'] }, null, 'no-scope'],
    ['where it is refused', {}, { kind: 'status', status: 403, match: { path: '/api/v2/logs' } }, 'no-scope'],
    ['where it fails', {}, { kind: 'status', status: 500, match: { path: '/api/v2/logs' } }, 'unreadable'],
    ['where it is no list', {}, { kind: 'html', match: { path: '/api/v2/logs' } }, 'unreadable'],
  ])('throws nothing %s', async (_what, options, fault, reason) => {
    const tenant = await startLogs(options)
    if (fault !== null) tenant.setFault(fault)
    expect((await read(tenant)).look).toEqual({ ok: false, reason })
  })

  it('counts its requests in the proof', async () => {
    const tenant = await startLogs()
    fill(tenant, 150)
    expect((await read(tenant)).proof.requests).toMatchObject({ log: 2 })
  })
})
