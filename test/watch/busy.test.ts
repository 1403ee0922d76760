import { afterEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../src/watch/store.ts'
import { parseSchedule } from '../../src/watch/schedule.ts'
import { startWorkers } from '../../src/watch/workers.ts'
import { sqliteStore } from '../history/stores.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('workers with all hands full', () => {
  it('are not told as standing still, however long their checks take', async () => {
    const place = await sqliteStore()
    const store = await openStore(
      () => place.open(),
      () => Date.now(),
      () => undefined,
    )
    const schedule = parseSchedule('every 15m', 'acme')
    if ('mistake' in schedule) throw new Error(schedule.mistake)
    const tenants = Array.from({ length: 8 }, (_, index) => {
      const name = `t${index}`
      return {
        name,
        key: { address: name, view: name },
        schedule,
        streamToken: () => null,
        keepsPersons: false,
        follows: null,
      }
    })
    const end = Promise.withResolvers<never>()
    let checks = 0
    const check = () => {
      checks += 1
      return end.promise
    }
    await store.use((history) => history.turns('one').plan(tenants.map(({ name }) => ({ tenant: name, due: 0 }))))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    const workers = startWorkers(
      store,
      { tenants, fleet: 'one', by: 'worker', check, now: Date.now, log: () => undefined },
      () => undefined,
      () => undefined,
    )
    workers.begin()
    await vi.advanceTimersByTimeAsync(1000)
    await vi.waitFor(() => expect(checks).toBe(8))
    vi.setSystemTime(Date.now() + 600_000)
    await vi.advanceTimersByTimeAsync(5000)
    expect(Date.now() - workers.lookedAt()).toBeLessThan(120_000)
    end.reject(new Error('what it finds is not asked here'))
    await workers.stop()
    await store.close()
    await place.close()
  })
})
