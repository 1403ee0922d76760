import { posix } from 'node:path'
import { byCodeUnits, isJsonObject, own, type Json } from '../schema/json.ts'
import { readDocument, type DeclaredDocument } from './document.ts'
import { expand, namesIn, type Lookup } from './expand.ts'
import { mergeLayers } from './layers.ts'
import { NOWHERE, type MistakeBook } from './mistake-book.ts'
import { EXTENSIONS, hasKnownExtension, readText, type SourceText } from './source-text.ts'
import type { SourceState } from './state.ts'
import { turn } from './turn.ts'
import type { VariableJudge } from './variable-rules.ts'
import { mayHoldVariable, usesInDocument, type VariableUse } from './variable-uses.ts'

/**
 * The file system a declaration is read from: the disk, or one commit of a repository. Paths have forward slashes and are relative to one
 * root that the maker of this chose, or absolute.
 */
export interface DeclaredFiles {
  kindOf(path: string): Promise<'file' | 'folder' | null>
  /** The text of a file; rejects with an error whose `code` is one that `whyUnreadable` has words for (`ENOENT`) where it cannot. */
  read(path: string, as?: ReadAs): Promise<string>
  /** Files that a glob pattern matches, in any order. Rejects as `read` does where it leads to folders that may not be looked into. */
  glob(pattern: string): Promise<readonly string[]>
  /**
   * What `pulumi stack export` prints in a folder, of the stack that is selected there (null) or of another one. Absent where no process can
   * be run; rejects with a `MistakesError`.
   */
  exportStack?(folder: string, stack: string | null): Promise<StackExport>
  /** Told of each folder that a source names by its text: what lies below may be read, wherever it is. Absent where all there is may be read. */
  allow?(folder: string): void
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
  /** Where variables stand in all that was looked at so far. */
  readonly uses: VariableUse[]
}

/** Characters that are looked through before others have a turn. */
const LONG = 200_000

/** Files read at a time; each holds an open handle. */
const AT_ONCE = 16

/** The files that an existing path or a glob names; none, with the mistake noted, where it names none. */
export async function findFiles(pattern: string, context: ReadContext): Promise<readonly string[]> {
  const { files, book } = context
  const path = posix.normalize(pattern)
  const kind = await files.kindOf(path)
  files.allow?.(kind === 'file' ? posix.dirname(path) : literalFolder(path))
  if (kind === 'file') return keepDeclared([path], context)
  if (kind === 'folder') {
    book.add({ ...NOWHERE, file: path }, `is a folder: name its files, as ${posix.join(path, '**/*.yaml')}`)
    return []
  }
  let matches: readonly string[]
  try {
    matches = (await files.glob(path)).map((file) => posix.normalize(file))
  } catch (error) {
    book.add({ ...NOWHERE, file: path }, whyUnreadable(error))
    return []
  }
  const found = await keepDeclared([...new Set(matches)].sort(byCodeUnits), context)
  if (found.length === 0 && matches.length === 0) {
    book.add(
      { ...NOWHERE, file: path },
      'no file matches: `tenant-drift init` declares a tenant as it stands; where nothing is declared, a file says `resource_servers: []`',
    )
  }
  return found
}

/** Where a glob begins to look: all of it that no wildcard stands in. */
export function literalFolder(pattern: string): string {
  const [literal = ''] = pattern.split(/[*?[\]{}()!]/, 1)
  return literal === pattern ? posix.dirname(pattern) : posix.dirname(`${literal}x`)
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

/** Declared files and all they extend, parsed; no variable is replaced yet but in names of files. */
export interface LoadedFiles {
  /** What they say. Variables have been judged before. */
  states(): Promise<readonly SourceState[]>
  /** A file that may hold variables could not be parsed, so nobody knows what they stand for. */
  readonly isOpaque: boolean
}

/**
 * Loads files and what they extend. A file that another one of them extends speaks only through that one, so that base and overlay may lie
 * under one glob. Where two files extend the same one, what neither overrides is the same in both.
 */
export async function loadFiles(paths: readonly string[], context: ReadContext): Promise<LoadedFiles> {
  const unique = [...new Set(paths)]
  const loader = new Loader(context, new Set(unique))
  await forEachLimited(unique, AT_ONCE, (path) => loader.load(path, null))
  await loader.loadNamedByVariables()
  return {
    isOpaque: loader.isOpaque,
    async states() {
      await loader.readDocuments()
      loader.reportUnreadable(unique)
      const orders = unique.map((path) => ({ path, order: loader.order(path) }))
      const extended = new Set(orders.flatMap(({ path, order }) => order.filter((below) => below !== path)))
      return orders.filter(({ path }) => !extended.has(path)).map(({ order }) => loader.state(order))
    },
  }
}

class Loader {
  readonly context: ReadContext
  readonly texts = new Map<string, SourceText>()
  readonly documents = new Map<string, DeclaredDocument>()
  /** What is extended by a name with variables in it. */
  waiting: { readonly from: string; readonly written: string }[] = []
  isOpaque = false
  /** Why a file has no text. */
  readonly unreadable = new Map<string, string>()
  readonly asked = new Set<string>()
  /** Files that sources name. */
  readonly given: ReadonlySet<string>

  constructor(context: ReadContext, given: ReadonlySet<string>) {
    this.context = context
    this.given = given
  }

  /** Reads a file and all it extends, each once. `from`: the file that extends it. */
  async load(path: string, from: string | null): Promise<void> {
    if (this.asked.has(path)) return
    this.asked.add(path)
    const source = await this.read(path, this.given.has(path) ? null : from)
    if (source === null) return
    this.texts.set(path, source)
    if (mayHoldVariable(source.text)) this.context.uses.push(...usesInDocument(source))
    for (const written of extendsOf(source.value)) {
      if (written.includes('${')) this.waiting.push({ from: path, written })
      else await this.load(resolve(path, written), path)
    }
  }

  /** A name is put together only of variables that may be shown; the others are a mistake, which nobody needs a file for. */
  async loadNamedByVariables(): Promise<void> {
    const { judge, lookup, uses } = this.context
    while (this.waiting.length > 0) {
      const waiting = this.waiting
      this.waiting = []
      for (const { from, written } of waiting) {
        if (!namesIn(written).names.every((name) => judge.isPlain(name, uses))) continue
        const { value } = expand(written, lookup)
        if (typeof value === 'string') await this.load(resolve(from, value), from)
      }
    }
  }

  /** By the order in which they were found. */
  async readDocuments(): Promise<void> {
    const { lookup, book } = this.context
    let length = 0
    for (const [path, source] of this.texts) {
      length += source.text.length
      if (length > LONG) {
        await turn()
        length = 0
      }
      const document = readDocument(source, lookup, book)
      if (document !== null) this.documents.set(path, document)
    }
  }

  async read(path: string, from: string | null): Promise<SourceText | null> {
    const { files, book } = this.context
    if (!hasKnownExtension(path)) {
      this.unreadable.set(path, NO_DECLARED_FILE)
      return null
    }
    let text: string
    try {
      text = await files.read(path, { from })
    } catch (error) {
      this.unreadable.set(path, whyUnreadable(error))
      return null
    }
    const reading = await readText(path, text)
    // Reading a large file takes as long as a tenant takes to answer: that answer is looked at in between.
    await turn()
    if (reading.ok) return reading.source
    this.isOpaque ||= mayHoldVariable(text)
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

/** As they are written; what is none is a mistake that reading the document finds. */
function extendsOf(value: Json): readonly string[] {
  const list = isJsonObject(value) ? own(value, 'extends') : undefined
  return Array.isArray(list)
    ? (list as readonly Json[]).filter((item): item is string => typeof item === 'string' && item !== '')
    : []
}

function resolve(from: string, path: string): string {
  return posix.isAbsolute(path) ? posix.normalize(path) : posix.join(posix.dirname(from), path)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
  EILSEQ: 'is not UTF-8 text',
  EOUTSIDE:
    'lies outside of the repository: there only what a source itself names is read, not what `extends` or a link leads to',
  ENOTREG: 'is no regular file',
  ELOOP: 'is a link in a circle',
  EFBIG: 'is larger than the 16 MiB that a declared file may have',
  E2BIG: 'is larger than 256 MiB',
  EDQUOT: 'makes all declared files together larger than 256 MiB',
  ETIMEDOUT: 'could not be read in time',
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
