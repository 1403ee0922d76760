import { posix } from 'node:path'
import { listOf, memberOf, type Json } from '../schema/json.ts'
import { readDocument, type DeclaredDocument } from './document.ts'
import { expand, namesIn } from './expand.ts'
import { forEachLimited, NO_DECLARED_FILE, whyUnreadable, type ReadContext } from './files.ts'
import { mergeLayers } from './layers.ts'
import { hasKnownExtension, readText, type SourceText } from './source-text.ts'
import type { SourceState } from './state.ts'
import { turn } from './turn.ts'
import { mayHoldVariable, usesInDocument } from './variable-uses.ts'

/** Characters that are looked through before others have a turn. */
const LONG = 200_000

/** Files read at a time; each holds an open handle. */
const AT_ONCE = 16

/** Declared files and all they extend, parsed; no variable is replaced yet but in names of files. */
export interface LoadedFiles {
  /** What they say. Variables have been judged before. */
  states(): Promise<readonly SourceState[]>
  /** A file that may hold variables could not be parsed, so nobody knows what they stand for. */
  readonly isOpaque: boolean
  /** Their paths. */
  readonly read: ReadonlySet<string>
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
    read: loader.asked,
    async states() {
      await loader.readDocuments()
      loader.reportUnreadable(unique)
      const orders = unique.map((path) => ({ path, order: loader.order(path) }))
      const extended = new Set(orders.flatMap(({ path, order }) => order.filter((below) => below !== path)))
      return orders.filter(({ path }) => !extended.has(path)).map(({ order }) => loader.state(order))
    },
  }
}

/** So many files may lie upon one another; whoever has more has made them with a program, and a longer chain fills the stack. */
const LONGEST_CHAIN = 100

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
      const isPlain = judge.plainBy(uses)
      for (const { from, written } of waiting) {
        if (!namesIn(written).names.every(isPlain)) continue
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
      if (reason !== undefined) book.addOf(path, reason)
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
          this.context.book.addAt(
            document?.source ?? null,
            extension.at,
            `extends: the files extend each other in a circle: ${circle}`,
          )
        } else if (open.length >= LONGEST_CHAIN) {
          const message = `extends: more than ${LONGEST_CHAIN} files extend each other in a chain`
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
    const [tenant = null] = documents
      .flatMap(({ tenant: name, source }) => (name === null ? [] : [{ name, source, at: ['tenant'] }]))
      .slice(-1)
    const items = documents.flatMap((document) => document.items ?? [])
    return {
      file: order.at(-1) ?? null,
      tenant,
      apis: mergeLayers(items, this.context.book),
      managedElsewhere: documents.flatMap((document) => document.managedElsewhere),
      says: documents.some((document) => document.items !== null),
      warnings: [],
    }
  }
}

/** As they are written; what is none is a mistake that reading the document finds. */
function extendsOf(value: Json): readonly string[] {
  return listOf(memberOf(value, 'extends')).filter((item): item is string => typeof item === 'string' && item !== '')
}

function resolve(from: string, path: string): string {
  return posix.isAbsolute(path) ? posix.normalize(path) : posix.join(posix.dirname(from), path)
}
