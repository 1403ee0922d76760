import { DAY_MS } from '../schema/duration.ts'
import type { Reply } from './send.ts'

type LimitAnswer = Pick<Reply, 'status' | 'header'> & { readonly json?: unknown }

/** Where a service says that it is a limit, and nothing of when it ends. */
const UNTOLD_MS = 60_000
const LEAST_MS = 1000
const LONGEST_MS = DAY_MS

const SAYS_SO = /rate limit|abuse detection/i

/**
 * How long a service asks to wait, in ms, where an answer is one of its limits; null for any other answer. GitHub's have the status of a missing right:
 * of all requests of a token (nothing remains), or the secondary one, which may say so in its text alone.
 */
export function limitOf(answer: LimitAnswer, now: number): number | null {
  const { status } = answer
  if (status !== 403 && status !== 429) return null
  const isToldByHeader = answer.header('x-ratelimit-remaining') === '0' || answer.header('retry-after') !== null
  if (status === 403 && !isToldByHeader && !SAYS_SO.test(answerMessage(answer.json))) return null
  const wait = waitOf(answer, now)
  return wait === null ? UNTOLD_MS : Math.max(LEAST_MS, wait)
}

/**
 * What an answer says of when to ask again, in ms; null where it says nothing. `Retry-After` is seconds or a date, `x-ratelimit-reset` epoch seconds, which
 * holds where nothing remains; times are beside the answer's own date, or else beside `now` (epoch ms).
 */
export function waitOf({ header }: Pick<LimitAnswer, 'header'>, now: number): number | null {
  const within = (ms: number): number => Math.min(LONGEST_MS, Math.max(0, ms))
  const date = Date.parse(header('date') ?? '')
  const clock = Number.isNaN(date) ? now : date
  const after = header('retry-after')?.trim() ?? ''
  if (/^\d{1,12}$/.test(after)) return within(Number(after) * 1000)
  const at = Date.parse(after)
  if (after !== '' && !Number.isNaN(at)) return within(at - clock)
  const reset = header('x-ratelimit-reset')?.trim() ?? ''
  const isOver = header('x-ratelimit-remaining') === '0'
  return isOver && /^\d{1,12}$/.test(reset) ? within(Number(reset) * 1000 - clock) : null
}

function answerMessage(json: unknown): string {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : null
  return typeof message === 'string' ? message : ''
}
