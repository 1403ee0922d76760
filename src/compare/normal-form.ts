import { sameJson, type Json } from '../schema/json.ts'
import { catalogueTree } from '../schema/tree.ts'
import { normalise } from './normalise.ts'

/** Whether two values of a top-level field mean the same. */
export function isSameValue(field: string, one: Json | undefined, other: Json | undefined): boolean {
  return sameJson(one, other) || sameJson(normalForm(field, one), normalForm(field, other))
}

/** One top-level field in the form that two equal values share; `undefined` where it says no more than its absence would. */
export function normalForm(field: string, value: Json | undefined): Json | undefined {
  const node = catalogueTree().get(field)
  return node === undefined ? value : normalise(node, value).value
}
