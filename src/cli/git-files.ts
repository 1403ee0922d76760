import { existsSync } from 'node:fs'
import type { DeclaredFiles } from '../declared/files.ts'
import { CommitFiles } from '../git/commit-files.ts'
import { refsCalled, resolveRef } from '../git/resolve-ref.ts'
import { boundaryOf, findRepository } from '../git/repository.ts'
import { openRoom, type GitRoom } from '../git/room.ts'
import { committed } from '../git/trusted-files.ts'
import { MistakesError } from '../schema/errors.ts'
import type { Io } from './io.ts'

/** One commit of the repository around a folder, as a file system. */
export interface GitFiles extends DeclaredFiles {
  /** The commit, in full. */
  readonly commit: string
  /** Whether the commit knows nothing of us, wherever in it: then what is declared now is the first that there is. It takes a walk through all of it. */
  readonly isFirst: () => Promise<boolean>
  readonly close: () => void
}

const WHAT = '--base'

/** What a repository has that uses us: a configuration, a record, a folder of declarations. */
const OURS = /(?:^|\/)(?:tenant-drift\.[^/]*|declared\/.*)$/i

/**
 * The files of the commit that a ref names, relative to `cwd`. What lies outside of the repository is in no commit. Where a commit judges (`isTrusted`), the
 * repository is the one that is run in, wherever its configuration stands.
 * @throws MistakesError `invalid_config` where git, the repository or the ref is missing, or the ref means several things
 */
export async function gitFiles(ref: string, cwd: string, io: Io, isTrusted: boolean): Promise<GitFiles> {
  const room = openRoom(
    isTrusted ? io.cwd : around(cwd, io),
    io.env,
    `${WHAT} ${ref}: no such file exists, and it cannot be read as a git ref`,
  )
  try {
    const commit = await resolveRef(room, ref, { what: WHAT, mayBeShort: true })
    const inCommit = new CommitFiles(room, commit)
    const files = committed(inCommit, room.repository.top, cwd, { outside: null })
    const isFirst = async (): Promise<boolean> => !(await inCommit.below('')).some((file) => OURS.test(file))
    return { commit, ...files, isFirst, close: () => room.close() }
  } catch (error) {
    room.close()
    throw error
  }
}

/** A configuration from elsewhere says how to judge the repository that one stands in. */
function around(root: string, { cwd, env }: Io): string {
  return existsSync(root) && findRepository(root, boundaryOf(root, env)) !== null ? root : cwd
}

/** The refs that are called so, by their full names; none where this is no repository. */
export async function refsLike(text: string, cwd: string, io: Io): Promise<readonly string[]> {
  let room: GitRoom | null = null
  try {
    room = openRoom(around(cwd, io), io.env, WHAT)
    return [...(await refsCalled(room, text)).keys()]
  } catch (error) {
    if (error instanceof MistakesError) return []
    throw error
  } finally {
    room?.close()
  }
}
