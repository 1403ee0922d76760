import type { Budget } from './budget.ts'
import { RequestFault } from './faults.ts'
import type { Clocks } from './options.ts'
import type { Tally } from './tally.ts'

/** Share of the bucket that is left to others: a plan that drains it throttles the tenant's end users. */
const LEFT_TO_OTHERS = 0.2
/** Refill assumed until the headers tell one, in tokens per ms (the smallest plan has two a second). */
const SLOWEST_KNOWN_RATE = 0.002
/** A waiter looks again this often, because answers that arrive meanwhile tell more. */
const LOOK_AGAIN_MS = 250

/** A copy of the tenant's token bucket, learned from its answers. Without any headers nothing is limited. */
export interface RateLimit {
  /** Waits until one request may go out. */
  take(budget: Budget, tally: Tally, signal: AbortSignal): Promise<void>
  /** Call once for every `take`, with the headers of the answer, or null where none came. */
  learn(headers: RateHeaders | null): void
  /** What the tenant said last of its bucket; null where it says nothing. */
  last(): { readonly limit: number; readonly remaining: number } | null
}

/** `limit` and `remaining` in requests; `reset` and `date` in epoch seconds; null where absent or no number. */
export interface RateHeaders {
  readonly limit: number | null
  readonly remaining: number | null
  readonly reset: number | null
  readonly date: number | null
}

/**
 * `x-ratelimit-reset` is when the bucket is FULL again, in whole seconds (recorded pairs: 9 of 10 left, +1..2 s; 3 left, +4 s), so the refill is
 * (limit - remaining) / (reset - now), and the next token comes long before the reset. The server's own `date` is "now": clocks differ.
 */
export function createRateLimit({ now, clock, sleep }: Clocks): RateLimit {
  let limit: number | null = null
  let tokens = Infinity
  let rate = 0
  let updated = clock()
  let inFlight = 0
  let queue: Promise<void> = Promise.resolve()
  let last: ReturnType<RateLimit['last']> = null

  function refill(): void {
    const at = clock()
    if (limit !== null) tokens = Math.min(limit, tokens + (at - updated) * (rate || SLOWEST_KNOWN_RATE))
    updated = at
  }

  function waitForNext(): number {
    refill()
    if (limit === null) return 0
    const lacking = Math.floor(limit * LEFT_TO_OTHERS) + 1 - tokens
    return lacking <= 0 ? 0 : Math.ceil(lacking / (rate || SLOWEST_KNOWN_RATE))
  }

  async function takeInTurn(budget: Budget, tally: Tally, signal: AbortSignal): Promise<void> {
    // Others may keep the bucket below our share for good: after twice the time that should have been enough, go all the same.
    const patience = 1000 + 2 * waitForNext()
    let waited = 0
    for (let wait = waitForNext(); wait > 0 && waited < patience; wait = waitForNext()) {
      signal.throwIfAborted()
      if (wait >= budget.rest()) {
        throw new RequestFault(
          'rate_limited',
          'The rate limit of the tenant did not let the reading end within its deadline',
          'Run it when the tenant is less busy, or raise TENANT_DRIFT_DEADLINE.',
          { retry: 'never' },
        )
      }
      if (waited === 0) tally.waits += 1
      const slice = Math.min(wait, LOOK_AGAIN_MS)
      await sleep(slice, signal)
      waited += slice
    }
    tokens -= 1
    inFlight += 1
  }

  return {
    last: () => last,
    take(budget, tally, signal) {
      const turn = queue.then(() => takeInTurn(budget, tally, signal))
      queue = turn.catch(() => undefined)
      return turn
    },
    learn(headers) {
      inFlight = Math.max(0, inFlight - 1)
      if (headers === null || headers.limit === null || headers.remaining === null || headers.limit < 1) return
      refill()
      limit = headers.limit
      last = { limit: headers.limit, remaining: headers.remaining }
      // Those still under way may or may not be in the tenant's count: assume they are not.
      tokens = Math.min(limit, headers.remaining - inFlight)
      if (headers.reset === null || headers.remaining >= headers.limit) return
      const seconds = Math.max(1, headers.reset - (headers.date ?? now() / 1000))
      // Whole seconds make single pairs read too slow, never too fast by much: the fastest pair seen is nearest.
      rate = Math.max(rate, (headers.limit - headers.remaining) / seconds / 1000)
    },
  }
}
