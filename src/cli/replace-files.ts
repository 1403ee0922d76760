import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { chmod, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { configMistake } from './settings.ts'
import { begin, end } from './unfinished.ts'

export interface Replacement {
  /** Absolute. */
  readonly file: string
  readonly shown: string
  /** What it held when it was read; null of a new file. */
  readonly before: string | null
  readonly after: string
}

/**
 * Puts new texts in the place of files: all are written beside them first, then each is put there by one rename. Modes stay; a symbolic link stays
 * one, and the file it leads to is replaced. A file that changed since it was read is left alone, and the others with it.
 * @throws MistakesError `invalid_config`, naming the file; nothing was written then, unless it says so
 */
export async function replaceFiles(replacements: readonly Replacement[]): Promise<void> {
  const ready: { readonly unfinished: string; readonly target: string; readonly shown: string }[] = []
  try {
    for (const replacement of replacements) ready.push(await prepare(replacement))
    const done: string[] = []
    for (const { unfinished, target, shown } of ready) {
      await rename(unfinished, target).catch((error: unknown) => {
        const others = done.length === 0 ? 'nothing was written' : `written before: ${done.join(', ')}`
        throw configMistake(`${shown} cannot be written${codeOf(error)}: ${others}`)
      })
      done.push(shown)
    }
  } finally {
    for (const { unfinished } of ready) {
      await rm(unfinished, { force: true }).catch(() => {})
      end(unfinished)
    }
  }
}

async function prepare({
  file,
  shown,
  before,
  after,
}: Replacement): Promise<{ unfinished: string; target: string; shown: string }> {
  if (before === null && existsSync(file)) throw configMistake(`${shown} is there already: nothing was written`)
  let unfinished: string | null = null
  try {
    const target = before === null ? file : await realpath(file)
    unfinished = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.partial`)
    begin(unfinished)
    if (before !== null && (await readFile(target, 'utf8')) !== before) {
      throw configMistake(`${shown} changed while the tenant was read: nothing was written; run again`)
    }
    // Not beside us: a write under way would still make its file when the end of the process has tidied up.
    writeFileSync(unfinished, after, { flag: 'wx' })
    if (before !== null) await chmod(unfinished, (await stat(target)).mode)
    return { unfinished, target, shown }
  } catch (error) {
    if (unfinished !== null) {
      await rm(unfinished, { force: true }).catch(() => {})
      end(unfinished)
    }
    if (error instanceof Error && 'mistakes' in error) throw error
    throw configMistake(`${shown} cannot be written${codeOf(error)}: nothing was written`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
}
