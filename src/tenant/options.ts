import { setTimeout as delay } from 'node:timers/promises'
import type { RequestLimit } from './request-limit.ts'

/** Time and chance, so that tests can bring their own. */
export interface Clocks {
  /** Epoch ms. */
  readonly now: () => number
  /** Monotonic ms. */
  readonly clock: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** What a recorded file is asked for: what was agreed holds, however long ago that was, and by whatever clock. */
export const AGELESS = { maxAgeMs: Number.POSITIVE_INFINITY, now: Number.POSITIVE_INFINITY } as const

export interface ReaderOptions extends Partial<Clocks> {
  /** Look at these APIs only: no inventory, no canary. */
  readonly targets?: readonly string[] | undefined
  /** Called when a connection is there, and with it the first question on its way. Not through a proxy. */
  readonly onConnect?: (() => void) | undefined
  /** Called with the bearer token before anything is sent with it, so that nobody says it. */
  readonly onSecret?: ((value: string) => void) | undefined
  /** A certificate authority (PEM) to trust besides those Node trusts. */
  readonly ca?: string | undefined
  /** Refuses rather than exceed it; readers begun afresh share it. */
  readonly limit?: RequestLimit | undefined
}

export function clocksOf(options: ReaderOptions): Clocks {
  return {
    now: options.now ?? Date.now,
    clock: options.clock ?? (() => performance.now()),
    random: options.random ?? Math.random,
    sleep: options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal })),
  }
}
