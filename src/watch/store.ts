import { setTimeout as sleep } from 'node:timers/promises'
import type { History } from '../history/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import type { LogLine } from './types.ts'

const PAUSE_MS = 1000

/** A history that may go away and come back. */
export interface Store {
  /**
   * Does something with it. A store that fails is closed, said once, and opened again by a later question.
   * @throws TenantDriftError `history_unusable` while it is away
   */
  use<T>(body: (history: History) => Promise<T>): Promise<T>
  /** Why it cannot be used; null where it can. */
  readonly fault: () => string | null
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

  const fail = (error: TenantDriftError): void => {
    if (fault === null) log({ level: 'error', event: 'store_lost', message: error.message, advice: error.advice })
    fault = error
    triedAt = now()
    const broken = history
    history = null
    broken?.close().catch(() => undefined)
  }

  const again = async (): Promise<History> => {
    if (fault !== null && Math.abs(now() - triedAt) < PAUSE_MS) throw fault
    opening ??= open(false).finally(() => {
      opening = null
    })
    const opened = await opening
    if (history === null) {
      history = opened
      fault = null
      log({ level: 'info', event: 'store_back', message: `history ${opened.name} can be used again` })
    }
    return history
  }

  return {
    async use(body) {
      try {
        return await body(history ?? (await again()))
      } catch (error) {
        if (error instanceof TenantDriftError && error.code === 'history_unusable' && error !== fault) fail(error)
        throw error
      }
    },
    fault: () => fault?.message ?? null,
    async close() {
      // What another one is in the middle of ends first.
      if (opening !== null) await Promise.race([opening.catch(() => undefined), sleep(PAUSE_MS)])
      await history?.close()
      history = null
    },
  }
}
