import path from 'node:path'
import { joinSource, splitSource } from '../declared/source-kind.ts'
import type { TrustedFiles } from '../git/disk-files.ts'
import { treePaths, type TreePath } from '../git/tree-path.ts'
import { toShown } from './files.ts'
import type { Io } from './io.ts'

/** A place as a report names it: from the root of the repository, else from the working directory. */
export interface ReportPlace {
  readonly file: string | null
  readonly line: number | null
}

export interface ReportPaths {
  /** `file` is absolute, or begins in `folder`. What came through a pipe stands nowhere. */
  readonly place: (folder: string, file: string | null, line: number | null) => ReportPlace
  /** The same of a file that there is. */
  readonly name: (folder: string, file: string) => string
  /** The same where a sentence names it. What a commit has (`REF:PATH`) keeps its name. */
  readonly inText: (folder: string, file: string) => string
  /** A SOURCE, its kind kept. */
  readonly source: (folder: string, source: string) => string
}

/** A source from a pipe is called so. */
const PIPE = '-'

/** One look at the disk for each file, however many findings stand in it; none where a commit stands there without a work tree (`files.bare`). */
export function reportPaths({ cwd, env }: Io, files: Pick<TrustedFiles, 'bare' | 'top'> | null = null): ReportPaths {
  const find = files?.bare ? inCommit(files.top ?? cwd) : treePaths(cwd, env.HOME ?? env.USERPROFILE)
  const known = new Map<string, TreePath>()
  const tree = (folder: string, file: string) => {
    const full = path.resolve(folder, file)
    const found = known.get(full) ?? find(full)
    known.set(full, found)
    return found
  }
  const name = (folder: string, file: string): string => tree(folder, file).path
  return {
    name,
    place(folder, file, line) {
      if (file === null || file === PIPE) return { file: null, line: null }
      const found = tree(folder, file)
      return { file: found.path, line: found.isLink ? null : line }
    },
    inText(folder, file) {
      if (file === PIPE) return 'standard input'
      return file.includes(':') ? file : name(folder, file)
    },
    source(folder, source) {
      const { kind, path: place } = splitSource(source)
      return place === PIPE ? source : joinSource(kind, name(folder, place))
    },
  }
}

function inCommit(top: string): (file: string) => TreePath {
  return (file) => ({ path: toShown(top, file), isLink: false })
}
