import { setTimeout as sleep } from 'node:timers/promises'
import type { History } from '../history/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import type { LogLine } from './types.ts'

const PAUSE_MS = 1000

/** A history that may go away and come back. */
export interface Store {
  /**
   * Does something with it. A store that fails is closed, said once, and opened again by a later question.
   * @throws TenantDriftError `history_unusable` while it is away, and once it is closed
   */
  use<T>(body: (history: History) => Promise<T>): Promise<T>
  /** Why it cannot be used; null where it can. */
  readonly fault: () => string | null
  /** For good: nothing opens it again. */
  readonly close: () => Promise<void>
}

export async function openStore(
  open: (isFirst: boolean) => Promise<History>,
  now: () => number,
  log: (line: LogLine) => void,
): Promise<Store> {
  let history: History | null = await open(true)
  let fault: TenantDriftError | null = null
  let triedAt = 0
  let opening: Promise<History> | null = null
  let isClosed = false

  const goAway = (error: TenantDriftError): void => {
    if (fault === null) log({ level: 'error', event: 'store_lost', message: error.message, advice: error.advice })
    fault = error
    triedAt = now()
  }

  const openAgain = async (): Promise<History> => {
    try {
      const opened = await open(false)
      try {
        await opened.tryWriting()
        if (isClosed) throw closed()
      } catch (error) {
        await opened.close()
        throw error
      }
      history = opened
      fault = null
      log({ level: 'info', event: 'store_back', message: `history ${opened.name} can be used again` })
      return opened
    } catch (error) {
      if (isUnusable(error) && !isClosed) goAway(error)
      throw error
    } finally {
      opening = null
    }
  }

  const again = (): Promise<History> => {
    if (isClosed) throw closed()
    if (fault !== null && Math.abs(now() - triedAt) < PAUSE_MS) throw fault
    opening ??= openAgain()
    return opening
  }

  return {
    async use(body) {
      const used = history ?? (await again())
      try {
        return await body(used)
      } catch (error) {
        // A late failure may come from a history that was given up before; the one that is open now stays.
        if (isUnusable(error) && used === history) {
          history = null
          goAway(error)
          used.close().catch(() => undefined)
        }
        throw error
      }
    },
    fault: () => fault?.message ?? null,
    async close() {
      isClosed = true
      const last = history
      history = null
      // Waits for an opening that is under way. If it takes longer, it closes by itself what it opened.
      if (opening !== null) await Promise.race([opening.catch(() => undefined), sleep(PAUSE_MS)])
      await last?.close()
    },
  }
}

function isUnusable(error: unknown): error is TenantDriftError {
  return error instanceof TenantDriftError && error.code === 'history_unusable'
}

function closed(): TenantDriftError {
  return new TenantDriftError(
    'history_unusable',
    'the service is stopping, and its history is closed',
    'Start it again.',
  )
}
