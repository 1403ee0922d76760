import { byCodeUnits } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import type { Place } from '../schema/standing.ts'

/** A key for maps: equal for equal places, and for no others. */
export function keyOfPlace({ identifier, path }: Place): string {
  return JSON.stringify([identifier, path])
}

export function byPlace(a: Place, b: Place): number {
  if (a.identifier === null || b.identifier === null) {
    if (a.identifier !== b.identifier) return a.identifier === null ? -1 : 1
    return byCodeUnits(a.path, b.path)
  }
  return byCodeUnits(a.identifier, b.identifier) || byCodeUnits(a.path, b.path)
}

/** Whether `outer` is `inner` or a place around it, in the same API. The tenant's own places are around nothing: its APIs were looked at one by one. */
export function isWithin(inner: Place, outer: Place): boolean {
  if (inner.identifier !== outer.identifier) return false
  if (outer.path === '' || inner.path === outer.path) return true
  const [steps, prefix] = [parsePath(inner.path) ?? [inner.path], parsePath(outer.path) ?? [outer.path]]
  return prefix.length < steps.length && prefix.every((step, index) => steps[index] === step)
}
