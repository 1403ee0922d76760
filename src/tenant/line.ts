import type { Dispatcher } from 'undici'
import { createDispatcher } from '../way/dispatcher.ts'
import type { TenantConfig } from './config.ts'
import type { Clocks, ReaderOptions } from './options.ts'
import { createRateLimit } from './rate-limit.ts'
import type { RateLimit } from './rate-limit.ts'

/** Requests side by side, and connections over HTTP/1.1. */
export const SIDE_BY_SIDE = 10

/** The connections to one tenant and what was learned of its rate limit. Readers begun afresh share it; the last one closes it. */
export interface TenantLine {
  readonly dispatcher: Dispatcher
  readonly rateLimit: RateLimit
  lease(): void
  release(): Promise<void>
}

/** Opens nothing yet. Never undici's global dispatcher: that belongs to the program we may be loaded into. */
export function createLine(config: TenantConfig, clocks: Clocks, options: ReaderOptions): TenantLine {
  const dispatcher = createDispatcher(config.proxy, {
    connections: SIDE_BY_SIDE,
    patienceMs: config.deadlineMs,
    ca: options.ca,
  })
  if (options.onConnect !== undefined) dispatcher.once('connect', options.onConnect)
  let leases = 1
  return {
    dispatcher,
    rateLimit: createRateLimit(clocks),
    lease() {
      leases += 1
    },
    async release() {
      leases -= 1
      // `destroy`, not `close`: a tenant that hangs must not hold up the end of the program.
      if (leases === 0) await dispatcher.destroy()
    },
  }
}
