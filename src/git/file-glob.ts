import path from 'node:path'
import { systemCode } from '../schema/errors.ts'
import { expandBraces } from './braces.ts'

/** What a folder holds: `isFolder` of real folders alone, `isLink` of links, wherever they lead. */
export interface GlobEntry {
  readonly name: string
  readonly isFolder: boolean
  readonly isLink: boolean
}

/** A disk, or the tree of one commit. Names have `/`; links on the way are followed. */
export interface GlobTree {
  /** Rejects where the folder cannot be looked into; empty where there is none. */
  list(folder: string): Promise<readonly GlobEntry[]>
  /** What stands at a path, links followed: null where nothing does, or a link leads nowhere. Rejects where nobody can tell. */
  kindOf(file: string): Promise<'file' | 'folder' | null>
}

/** Something that a pattern does not take, although it nearly does. */
export interface PassedBy {
  readonly path: string
  readonly why: 'link' | 'hidden' | 'case' | 'ending' | 'folder'
}

export type OnPassedBy = (passed: PassedBy) => void

/** A folder in which a pattern had to look, and could not: what is declared there is not known. */
export class UnseenFolderError extends Error {
  override readonly name = 'UnseenFolderError'
  readonly folder: string
  readonly code: string

  constructor(folder: string, code: string, cause: unknown) {
    super(`${code}: a folder cannot be read`, { cause })
    this.folder = folder
    this.code = code
  }
}

/**
 * The files that a pattern matches: the one meaning of patterns of files, on a disk and in a commit alike, because a declaration that one of two sides passes over
 * would have no base. It is that of Node's own glob, but that no wildcard enters a link to a folder, and that a folder which cannot be looked into is an
 * error, where Node's finds nothing there. Braces are alternatives; a name that is written out is followed, link or not; `*` and `**` pass over hidden names.
 * What leads nowhere is among the files: whoever reads it finds out.
 * @throws UnseenFolderError
 */
export async function globFiles(tree: GlobTree, pattern: string, onPassedBy?: OnPassedBy): Promise<readonly string[]> {
  const walk = new GlobWalk(tree, onPassedBy ?? null)
  for (const each of expandBraces(pattern)) {
    const { root } = path.parse(each)
    const parts = each
      .slice(root.length)
      .split('/')
      .filter((part) => part !== '' && part !== '.')
    await walk.go(root.replaceAll(path.sep, '/'), parts)
  }
  return [...walk.found]
}

/** Whether a pattern matches a file by its name alone, no link among its folders. */
export function matchesFile(pattern: string, file: string): boolean {
  const steps = stepsOf(file)
  return expandBraces(pattern).some((each) => matchesSteps(stepsOf(each), steps))
}

function stepsOf(text: string): readonly string[] {
  return path.posix.normalize(text).split('/')
}

function matchesSteps(parts: readonly string[], steps: readonly string[]): boolean {
  const [part, ...rest] = parts
  const [step, ...more] = steps
  if (part === undefined || step === undefined) return part === undefined && step === undefined
  if (part !== '**') return takes(step, part) && matchesSteps(rest, more)
  if (matchesSteps(rest.length === 0 ? ['*'] : rest, steps)) return true
  return more.length > 0 && !step.startsWith('.') && matchesSteps(parts, more)
}

/** Folders behind hidden names are looked through to say that something stands in them; so many, and no more. */
const MOST_HIDDEN = 100

class GlobWalk {
  readonly found = new Set<string>()
  readonly #tree: GlobTree
  readonly #tell: OnPassedBy | null
  #hidden = 0

  constructor(tree: GlobTree, tell: OnPassedBy | null) {
    this.#tree = tree
    this.#tell = tell
  }

  async go(at: string, [part, ...rest]: readonly string[]): Promise<void> {
    if (part === undefined) return
    const isLast = rest.length === 0
    if (part === '**') {
      await this.go(at, isLast ? ['*'] : rest)
      for (const entry of await this.#list(at)) await this.#enter(at, entry, '*', [part, ...rest])
      return
    }
    const name = literalName(part)
    if (name !== null) {
      const next = joinPath(at, name)
      const kind = await this.#kindOf(next)
      if (isLast && (kind === 'file' || (kind === null && (await this.#isDeadLink(at, name))))) this.found.add(next)
      if (!isLast && kind === 'folder') await this.go(next, rest)
      return
    }
    for (const entry of await this.#list(at)) {
      if (isLast) await this.#take(at, entry, part)
      else await this.#enter(at, entry, part, rest)
    }
  }

  async #take(at: string, { name, isFolder, isLink }: GlobEntry, part: string): Promise<void> {
    const file = joinPath(at, name)
    if (isFolder) {
      if (takes(name, part)) this.#tell?.({ path: file, why: 'folder' })
      return
    }
    const why = takes(name, part) ? null : this.#tell === null ? undefined : whyNearly(name, part)
    if (why === undefined) return
    const kind = isLink ? await this.#kindOf(file) : 'file'
    if (why === null && kind !== 'folder') this.found.add(file)
    if (why !== null && kind === 'file') this.#tell?.({ path: file, why })
  }

  async #enter(at: string, entry: GlobEntry, part: string, rest: readonly string[]): Promise<void> {
    const folder = joinPath(at, entry.name)
    if (!takes(entry.name, part)) {
      if (entry.isFolder && this.#tell !== null && isHiddenBy(entry.name, part)) await this.#lookBehind(folder, rest)
    } else if (entry.isFolder) {
      await this.go(folder, rest)
    } else if (entry.isLink && this.#tell !== null) {
      // Where it leads out of what may be looked at, it is no folder to us, and passed by all the same.
      const kind = await this.#kindOf(folder).catch(() => 'folder')
      if (kind === 'folder') this.#tell({ path: folder, why: 'link' })
    }
  }

  /** What a hidden folder holds decides nothing: it is only said to be there. */
  async #lookBehind(folder: string, rest: readonly string[]): Promise<void> {
    if (this.#hidden >= MOST_HIDDEN || folder === '.git' || folder.endsWith('/.git')) return
    const tree: GlobTree = {
      kindOf: (file) => this.#tree.kindOf(file),
      list: async (at) => {
        this.#hidden += 1
        return this.#hidden > MOST_HIDDEN ? [] : this.#tree.list(at).catch(() => [])
      },
    }
    const behind = new GlobWalk(tree, null)
    await behind.go(folder, rest)
    for (const file of behind.found) this.#tell?.({ path: file, why: 'hidden' })
  }

  async #isDeadLink(at: string, name: string): Promise<boolean> {
    if ((await this.#kindOf(at === '' ? '.' : at)) !== 'folder') return false
    return (await this.#list(at)).some((entry) => entry.name === name && entry.isLink)
  }

  async #list(at: string): Promise<readonly GlobEntry[]> {
    try {
      return await this.#tree.list(at)
    } catch (error) {
      throw unseen(at, error)
    }
  }

  async #kindOf(file: string): Promise<'file' | 'folder' | null> {
    try {
      return await this.#tree.kindOf(file)
    } catch (error) {
      throw unseen(path.posix.dirname(file), error)
    }
  }
}

function unseen(folder: string, error: unknown): unknown {
  const code = systemCode(error)
  if (error instanceof UnseenFolderError || !/^E[A-Z\d]+$/.test(code)) return error
  return new UnseenFolderError(folder === '' ? '.' : folder, code, error)
}

/** The name that a part writes out, escapes and sets of one letter taken for what they stand for; null where it is a pattern. */
function literalName(part: string): string | null {
  const plain = part.replaceAll(/\\(.)|\[([^\]!^])\]/g, '')
  if (/[*?[\\]|[!+@]\(/.test(plain)) return null
  return part.replaceAll(/\\(.)|\[([^\]!^])\]/g, (_all, escaped: string | undefined, one: string | undefined) => {
    return escaped ?? one ?? ''
  })
}

/** The very function that Node's glob asks about each name. */
function takes(name: string, part: string): boolean {
  return path.posix.matchesGlob(name, part)
}

function isHiddenBy(name: string, part: string): boolean {
  return name.startsWith('.') && takes(name.slice(1), part)
}

const OTHER_ENDING: Readonly<Record<string, string>> = { '.yaml': '.yml', '.yml': '.yaml' }

/** Undefined where the name is not nearly what the part takes. */
function whyNearly(name: string, part: string): PassedBy['why'] | undefined {
  if (isHiddenBy(name, part)) return 'hidden'
  const [low, lowPart] = [name.toLowerCase(), part.toLowerCase()]
  if (takes(low, lowPart)) return 'case'
  const ending = path.posix.extname(low)
  const other = OTHER_ENDING[ending]
  return other !== undefined && takes(low.slice(0, -ending.length) + other, lowPart) ? 'ending' : undefined
}

function joinPath(folder: string, name: string): string {
  return folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`
}
