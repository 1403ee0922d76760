import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { configMistake } from './settings.ts'
import { begin, end } from './unfinished.ts'

/**
 * Writes a file whole or not at all: beside its place first, then put there by one rename. Folders on the way are made.
 * @throws MistakesError `invalid_config` where it cannot be written
 */
export async function writeWhole(file: string, text: string, shown: string): Promise<void> {
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.partial`)
  begin(unfinished)
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(unfinished, text, { flag: 'wx' })
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw configMistake(`${shown} cannot be written${code}: nothing was put there`)
  } finally {
    end(unfinished)
  }
}
