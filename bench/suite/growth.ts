import type { Measured } from './measured.ts'

/** How much steeper CPU may grow between 1,000 and 10,000 APIs than between 100 and 1,000. */
export const LIMIT_OF_GROWTH = 0.2

/** The share of all CPU that the APIs between 100 and 1,000 must cost at least: a start of seconds varies by as much from run to run. */
export const LEAST_SHARE = 0.1

export interface Growth {
  readonly subject: string
  /** Milliseconds of CPU for 1,000 APIs more. */
  readonly early: number
  readonly late: number
  /** Null where the first slope is lost in the start of the program. */
  readonly isLinear: boolean | null
}

/** Of every program that asks the tenant and was measured at all three sizes, without latency and limit. Growing more slowly is no fault. */
export function growth(measured: readonly Measured[]): readonly Growth[] {
  const plain = measured.filter(({ latencyMs, rate, requests }) => latencyMs === 0 && rate === null && requests > 0)
  return [...Map.groupBy(plain, ({ subject }) => subject)].flatMap(([subject, runs]) => {
    const at = (size: number) => runs.find(({ apis }) => apis === size)?.cpuMs ?? null
    const [low, middle, high] = [at(100), at(1000), at(10_000)]
    if (low === null || middle === null || high === null) return []
    const [early, late] = [(middle - low) / 0.9, (high - middle) / 9]
    const isLost = middle - low < middle * LEAST_SHARE
    return [{ subject, early, late, isLinear: isLost ? null : late <= early * (1 + LIMIT_OF_GROWTH) }]
  })
}
