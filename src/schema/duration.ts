export const DAY_MS = 86_400_000

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS } as const

/** What is expected where one stands, for people. */
export const A_DURATION = 'a duration like 90s, 2m or 24h'

/** A duration as people write it (`120`, `90s`, `500ms`, `2h`, `1d`), in milliseconds; a bare number is seconds. Null where it is none. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*$/.exec(text)
  if (match === null) return null
  return Number(match[1]) * (UNITS[(match[2] ?? 's') as keyof typeof UNITS] ?? 1000)
}

/** Milliseconds as one would write them: in the largest unit up to hours that they are a whole number of. */
export function durationText(ms: number): string {
  const unit = (['h', 'm'] as const).find((each) => ms > 0 && ms % UNITS[each] === 0) ?? 's'
  return `${ms / UNITS[unit]}${unit}`
}
