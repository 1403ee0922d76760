import { isUtf8 } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { diskTree } from '../git/disk-tree.ts'
import { globFiles } from '../git/file-glob.ts'
import { workTreeOf } from '../git/work-tree.ts'
import { systemCode } from '../schema/errors.ts'
import { AllowedRoots } from '../declared/allowed-roots.ts'
import { ReadBudget, readInput, readRegular, readError } from '../declared/bounded-read.ts'
import { exportStack } from './export-stack.ts'
import type { DeclaredFiles, ReadAs } from '../declared/files.ts'
import type { Environment } from '../schema/environment.ts'
import { exportTrusted, type ProjectFiles } from './trusted-project.ts'

/** What `O_NOFOLLOW` says of a link; FreeBSD in a word of its own. */
const LINKS: readonly string[] = ['ELOOP', 'EMLINK']

/**
 * Files on disk, relative to the folder `cwd`: regular files of a bounded size, below the root of its work tree or where a source names them (`AllowedRoots`).
 * `-` is what stands on standard input. `env`: what the Pulumi CLI is started with. `trusted`: where a change is judged, what its base holds, relative to the
 * same folder; a project of Pulumi is then read from there alone.
 */
export function nodeFiles(cwd: string, env: Environment = {}, trusted: ProjectFiles | null = null): DeclaredFiles {
  const roots = new AllowedRoots(cwd)
  const budget = new ReadBudget()
  // Wildcards enter no link to a folder; a name that is written out does, and may lead out.
  const tree = diskTree(cwd, (folder) => {
    if (!roots.includesFolder(folder)) throw readError('EOUTSIDE')
  })

  async function bytesOf(path: string, { from = null, isState = false }: ReadAs): Promise<Buffer> {
    if (path === '-') return readInput()
    const place = await roots.place(path, from)
    try {
      return await readRegular(place, isState, budget)
    } catch (error) {
      if (!LINKS.includes(systemCode(error))) throw error
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
      if (!isUtf8(bytes)) throw readError('EILSEQ')
      return bytes.toString('utf8')
    },
    async glob(pattern, onPassedBy) {
      return globFiles(tree, pattern, onPassedBy)
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
