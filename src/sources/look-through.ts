import { expand } from '../declared/expand.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'
import type { SourceText } from '../declared/source-text.ts'
import type { SourcePath } from '../declared/source-tree.ts'
import type { JsonObject } from '../schema/json.ts'
import { shownPath } from '../schema/shown-key.ts'

/** A resource in the text that another tool wrote. */
interface ResourcePlace {
  readonly source: SourceText
  readonly book: MistakeBook
  /** Of its inputs or attributes. */
  readonly at: SourcePath
  /** What the tool calls it; empty where it has no name. */
  readonly address: string
}

/**
 * Looks a resource through for what no declaration may hold. Each mistake is noted with the resource and the property; `refused` are the places of them.
 * Null where the inputs are endless, so that nobody may look into them any further.
 */
export function lookThrough(
  inputs: JsonObject,
  { source, book, at, address }: ResourcePlace,
): { readonly values: JsonObject; readonly refused: readonly SourcePath[] } | null {
  const { value, mistakes, isWhole } = expand(inputs, null)
  for (const { path, message } of mistakes) {
    const where = [address, shownPath(path)].filter((part) => part !== '').join(': ')
    book.addAt(source, [...at, ...path], `${where}: ${message}`)
  }
  return isWhole ? { values: value as JsonObject, refused: mistakes.map(({ path }) => path) } : null
}
