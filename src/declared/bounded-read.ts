import { close, constants, fstat, open, read, type Stats } from 'node:fs'
import process from 'node:process'
import { promisify } from 'node:util'
import { systemError } from '../schema/errors.ts'

const MIB = 1024 * 1024
/** What a person writes, and what another tool wrote: a state, a stack's export. */
const MOST_OF_A_FILE = 16 * MIB
const MOST_OF_A_STATE = 256 * MIB
/** All declared files of one reading. */
const MOST_OF_ALL = 256 * MIB
const DEADLINE_MS = 10_000
/** Of standard input: what writes there may have to ask somebody first. */
const INPUT_DEADLINE_MS = 120_000
/** Neither a link nor anything that waits for a writer is opened. Windows has neither flag. */
const FLAGS =
  constants.O_RDONLY |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0)

/** What all reads of one run have taken so far. */
export class ReadBudget {
  #left = MOST_OF_ALL

  /** @throws an error that `whyUnreadable` has words for, where a file holds more than it may, or all of them together */
  take(length: number, isState: boolean): void {
    const { most, code } = boundOf(isState)
    if (length > most) throw readError(code)
    if (!isState) this.#left -= length
    if (this.#left < 0) throw readError('EDQUOT')
  }
}

/**
 * The bytes of a regular file of a bounded size, by its real path. Rejects with an error whose `code` `whyUnreadable` has words for; its message says nothing
 * of what stands in the file. By descriptors, not by `FileHandle`: of a thousand files that is half of the time.
 */
export function readRegular(path: string, isState: boolean, budget: ReadBudget): Promise<Buffer> {
  return within(DEADLINE_MS, async () => {
    const descriptor = await openFile(path, FLAGS)
    try {
      return await readOpen(descriptor, isState, budget)
    } finally {
      close(descriptor)
    }
  })
}

async function readOpen(descriptor: number, isState: boolean, budget: ReadBudget): Promise<Buffer> {
  const found = await look(descriptor)
  if (found.isDirectory()) throw readError('EISDIR')
  if (!found.isFile()) throw readError('ENOTREG')
  const { most, code: tooLarge } = boundOf(isState)
  if (found.size > most) throw readError(tooLarge)
  // A file may grow while it is read, and those of /proc say that they are empty.
  let bytes = Buffer.allocUnsafe(found.size + 1)
  let length = 0
  for (;;) {
    const count = await readSome(descriptor, bytes, length)
    length += count
    // Of a regular file less is read than was asked for at its end alone.
    if (count === 0 || (length === found.size && found.size > 0)) break
    if (length > most) throw readError(tooLarge)
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * length + 4096, most + 1))
  }
  budget.take(length, isState)
  return bytes.subarray(0, length)
}

/** How much a file may hold, and what it is called where it holds more. */
function boundOf(isState: boolean): { readonly most: number; readonly code: 'E2BIG' | 'EFBIG' } {
  return isState ? { most: MOST_OF_A_STATE, code: 'E2BIG' } : { most: MOST_OF_A_FILE, code: 'EFBIG' }
}

const openFile = promisify<string, number, number>(open)
const look = promisify<number, Stats>(fstat)

function readSome(descriptor: number, into: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, from, into.length - from, null, (error, count) => {
      if (error === null) resolve(count)
      else reject(error)
    })
  })
}

/** What stands on standard input, as much as a state may have. */
export async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    return await within(INPUT_DEADLINE_MS, async () => {
      for await (const chunk of process.stdin) {
        const bytes = Buffer.from(chunk as Buffer | string)
        chunks.push(bytes)
        length += bytes.length
        if (length > MOST_OF_A_STATE) throw readError('E2BIG')
      }
      return Buffer.concat(chunks)
    })
  } catch (error) {
    process.stdin.destroy()
    throw error
  }
}

async function within<T>(ms: number, act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(readError('ETIMEDOUT')), ms)
  })
  try {
    return await Promise.race([act(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Why nothing could be read, for `whyUnreadable`. */
export function readError(
  code: 'EISDIR' | 'ENOTREG' | 'EFBIG' | 'E2BIG' | 'EDQUOT' | 'ETIMEDOUT' | 'EOUTSIDE' | 'EILSEQ',
) {
  return systemError(code)
}
