import { isUtf8 } from 'node:buffer'
import { glob, readFile, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { workTreeOf } from '../git/work-tree.ts'
import { exportStack } from './export-stack.ts'
import type { DeclaredFiles } from './files.ts'
import type { Environment } from './pulumi-environment.ts'
import { exportTrusted, type ProjectFiles } from './trusted-project.ts'

/**
 * Files on disk, relative to the folder `cwd`. `-` is what stands on standard input. `env`: what the Pulumi CLI is started with. `trusted`: where a change is
 * judged, what its base holds, relative to the same folder; a project of Pulumi is then read from there alone.
 */
export function nodeFiles(cwd: string, env: Environment = {}, trusted: ProjectFiles | null = null): DeclaredFiles {
  const disk: DeclaredFiles = {
    async kindOf(path) {
      try {
        const found = await stat(resolve(cwd, path))
        return found.isDirectory() ? 'folder' : 'file'
      } catch {
        return null
      }
    },
    async read(path) {
      const bytes = path === '-' ? await buffer(process.stdin) : await readFile(resolve(cwd, path))
      // Node would put a replacement character in place of what it cannot decode.
      if (!isUtf8(bytes)) throw Object.assign(new Error('not UTF-8'), { code: 'EILSEQ' })
      return bytes.toString('utf8')
    },
    async glob(pattern) {
      const found: string[] = []
      for await (const file of glob(pattern, { cwd })) found.push(file.replaceAll(sep, '/'))
      return found
    },
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
