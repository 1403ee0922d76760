import { rmSync } from 'node:fs'

/** Files that are being written. */
const files = new Set<string>()

export function begin(file: string): void {
  files.add(file)
}

export function end(file: string): void {
  files.delete(file)
}

/** Takes away what is not whole: for the end of the process, however it comes. */
export function removeUnfinished(): void {
  for (const file of files) rmSync(file, { force: true })
}
