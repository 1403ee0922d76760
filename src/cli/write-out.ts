import { fstatSync, writeSync } from 'node:fs'

/**
 * Writes all of a text to standard output or standard error, or throws. A file on a full disk takes what it has room for, and Node says nothing of
 * the rest: so a file is asked until it has all, or refuses. Pipes and terminals take it in their own time.
 */
export function writeOut(stream: NodeJS.WriteStream & { readonly fd: number }, text: string): void {
  if (stream.isTTY || isPipe(stream.fd)) {
    stream.write(text)
    return
  }
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(stream.fd, rest))
}

function isPipe(fd: number): boolean {
  const kind = fstatSync(fd)
  return kind.isFIFO() || kind.isSocket()
}
