import { describe, expect, it, onTestFinished } from 'vitest'
import { troubles } from '../../src/watch/service.ts'
import { openStore } from '../../src/watch/store.ts'
import type { LogLine } from '../../src/watch/front.ts'
import { startWorkers } from '../../src/watch/workers.ts'
import { envOf, folderWith, NOW, run } from '../cli/run.ts'
import { differs } from '../memory/runs.ts'
import { cleanReport } from '../report/rich-report.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { watchedTenant } from '../watch/watched.ts'
import { fullDisk } from './full-disk.ts'
import { KEY, record, sqliteStore } from './stores.ts'

/** More than fits into what is there already. */
const MANY = { findings: Array.from({ length: 80 }, (_, index) => differs({ identifier: `urn:${index}` })) }

describe('a disk that is full', () => {
  it('is said by a check, whose verdict stays, and the first one that has room remembers all of it', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const identifiers = Array.from({ length: 80 }, (_, index) => `urn:${index}`)
    for (const identifier of identifiers) tenant.create({ identifier, name: identifier })
    const declared = identifiers.map((identifier) => ({ identifier, signing_alg: 'RS256' }))
    const cwd = folderWith({ 'declared/a.json': { resource_servers: declared } })
    let hour = 0
    const check = () => {
      hour += 1
      const now = () => NOW + hour * 3_600_000
      return run(['check', '--history', 'history.db', '--output', 'json'], { cwd, env: envOf(tenant), now })
    }
    expect((await check()).code).toBe(0)
    for (const identifier of identifiers) tenant.edit(identifier, { signing_alg: 'PS256' })
    const disk = fullDisk()
    const full = await check()
    const listed = await run(['history', '--history', 'history.db'], { cwd, env: envOf(tenant), now: () => NOW })
    disk.free()
    const after = await check()

    expect([full.code, full.err]).toEqual([2, expect.stringMatching(/history\.db: the disk is full\nFree some space/)])
    expect([listed.code, listed.out]).toEqual([0, expect.stringMatching(/No open differences/)])
    expect([after.code, after.err]).toEqual([2, expect.not.stringMatching(/full/)])
    const since = (after.out.match(/"since": "[^"]+"/g) ?? []).map((each) => each.slice(10, -1))
    expect(since).toHaveLength(80)
    expect(new Set(since).size).toBe(1)
  })

  it('makes a service say no, though it takes what turns write, until a check is remembered', async () => {
    const place = await sqliteStore()
    onTestFinished(() => place.close())
    const lines: LogLine[] = []
    const store = await openStore(
      () => place.open(),
      Date.now,
      (line) => lines.push(line),
    )
    const acme = watchedTenant('acme', KEY, 'every 1s')
    await store.use((history) => history.turns('one').plan([{ tenant: 'acme', due: 0 }]))
    await store.use((history) => record(history, {}, 0))
    const disk = fullDisk()
    let hour = 0
    const over = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const workers = startWorkers(
      store,
      {
        tenants: [acme],
        fleet: 'one',
        by: 'worker',
        // As a check does: what it cannot remember it says, and its verdict stays.
        check: async (_, { history }) => {
          hour += 1
          const recorded = await record(history, MANY, hour).catch(() => null)
          return { report: cleanReport(), recorded }
        },
        now: Date.now,
        log: (line) => lines.push(line),
      },
      () => undefined,
      () => over.shift()?.resolve(),
    )
    const service = { store, workers, fleet: 'one', now: Date.now }
    const [first, second] = over
    workers.begin()
    await first?.promise
    expect(await troubles(service)).toEqual([expect.stringMatching(/not stored .*the disk is full/)])
    expect(lines.findLast(({ event }) => event === 'checked')).toMatchObject({ level: 'warn', remembered: false })
    disk.free()
    await second?.promise
    expect(await troubles(service)).toEqual([])
    expect(lines.findLast(({ event }) => event === 'checked')).toMatchObject({ remembered: true, moves: 80 })
    await workers.stop()
    await store.close()
  })
})
