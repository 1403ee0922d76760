import { placeName } from '../schema/errors.ts'
import { byCodeUnits, canonicalText, fromEntries, isJsonObject, own, type Json } from '../schema/json.ts'
import { isSecretDigest } from '../schema/secret-digest.ts'
import { named } from '../declared/document.ts'
import { layerOf, type LayeredApi } from '../declared/layers.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'

/**
 * One program may hold an API and a check of it: both together are what it declares. What both say must be the same; a check may say less, or more of
 * what the provider has no attribute for.
 */
export function joinChecks(
  checks: readonly LayeredApi[],
  provided: readonly LayeredApi[],
  book: MistakeBook,
): readonly LayeredApi[] {
  const byName = Map.groupBy(provided, ({ identifier }) => identifier)
  const alone = checks.filter(({ identifier }) => !byName.has(identifier))
  const checked = Map.groupBy(checks, ({ identifier }) => identifier)
  return [
    ...alone,
    ...provided.map((api) =>
      (checked.get(api.identifier) ?? []).reduce((whole, check) => joinCheck(check, whole, book), api),
    ),
  ]
}

function joinCheck(check: LayeredApi, api: LayeredApi, book: MistakeBook): LayeredApi {
  for (const field of Object.keys(check.values)) {
    const [one, other] = [own(check.values, field), own(api.values, field)]
    if (one === undefined || other === undefined || meaning(one) === meaning(other)) continue
    // A check keeps its secrets as digests, which nothing here can compare.
    if (isSecretDigest(one)) continue
    const item = layerOf(check, field)
    const there = layerOf(api, field)
    if (item === undefined || there === undefined) continue
    const elsewhere = placeName(book.placeAt(there.source, [...there.at, field]))
    const message = `its check declares another ${field} than ${there.address ?? 'the API'} (${elsewhere})`
    book.addAt(item.source, [...item.at, field], `${named(check.identifier)}: ${message}`)
  }
  return {
    identifier: api.identifier,
    values: fromEntries([...Object.entries(check.values), ...Object.entries(api.values)]),
    layers: [...check.layers, ...api.layers],
  }
}

/** The order of scopes means nothing. */
function meaning(value: Json): string {
  if (!Array.isArray(value)) return canonicalText(value)
  return canonicalText((value as readonly Json[]).toSorted((a, b) => byCodeUnits(scopeKey(a), scopeKey(b))))
}

function scopeKey(item: Json): string {
  return isJsonObject(item) ? canonicalText(own(item, 'value') ?? own(item, 'type') ?? null) : canonicalText(item)
}
