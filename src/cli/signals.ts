import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * SIGINT and SIGTERM end the process at once, whatever is under way. Node hears a signal between two turns of its loop, and comparing or writing much may be
 * one turn of many seconds: so nobody listens, and the signal itself ends the process, but where something has to be taken away first (whoever has such a
 * thing listens for `exit`). Shells call both 130 and 143. The first process of a container has to listen, for nothing ends it otherwise.
 */
export function endAtSignals(): void {
  if (process.pid === 1) listenForSignals()
  process.on('newListener', (event) => {
    if (event === 'exit' && process.listenerCount('exit') === 0) listenForSignals()
  })
  process.on('removeListener', (event) => {
    if (event === 'exit' && process.listenerCount('exit') === 0 && process.pid !== 1)
      for (const signal of SIGNALS) process.off(signal, endProcess)
  })
}

/** Resolves at the first of these signals, for a command that serves until it is stopped and then ends in its own way. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      const hear = (): void => {
        // Not before all have heard it: who takes something away at the end, a folder of git's, ends the process where nobody else listens.
        setImmediate(() => process.off(signal, hear))
        resolve(signal)
      }
      process.on(signal, hear)
    }
  })
}

function listenForSignals(): void {
  for (const signal of SIGNALS) if (!process.listeners(signal).includes(endProcess)) process.on(signal, endProcess)
}

function endProcess(signal: NodeJS.Signals): void {
  // A command that listens itself (`untilStopped`) ends in its own way.
  if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal])
}
