import { setTimeout as sleep } from 'node:timers/promises'
import { limitOf, waitOf } from '../way/limit.ts'
import { WireFault, type Outgoing, type Reply, type Send } from '../way/send.ts'

/** Tries of one message in one command. */
const TRIES = 3
const FIRST_PAUSE_MS = 1000
const LONGEST_REQUEST_MS = 10_000

/** How telling passes its time; tests bring their own. */
export interface Pace {
  /** Epoch ms. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Epoch ms after which nothing more is sent by this command. */
  readonly until: number
}

/** Telling has 30 s in all. */
export const TELLING_MS = 30_000

export function paceFrom(now: () => number): Pace {
  // The run's clock may be stopped (SOURCE_DATE_EPOCH), so passing time is measured by the monotonic clock.
  const began = performance.now()
  const start = now()
  return {
    now: () => start + Math.floor(performance.now() - began),
    sleep: (ms) => sleep(ms),
    until: start + TELLING_MS,
  }
}

/** How a message fared. The words never hold an address, a credential or anything of an answer's body. */
export type Fate =
  | { readonly fate: 'sent'; readonly reply: Reply }
  /** For a later run: not before `afterMs` from now. */
  | {
      readonly fate: 'later'
      readonly afterMs: number
      readonly why: string
      readonly isHopeless?: boolean
      /** A try ended without an answer: somebody may have heard it all the same. */
      readonly mayBeHeard?: boolean
    }
  /** The service does not take this text. */
  | { readonly fate: 'refused'; readonly status: number; readonly why: string }
  /** The channel is no more. */
  | { readonly fate: 'ended'; readonly why: string }
  /** Nothing will make it work but somebody who changes the configuration. */
  | { readonly fate: 'failed'; readonly status: number | null; readonly why: string }

/** Sends one request up to three times, as long as trying again may help and there is time. */
export async function attempt(send: Send, request: () => Outgoing, pace: Pace): Promise<Fate> {
  let mayBeHeard = false
  for (let tries = 1; ; tries += 1) {
    const left = pace.until - pace.now()
    if (left <= 0) return { fate: 'later', afterMs: 0, why: 'the time for sending messages was used up', mayBeHeard }
    const tried = await once(send, request(), Math.min(LONGEST_REQUEST_MS, left), pace.now)
    mayBeHeard ||= tried.fate === 'later' && tried.mayBeHeard === true
    const fate = tried.fate === 'later' ? { ...tried, mayBeHeard } : tried
    if (fate.fate !== 'later' || fate.isHopeless === true) return fate
    const pause = Math.max(fate.afterMs, FIRST_PAUSE_MS * 2 ** (tries - 1))
    if (tries >= TRIES || pause >= pace.until - pace.now()) return fate
    await pace.sleep(pause)
  }
}

async function once(send: Send, request: Outgoing, timeoutMs: number, now: () => number): Promise<Fate> {
  try {
    const reply = await send(request, timeoutMs)
    return fateOf(reply, now())
  } catch (error) {
    if (!(error instanceof WireFault)) throw error
    // A fault that the same request would meet again (a certificate, a name) is left for the next run: it may be mended by then.
    return {
      fate: 'later',
      afterMs: 0,
      why: error.message,
      mayBeHeard: error.mayBeHeard,
      ...(error.mayPass ? {} : { isHopeless: true }),
    }
  }
}

function fateOf(reply: Reply, now: number): Fate {
  const { status } = reply
  if (status >= 200 && status < 300) return { fate: 'sent', reply }
  const why = `it answered ${status}`
  const limit = limitOf(reply, now)
  if (limit !== null) return { fate: 'later', afterMs: limit, why: `${why}, a rate limit` }
  if (status >= 500 || status === 408 || status === 425) return { fate: 'later', afterMs: waitOf(reply, now) ?? 0, why }
  if (status >= 300 && status < 400)
    return {
      fate: 'failed',
      status,
      why: `${why}, a redirect, which is not followed: give the address that it leads to`,
    }
  if (status === 410) return { fate: 'ended', why: `${why}: the address no longer exists` }
  if (status === 400 || status === 413 || status === 422) return { fate: 'refused', status, why }
  return { fate: 'failed', status, why }
}
