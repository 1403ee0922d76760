import type { Rate } from './options.ts'

/**
 * A token bucket with the Management API's headers. `x-ratelimit-reset` is the epoch second at which the bucket will be full again, as recorded
 * pairs show; the next token comes much earlier.
 */
export class Bucket {
  readonly #rate: Rate
  readonly #now: () => number
  #tokens: number
  #at: number

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate
    this.#now = now
    this.#tokens = rate.burst
    this.#at = now()
  }

  /** Takes a token where there is one. */
  take(): { readonly allowed: boolean; readonly headers: Readonly<Record<string, string>> } {
    const now = this.#now()
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond)
    this.#at = now
    const allowed = this.#tokens >= 1
    if (allowed) this.#tokens -= 1
    const secondsToFull = (this.#rate.burst - this.#tokens) / this.#rate.perSecond
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': String(this.#rate.burst),
        'x-ratelimit-remaining': String(Math.floor(this.#tokens)),
        'x-ratelimit-reset': String(Math.ceil(now / 1000 + secondsToFull)),
      },
    }
  }
}
