import { MistakesError, type FilePlace } from '../schema/errors.ts'
import type { Json } from '../schema/json.ts'
import { expand } from './expand.ts'
import { MistakeBook } from './mistake-book.ts'
import { readText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'

/** More than any configuration has. */
const MOST_VALUES = 1_000_000

/** A YAML or JSON file that declares nothing (a configuration), with the places of what stands in it. */
export interface PlainFile {
  readonly value: Json
  /** The key that names `path`, or the item of a list; where the text lacks it, the nearest part around it. */
  readonly place: (path: SourcePath) => FilePlace
}

/**
 * Reads a text by the extension of its file, as declared files are read: no tags, no duplicate keys, no variables. Nothing but comments is null.
 * @throws MistakesError `invalid_config`, with line and column and never a word of the text
 */
export async function readPlainFile(file: string, text: string): Promise<PlainFile> {
  if (isBlank(text)) return { value: null, place: () => ({ file, line: 1, column: 1 }) }
  const book = new MistakeBook()
  const reading = await readText(file, text)
  if (reading.ok) {
    const { source } = reading
    // An alias may lie in what it repeats, and nested ones mean billions: nobody may walk through such a value.
    const { isWhole, mistakes } = expand(source.value, null, MOST_VALUES)
    if (isWhole) return { value: source.value, place: (path) => book.placeAt(source, path) }
    // Further down the way there is no place that a person finds.
    for (const { path, message } of mistakes) book.addAt(source, path.slice(0, 1), message)
  } else for (const { offset, message } of reading.faults) book.addInText(file, text, offset, message)
  throw new MistakesError('invalid_config', book.all())
}

function isBlank(text: string): boolean {
  return text.split(/\r\n|\r|\n/).every((line) => line.trim() === '' || line.trimStart().startsWith('#'))
}
