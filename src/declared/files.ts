import { posix } from 'node:path'
import { UnseenFolderError, type OnPassedBy, type PassedBy } from '../git/file-glob.ts'
import { systemCode } from '../schema/errors.ts'
import { byCodeUnits } from '../schema/json.ts'
import { otherKindByName } from '../schema/known-files.ts'
import type { Lookup } from './expand.ts'
import type { MistakeBook } from './mistake-book.ts'
import { leftOutTexts } from './passed-by.ts'
import { EXTENSIONS, hasKnownExtension } from './source-text.ts'
import type { SourceState } from './state.ts'
import type { VariableJudge } from './variable-rules.ts'
import type { VariableUse } from './variable-uses.ts'

/**
 * The file system a declaration is read from: the disk, or one commit of a repository. Paths have forward slashes and are relative to one
 * root that the maker of this chose, or absolute.
 */
export interface DeclaredFiles {
  kindOf(path: string): Promise<'file' | 'folder' | null>
  /** The text of a file; rejects with an error whose `code` is one that `whyUnreadable` has words for (`ENOENT`) where it cannot. */
  read(path: string, as?: ReadAs): Promise<string>
  /**
   * Files that a glob pattern matches, in any order. Rejects with an `UnseenFolderError` where it leads to a folder that cannot be looked into. `onPassedBy` is
   * told of what it nearly matches, where somebody may miss it.
   */
  glob(pattern: string, onPassedBy?: OnPassedBy): Promise<readonly string[]>
  /**
   * What `pulumi stack export` prints in a folder, of the stack that is selected there (null) or of another one. Absent where no process can
   * be run; rejects with a `MistakesError`.
   */
  exportStack?(folder: string, stack: string | null): Promise<StackExport>
  /** Told of each folder that a source names by its text: what lies below may be read, wherever it is. Absent where all there is may be read. */
  allow?(folder: string): void
}

/** A file system of these texts by their paths, for sources that are named one by one. */
export function inMemory(texts: ReadonlyMap<string, string>): DeclaredFiles {
  return {
    kindOf: (file) => Promise.resolve(texts.has(file) ? 'file' : null),
    read: (file) => Promise.resolve(texts.get(file) ?? ''),
    glob: () => Promise.resolve([]),
  }
}

/** What a file is read as. */
export interface ReadAs {
  /** The file that extends it, where no source names it. */
  readonly from?: string | null
  /** What another tool wrote, which may be larger than what people write. */
  readonly isState?: boolean
}

/** A stack's export, and what is worth saying about how it was read. */
export interface StackExport {
  readonly text: string
  readonly warnings: SourceState['warnings']
}

/** What everything that reads a source is given. */
export interface ReadContext {
  readonly files: DeclaredFiles
  readonly lookup: Lookup
  readonly book: MistakeBook
  readonly judge: VariableJudge
  /** A commit that nothing is declared in yet: what a source names may be new. */
  readonly mayBeAbsent: boolean
  /** Where variables stand in all that was looked at so far. */
  readonly uses: VariableUse[]
  /** What the patterns of all sources nearly took. */
  readonly passedBy: PassedBy[]
}

/** The files that an existing path or a glob names; none, with the mistake noted, where it names none. */
export async function findFiles(pattern: string, context: ReadContext): Promise<readonly string[]> {
  const { files, book, passedBy } = context
  const path = posix.normalize(pattern)
  const kind = await files.kindOf(path)
  files.allow?.(kind === 'file' ? posix.dirname(path) : literalFolder(path))
  // A file that is called like a glob must not stand for all that the glob means.
  if (kind === 'file' && !/[*?{]/.test(path)) return keepDeclared([path], context)
  if (kind === 'folder') {
    book.addOf(path, `is a folder: name its files, as ${posix.join(path, '**/*.yaml')}`)
    return []
  }
  const before = passedBy.length
  let matches: readonly string[]
  try {
    const tell: OnPassedBy = ({ path: near, why }) => passedBy.push({ path: posix.normalize(near), why })
    matches = (await files.glob(path, tell)).map((file) => posix.normalize(file))
  } catch (error) {
    book.addOf(...whyUnseen(path, error))
    return []
  }
  const passed = passedBy.slice(before)
  const folders = passed.filter(({ path: near, why }) => why === 'folder' && hasKnownExtension(near))
  for (const folder of folders) book.addOf(folder.path, whyUnreadable({ code: 'EISDIR' }))
  const found = await keepDeclared([...new Set(matches)].sort(byCodeUnits), context)
  if (found.length === 0 && matches.length === 0 && folders.length === 0 && !context.mayBeAbsent) {
    const leftOut = leftOutTexts(passed, new Set())
    const advice =
      '`tenant-drift init` declares a tenant as it stands; where nothing is declared, a file says `resource_servers: []`'
    book.addOf(path, `no file matches: ${leftOut.length === 0 ? advice : leftOut.join('; ')}`)
  }
  return found
}

/** What could not be looked into, and why. */
function whyUnseen(pattern: string, error: unknown): readonly [file: string, message: string] {
  // What leads out of the repository is told of the pattern that leads there.
  if (!(error instanceof UnseenFolderError) || error.code === 'EOUTSIDE') return [pattern, whyUnreadable(error)]
  const folder = posix.normalize(error.folder)
  return [folder, `${whyUnreadable(error)}, so it is not known what ${pattern} matches there`]
}

/** Where a glob begins to look: all of it that no wildcard stands in. */
function literalFolder(pattern: string): string {
  const [literal = ''] = pattern.split(/[*?[\]{}()!]/, 1)
  return literal === pattern ? posix.dirname(pattern) : posix.dirname(`${literal}x`)
}

export const NO_DECLARED_FILE = `is not a declared file: the name of a declared file ends in ${EXTENSIONS.join(', ')}`

/** A glob also matches folders, which say nothing; another file among the declared ones is a mistake that somebody should know of. */
async function keepDeclared(found: readonly string[], { files, book }: ReadContext): Promise<readonly string[]> {
  const kept: string[] = []
  for (const file of found) {
    if (hasKnownExtension(file)) kept.push(file)
    else if ((await files.kindOf(file)) !== 'folder') book.addOf(file, otherKindByName(file) ?? NO_DECLARED_FILE)
  }
  return kept
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
  EILSEQ: 'is not UTF-8 text',
  EOUTSIDE:
    'lies outside of the repository: there only files that a source names are read, not files that `extends` or a link leads to',
  ENOTREG: 'is not a regular file',
  ELOOP: 'is a link that leads back to itself',
  EFBIG: 'is larger than the 16 MiB that a declared file may have',
  E2BIG: 'is larger than 256 MiB',
  EDQUOT: 'makes all declared files together larger than 256 MiB',
  ETIMEDOUT: 'could not be read in time',
}

/** Never the error's own message: it may hold whatever the file system thought worth saying. */
export function whyUnreadable(error: unknown): string {
  const code = systemCode(error)
  return REASONS[code] ?? `cannot be read${/^E[A-Z]+$/.test(code) ? ` (${code})` : ''}`
}

export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const work = async (): Promise<void> => {
    for (const item of queue) await act(item)
  }
  await Promise.all(Array.from({ length: limit }, work))
}
