import type { DeclaredFiles } from '../declared/files.ts'
import { matchesFile } from '../git/file-glob.ts'

/** As globs of sources are read. */
export function matches(pattern: string, file: string): boolean {
  return matchesFile(pattern.replace(/^files:/, ''), file)
}

/** Keeps the text of every file that is read. */
export function remembering(files: DeclaredFiles, texts: Map<string, string>): DeclaredFiles {
  return {
    ...files,
    read: async (path, as) => {
      const text = await files.read(path, as)
      texts.set(path, text)
      return text
    },
  }
}

/** A file system as it will be. */
export function overlaid(files: DeclaredFiles, texts: ReadonlyMap<string, string>): DeclaredFiles {
  return {
    ...files,
    kindOf: (path) => (texts.has(path) ? Promise.resolve('file' as const) : files.kindOf(path)),
    read: (path, as) => {
      const text = texts.get(path)
      return text === undefined ? files.read(path, as) : Promise.resolve(text)
    },
    glob: async (pattern, onPassedBy) => {
      const there = await files.glob(pattern, onPassedBy)
      return [...new Set([...there, ...[...texts.keys()].filter((file) => matches(pattern, file))])]
    },
  }
}
