/** A bucket for each key: `burst` at once, then `perSecond`. Keys that are full again are forgotten. */
export function createLimit(burst: number, perSecond: number, now: () => number): (key: string) => boolean {
  const buckets = new Map<string, { left: number; at: number }>()
  return (key) => {
    const at = now()
    const { left, at: before } = buckets.get(key) ?? { left: burst, at }
    const filled = Math.min(burst, left + (Math.max(0, at - before) / 1000) * perSecond)
    if (buckets.size >= MOST_KEYS && !buckets.has(key)) buckets.clear()
    buckets.set(key, { left: filled >= 1 ? filled - 1 : filled, at })
    return filled >= 1
  }
}

const MOST_KEYS = 10_000
