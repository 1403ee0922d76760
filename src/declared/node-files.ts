import { isUtf8 } from 'node:buffer'
import { glob, readFile, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { exportStack } from './export-stack.ts'
import type { DeclaredFiles } from './files.ts'

/** Files on disk, relative to the folder `cwd`. `-` is what stands on standard input. `env`: what the Pulumi CLI is started with. */
export function nodeFiles(cwd: string, env: Readonly<Record<string, string | undefined>> = {}): DeclaredFiles {
  return {
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
    exportStack: (folder, stack) => exportStack(resolve(cwd, folder), stack, env),
  }
}
