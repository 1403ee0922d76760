/**
 * The one deadline of a reader: how long all its waiting for the tenant may take together. It runs only while somebody waits, because a
 * Pulumi program may ask again minutes later, after its own resources were made, and must not find the deadline spent by them.
 */
export interface Budget {
  readonly totalMs: number
  /** What is left, in ms; never negative. */
  rest(): number
  /** Counts the time until `work` is settled. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createBudget(totalMs: number, clock: () => number): Budget {
  let spent = 0
  let waiting = 0
  let since = 0
  return {
    totalMs,
    rest: () => Math.max(0, totalMs - spent - (waiting > 0 ? clock() - since : 0)),
    async run(work) {
      if (waiting === 0) since = clock()
      waiting += 1
      try {
        return await work()
      } finally {
        waiting -= 1
        if (waiting === 0) spent += clock() - since
      }
    },
  }
}
