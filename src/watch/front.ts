import { watchApp } from './app.ts'
import { listenAsService } from './listen.ts'
import { createChanges, type Service } from './service.ts'
import { openStore } from './store.ts'
import { startTeller } from './teller.ts'
import type { Checked, WatchedTenant, WatchOptions } from './types.ts'
import { isWorkerGone, workerName } from './worker-name.ts'
import { startWorkers } from './workers.ts'

export { readDoors } from './doors.ts'
export { parseSchedule } from './schedule.ts'
export type { Checked, LogLine, WatchOptions, WatchedTenant } from './types.ts'

export interface Watch {
  readonly url: string
  /** No new turn; running ones end or are given back within 10 s; what was gathered is told; the store is closed. */
  readonly close: () => Promise<void>
}

/**
 * Starts the service: turns, channels, page, hook. It is handed what a check is, and adds no second way to compare.
 * @throws TenantDriftError where the store or the address cannot be used
 */
export async function startWatch(options: WatchOptions): Promise<Watch> {
  const { now, log, tenants, fleet, doors } = options
  const by = workerName()
  const store = await openStore(options.openHistory, now, log)
  try {
    await store.use(async (history) => {
      const known = new Set((await history.turns(fleet).waiting(now())).map(({ tenant }) => tenant))
      // A tenant that was never looked at is due now. One whose time passed meanwhile keeps that time (`plan`), and is next.
      const planned = tenants.map(({ name, schedule }) => ({
        tenant: name,
        due: known.has(name) ? schedule.next(now()) : now(),
      }))
      await history.turns(fleet).plan(planned)
      // Turns of a worker that was killed are free at once.
      await history.turns(fleet).giveBack((name) => isWorkerGone(name, by))
    })
  } catch (error) {
    await store.close()
    throw error
  }
  const changed = createChanges()
  const teller = startTeller(store, options)
  const counters = { hookEvents: 0, hookRefused: 0, hookNotUnderstood: 0, tokensRefused: 0 }
  const note = (tenant: WatchedTenant, { report, recorded }: Checked): void => {
    if (recorded !== null) teller.note(tenant.name, recorded.tenant.id, report)
  }
  const workers = startWorkers(store, { ...options, by }, note, changed.say)
  const service: Service = { ...options, store, workers, counters, changed }
  const stop = async (): Promise<void> => {
    await workers.stop()
    await teller.stop()
    await store.close()
  }
  try {
    const listening = await listenAsService(doors.host, doors.port, watchApp(service))
    workers.begin()
    return {
      url: listening.url,
      async close() {
        await listening.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
