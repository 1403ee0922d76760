import { isDeepStrictEqual } from 'node:util'
import { entryKey, toEntry } from '../compare/front.ts'
import type { Finding } from '../schema/finding.ts'
import { asJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import type { Drift } from '../schema/observed.ts'
import { toEngine } from './engine-values.ts'

/**
 * What counts, by path. `seen` grows by one for every difference that the state already holds. `isBaseUnknown` tells where something was declared
 * before of which nothing is kept.
 */
export function toDrift(
  findings: readonly Finding[],
  stored: JsonObject,
  step: 0 | 1,
  isBaseUnknown: (finding: Finding) => boolean = () => false,
): Drift {
  return Object.fromEntries(
    findings.map((finding) => {
      const key = entryKey(finding)
      const entry = { ...toEntry(finding), ...(isBaseUnknown(finding) ? { baseUnknown: true as const } : {}) }
      return [key, withSeen(entry, own(stored, key), step)] as const
    }),
  )
}

/**
 * The counter that keeps a stored difference visible: the engine shows what moved. `step` is 0 where the same operation looks again at
 * what it is about to store.
 */
export function withSeen<T extends object>(entry: T, stored: Json | undefined, step: 0 | 1): T {
  const { seen, ...before } = asJsonObject(stored)
  if (stored === undefined || !isDeepStrictEqual(toEngine(before), toEngine(entry))) return entry
  const count = (typeof seen === 'number' ? seen : 0) + step
  return count === 0 ? entry : { ...entry, seen: count }
}
