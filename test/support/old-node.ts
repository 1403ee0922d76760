import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { oldNode } from '../../src/door/old-node.ts'

/** A Node on PATH that is too old for us; null where there is none. */
export function findOldNode(): { readonly program: string; readonly version: string } | null {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const program = path.join(folder, 'node')
    if (folder === '' || !existsSync(program)) continue
    const version = execFileSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
    if (oldNode(version) !== null) return { program, version }
  }
  return null
}
