import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const NAME = 'tenant-drift-tests-'
/** Tests need a tenth of it. */
const ENOUGH_BYTES = 2 ** 31

let folder: string | null = null

/**
 * Before the tests: their temporary folders lie in memory, where the machine has room there. They write and remove thousands of small files and
 * databases, and a disk is waited for at each.
 */
export function setup(): void {
  if (!hasRoom()) return
  removeForgotten()
  const made = join(MEMORY, `${NAME}${process.pid}`)
  // Another user may go through, and look at nothing: where we are root, a server of the tests runs as one.
  mkdirSync(made, { recursive: true, mode: 0o711 })
  if (runsPrograms(made)) process.env['TMPDIR'] = folder = made
  else rmSync(made, { recursive: true })
}

export function teardown(): void {
  if (folder === null) return
  delete process.env['TMPDIR']
  rmSync(folder, { recursive: true, force: true })
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= ENOUGH_BYTES
  } catch {
    return false
  }
}

/** What a run of ours left that was killed. Other users' folders are none of our business, and nobody but they can remove them. */
function removeForgotten(): void {
  for (const name of readdirSync(MEMORY).filter((each) => each.startsWith(NAME))) {
    const at = join(MEMORY, name)
    const isOurs = statSync(at, { throwIfNoEntry: false })?.uid === process.getuid?.()
    if (isOurs && !isRunning(Number(name.slice(NAME.length)))) rmSync(at, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Containers often mount it for data alone, and tests put stand-ins of programs there. */
function runsPrograms(at: string): boolean {
  const program = join(at, 'program')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 })
  try {
    execFileSync(program)
    return true
  } catch {
    return false
  }
}
