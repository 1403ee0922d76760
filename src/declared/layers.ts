import { declaredMistakes } from '../schema/declared-schema.ts'
import { fromEntries, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { beginsWith } from '../schema/path.ts'
import { named, type DeclaredItem } from './document.ts'
import type { MistakeBook } from './mistake-book.ts'

/** One API after `extends`: its values, and the entries they came from, those that override last. */
export interface LayeredApi {
  readonly identifier: string
  readonly values: JsonObject
  readonly layers: readonly DeclaredItem[]
  /** Nothing but the scopes of an API that may be declared elsewhere. */
  readonly isScopesOnly?: true
  /** Its scopes are some of those that the API has: others may be declared elsewhere. */
  readonly isSomeScopes?: true
}

/** Puts the entries of each API upon one another, first the ones that are overridden: field by field, lists and objects whole. */
export function mergeLayers(items: readonly DeclaredItem[], book: MistakeBook): readonly LayeredApi[] {
  const byApi = Map.groupBy(items, ({ identifier }) => identifier)
  return [...byApi].map(([identifier, layers]) => ({ identifier, values: mergeItems(layers, book), layers }))
}

function mergeItems(items: readonly DeclaredItem[], book: MistakeBook): JsonObject {
  const [only] = items
  if (items.length === 1 && only !== undefined && only.unset.length === 0) return only.value
  const fields = new Map<string, Json>()
  for (const item of items) {
    for (const [index, field] of item.unset.entries()) {
      if (fields.delete(field)) continue
      const message = `$unset: no extended file sets ${JSON.stringify(field)}, so there is nothing to remove`
      book.addAt(item.source, [...item.at, '$unset', index], `${named(item.identifier)}: ${message}`)
    }
    for (const field of Object.keys(item.value)) fields.set(field, item.value[field] as Json)
  }
  return fromEntries(fields)
}

/** The entry that gave a top-level field its value. */
export function layerOf(api: LayeredApi, field: string): DeclaredItem | undefined {
  return api.layers.findLast((item) => own(item.value, field) !== undefined) ?? api.layers.at(-1)
}

/** Judges the values that came out of the merge, each mistake at the place that gave the value. */
export function judgeValues(api: LayeredApi, book: MistakeBook): void {
  for (const { path, at, message } of declaredMistakes(api.values)) {
    const [field] = path
    const item = layerOf(api, String(field ?? 'identifier'))
    if (item === undefined) continue
    if (item.refused.some((refused) => beginsWith(path, refused))) continue
    const where = at === '' ? '' : `${at}: `
    book.addAt(item.source, [...item.at, ...path], `${named(api.identifier)}: ${where}${message}`)
  }
}

/** Whether a list of scopes is the one that resources of their own say, or has all of some. */
function isSaidBy(list: Json, { values, isSomeScopes }: LayeredApi): boolean {
  const scopes = own(values, 'scopes') ?? []
  if (isSomeScopes !== true || !Array.isArray(list) || !Array.isArray(scopes)) return sameJson(list, scopes)
  return (scopes as readonly Json[]).every((scope) => (list as readonly Json[]).some((each) => sameJson(each, scope)))
}

/** The API of one source with the scopes that another one holds of it; null where they are not that to each other. */
export function joinScopes(one: LayeredApi, other: LayeredApi): LayeredApi | null {
  const [scopes, api] = one.isScopesOnly === true ? [one, other] : [other, one]
  if (scopes.isScopesOnly !== true || api.isScopesOnly === true) return null
  const there = own(api.values, 'scopes')
  if (there !== undefined) return isSaidBy(there, scopes) ? api : null
  const values = fromEntries([...Object.entries(api.values), ['scopes', own(scopes.values, 'scopes') ?? []]])
  const some = scopes.isSomeScopes === true ? ({ isSomeScopes: true } as const) : {}
  return { identifier: api.identifier, values, layers: [...scopes.layers, ...api.layers], ...some }
}
