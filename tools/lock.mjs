// A lock file that two set-ups on one machine, or in two containers over one cache folder, agree on.
import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const HEARTBEAT_MS = 2_000
/** A holder we cannot ask (another container) is gone when its heart has not beaten for this long. */
const SILENT_MS = 30_000
/** The same for a process of ours that is alive: its id may have been given to somebody else, or the machine slept. */
const SILENT_ALIVE_MS = 300_000
const GUARD_MS = 10_000

/** @typedef {{ pid: number, host: string, id: string }} Holder */
/** @typedef {(pid: number) => void} Note tells the lock of a program that works for its holder, and could outlive him */

/**
 * Runs `work` while holding the lock `file`; waits, without an end, while a living process holds it.
 * Whoever dies holding it (kill -9, power cut) is noticed by its process id, or by its silence; an npm or go that he left behind, working
 * on, is waited for as well.
 * @template T
 * @param {string} file
 * @param {(note: Note) => Promise<T>} work
 * @param {(holder: Holder | undefined) => void} [onWait] called once, when there is something to wait for
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  mkdirSync(dirname(file), { recursive: true })
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() })
  let told = false
  while (!take(file, mine)) {
    const seen = read(file)
    if (seen !== undefined && isStale(file, seen)) {
      breakLock(file, seen)
      continue
    }
    if (!told) onWait(seen === undefined ? undefined : parse(seen))
    told = true
    await sleep(200)
  }
  const heartbeat = setInterval(() => beat(file, mine), HEARTBEAT_MS)
  try {
    return await work((pid) => appendFileSync(childrenOf(file), `${pid}\n`))
  } finally {
    clearInterval(heartbeat)
    if (read(file) === mine) remove(file)
  }
}

/**
 * @param {string} file
 * @param {string} mine
 */
function take(file, mine) {
  try {
    writeFileSync(file, mine, { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * @param {string} file
 * @param {string} mine
 */
function beat(file, mine) {
  const now = new Date()
  try {
    if (read(file) === mine) utimesSync(file, now, now)
  } catch {
    // The folder is gone: nothing left to guard.
  }
}

/**
 * @param {string} file
 * @param {string} seen
 */
function isStale(file, seen) {
  const silence = silenceOf(file)
  const holder = parse(seen)
  // Between its creation and its writing a lock is empty: only time can tell.
  if (holder === undefined || holder.host !== hostname()) return silence > SILENT_MS
  if (silence > SILENT_ALIVE_MS) return true
  const children = (read(childrenOf(file)) ?? '').split('\n').filter(Boolean).map(Number)
  return ![holder.pid, ...children].some(isAlive)
}

/** @param {string} file */
function childrenOf(file) {
  return `${file}.children`
}

/** @param {string} file */
function remove(file) {
  rmSync(childrenOf(file), { force: true })
  rmSync(file, { force: true })
}

/**
 * Removes exactly the lock that was seen. The guard keeps a second one who saw the same from removing its successor.
 * @param {string} file
 * @param {string} seen
 */
function breakLock(file, seen) {
  const guard = `${file}.guard`
  try {
    mkdirSync(guard)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    if (silenceOf(guard) > GUARD_MS) removeFolder(guard)
    return
  }
  try {
    if (read(file) === seen) remove(file)
  } finally {
    removeFolder(guard)
  }
}

/** @param {string} folder */
function removeFolder(folder) {
  try {
    rmdirSync(folder)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

/**
 * @param {string} file
 * @returns {number} milliseconds since the file was last touched; 0 when it is gone
 */
function silenceOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return 0
  }
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} text
 * @returns {Holder | undefined}
 */
function parse(text) {
  try {
    /** @type {unknown} */
    const holder = JSON.parse(text)
    if (typeof holder !== 'object' || holder === null) return undefined
    if (!('pid' in holder) || !('host' in holder) || !('id' in holder)) return undefined
    const { pid, host, id } = holder
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof id !== 'string') return undefined
    return { pid, host, id }
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    // In a container whose first process reaps nobody, the dead still have their number; Linux tells them apart.
    return !/^\d+ \(.*\) [ZX]/s.test(read(`/proc/${pid}/stat`) ?? '')
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
