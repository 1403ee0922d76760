import { RequestFault } from './faults.ts'
import type { Budget } from './budget.ts'
import type { Clocks } from './options.ts'
import type { Tally } from './tally.ts'

/** Repeats at most, by rule. Throttled ones end with the deadline. */
const REPEATS = { never: 0, once: 1, few: 4, throttled: Infinity } as const
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000

export interface Attempts {
  readonly budget: Budget
  readonly tally: Tally
  readonly clocks: Clocks
  readonly signal: AbortSignal
}

/**
 * Does `attempt` until it succeeds or a repeat can no longer help; pauses grow, with jitter.
 * An own loop and not p-retry: each kind of failure has its own bound, and all share one deadline, which a count cannot express.
 * @throws RequestFault of the last try
 */
export async function withRetries<T>(attempts: Attempts, attempt: () => Promise<T>): Promise<T> {
  const { budget, clocks, signal, tally } = attempts
  const failed = { never: 0, once: 0, few: 0, throttled: 0 }
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof RequestFault) || signal.aborted) throw error
      const repeats = failed[error.retry]
      failed[error.retry] += 1
      if (repeats >= REPEATS[error.retry]) throw error
      const pause = pauseFor(error.retryAfterMs, repeats, clocks.random())
      // Waiting beyond the deadline helps nobody: say now what the last answer was.
      if (pause >= budget.rest()) throw error
      if (error.retry === 'throttled') tally.waits += 1
      await clocks.sleep(pause, signal)
      tally.retries += 1
    }
  }
}

/** What the tenant asks for, and never less than the first pause; where it asks for none at all, the pauses grow as if it had said nothing. */
function pauseFor(asked: number | null, repeats: number, chance: number): number {
  return asked === null || asked === 0 ? pauseAfter(repeats, chance) : Math.max(asked, FIRST_PAUSE_MS)
}

/** In ms: doubled with every failure, between half and all of it, so that clients which failed together do not come back together. */
function pauseAfter(repeats: number, chance: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** repeats) * (0.5 + chance / 2)
}
