import { FIELDS } from '../schema/fields.ts'
import { own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { valueAt } from '../schema/judge.ts'
import type { Path } from '../schema/path.ts'
import { catalogueTree } from '../schema/tree.ts'
import { normalAt } from './diff.ts'
import { normalise } from './normalise.ts'

/** What an API has at a path, in the form that two equal values share: an item of a list alone, a key by its thumbprint. */
export function valueIn(api: JsonObject, path: Path): Json | undefined {
  const [key = ''] = path
  const node = catalogueTree().get(key)
  if (node !== undefined) return normalAt(normalise(node, own(api, key)).value, path)
  return valueAt(api, ...path)
}

/** Top-level fields, all that the catalogue has but secrets, in which two states of one API differ. */
export function differingFields(a: JsonObject, b: JsonObject): readonly string[] {
  const tree = catalogueTree()
  return FIELDS.flatMap(({ path: field, compare }) => {
    const node = tree.get(field)
    if (node === undefined || compare === 'secret') return []
    const [left, right] = [own(a, field), own(b, field)]
    if (sameJson(left, right) || sameJson(normalise(node, left).value, normalise(node, right).value)) return []
    return [field]
  })
}
