import { isUtf8 } from 'node:buffer'
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { systemError } from '../schema/errors.ts'
import { diskTree } from './disk-tree.ts'
import { globFiles } from './file-glob.ts'

/** What decided a run, for those whose change edits it: paths from the root of the repository, sorted. */
export interface DecidedBy {
  readonly commit: string
  /** Files of the commit that were read. */
  readonly files: readonly string[]
  /** Those of them that the work tree has otherwise, and those that it adds where the commit has none. They did not count. */
  readonly edited: readonly string[]
}

/** Files as some reader sees them: names are absolute, or relative to one folder. */
export interface Files {
  kindOf(file: string): Promise<'file' | 'folder' | null>
  /** Rejects with the `code` of a Node error where it cannot be read, or is no UTF-8 text. */
  read(file: string): Promise<string>
  /** Rejects with an `UnseenFolderError` where it had to look into a folder that cannot be looked into. */
  glob(pattern: string): Promise<readonly string[]>
}

/**
 * The one reader of what decides: configuration, rules, records, snapshots that are judged, earlier reports, bases. With a commit, everything that lies
 * in the repository comes from there, and the work tree is not asked; without one it is what stands on the disk.
 */
export interface TrustedFiles extends Files {
  /** In full; null where what stands on the disk is trusted. */
  readonly commit: string | null
  /** Real path of the repository's root; null without a commit. */
  readonly top: string | null
  /** Whether a search upwards ends in this folder. */
  readonly isTop: (folder: string) => boolean
  /** The absolute path that a name stands for: relative names in that file begin in its folder. */
  readonly placeOf: (file: string) => string
  /** Files as seen from a folder, for bases: what is read there decides nothing by itself. */
  readonly within: (folder: string) => Files
  /**
   * Files of another commit of the same repository, where no checkout stands around this one: what is declared is then read from the commit, too, and names
   * begin at its root. Null where a work tree has what is judged.
   */
  readonly bare: ((commit: string) => Files) | null
  /** Null without a commit. */
  readonly decided: () => Promise<DecidedBy | null>
  readonly close: () => void
}

/** What stands on the disk is trusted, relative to `cwd`. */
export function diskFiles(cwd: string): TrustedFiles {
  return {
    commit: null,
    top: null,
    ...filesOnDisk(cwd),
    isTop: (folder) => existsSync(path.join(folder, '.git')),
    placeOf: (file) => path.resolve(cwd, file),
    within: (folder) => filesOnDisk(path.resolve(cwd, folder)),
    bare: null,
    decided: () => Promise.resolve(null),
    close: () => {},
  }
}

/** Files as they stand on the disk. */
export function filesOnDisk(cwd: string): Files {
  return {
    kindOf(file) {
      const found = statSync(path.resolve(cwd, file), { throwIfNoEntry: false })
      return Promise.resolve(found === undefined ? null : found.isDirectory() ? 'folder' : 'file')
    },
    async read(file) {
      const bytes = await readFile(path.resolve(cwd, file))
      if (!isUtf8(bytes)) throw systemError('EILSEQ')
      return bytes.toString('utf8')
    },
    glob: (pattern) => globFiles(diskTree(cwd), pattern),
  }
}
