import { clockOf } from '../schema/clock.ts'
import { SEVERITIES } from '../schema/finding.ts'
import { githubApi } from '../schema/github.ts'
import { ActionError, type ActionIo } from './io.ts'
import { authorOf, input, inputLines } from './inputs.ts'
import type { Outcome } from './run-check.ts'

/** What became of the issue of one tenant. */
export interface ReportedIssue {
  readonly url: string | null
  /** Whole sentences. */
  readonly warnings: readonly string[]
}

/**
 * The issue of each tenant, brought to what this run of the default branch found. What cannot be written is a warning: no verdict changes for it.
 * The issue's own last line is all the memory there is.
 */
export async function keepIssues(
  io: ActionIo,
  outcome: Outcome,
  link: string | null,
): Promise<readonly ReportedIssue[]> {
  if (input(io, 'issue') !== 'true') return []
  const warn = (why: string): readonly ReportedIssue[] => [{ url: null, warnings: [`No issue was written: ${why}.`] }]
  const token = input(io, 'github-token')
  if (token === '') return warn('the input github-token is empty')
  // A run that looks at a part, or at what is new, knows nothing of the rest.
  if (input(io, 'target') !== '' || input(io, 'only-new') === 'true')
    return warn('this run checks only a part (inputs target, only-new)')
  if (outcome.problem !== null) return warn('what the check found is not known')
  const { keepReportIssue } = await import('../notify/front.ts')
  const place = {
    token,
    repository: io.env.GITHUB_REPOSITORY ?? '',
    apiUrl: githubApi(io.env),
    author: authorOf(io),
  }
  const settings = {
    place,
    link,
    labels: inputLines(input(io, 'issue-labels')),
    severityAtLeast: severityOf(io),
    details: issueDetails(input(io, 'details')),
  }
  const kept: ReportedIssue[] = []
  // One after the other: a burst of writes is what secondary limits are there for.
  for (const report of outcome.reports) {
    const { url, warnings, fault } = await keepReportIssue(report, settings, io.env, clockOf(io.env, io.now))
    const told = warnings.map((warning) => `The issue: ${warning}.`)
    kept.push({ url, warnings: fault === null ? told : [...told, `The issue was not written: ${fault.why}.`] })
  }
  return kept
}

/** `names` is for a change, whose reader has the repository before them; an issue says all or counts. */
function issueDetails(details: string): 'full' | 'counts' | null {
  if (details === '') return null
  return details === 'full' ? 'full' : 'counts'
}

/** @throws ActionError of what is no severity */
function severityOf(io: ActionIo): (typeof SEVERITIES)[number] {
  const text = input(io, 'issue-severity-at-least') || 'low'
  const severity = SEVERITIES.find((each) => each === text)
  if (severity === undefined)
    throw new ActionError(`The input issue-severity-at-least must be one of ${SEVERITIES.join(', ')}.`)
  return severity
}
