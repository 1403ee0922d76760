import type { PhrasingContent, RootContent } from 'mdast'
import { affectedCounts, applicationTexts, jointAffected } from '../words/affected.ts'
import { code, details, list } from '../words/markdown-nodes.ts'
import type { Listed } from '../words/taken-over.ts'
import { affectedIn } from './affected-lines.ts'

/** Of each row whose applications are known: whom it hits in one line, and at most so many names at a click. */
export function affectedDetails(groups: readonly Listed[], most: number): readonly RootContent[] {
  return groups.flatMap((group, index) => {
    const each = affectedIn(group.findings)
    if (each.length === 0 || most === 0) return []
    const joint = jointAffected(each)
    const names = applicationTexts(joint, most).map((text): PhrasingContent[] => [code(text)])
    return details(`row ${index + 1}: ${affectedCounts(joint)}`, names.length === 0 ? [] : [list(names)])
  })
}
