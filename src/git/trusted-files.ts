import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { systemError } from '../schema/errors.ts'
import { CommitFiles } from './commit-files.ts'
import { filesOnDisk, type DecidedBy, type Files, type TrustedFiles } from './disk-files.ts'
import { treePlaceOf } from './place.ts'
import { isFolder, readCommit, readTree } from './commit.ts'
import { resolveRef, type RefOptions } from './resolve-ref.ts'
import { openRoom, type GitRoom } from './room.ts'
import type { Environment } from '../schema/environment.ts'

/**
 * What a commit says, relative to `cwd`. `trust` is its full name, `HEAD` or a ref that means one thing.
 * @throws MistakesError `invalid_config` where it cannot be had
 */
export async function openTrusted(trust: string, cwd: string, env: Environment): Promise<TrustedFiles> {
  const what: RefOptions = { what: '--trust', mayBeShort: false }
  const room = openRoom(cwd, env, `${what.what} ${trust}`)
  try {
    const commit = await resolveRef(room, trust, what)
    await refuseForgedCheckout(room, cwd)
    return trustedFiles(room, commit, realpathSync(cwd))
  } catch (error) {
    room.close()
    throw error
  }
}

/** git refuses to check some trees out, and leaves what was there before: that would be judged in the place of the change. */
async function refuseForgedCheckout(room: GitRoom, cwd: string): Promise<void> {
  const head = await room.ref('HEAD')
  if (head === null) return
  let { tree } = await readCommit(room, head)
  for (const step of path.relative(room.repository.top, realpathSync(cwd)).split(path.sep)) {
    const entry = (await readTree(room, tree)).get(step)
    if (entry === undefined || !isFolder(entry)) return
    tree = entry.object
  }
  await readTree(room, tree)
}

function trustedFiles(room: GitRoom, commit: string, cwd: string): TrustedFiles {
  const { top } = room.repository
  const inCommit = new CommitFiles(room, commit)
  const asked = new Set<string>()
  const note = (tree: string): string => {
    asked.add(tree)
    return tree
  }
  return {
    commit,
    top,
    ...committed(inCommit, top, cwd, { note, outside: filesOnDisk(cwd) }),
    isTop: (folder) => path.resolve(folder) === top,
    placeOf(file) {
      const place = treePlaceOf(top, path.resolve(cwd, file))
      return 'outside' in place ? place.outside : path.join(top, place.inside)
    },
    within(folder) {
      const from = path.resolve(cwd, folder)
      return committed(inCommit, top, from, { outside: filesOnDisk(from) })
    },
    bare: null,
    decided: () => decidedBy(inCommit, top, [...asked].sort()),
    close: () => room.close(),
  }
}

/**
 * The files of a commit of a repository without a work tree, relative to `folder` in it: it stands where the repository does, and nothing outside of it is there.
 * Whoever opened the room closes it.
 */
export function bareFiles(room: GitRoom, commit: string, folder: string): TrustedFiles {
  const { top } = room.repository
  const cwd = path.join(top, folder)
  const filesOf = (name: string, from: string): Files =>
    committed(new CommitFiles(room, name), top, from, { outside: null })
  return {
    commit,
    top,
    ...filesOf(commit, cwd),
    isTop: (at) => path.resolve(at) === top,
    placeOf: (file) => path.resolve(cwd, file),
    within: (at) => filesOf(commit, path.resolve(cwd, at)),
    bare: (name) => filesOf(name, cwd),
    // There is no work tree that could differ.
    decided: () => Promise.resolve(null),
    close: () => {},
  }
}

interface TrustedContext {
  /** Told each path in the commit that is asked for. */
  readonly note?: (tree: string) => string
  /** Who knows what lies outside of the repository; null where nothing does. */
  readonly outside: Files | null
}

/** Files of a commit in the repository's place, relative to `cwd`. */
export function committed(
  inCommit: CommitFiles,
  top: string,
  cwd: string,
  { note = (tree) => tree, outside }: TrustedContext,
): Files {
  return {
    async kindOf(file) {
      const place = treePlaceOf(top, path.resolve(cwd, file))
      if ('outside' in place) return outside?.kindOf(place.outside) ?? null
      return (await inCommit.find(note(place.inside)))?.kind ?? null
    },
    async read(file) {
      const place = treePlaceOf(top, path.resolve(cwd, file))
      if (!('outside' in place)) return inCommit.read(note(place.inside))
      if (outside !== null) return outside.read(place.outside)
      throw systemError('ENOENT')
    },
    async glob(pattern) {
      const place = treePlaceOf(top, path.resolve(cwd, pattern))
      if ('outside' in place) return outside?.glob(pattern) ?? []
      const found = await inCommit.glob(place.inside)
      const files = found.map((file) => path.join(top, file))
      return path.isAbsolute(pattern) ? files : files.map((file) => path.relative(cwd, file).replaceAll(path.sep, '/'))
    },
  }
}

async function decidedBy(inCommit: CommitFiles, top: string, asked: readonly string[]): Promise<DecidedBy> {
  const [files, edited] = [new Set<string>(), new Set<string>()]
  for (const name of asked) {
    const found = await inCommit.find(name)
    if (found?.kind === 'folder') continue
    if (found !== null) files.add(found.at)
    if (!(await isAsCommitted(inCommit, top, found?.at ?? name))) edited.add(found?.at ?? name)
  }
  return { commit: inCommit.commit, files: [...files].sort(), edited: [...edited].sort() }
}

/** Whether the work tree has a file as the commit does. It is read to be told, and for nothing else. */
export async function isAsCommitted(inCommit: CommitFiles, top: string, file: string): Promise<boolean> {
  const bytes = await inCommit.bytes(file)
  const place = path.join(top, file)
  const found = lstatSync(place, { throwIfNoEntry: false })
  if (bytes === null || found === undefined) return bytes === null && found === undefined
  if (!found.isFile() || found.size > MOST_BYTES) return false
  const there = bytesOf(place)
  // A checkout may end lines in its own way.
  return bytes.equals(there) || withoutReturns(bytes) === withoutReturns(there)
}

const MOST_BYTES = 256 * 1024 * 1024

function withoutReturns(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\r\n', '\n')
}

function bytesOf(file: string): Buffer {
  let opened: number | null = null
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    return fstatSync(opened).isFile() ? readFileSync(opened) : Buffer.alloc(0)
  } catch {
    return Buffer.alloc(0)
  } finally {
    if (opened !== null) closeSync(opened)
  }
}
