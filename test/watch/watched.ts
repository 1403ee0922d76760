import type { TenantKey } from '../../src/history/front.ts'
import { parseSchedule } from '../../src/watch/schedule.ts'
import type { WatchedTenant } from '../../src/watch/front.ts'

/** A tenant of a service that has nothing else: no log stream, and no branch that it follows. */
export function watchedTenant(name: string, key: TenantKey, every = 'every 15m'): WatchedTenant {
  const schedule = parseSchedule(every, name)
  if ('mistake' in schedule) throw new Error(schedule.mistake)
  return { name, key, schedule, streamToken: () => null, keepsPersons: false, follows: null }
}
