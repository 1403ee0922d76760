import { setTimeout as wait } from 'node:timers/promises'
import { isLoopback } from '../schema/loopback.ts'
import type { LogEntry } from './log-event.ts'

type StreamFormat = 'array' | 'object' | 'lines'
/** `twice`: each event comes a second time; `unordered`: every other one is overtaken by the next. */
type StreamFault = 'twice' | 'unordered'

/** A custom webhook log stream. */
export interface StreamOptions {
  /** On loopback alone: these events are invented, and what is tried here is nobody's receiver. */
  readonly url: string
  /** Sent as `Authorization`, as it is. */
  readonly token: string
  readonly format?: StreamFormat
  /** Milliseconds between a write and its event. */
  readonly delayMs?: number
  readonly faults?: readonly StreamFault[]
}

const TRIES = 3
const PAUSE_MS = 200
const LONGEST_MS = 5000
const OVERTAKEN_MS = 300

export interface LogStream {
  readonly send: (entry: LogEntry) => void
  /** Ends at once: what waits is not sent any more. */
  readonly close: () => Promise<void>
}

/**
 * Sends each event by itself, as a stream with few of them does: at least once, three tries, and then it is lost. @throws Error where the address is not on loopback
 */
export function openLogStream({ url, token, format = 'array', delayMs = 0, faults = [] }: StreamOptions): LogStream {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || !isLoopback(new URL(url).hostname))
    throw new Error('The log stream of the embedded tenant goes to loopback alone.')
  const stop = new AbortController()
  const under = new Set<Promise<void>>()
  let number = 0

  const post = async (entry: LogEntry): Promise<boolean> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json', 'user-agent': 'Auth0-Log-Streams' },
      body: streamBody(entry, format),
      redirect: 'manual',
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(LONGEST_MS)]),
    })
    await answer.body?.cancel()
    return answer.ok
  }

  const deliver = async (entry: LogEntry, lateMs: number): Promise<void> => {
    if (lateMs > 0) await wait(lateMs, undefined, { signal: stop.signal })
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if (await post(entry).catch(() => false)) return
      if (tries < TRIES) await wait(PAUSE_MS * tries, undefined, { signal: stop.signal })
    }
  }

  return {
    send(entry) {
      number += 1
      const isOvertaken = faults.includes('unordered') && number % 2 === 1
      const times = faults.includes('twice') ? 2 : 1
      for (let time = 0; time < times; time += 1) {
        const work = deliver(entry, delayMs + (isOvertaken ? OVERTAKEN_MS : 0))
          .catch(() => undefined)
          .finally(() => under.delete(work))
        under.add(work)
      }
    },
    async close() {
      stop.abort()
      await Promise.all(under)
    },
  }
}

function streamBody(entry: LogEntry, format: StreamFormat): string {
  const item = JSON.stringify({ log_id: entry.log_id, data: entry })
  return format === 'array' ? `[${item}]` : format === 'lines' ? `${item}\n` : item
}
