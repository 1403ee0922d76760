import { isJsonObject, memberOf, own } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import type { ReadContext } from '../declared/files.ts'
import { readJsonSource } from './json-source.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'
import { readEntries } from './pulumi-entries.ts'
import { entriesOf } from './pulumi-entry.ts'
import { withoutEncrypted } from './pulumi-secret.ts'
import type { SourceText } from '../declared/source-text.ts'
import { StackProviders } from './stack-providers.ts'
import type { SourceState } from '../declared/state.ts'

/**
 * What a stack declared when it was last applied, from what `pulumi stack export` printed: the inputs of our own resources, and of the APIs and scopes of
 * `@pulumi/auth0`. `-` is standard input. Encrypted values cannot be compared: they are not known.
 */
export async function readPulumiStack(path: string, context: ReadContext): Promise<SourceState | null> {
  const source = await readJsonSource(path, context)
  return source === null ? null : readExport(source, context.book)
}

/** The same of a text that was read. */
export function readExport(source: SourceText, book: MistakeBook): SourceState | null {
  const deployment = memberOf(source.value, 'deployment')
  if (!isJsonObject(deployment)) {
    const what = 'is not what `pulumi stack export` prints: it has no deployment'
    book.addAt(source, [], otherKind(source.value, ['pulumi-stack'], source.file) ?? what)
    return null
  }
  const entries = entriesOf(own(deployment, 'resources'), ['deployment', 'resources'])
  const providers = new StackProviders(entries, null)
  return readEntries({ source, book, entries, providers, what: 'stack', readable: withoutEncrypted })
}
