import type { Finding } from '../schema/finding.ts'
import type { Accepted, AcceptedEntry } from '../schema/observed.ts'
import type { PlacedRule } from '../schema/accept-rule.ts'
import { entryKey, toEntry } from './entries.ts'

/** A finding, and the rule that accepts it. */
export type AcceptedFinding = readonly [finding: Finding, rule: PlacedRule]

/** What is accepted, by path, with the words of its rule. Where two findings share a path, the one that would count is shown. */
export function toAccepted(accepted: readonly AcceptedFinding[]): Accepted {
  const graverLast = accepted.toSorted(([a], [b]) => Number(a.counts) - Number(b.counts))
  return Object.fromEntries(
    graverLast.map(([finding, rule]) => [entryKey(finding), { ...toEntry(finding), ...wordsOf(rule) }] as const),
  )
}

export function wordsOf({ rule }: PlacedRule): Pick<AcceptedEntry, 'reason' | 'owner' | 'expires'> {
  return { reason: rule.reason, owner: rule.owner, expires: rule.expires }
}
