import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { systemCode } from '../schema/errors.ts'
import type { GlobTree } from './file-glob.ts'

/** What is not there, or leads nowhere. Whatever else goes wrong leaves open whether it is there. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

/** The disk as patterns look at it, relative to `cwd`. `mayEnter` throws for a folder that must not be looked into. */
export function diskTree(cwd: string, mayEnter: (folder: string) => void = () => {}): GlobTree {
  return {
    async list(folder) {
      mayEnter(folder)
      const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true }).catch(orAbsent([]))
      return entries.map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory(),
        isLink: entry.isSymbolicLink(),
      }))
    },
    async kindOf(file) {
      const found = await stat(path.resolve(cwd, file)).catch(orAbsent(null))
      if (found === null) return null
      return found.isDirectory() ? 'folder' : 'file'
    },
  }
}

function orAbsent<T>(nothing: T) {
  return (error: unknown): T => {
    if (ABSENT.has(systemCode(error))) return nothing
    throw error
  }
}
