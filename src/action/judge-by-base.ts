import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { blob, topOf, trackedFiles, treeOf } from './git.ts'
import { ActionError, type ActionIo } from './io.ts'
import { input, linesOf } from './inputs.ts'
import { putBaseFiles, type BaseFile } from './trusted-files.ts'
import { trustedPaths } from './trusted-paths.ts'

export interface Judging {
  /** Trusted files that this change edits, adds or takes away: they hold from the merge on. */
  readonly changed: readonly string[]
  /** Puts the work tree back. */
  readonly restore: () => void
}

const REGULAR = /^100/

/**
 * Makes configuration, accept rules, recorded snapshots and `trusted-paths` in the work tree those of the base, for as long as the check runs, and
 * writes copies of them to `copies`. A change that could bring its own rules could disarm its own gate.
 * @throws ActionError
 */
export async function judgeByBase(io: ActionIo, cwd: string, commit: string, copies: string): Promise<Judging> {
  const top = topOf(cwd)
  const tree = treeOf(top, commit)
  const read = (file: string): Buffer | null => {
    const entry = tree.get(file)
    if (entry === undefined) return null
    if (REGULAR.test(entry.mode)) return blob(top, entry.object)
    throw new ActionError(`${file} is no plain file at the base: name the file itself.`)
  }
  const files = ['recorded', 'live', 'fallback-live', 'previous'] as const
  const { env } = io
  const asked = {
    folder: path.relative(top, cwd).replaceAll(path.sep, '/'),
    config: inside(top, cwd, input(io, 'config') || (env.TENANT_DRIFT_CONFIG ?? '')),
    files: [
      ...files.map((name) => input(io, name)),
      ...linesOf(input(io, 'trusted-paths')),
      ...['RECORDED', 'LIVE', 'PREVIOUS'].map((name) => env[`TENANT_DRIFT_${name}`] ?? ''),
    ].flatMap((file) => inside(top, cwd, file) ?? []),
  }
  const isTrusted = await trustedPaths(asked, (file) => read(file)?.toString('utf8') ?? null)
  const known = new Set([...tree.keys(), ...trackedFiles(top)])
  const base: readonly BaseFile[] = [...known]
    .filter((file) => isTrusted(file))
    .map((file) => ({ path: file, content: read(file) }))
  for (const { path: file, content } of base) {
    if (content === null) continue
    const copy = path.join(copies, file)
    mkdirSync(path.dirname(copy), { recursive: true })
    writeFileSync(copy, content)
  }
  return putBaseFiles(top, base)
}

/** A path relative to `cwd`; null for none, and for one outside of the repository, which no change can bring. */
function inside(top: string, cwd: string, file: string): string | null {
  if (file === '') return null
  const full = path.resolve(cwd, file)
  if (path.relative(top, full).startsWith('..')) return null
  const relative = path.relative(cwd, full).replaceAll(path.sep, '/')
  return file.endsWith('/') ? `${relative}/` : relative
}
