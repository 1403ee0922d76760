import { messageOf } from '../words/finding.ts'
import { valueOf } from '../words/told.ts'
import { compareSeverity, type Finding } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import { plural } from '../words/plural.ts'
import { hideFinding } from '../words/hide-report.ts'
import type { Hider } from '../words/hide.ts'

/** What a record agrees to, the gravest first: the same setting with the same values is one line, for how many APIs ever. */
export function agreedLines(agreed: readonly Finding[], dryRun: boolean, hider: Hider): readonly string[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of agreed.map((each) => hideFinding(each, hider))) {
    const key = JSON.stringify([finding.kind, finding.path, valueOf(finding, 'live'), valueOf(finding, 'base')])
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  const verb = dryRun ? 'would record' : 'recorded'
  return [...groups.values()]
    .map((group) => ({ worst: worstOf(group), group }))
    .sort(
      (a, b) =>
        compareSeverity(b.worst.severity, a.worst.severity) ||
        b.group.length - a.group.length ||
        byCodeUnits(messageOf(a.worst), messageOf(b.worst)),
    )
    .map(({ worst, group }) => {
      const less = group.some(({ direction }) => direction === 'weakened') ? ', less safe' : ''
      const more = group.length === 1 ? '' : ` The same on ${plural(group.length - 1, 'more API')}.`
      return `${verb} (${worst.severity}${less}): ${messageOf(worst)}${more}`
    })
}

function worstOf(group: readonly Finding[]): Finding {
  const [first] = group as readonly [Finding, ...Finding[]]
  return group.reduce(
    (worst, finding) => (compareSeverity(finding.severity, worst.severity) > 0 ? finding : worst),
    first,
  )
}
