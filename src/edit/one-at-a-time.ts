import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beginUnfinished, endUnfinished } from './unfinished.ts'
import { systemCode, configMistake } from '../schema/errors.ts'

/** Nobody holds a file for longer than it takes to read, edit and write it: what stands for longer is left from a machine that stopped. */
const STALE_MS = 20_000
const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 20

/**
 * Does what reads a file and writes it again, while no other process of ours does so: two rules that are added at once would be one otherwise. A lock
 * beside the file says so. A process that was killed leaves it; who comes next takes it away, because its holder no longer exists or it is too old.
 * `file` is the real path; its folder is there.
 * @throws MistakesError `invalid_config` where the lock cannot be had
 */
export async function oneAtATime<T>(file: string, shown: string, act: () => Promise<T>): Promise<T> {
  const lock = path.join(path.dirname(file), `.${path.basename(file)}.lock`)
  const own = `${process.pid} ${hostname()} ${randomUUID()}`
  const until = Date.now() + PATIENCE_MS
  while (!take(lock, own, shown)) {
    if (isLeft(lock)) remove(lock)
    else if (Date.now() > until)
      throw configMistake(`${shown} is being written by another run, so nothing was written: run again`)
    else await sleep(LOOK_EVERY_MS)
  }
  beginUnfinished(lock)
  try {
    return await act()
  } finally {
    // Only where it is still ours: one who waited for too long may have taken it away.
    if (lockText(lock) === own) rmSync(lock, { force: true })
    endUnfinished(lock)
  }
}

function take(lock: string, own: string, shown: string): boolean {
  try {
    writeFileSync(lock, own, { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    // A full disk makes the file and takes none of its text: nobody would know whose it is.
    if (own.startsWith(lockText(lock))) rmSync(lock, { force: true })
    throw configMistake(`${shown} cannot be written (${systemCode(error) || 'unknown'}): nothing was written`)
  }
}

function isLeft(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (Date.now() - found.mtimeMs > STALE_MS) return true
  // Of one that was just made nobody may know yet whose it is.
  const [pid, host] = lockText(lock).split(' ')
  return host === hostname() && isProcessGone(Number(pid))
}

/** Two runs may find the same abandoned lock. The first moves it aside. The second may move aside the new lock of a third run: that one is put back. */
function remove(lock: string): void {
  const aside = `${lock}.${randomUUID()}`
  try {
    renameSync(lock, aside)
    if (!isLeft(aside)) linkSync(aside, lock)
  } catch {
    // Somebody was quicker.
  } finally {
    rmSync(aside, { force: true })
  }
}

function isProcessGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return systemCode(error) === 'ESRCH'
  }
}

function lockText(lock: string): string {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return ''
  }
}
