import { isUtf8 } from 'node:buffer'
import { statSync, type Dirent } from 'node:fs'
import { glob, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { workTreeOf } from '../git/work-tree.ts'
import { AllowedRoots } from '../declared/allowed-roots.ts'
import { ReadBudget, readInput, readRegular, unreadable } from '../declared/bounded-read.ts'
import { exportStack } from './export-stack.ts'
import { literalFolder, type DeclaredFiles, type ReadAs } from '../declared/files.ts'
import type { Environment } from './pulumi-environment.ts'
import { exportTrusted, type ProjectFiles } from './trusted-project.ts'

/**
 * Files on disk, relative to the folder `cwd`: regular files of a bounded size, below the root of its work tree or where a source names them (`AllowedRoots`).
 * `-` is what stands on standard input. `env`: what the Pulumi CLI is started with. `trusted`: where a change is judged, what its base holds, relative to the
 * same folder; a project of Pulumi is then read from there alone.
 */
export function nodeFiles(cwd: string, env: Environment = {}, trusted: ProjectFiles | null = null): DeclaredFiles {
  const roots = new AllowedRoots(cwd)
  const budget = new ReadBudget()

  async function bytesOf(path: string, { from = null, isState = false }: ReadAs): Promise<Buffer> {
    if (path === '-') return readInput()
    const place = await roots.place(path, from)
    try {
      return await readRegular(place, isState, budget)
    } catch (error) {
      if (!isLink(error)) throw error
      return readRegular(await roots.follow(place, from), isState, budget)
    }
  }

  const disk: DeclaredFiles = {
    async kindOf(path) {
      try {
        const found = await stat(resolve(cwd, path))
        return found.isDirectory() ? 'folder' : 'file'
      } catch {
        return null
      }
    },
    async read(path, as = {}) {
      const bytes = await bytesOf(path, as)
      // Node would put a replacement character in place of what it cannot decode.
      if (!isUtf8(bytes)) throw unreadable('EILSEQ')
      return bytes.toString('utf8')
    },
    async glob(pattern) {
      const begin = literalFolder(pattern)
      if (!roots.includesFolder(begin)) throw unreadable('EOUTSIDE')
      const found: string[] = []
      let isOutside = false
      // Wildcards follow no link to a folder; a name that braces or a later part of the pattern write out does.
      const named = new Set(pattern.split(/[/{},]/))
      const exclude = (entry: Dirent): boolean => {
        if (!entry.isSymbolicLink()) return false
        const path = join(resolve(cwd, entry.parentPath), entry.name)
        if (!isFolder(path) || roots.includesFolder(path)) return false
        if (named.has(entry.name)) isOutside = true
        return true
      }
      for await (const { parentPath, name } of glob(pattern, { cwd, withFileTypes: true, exclude })) {
        const below = relative(resolve(cwd, begin), join(resolve(cwd, parentPath), name))
        found.push(join(begin, below).replaceAll(sep, '/'))
      }
      if (isOutside) throw unreadable('EOUTSIDE')
      return found
    },
    allow: (folder) => roots.allow(folder),
    async exportStack(folder, stack) {
      const project = resolve(cwd, folder)
      const outsideOf = [workTreeOf(project), workTreeOf(cwd)]
      if (trusted === null) return { text: await exportStack(project, stack, env, { outsideOf }), warnings: [] }
      return exportTrusted(folder, stack, { trusted, disk, env }, (room, name) =>
        exportStack(room, name, env, { outsideOf }),
      )
    },
  }
  return disk
}

/** `O_NOFOLLOW` says so; FreeBSD in a word of its own. */
function isLink(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ELOOP' || error.code === 'EMLINK')
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
