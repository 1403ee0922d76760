import type { Finding } from '../schema/finding.ts'
import type { PlacedRule } from '../schema/report.ts'
import { takeAccepted, type Acceptance } from './accepted.ts'
import { isPending } from './entries.ts'

/** The findings about a tenant, sorted by what is to be done with them. */
export interface Standing {
  /** Where the tenant refuses to list all its APIs: nothing is known of those that nobody declares. */
  readonly incomplete: Finding | null
  readonly counting: readonly Finding[]
  readonly pending: readonly Finding[]
  readonly notices: readonly Finding[]
  readonly accepted: readonly Acceptance[]
}

export function toStanding(findings: readonly Finding[], rules: readonly PlacedRule[], today: string): Standing {
  const { standing, accepted } = takeAccepted(findings, rules, today)
  const incomplete = standing.find((finding) => finding.kind === 'unreadable' && finding.identifier === null) ?? null
  return {
    incomplete,
    counting: standing.filter((finding) => finding.counts && finding !== incomplete),
    pending: standing.filter(isPending),
    notices: standing.filter((finding) => !finding.counts && !isPending(finding)),
    accepted,
  }
}
