import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'

/** No credential is longer; a file that is was named by mistake. */
const MOST_BYTES = 16 * 1024

/**
 * What a file holds, as text; a last line break is no part of it, which the caller trims. Links are followed: whoever mounts secrets makes them so.
 * `why` goes behind the name of the file, and holds nothing of what stands in it.
 */
export function readCredentialFile(folder: string, name: string): string | { readonly why: string } {
  let opened: number | null = null
  try {
    // A pipe that nobody writes to must not hold a run up.
    opened = openSync(path.resolve(folder, name), constants.O_RDONLY | constants.O_NONBLOCK)
    const found = fstatSync(opened)
    if (!found.isFile()) return { why: 'is not a file' }
    if (process.platform !== 'win32' && (found.mode & 0o002) !== 0)
      return { why: 'can be written by everybody on this machine, who could redirect the messages: chmod o-w' }
    const bytes = Buffer.alloc(MOST_BYTES + 1)
    const length = readSync(opened, bytes, 0, bytes.length, 0)
    if (length > MOST_BYTES) return { why: `is larger than ${MOST_BYTES / 1024} KiB, so it is not a credential` }
    return bytes.toString('utf8', 0, length)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { why: 'is not there' }
    if (code === 'EACCES' || code === 'EPERM') return { why: 'may not be read by this user' }
    return { why: `cannot be read (${code ?? 'error'})` }
  } finally {
    if (opened !== null) closeSync(opened)
  }
}
