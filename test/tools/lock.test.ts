import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from '../../tools/lock.mjs'

let folder: string
let lock: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-drift-lock-'))
  lock = join(folder, 'below', 'setup.lock')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const holder = (pid: number, host = hostname()): string => JSON.stringify({ pid, host, id: `left by ${pid}` })
const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid

async function leave(text: string, ageMs = 0): Promise<void> {
  await withLock(lock, async () => {})
  writeFileSync(lock, text)
  const then = new Date(Date.now() - ageMs)
  utimesSync(lock, then, then)
}

describe('withLock', () => {
  it('lets one in at a time, and all of them in the end', async () => {
    let inside = 0
    const seen: number[] = []
    const work = async (): Promise<void> => {
      inside += 1
      seen.push(inside)
      await sleep(30)
      inside -= 1
    }
    await Promise.all(Array.from({ length: 5 }, async () => withLock(lock, work)))
    expect(seen).toEqual([1, 1, 1, 1, 1])
    expect(existsSync(lock)).toBe(false)
  })

  it('is free again after work that failed', async () => {
    await expect(withLock(lock, async () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk')
    await expect(withLock(lock, async () => 'in')).resolves.toBe('in')
  })

  it('takes over at once from a process that died', async () => {
    await leave(holder(deadPid()))
    await expect(withLock(lock, async () => 'in')).resolves.toBe('in')
  })

  it('takes over from a holder nobody can ask once it has been silent for long', async () => {
    await leave(holder(1, 'another-machine'), 60_000)
    await expect(withLock(lock, async () => 'in')).resolves.toBe('in')
  })

  it('takes over from a lock that was created and never written', async () => {
    await leave('', 60_000)
    await expect(withLock(lock, async () => 'in')).resolves.toBe('in')
  })

  it.each([
    ['a living process', holder(process.pid)],
    ['another machine that was heard of a moment ago', holder(1, 'another-machine')],
  ])('waits for %s, and says so once', async (_name, text) => {
    await leave(text)
    const told: unknown[] = []
    const entered = withLock(
      lock,
      async () => 'in',
      (who) => told.push(who),
    )
    await sleep(700)
    expect(told).toEqual([JSON.parse(text)])
    rmSync(lock)
    await expect(entered).resolves.toBe('in')
  })

  it('waits for a program that a dead holder left working', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    await leave(holder(deadPid()))
    appendFileSync(`${lock}.children`, `${child.pid}\n`)
    let isIn = false
    const entered = withLock(lock, async () => {
      isIn = true
    })
    await sleep(500)
    expect(isIn).toBe(false)
    child.kill('SIGKILL')
    await entered
    expect(existsSync(`${lock}.children`)).toBe(false)
  })

  it('does not remove the lock of whoever took over from it', async () => {
    const successor = holder(process.pid, 'another-machine')
    await withLock(lock, async () => writeFileSync(lock, successor))
    expect(readFileSync(lock, 'utf8')).toBe(successor)
  })
})
