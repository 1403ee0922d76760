import type { Affected } from '../schema/affected.ts'
import type { FindingGroup } from '../words/group-findings.ts'
import { affectedText, jointAffected } from '../words/affected.ts'

/** Whom a group of equal differences hits, in one line; none where nobody asked. */
export function affectedOfGroup({ findings }: Pick<FindingGroup, 'findings'>): readonly string[] {
  const each = affectedIn(findings)
  return each.length === 0 ? [] : [affectedText(jointAffected(each))]
}

export function affectedIn(findings: FindingGroup['findings']): readonly Affected[] {
  return findings.flatMap(({ affected }) => affected ?? [])
}
