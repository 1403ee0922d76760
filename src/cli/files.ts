import path from 'node:path'
import { filesOnDisk, type Files } from '../git/disk-files.ts'
import { MistakesError, configMistake } from '../schema/errors.ts'

/** @throws MistakesError `invalid_config`, naming what the file was for */
export async function readFileText(
  file: string,
  what: string,
  shown: string,
  files: Files = filesOnDisk('.'),
): Promise<string> {
  try {
    return await files.read(file)
  } catch (error) {
    if (error instanceof MistakesError) throw error
    throw configMistake(`${what}: the file ${shown} cannot be read`)
  }
}

/** A path as people read it: relative to a folder, with forward slashes. */
export function toShown(folder: string, file: string): string {
  const relative = path.relative(folder, file).replaceAll(path.sep, '/')
  return relative === '' ? '.' : relative
}
