import { isUtf8 } from 'node:buffer'
import { isFolder, readCommit, readTree, SUBMODULE, SYMBOLIC_LINK, type TreeEntry } from './commit.ts'
import { globFiles } from './file-glob.ts'
import type { GitRoom } from './room.ts'
import { configMistake, systemError } from '../schema/errors.ts'

/** As many as the system itself follows before it gives up. */
const MOST_LINKS = 20
const POINTER = 'version https://git-lfs.github.com/spec/'

/** What stands at a path of a commit, symbolic links followed. */
export type FoundEntry =
  | { readonly kind: 'file'; readonly object: string; readonly at: string }
  | { readonly kind: 'folder'; readonly tree: string; readonly at: string }

/** The files of one commit, by their paths from its root: with `/`, and byte for byte. Its work tree is neither read nor touched. */
export class CommitFiles {
  readonly commit: string
  readonly #room: GitRoom

  constructor(room: GitRoom, commit: string) {
    this.#room = room
    this.commit = commit
  }

  /**
   * Null where the commit has nothing there. Links lead to where they lead in the commit.
   * @throws MistakesError `invalid_config` where a link leads out of the commit, into a submodule or in a circle
   */
  async find(file: string): Promise<FoundEntry | null> {
    const { tree } = await readCommit(this.#room, this.commit)
    const root = { kind: 'folder', tree, at: '' } as const
    const open: FoundEntry[] = [root]
    const steps = file.split('/').toReversed()
    for (let links = 0; steps.length > 0;) {
      const step = steps.pop()
      const folder = open.at(-1)
      if (step === undefined || step === '' || step === '.') continue
      if (folder?.kind !== 'folder') return null
      if (step === '..') {
        if (open.length === 1) throw refused(file, 'leads out of the repository')
        open.pop()
        continue
      }
      const entry = (await readTree(this.#room, folder.tree)).get(step)
      if (entry === undefined) return null
      const at = folder.at === '' ? step : `${folder.at}/${step}`
      if (entry.mode === SUBMODULE) throw refused(file, 'lies in a submodule, which is another repository')
      if (entry.mode !== SYMBOLIC_LINK) {
        open.push(
          isFolder(entry) ? { kind: 'folder', tree: entry.object, at } : { kind: 'file', object: entry.object, at },
        )
        continue
      }
      links += 1
      if (links > MOST_LINKS) throw refused(file, 'is a link that leads in a circle, or through too many others')
      const target = (await this.#room.object(entry.object, 'blob')).toString('utf8')
      if (target.startsWith('/')) throw refused(file, 'is a link that leads out of the repository')
      steps.push(...target.split('/').toReversed())
    }
    return open.at(-1) ?? root
  }

  /**
   * Rejects with the `code` of a Node error where there is no such file, or it is no UTF-8 text.
   * @throws MistakesError `invalid_config` of a link that cannot be followed, and of a Git LFS pointer
   */
  async read(file: string): Promise<string> {
    const found = await this.find(file)
    if (found?.kind !== 'file') throw systemError(found === null ? 'ENOENT' : 'EISDIR')
    const bytes = await this.#room.object(found.object, 'blob')
    if (!isUtf8(bytes)) throw systemError('EILSEQ')
    const text = bytes.toString('utf8')
    if (text.startsWith(POINTER))
      throw refused(file, 'is a pointer of Git LFS, so the file itself is not in the repository')
    return text
  }

  /** A file as the commit holds it, without filters; null where there is none. */
  async bytes(file: string): Promise<Buffer | null> {
    const found = await this.find(file)
    return found?.kind === 'file' ? this.#room.object(found.object, 'blob') : null
  }

  /** Files and links below a folder, by their paths from it; what lies behind links to folders is not among them. Level by level. */
  async below(folder: string): Promise<readonly string[]> {
    const found = await this.find(folder)
    if (found?.kind !== 'folder') return []
    const files: string[] = []
    let level: (readonly [prefix: string, tree: string])[] = [['', found.tree]]
    while (level.length > 0) {
      const trees = await Promise.all(level.map(([, tree]) => readTree(this.#room, tree)))
      const next: (readonly [string, string])[] = []
      for (const [index, [prefix]] of level.entries()) {
        for (const [name, entry] of trees[index] ?? new Map<string, TreeEntry>()) {
          if (isFolder(entry)) next.push([`${prefix}${name}/`, entry.object])
          else if (entry.mode !== SUBMODULE) files.push(prefix + name)
        }
      }
      level = next
    }
    return files
  }

  /** Paths from the root that a glob matches. */
  glob(pattern: string): Promise<readonly string[]> {
    return globFiles(
      {
        list: async (folder) => {
          const found = await this.find(folder)
          if (found?.kind !== 'folder') return []
          const entries = await readTree(this.#room, found.tree)
          return [...entries].flatMap(([name, entry]) =>
            entry.mode === SUBMODULE ? [] : [{ name, isFolder: isFolder(entry), isLink: entry.mode === SYMBOLIC_LINK }],
          )
        },
        kindOf: async (file) => (await this.find(file))?.kind ?? null,
      },
      pattern,
    )
  }
}

function refused(file: string, why: string): Error {
  return configMistake(`${file} ${why}, so it is refused as a trusted file`)
}
