import { posix } from 'node:path'
import { whyUnreadable, type DeclaredFiles, type ReadContext } from '../declared/files.ts'
import { readJson, type SourceText } from '../declared/source-text.ts'

/** What another tool wrote to a file that a source names: it may be larger than what people write, and lie anywhere. Rejects as `read` does. */
export async function readToolText(path: string, files: DeclaredFiles): Promise<string> {
  if (path !== '-') files.allow?.(posix.dirname(path))
  return (await files.read(path, { isState: true })).replace(/^\uFEFF/, '')
}

/** A JSON text that another tool wrote, by its path (`-`: standard input); null, with the mistake noted, where it cannot be read. */
export async function readJsonSource(path: string, { files, book }: ReadContext): Promise<SourceText | null> {
  let text: string
  try {
    text = await readToolText(path, files)
  } catch (error) {
    book.addOf(path, whyUnreadable(error))
    return null
  }
  return parseJsonSource(path, text, book)
}

/** The same of a text at hand; `name` is what messages call it. */
export function parseJsonSource(name: string, text: string, book: ReadContext['book']): SourceText | null {
  const reading = readJson(name, text)
  if (reading.ok) return reading.source
  for (const { offset, message } of reading.faults) book.addInText(name, text, offset, message)
  return null
}
