import { rmSync } from 'node:fs'

/** Files that are being written. */
const files = new Set<string>()

export function beginUnfinished(file: string): void {
  if (files.size === 0) process.on('exit', removeUnfinished)
  files.add(file)
}

export function endUnfinished(file: string): void {
  files.delete(file)
  if (files.size === 0) process.off('exit', removeUnfinished)
}

/** Takes away what is not whole: for the end of the process, however it comes. */
function removeUnfinished(): void {
  for (const file of files) rmSync(file, { force: true })
}
