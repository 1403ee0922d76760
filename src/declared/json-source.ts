import { posix } from 'node:path'
import { whyUnreadable, type ReadContext } from './files.ts'
import { NOWHERE } from './mistake-book.ts'
import { readJson, type SourceText } from './source-text.ts'

/** A JSON text that another tool wrote, by its path (`-`: standard input); null, with the mistake noted, where it cannot be read. */
export async function readJsonSource(path: string, { files, book }: ReadContext): Promise<SourceText | null> {
  let text: string
  try {
    if (path !== '-') files.allow?.(posix.dirname(path))
    text = (await files.read(path, { isState: true })).replace(/^\uFEFF/, '')
  } catch (error) {
    book.add({ ...NOWHERE, file: path }, whyUnreadable(error))
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
