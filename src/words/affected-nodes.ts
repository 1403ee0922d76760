import type { PhrasingContent, RootContent } from 'mdast'
import type { Affected } from '../schema/affected.ts'
import { affectedCounts, affectedTogether, applicationTexts } from './affected.ts'
import { code, details, list } from './markdown-nodes.ts'

/** Whom the findings of a row of a table (from 0) hit: one line in numbers, and at most so many names at a click. Nothing where nobody asked. */
export function affectedDetails(
  row: number,
  findings: readonly { readonly affected?: Affected }[],
  most = Infinity,
): readonly RootContent[] {
  const joint = affectedTogether(findings)
  if (joint === null) return []
  const names = applicationTexts(joint, most).map((text): PhrasingContent[] => [code(text)])
  return details(`row ${row + 1}: ${affectedCounts(joint)}`, names.length === 0 ? [] : [list(names)])
}
