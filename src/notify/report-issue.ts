import type { Severity } from '../schema/finding.ts'
import type { Report } from '../schema/report.ts'
import { createSender } from '../way/send.ts'
import { paceFrom } from './attempts.ts'
import { githubHost, type GithubPlace } from './github-host.ts'
import { standingOfReport } from './issue-state.ts'
import type { IssueDetails } from './issue-text.ts'
import { keepIssue, type KeptIssue } from './keep-issue.ts'

export interface ReportIssue {
  readonly place: GithubPlace
  readonly labels: readonly string[]
  readonly severityAtLeast: Severity
  /** Null: as the repository is. */
  readonly details: IssueDetails | null
  readonly link: string | null
}

/** Brings the issue of a report's tenant to what the report says, with no memory but the issue's own last line. */
export async function keepReportIssue(
  report: Report,
  { place, labels, severityAtLeast, details, link }: ReportIssue,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): Promise<KeptIssue> {
  const standing = standingOfReport(report, now(), link)
  const { send, close } = createSender(env)
  const host = githubHost(place, send, paceFrom(now))
  try {
    return await keepIssue(host, { details, severityAtLeast, labels }, standing, null)
  } finally {
    await close()
  }
}
