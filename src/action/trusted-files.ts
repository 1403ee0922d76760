import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { ActionError } from './io.ts'

/** A file as the base has it; null where the base has none. */
export interface BaseFile {
  /** From the root of the repository. */
  readonly path: string
  readonly content: Buffer | null
}

/**
 * Puts the base's files in the place of the change's, and returns what puts the change's back. Synchronous, so that it can be undone while the process ends.
 * @returns the paths that were different, and `restore`
 * @throws ActionError where a place is a folder, or lies behind a symbolic link: writing there would write elsewhere
 */
export function putBaseFiles(
  top: string,
  files: readonly BaseFile[],
): { readonly changed: readonly string[]; readonly restore: () => void } {
  const undo: (() => void)[] = []
  const changed: string[] = []
  const restore = (): void => {
    for (const step of undo.splice(0).reverse()) step()
  }
  try {
    for (const { path: file, content } of files) {
      const place = path.join(top, file)
      refuseLinks(top, file)
      const before = whatIs(place, file)
      if (before === null && content === null) continue
      if (before?.kind === 'file' && content !== null && before.content.equals(content)) continue
      changed.push(file)
      undo.push(() => put(place, before))
      put(place, content === null ? null : { kind: 'file', content, mode: 0o644 })
    }
  } catch (error) {
    restore()
    throw error
  }
  return { changed, restore }
}

type Entry =
  | { readonly kind: 'file'; readonly content: Buffer; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  | null

function whatIs(place: string, file: string): Entry {
  const stat = lstatSync(place, { throwIfNoEntry: false })
  if (stat === undefined) return null
  if (stat.isSymbolicLink()) return { kind: 'link', target: readlinkSync(place) }
  if (stat.isFile()) return { kind: 'file', content: readFileSync(place), mode: stat.mode & 0o777 }
  throw new ActionError(`${file} is a file at the base and a folder in this change: it cannot be judged.`)
}

function put(place: string, entry: Entry): void {
  // Never through what is there: a link would lead elsewhere.
  rmSync(place, { force: true })
  if (entry === null) return
  mkdirSync(path.dirname(place), { recursive: true })
  if (entry.kind === 'link') symlinkSync(entry.target, place)
  else writeFileSync(place, entry.content, { mode: entry.mode, flag: 'wx' })
}

function refuseLinks(top: string, file: string): void {
  const steps = path.posix.dirname(file).split('/')
  for (const index of steps.keys()) {
    const folder = path.join(top, ...steps.slice(0, index + 1))
    const stat = lstatSync(folder, { throwIfNoEntry: false })
    if (stat === undefined) return
    if (!stat.isDirectory() || realpathSync(folder) !== path.join(realpathSync(top), ...steps.slice(0, index + 1))) {
      throw new ActionError(`${file} lies in a folder that this change made into something else: it cannot be judged.`)
    }
  }
}
