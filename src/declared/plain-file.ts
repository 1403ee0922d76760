import { MistakesError, type Place } from '../schema/errors.ts'
import { isJsonObject, type Json } from '../schema/json.ts'
import { tooDeep } from './json-tree.ts'
import { MistakeBook } from './mistake-book.ts'
import { MAX_DEPTH, readText } from './source-text.ts'
import type { SourcePath } from './source-tree.ts'

/** More than any configuration has. */
const MOST_VALUES = 1_000_000

/** A YAML or JSON file that declares nothing (a configuration), with the places of what stands in it. */
export interface PlainFile {
  readonly value: Json
  /** The key that names `path`, or the item of a list; where the text lacks it, the nearest part around it. */
  readonly place: (path: SourcePath) => Place
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
    const endless = endlessIn(source.value, { left: MOST_VALUES })
    if (endless === null) return { value: source.value, place: (path) => book.placeAt(source, path) }
    book.addAt(source, endless.path, endless.why)
  } else for (const { offset, message } of reading.faults) book.addInText(file, text, offset, message)
  throw new MistakesError('invalid_config', book.all())
}

/** Where a value is endless, or as good as that: an alias may lie in what it repeats, and nested ones mean billions. Nobody may walk through such a value. */
function endlessIn(
  value: Json,
  values: { left: number },
  path: SourcePath = [],
): { path: SourcePath; why: string } | null {
  values.left -= 1
  if (typeof value !== 'object' || value === null) return null
  // Further down the way there is no place that a person finds.
  if (path.length >= MAX_DEPTH) return { path: path.slice(0, 1), why: tooDeep(MAX_DEPTH) }
  if (values.left < 0) {
    const why = `the file means more than ${MOST_VALUES} values: its aliases repeat one another`
    return { path: path.slice(0, 1), why }
  }
  const members: Iterable<readonly [string | number, Json]> = isJsonObject(value)
    ? Object.entries(value)
    : value.entries()
  for (const [step, member] of members) {
    const found = endlessIn(member, values, [...path, step])
    if (found !== null) return found
  }
  return null
}

function isBlank(text: string): boolean {
  return text.split(/\r\n|\r|\n/).every((line) => line.trim() === '' || line.trimStart().startsWith('#'))
}
