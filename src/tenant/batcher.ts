/**
 * Gathers what is asked for at one moment, so that a thousand callers make one decision: few are asked for one by one, many by one reading.
 * Every identifier is answered once and for all; `handle` must not throw and must answer all it is given.
 */
export function createBatcher<T>(handle: (identifiers: readonly string[]) => Promise<ReadonlyMap<string, T>>) {
  const known = new Map<string, Promise<T>>()
  let waiting: string[] = []
  let batch: Promise<ReadonlyMap<string, T>> | null = null

  function nextBatch(): Promise<ReadonlyMap<string, T>> {
    // A whole turn of the event loop: callers who wait for the same promise all run before it.
    batch ??= new Promise<void>((resolve) => {
      setImmediate(resolve)
    }).then(() => {
      const identifiers = waiting
      waiting = []
      batch = null
      return handle(identifiers)
    })
    return batch
  }

  function load(identifier: string): Promise<T> {
    const found = known.get(identifier)
    if (found !== undefined) return found
    waiting.push(identifier)
    const made = nextBatch().then((answers) => {
      const answer = answers.get(identifier)
      if (answer === undefined) throw new Error('A batch left an identifier without an answer')
      return answer
    })
    known.set(identifier, made)
    return made
  }

  return async (identifiers: readonly string[]): Promise<Map<string, T>> => {
    const unique = [...new Set(identifiers)]
    const answers = await Promise.all(unique.map(load))
    return new Map(unique.map((identifier, index) => [identifier, answers[index] as T]))
  }
}
