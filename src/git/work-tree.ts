import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * The root of the work tree that a folder lies in, by real paths: the nearest folder upwards with an entry `.git` that is a folder or a file. No commit can
 * bring such an entry, while a link, or plain files that look like git's own folder, are what a change may hold. The folder itself where there is none.
 */
export function workTreeOf(folder: string): string {
  const begin = realPath(folder)
  for (let at = begin; ; at = dirname(at)) {
    if (isGit(join(at, '.git'))) return at
    if (dirname(at) === at) return begin
  }
}

function isGit(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.isDirectory() || found.isFile())
}

/** The real path; of what is not there that of the nearest folder around it, and the rest as it is written. */
export function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    const folder = dirname(file)
    return folder === file ? file : join(realPath(folder), basename(file))
  }
}
