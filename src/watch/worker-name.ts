import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/** How a worker signs the turns that it takes: machine, process, and a word of its own, for numbers of processes come round again. */
export function workerName(): string {
  return [hostname(), process.pid, randomUUID()].join(' ')
}

/** Whether whoever signed so is known to be gone: a process of this machine that is no more. Of other machines nothing is known, and their lease decides. */
export function isWorkerGone(name: string, own: string): boolean {
  const [host, pid] = name.split(' ')
  if (name === own || host !== hostname()) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
