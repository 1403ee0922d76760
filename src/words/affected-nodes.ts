import type { PhrasingContent, RootContent } from 'mdast'
import type { Affected } from '../schema/affected.ts'
import { affectedCounts, applicationTexts, jointAffected } from './affected.ts'
import { code, details, list } from './markdown-nodes.ts'

/** Whom a row of a table (from 0) hits: one line in numbers, and at most so many names at a click. Nothing where nobody asked. */
export function affectedDetails(row: number, each: readonly Affected[], most = Infinity): readonly RootContent[] {
  if (each.length === 0) return []
  const joint = jointAffected(each)
  const names = applicationTexts(joint, most).map((text): PhrasingContent[] => [code(text)])
  return details(`row ${row + 1}: ${affectedCounts(joint)}`, names.length === 0 ? [] : [list(names)])
}
