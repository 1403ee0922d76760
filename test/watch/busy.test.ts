import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openStore } from '../../src/watch/store.ts'
import { startWorkers } from '../../src/watch/workers.ts'
import { sqliteStore } from '../history/stores.ts'
import { watchedTenant } from './watched.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('workers with all hands full', () => {
  it('are not told as standing still, however long their checks take', async () => {
    const place = await sqliteStore()
    onTestFinished(() => place.close())
    const store = await openStore(
      () => place.open(),
      () => Date.now(),
      () => undefined,
    )
    const names = Array.from({ length: 8 }, (_, index) => `t${index}`)
    const tenants = names.map((name) => watchedTenant(name, { address: name, view: name }))
    const end = Promise.withResolvers<never>()
    let checks = 0
    const check = () => {
      checks += 1
      return end.promise
    }
    await store.use((history) => history.turns('one').plan(names.map((name) => ({ tenant: name, due: 0 }))))
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
  })
})
