import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { configMistake } from './settings.ts'

/**
 * Writes a file whole or not at all: beside its place first, then put there by one rename. Folders on the way are made.
 * @throws MistakesError `invalid_config` where it cannot be written
 */
export async function writeWhole(file: string, text: string, shown: string): Promise<void> {
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.partial`)
  try {
    await mkdir(path.dirname(file), { recursive: true })
    // In one turn: a signal comes before or after it. A write that is under way beside us would still make its file when the process has tidied up.
    writeFileSync(unfinished, text, { flag: 'wx' })
    renameSync(unfinished, file)
  } catch (error) {
    tidy(unfinished)
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw configMistake(`${shown} cannot be written${code}: nothing was put there`)
  }
}

function tidy(unfinished: string): void {
  try {
    rmSync(unfinished, { force: true })
  } catch {
    // What stopped the writing may stop this, too, and is what is told.
  }
}
