import { Worker } from 'node:worker_threads'
import { FUZZ_MISTAKES, type FuzzMistake } from './judge.ts'
import { TARGETS, type Target } from './targets.ts'
import { judgeSlice, type Done, type Slice } from './slice.ts'
import type { Task } from './worker.ts'

export interface FuzzTally {
  readonly inputs: number
  /** Of them, those that could be read. The others were refused. */
  readonly read: number
  readonly mistakes: Readonly<Record<FuzzMistake, number>>
  readonly lines: readonly string[]
}

/** One that takes longer, with all the other work of a machine beside it, does not end. */
const STUCK_MS = 60_000
const LOOK_MS = 1000
const SLICE = 20_000

/** How many of all inputs a parser gets: YAML is read and written several times slower. */
function shareOf(target: Target, all: number): number {
  const sum = TARGETS.reduce((total, one) => total + weightOf(one), 0)
  return Math.ceil((all * weightOf(target)) / sum)
}

const weightOf = ({ isYaml }: Target): number => (isYaml ? 1 : 2)

/** So many inputs over all parsers, in so many threads that are watched; 0: in this one. `note`: what is done so far. */
export async function runFuzz(
  all: number,
  seed: number,
  workers: number,
  note: (name: string, tally: FuzzTally) => void = () => undefined,
): Promise<Readonly<Record<string, FuzzTally>>> {
  const tallies: Record<string, FuzzTally> = {}
  for (const target of TARGETS) {
    const { name } = target
    const inputs = shareOf(target, all)
    const slices = Array.from({ length: Math.ceil(inputs / SLICE) }, (_, slice) => slice * SLICE)
    const parts: Done[] = []
    await Promise.all(
      Array.from({ length: Math.max(1, workers) }, async () => {
        for (let from = slices.shift(); from !== undefined; from = slices.shift()) {
          const slice = { target: name, seed, from, to: Math.min(from + SLICE, inputs) }
          parts.push(await (workers === 0 ? judgeSlice(slice) : watchSlice(slice)))
        }
      }),
    )
    const wrong = parts.flatMap((part) => part.wrong)
    const tally: FuzzTally = {
      inputs,
      read: parts.reduce((sum, { read }) => sum + read, 0),
      mistakes: Object.fromEntries(
        FUZZ_MISTAKES.map((mistake) => [mistake, wrong.filter((one) => one.mistake === mistake).length]),
      ) as Record<FuzzMistake, number>,
      lines: wrong.map(({ mistake, line, index }) => `${mistake}: ${name}, seed ${seed}, input ${index}: ${line}`),
    }
    tallies[name] = tally
    note(name, tally)
  }
  return tallies
}

/** In a thread of its own, so that one that never ends can be ended; the rest of the slice goes on behind it. */
async function watchSlice(slice: Slice): Promise<Done> {
  const at = new Int32Array(new SharedArrayBuffer(4))
  Atomics.store(at, 0, slice.from)
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { slice, at } satisfies Task })
  let [seen, since] = [slice.from, performance.now()]
  const ended = new Promise<Done | null>((resolve, reject) => {
    worker.once('message', (done: Done) => resolve(done))
    worker.once('error', reject)
    worker.once('exit', () => resolve(null))
  })
  const watch = setInterval(() => {
    const now = Atomics.load(at, 0)
    if (now !== seen) [seen, since] = [now, performance.now()]
    else if (performance.now() - since > STUCK_MS) void worker.terminate()
  }, LOOK_MS)
  const done = await ended.finally(() => clearInterval(watch))
  if (done !== null) return done
  const index = Atomics.load(at, 0)
  const stuck: Done = { read: 0, wrong: [{ mistake: 'hangs', line: 'it does not end', index }] }
  const parts = [
    stuck,
    ...(index > slice.from ? [await watchSlice({ ...slice, to: index })] : []),
    ...(index + 1 < slice.to ? [await watchSlice({ ...slice, from: index + 1 })] : []),
  ]
  return { read: parts.reduce((sum, { read }) => sum + read, 0), wrong: parts.flatMap(({ wrong }) => wrong) }
}
