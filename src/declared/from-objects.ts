import type { DeclaredState } from '../schema/declared.ts'
import { MistakesError } from '../schema/errors.ts'
import { fromEntries, type JsonObject } from '../schema/json.ts'
import { shownPath } from '../schema/shown-key.ts'
import { readItems } from './document.ts'
import { expand } from './expand.ts'
import { mergeLayers } from './layers.ts'
import { MistakeBook } from './mistake-book.ts'
import { combine, NOTHING_MORE } from './state.ts'

export interface ObjectOptions {
  readonly tenant?: string | null
  readonly managedElsewhere?: readonly string[]
}

/** What a program declares inline: no file, no variables. Throws a `MistakesError` (`invalid_declaration`) with all mistakes at once. */
export function declaredFromObjects(objects: readonly JsonObject[], options: ObjectOptions = {}): DeclaredState {
  const book = new MistakeBook()
  const { value, mistakes, isWhole } = expand(fromEntries([['resource_servers', objects]]), null)
  for (const { path, message } of mistakes) book.addOf(null, `${shownPath(path)}: ${message}`)
  if (!isWhole) throw new MistakesError('invalid_declaration', book.all())
  const servers = (value as { readonly resource_servers: readonly JsonObject[] }).resource_servers
  const refused = mistakes.map(({ path }) => path)
  const items = readItems(null, servers, undefined, ['resource_servers'], refused, book)
  const said = { ...NOTHING_MORE, file: null, apis: mergeLayers(items, book) }
  const state = combine([{ ...said, managedElsewhere: options.managedElsewhere ?? [] }], book)
  return { ...state, tenant: options.tenant ?? null }
}
