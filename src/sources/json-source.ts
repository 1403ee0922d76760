import { posix } from 'node:path'
import { systemCode } from '../schema/errors.ts'
import { whyUnreadable, type ReadContext } from '../declared/files.ts'
import { readJson, type SourceText } from '../declared/source-text.ts'

/** What people give in the place of the JSON that is asked for, and what is said of it. */
interface Mistaken {
  /** An archive, or another file that is no text. */
  readonly binary?: string
  /** A stream of events, one in each line. */
  readonly lines?: string
}

/**
 * A JSON text that another tool wrote, by its path (`-`: standard input): it may be larger than what people write, and lie anywhere. Null, with the mistake
 * noted, where it cannot be read. No mistake quotes the text: secrets stand in it in clear.
 */
export async function readJsonSource(
  path: string,
  { files, book }: ReadContext,
  { binary, lines }: Mistaken = {},
): Promise<SourceText | null> {
  if (path !== '-') files.allow?.(posix.dirname(path))
  let text: string
  try {
    text = (await files.read(path, { isState: true })).replace(/^\uFEFF/, '')
  } catch (error) {
    book.addOf(path, (systemCode(error) === 'EILSEQ' ? binary : undefined) ?? whyUnreadable(error))
    return null
  }
  if (binary !== undefined && text.startsWith('PK')) book.addOf(path, binary)
  else if (lines !== undefined && holdsLines(text)) book.addInText(path, text, 0, lines)
  else return parseJsonSource(path, text, book)
  return null
}

/** Whether the first two lines are objects of their own. */
function holdsLines(text: string): boolean {
  const [first = '', second = ''] = text.split('\n', 2)
  return /^\s*\{.*\}\s*$/.test(first) && second.trim().startsWith('{')
}

/** The same of a text at hand; `name` is what messages call it. */
export function parseJsonSource(name: string, text: string, book: ReadContext['book']): SourceText | null {
  const reading = readJson(name, text)
  if (reading.ok) return reading.source
  for (const { offset, message } of reading.faults) book.addInText(name, text, offset, message)
  return null
}
