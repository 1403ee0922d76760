import { isUtf8 } from 'node:buffer'
import type { GitRoom } from './room.ts'
import { configMistake } from '../schema/errors.ts'

export interface Commit {
  readonly name: string
  readonly tree: string
  readonly parents: readonly string[]
}

/**
 * A commit, as it says itself.
 * @throws MistakesError `invalid_config` where it is not there
 */
export async function readCommit(room: GitRoom, name: string): Promise<Commit> {
  const text = (await room.object(name, 'commit')).toString('latin1')
  const header = text.slice(0, text.indexOf('\n\n') + 1)
  const tree = /^tree ([0-9a-f]+)\n/.exec(header)?.[1]
  if (tree === undefined) throw configMistake(`the commit ${name.slice(0, 12)} names no tree`)
  return { name, tree, parents: [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent) }
}

/** The commit that an object is, or that a tag leads to. */
export async function peel(room: GitRoom, name: string, steps = 0): Promise<string> {
  const found = await room.find(name)
  if (found?.type !== 'tag' || steps > MOST_TAGS) return (await readCommit(room, name)).name
  const target = /^object ([0-9a-f]+)\n/.exec(found.body.toString('latin1'))?.[1] ?? ''
  return peel(room, target, steps + 1)
}

const MOST_TAGS = 10

/** One entry of a tree. */
export interface TreeEntry {
  readonly mode: string
  readonly object: string
}

export const SYMBOLIC_LINK = '120000'
export const SUBMODULE = '160000'
const FOLDER = '40000'

export function isFolder(entry: TreeEntry): boolean {
  return entry.mode === FOLDER
}

/** What git refuses to check out, as it means the repository itself on one system or another. */
const MEANS_GIT = /^(?:\.git|git~1)[. ]*$/i

/**
 * The entries of a tree by name: `MODE SP NAME NUL HASH`, one after another.
 * @throws MistakesError `invalid_config` where it is not there, or could not have been checked out as it stands
 */
export async function readTree(room: GitRoom, name: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const known = TREES.get(room)?.get(name)
  if (known !== undefined) return known
  const entries = parseTree(await room.object(name, 'tree'), name)
  const trees = TREES.get(room) ?? new Map<string, ReadonlyMap<string, TreeEntry>>()
  trees.set(name, entries)
  TREES.set(room, trees)
  return entries
}

const TREES = new WeakMap<GitRoom, Map<string, ReadonlyMap<string, TreeEntry>>>()

export function parseTree(body: Buffer, name: string): ReadonlyMap<string, TreeEntry> {
  const size = name.length / 2
  const entries = new Map<string, TreeEntry>()
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at)
    const end = body.indexOf(0, space)
    if (space < 0 || end < 0 || end + 1 + size > body.length) throw damaged(name)
    const bytes = body.subarray(space + 1, end)
    // A name that is no text can be asked for by nobody; it must not become the name of something else.
    const file = isUtf8(bytes) ? bytes.toString('utf8') : `\0${bytes.toString('hex')}`
    if (file === '' || file === '.' || file === '..' || file.includes('/') || MEANS_GIT.test(file) || entries.has(file))
      throw damaged(name)
    const mode = body.toString('latin1', at, space).replace(/^0+/, '')
    entries.set(file, { mode, object: body.toString('hex', end + 1, end + 1 + size) })
    at = end + 1 + size
  }
  return entries
}

function damaged(name: string): Error {
  return configMistake(
    `the tree ${name.slice(0, 12)} contains names that a checkout cannot have, so it was not made by git`,
  )
}
