import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { configMistake } from './settings.ts'

/** @throws MistakesError `invalid_config`, naming what the file was for */
export async function readText(file: string, what: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw configMistake(`${what}: the file ${shown} cannot be read`)
  }
}

/** A path as people read it: relative to a folder, with forward slashes. */
export function toShown(folder: string, file: string): string {
  const relative = path.relative(folder, file).replaceAll(path.sep, '/')
  return relative === '' ? '.' : relative
}
