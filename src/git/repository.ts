import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { configMistake } from '../schema/errors.ts'
import type { Environment } from '../schema/environment.ts'

/** A checkout, found without asking git: git would believe a folder that looks like a repository, and a change can bring one. */
export interface Repository {
  /** Real path of the root of the work tree. */
  readonly top: string
  /** Where its refs and its configuration are: `.git`, or that of a linked worktree. */
  readonly gitDir: string
  /** The folder of its objects. */
  readonly objects: string
}

/**
 * The repository around a folder: the first entry `.git` upwards, no further than `boundary`. No commit can bring an entry of that name, so a real
 * folder `.git` was made by whoever checked out. Null where there is none.
 * @throws MistakesError `invalid_config` where `.git` is something else than a folder or a linked worktree that knows itself
 */
export function findRepository(cwd: string, boundary: string | null = null): Repository | null {
  const last = boundary === null ? null : realOf(boundary)
  for (let folder = realpathSync(cwd); ; folder = path.dirname(folder)) {
    const mark = path.join(folder, '.git')
    const found = lstatSync(mark, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) return checked(folder, mark, mark)
    if (found?.isFile() === true) return linkedWorktree(folder, mark)
    if (found !== undefined)
      throw configMistake(`${mark} is neither a folder nor a file, so this is not accepted as a repository`)
    if (folder === last || path.dirname(folder) === folder) return null
  }
}

/** Where a job was put by its runner; nothing above it is looked at. Null elsewhere. */
export function boundaryOf(cwd: string, env: Environment): string | null {
  const here = realOf(cwd)
  const given = [env.GITHUB_WORKSPACE, env.CI_PROJECT_DIR].flatMap((folder) =>
    folder === undefined || folder === '' ? [] : [realOf(path.resolve(folder))],
  )
  return given.find((folder) => here !== null && folder !== null && isBelow(folder, here)) ?? null
}

/** Whether a path is a folder or lies in it, by text. */
export function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
}

/** Null where it is not there. */
export function realOf(file: string): string | null {
  try {
    return realpathSync(file)
  } catch {
    return null
  }
}

/** `gitdir: FOLDER`, where that folder is `worktrees/ID` of a repository, and points back here. A submodule's is not: its refs come from a repository that the change names. */
function linkedWorktree(top: string, mark: string): Repository {
  const refused = configMistake(
    `${mark} belongs to a submodule, or leads to a repository that does not know this folder: run in the repository itself`,
  )
  const own = realOf(path.resolve(top, /^gitdir: (.+)$/m.exec(fileText(mark))?.[1] ?? ''))
  if (own === null || path.basename(path.dirname(own)) !== 'worktrees') throw refused
  const common = path.dirname(path.dirname(own))
  const said = realOf(path.resolve(own, fileText(path.join(own, 'commondir')).trim()))
  const back = fileText(path.join(own, 'gitdir')).trim()
  if (said !== common || back === '' || realOf(path.resolve(own, back)) !== mark) throw refused
  return checked(top, own, common)
}

function checked(top: string, gitDir: string, common: string): Repository {
  const objects = path.join(common, 'objects')
  const found = statSync(objects, { throwIfNoEntry: false })
  if (found?.isDirectory() !== true) throw configMistake(`${common} is not a git directory: it has no objects`)
  return { top, gitDir, objects }
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
