/** GitHub says so where it tells nothing else: a minute at least. */
const UNTOLD_MS = 60_000
/** What a job waits in all; more is for the next run. */
export const MOST_WAITING_MS = 120_000

const SAYS_SO = /rate limit|abuse detection/i

/**
 * How long GitHub asks to wait, in ms, where an answer is one of its limits: of all requests of a token (nothing remains), or the secondary one, which has
 * the status of a missing right. Null for any other answer. `x-ratelimit-reset` is epoch seconds; `retry-after` is seconds.
 */
export function limitOf(status: number, headers: Headers, text: string, now: number): number | null {
  if (status !== 403 && status !== 429) return null
  const after = secondsIn(headers.get('retry-after'))
  if (after !== null) return Math.max(1, after) * 1000
  if (headers.get('x-ratelimit-remaining') === '0') {
    const reset = secondsIn(headers.get('x-ratelimit-reset'))
    return reset === null ? UNTOLD_MS : Math.max(1000, reset * 1000 - now)
  }
  return status === 429 || SAYS_SO.test(text) ? UNTOLD_MS : null
}

function secondsIn(text: string | null): number | null {
  return text !== null && /^\d{1,12}$/.test(text.trim()) ? Number(text) : null
}
