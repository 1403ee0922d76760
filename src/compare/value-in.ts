import { topRows } from '../schema/fields.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { normalAt } from './diff.ts'
import { isSameValue, normalForm } from './normal-form.ts'

/** What an API has at a path, in the form that two equal values share: an item of a list alone, a key by its thumbprint. */
export function valueIn(api: JsonObject, path: Path): Json | undefined {
  const [field = ''] = path
  return normalAt(normalForm(field, own(api, field)), path)
}

/** Top-level fields, all that the catalogue has but secrets, in which two states of one API differ. */
export function differingFields(a: JsonObject, b: JsonObject): readonly string[] {
  const fields = topRows().filter(({ compare }) => compare !== 'secret')
  return fields.map(({ path }) => path).filter((field) => !isSameValue(field, own(a, field), own(b, field)))
}
