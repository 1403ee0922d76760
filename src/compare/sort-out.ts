import type { Finding } from '../schema/finding.ts'
import type { StaleRule } from '../schema/observed.ts'
import type { RuleReport } from '../schema/report.ts'
import type { RunJudgement } from './judge-findings.ts'
import type { AcceptedFinding } from './accepted.ts'
import { isPending } from './entries.ts'

/** The findings about a tenant, sorted by what is to be done with them. */
export interface SortedFindings {
  /** Where the tenant refuses to list all its APIs: nothing is known of those that nobody declares. */
  readonly incomplete: Finding | null
  readonly counting: readonly Finding[]
  readonly pending: readonly Finding[]
  readonly notices: readonly Finding[]
  readonly accepted: readonly AcceptedFinding[]
  /** Rules that match nothing, are over, or end soon. */
  readonly stale: readonly StaleRule[]
}

export function sortOut({ findings, ignored, stale }: RunJudgement): SortedFindings {
  const incomplete = findings.find((finding) => finding.kind === 'unreadable' && finding.identifier === null) ?? null
  return {
    incomplete,
    counting: findings.filter((finding) => finding.counts && finding !== incomplete),
    pending: findings.filter(isPending),
    notices: findings.filter((finding) => !finding.counts && !isPending(finding)),
    accepted: ignored.map(({ finding, rule }) => [finding, rule] as const),
    stale: stale.flatMap(toStale),
  }
}

function toStale({ rule, state, file, line }: RuleReport): readonly StaleRule[] {
  const { resource_server, path, kind, owner, expires } = rule
  if (state === 'used') return []
  return [{ state, resource_server, path, ...(kind === undefined ? {} : { kind }), owner, expires, file, line }]
}
