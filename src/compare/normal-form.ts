import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import type { Json } from '../schema/json.ts'
import { catalogueTree } from '../schema/tree.ts'
import { normalise } from './normalise.ts'

/** One top-level field in the form that two equal values share; `undefined` where it says no more than its absence would. */
export function normalForm(
  field: string,
  value: Json | undefined,
  rows: readonly FieldRow[] = FIELDS,
): Json | undefined {
  const node = catalogueTree(rows).get(field)
  return node === undefined ? value : normalise(node, value).value
}
