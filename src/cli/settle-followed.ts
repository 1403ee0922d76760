import { isPending, unreadableTenant } from '../compare/front.ts'
import { settleMoves, type Compared } from '../run/front.ts'
import type { Report } from '../schema/report.ts'
import type { ReadSides } from './sides.ts'

/** What more is known of the sides where a branch is followed. */
export interface FollowedSides {
  /** Why this is not what the branch says now: nothing is called in sync. */
  readonly errors: Report['errors']
  readonly notes: readonly string[]
  /** Whether the code has moved on from the base for longer than applying it may take, and what to say where something counts for it. */
  readonly isOverdue: boolean
  readonly overdue: string
  /** The sides with later commits as base, whose values may stand meanwhile. Read where something would count. */
  readonly between: () => Promise<readonly ReadSides[]>
}

/** What waits to be applied is told from what differs; and a commit that is not the newest proves nothing of the tenant as a whole. */
export async function settleFollowed(
  first: Compared,
  { errors, notes, isOverdue, overdue, between }: FollowedSides,
  compare: (sides: ReadSides) => Promise<Compared>,
  tenant: string,
): Promise<Compared> {
  const { comparison } = first
  const mayWait = comparison.findings.some(
    (finding) => finding.kind !== 'unreadable' && (finding.counts || (isOverdue && isPending(finding))),
  )
  const others = []
  if (mayWait) for (const sides of await between()) others.push((await compare(sides)).comparison.findings)
  const settled = settleMoves(comparison.findings, isOverdue, others)
  const isLate = comparison.findings.some((finding, index) => isPending(finding) && settled[index]?.counts === true)
  const [error] = errors
  const isDark = settled.some(({ kind, identifier }) => kind === 'unreadable' && identifier === null)
  const findings = error === undefined || isDark ? settled : [unreadableTenant(tenant, error.code), ...settled]
  const said = [...notes, ...(isLate ? [overdue] : []), ...comparison.notes]
  return { ...first, comparison: { ...comparison, findings, notes: said } }
}
