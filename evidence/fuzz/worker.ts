import { parentPort, workerData } from 'node:worker_threads'
import { judgeSlice, type Slice } from './slice.ts'

export interface Task {
  readonly slice: Slice
  /** The number of the input at hand, for whoever watches. */
  readonly at: Int32Array
}

const { slice, at } = workerData as Task
parentPort?.postMessage(await judgeSlice(slice, (index) => void Atomics.store(at, 0, index)))
