import { posix } from 'node:path'
import { byCodeUnits } from '../schema/json.ts'
import { readDocument, type DeclaredDocument } from './document.ts'
import type { Lookup } from './expand.ts'
import { mergeLayers } from './layers.ts'
import { NOWHERE, type MistakeBook } from './mistake-book.ts'
import { EXTENSIONS, hasKnownExtension, readText } from './source-text.ts'
import type { SourceState } from './state.ts'
import { turn } from './turn.ts'

/**
 * The file system a declaration is read from: the disk, or one commit of a repository. Paths have forward slashes and are relative to one
 * root that the maker of this chose, or absolute.
 */
export interface DeclaredFiles {
  kindOf(path: string): Promise<'file' | 'folder' | null>
  /** The text of a file; rejects with an error whose `code` is a Node one (`ENOENT`) where it cannot. */
  read(path: string): Promise<string>
  /** Files that a glob pattern matches, in any order. */
  glob(pattern: string): Promise<readonly string[]>
  /**
   * What `pulumi stack export` prints in a folder, of the stack that is selected there (null) or of another one. Absent where no process can
   * be run; rejects with a `MistakesError`.
   */
  exportStack?(folder: string, stack: string | null): Promise<string>
}

/** What everything that reads a source is given. */
export interface ReadContext {
  readonly files: DeclaredFiles
  readonly lookup: Lookup
  readonly book: MistakeBook
}

/** Files read at a time; each holds an open handle. */
const AT_ONCE = 16

/** The files that an existing path or a glob names; none, with the mistake noted, where it names none. */
export async function findFiles(pattern: string, context: ReadContext): Promise<readonly string[]> {
  const { files, book } = context
  const path = posix.normalize(pattern)
  const kind = await files.kindOf(path)
  if (kind === 'file') return keepDeclared([path], context)
  if (kind === 'folder') {
    book.add({ ...NOWHERE, file: path }, `is a folder: name its files, as ${posix.join(path, '**/*.yaml')}`)
    return []
  }
  const matches = (await files.glob(path)).map((file) => posix.normalize(file))
  const found = await keepDeclared([...new Set(matches)].sort(byCodeUnits), context)
  if (found.length === 0 && matches.length === 0) {
    book.add(
      { ...NOWHERE, file: path },
      'no file matches: `tenant-drift init` declares a tenant as it stands; where nothing is declared, a file says `resource_servers: []`',
    )
  }
  return found
}

const NO_DECLARED_FILE = `is not a declared file: their names end in ${EXTENSIONS.join(', ')}`

/** A glob also matches folders, which say nothing; another file among the declared ones is a mistake that somebody should know of. */
async function keepDeclared(found: readonly string[], { files, book }: ReadContext): Promise<readonly string[]> {
  const kept: string[] = []
  for (const file of found) {
    if (hasKnownExtension(file)) kept.push(file)
    else if ((await files.kindOf(file)) !== 'folder') book.add({ ...NOWHERE, file }, NO_DECLARED_FILE)
  }
  return kept
}

/**
 * Reads files and what they extend. A file that another one of them extends speaks only through that one, so that base and overlay may lie
 * under one glob. Where two files extend the same one, what neither overrides is the same in both.
 */
export async function readFiles(paths: readonly string[], context: ReadContext): Promise<readonly SourceState[]> {
  const loader = new Loader(context)
  const unique = [...new Set(paths)]
  await forEachLimited(unique, AT_ONCE, (path) => loader.load(path))
  loader.reportUnreadable(unique)
  const orders = unique.map((path) => ({ path, order: loader.order(path) }))
  const extended = new Set(orders.flatMap(({ path, order }) => order.filter((below) => below !== path)))
  return orders.filter(({ path }) => !extended.has(path)).map(({ order }) => loader.state(order))
}

/** So many files may lie upon one another; whoever has more has made them with a program, and a longer chain fills the stack. */
const LONGEST_CHAIN = 100

class Loader {
  readonly context: ReadContext
  readonly documents = new Map<string, DeclaredDocument>()
  /** Why a file has no text. */
  readonly unreadable = new Map<string, string>()
  readonly asked = new Set<string>()

  constructor(context: ReadContext) {
    this.context = context
  }

  /** Reads a file and all it extends, each once. */
  async load(path: string): Promise<void> {
    if (this.asked.has(path)) return
    this.asked.add(path)
    const document = await this.read(path)
    if (document === null) return
    this.documents.set(path, document)
    for (const extension of document.extends) await this.load(resolve(path, extension.path))
  }

  async read(path: string): Promise<DeclaredDocument | null> {
    const { files, lookup, book } = this.context
    if (!hasKnownExtension(path)) {
      this.unreadable.set(path, NO_DECLARED_FILE)
      return null
    }
    let text: string
    try {
      text = await files.read(path)
    } catch (error) {
      this.unreadable.set(path, whyUnreadable(error))
      return null
    }
    const reading = await readText(path, text)
    // Reading a large file takes as long as a tenant takes to answer: that answer is looked at in between.
    await turn()
    if (reading.ok) return readDocument(reading.source, lookup, book)
    for (const { offset, message } of reading.faults) book.addInText(path, text, offset, message)
    return null
  }

  /** Notes each place that names a file which could not be read: the sources given, and every `extends`. */
  reportUnreadable(given: readonly string[]): void {
    const { book } = this.context
    for (const path of given) {
      const reason = this.unreadable.get(path)
      if (reason !== undefined) book.add({ ...NOWHERE, file: path }, reason)
    }
    for (const [path, document] of this.documents) {
      for (const extension of document.extends) {
        const target = resolve(path, extension.path)
        const reason = this.unreadable.get(target)
        if (reason !== undefined) book.addAt(document.source, extension.at, `extends: ${target} ${reason}`)
      }
    }
  }

  /** A file and all that lies under it, the lowest first and each once. Notes circles. */
  order(path: string): readonly string[] {
    const done: string[] = []
    const open: string[] = []
    const visit = (file: string): void => {
      open.push(file)
      const document = this.documents.get(file)
      for (const extension of document?.extends ?? []) {
        const target = resolve(file, extension.path)
        if (open.includes(target)) {
          const circle = [...open.slice(open.indexOf(target)), target].join(' -> ')
          this.context.book.addAt(document?.source ?? null, extension.at, `extends: goes in a circle: ${circle}`)
        } else if (open.length >= LONGEST_CHAIN) {
          const message = `extends: goes through more than ${LONGEST_CHAIN} files, one upon the other`
          this.context.book.addAt(document?.source ?? null, extension.at, message)
        } else if (!done.includes(target)) visit(target)
      }
      open.pop()
      done.push(file)
    }
    visit(path)
    return done
  }

  state(order: readonly string[]): SourceState {
    const documents = order.flatMap((path) => this.documents.get(path) ?? [])
    const named = documents.findLast((document) => document.tenant !== null)
    return {
      file: order.at(-1) ?? null,
      tenant:
        named === undefined || named.tenant === null
          ? null
          : { name: named.tenant, source: named.source, at: ['tenant'] },
      apis: mergeLayers(documents, this.context.book),
      managedElsewhere: documents.flatMap((document) => document.managedElsewhere),
      says: documents.some((document) => document.items !== null),
      warnings: [],
    }
  }
}

function resolve(from: string, path: string): string {
  return posix.isAbsolute(path) ? posix.normalize(path) : posix.join(posix.dirname(from), path)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
  EILSEQ: 'is not UTF-8 text',
}

/** Never the error's own message: it may hold whatever the file system thought worth saying. */
export function whyUnreadable(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
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
