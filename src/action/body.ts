import { createHash } from 'node:crypto'
import { COMMENT_LIMIT, render } from '../report/front.ts'
import type { Report } from '../schema/report.ts'
import type { Outcome } from './run-check.ts'

/** Room for the marker and the words around the reports, in bytes. */
const AROUND = 4096

/** Markdown of all reports, with what GitHub should say about them; at most `limit` bytes. */
export async function markdownOf(outcome: Outcome, link: string | null, limit = COMMENT_LIMIT): Promise<string> {
  const { reports, problem } = outcome
  const each = Math.floor((limit - AROUND) / Math.max(1, reports.length))
  const texts = await Promise.all(
    reports.map((report) => render('markdown', report, { limit: each, ...(link === null ? {} : { link }) })),
  )
  return [...(problem === null ? [] : [`## Could not tell\n\n${problem}\n`]), ...texts.map((text) => text ?? '')].join(
    '\n',
  )
}

/**
 * What a comment says, as a digest: its times are left out, and the requests and waits of the run, so that a run which found the same leaves the
 * comment alone.
 */
export async function outcomeDigest(outcome: Outcome): Promise<string> {
  const reports = outcome.reports.map(withoutTimes)
  return createHash('sha256')
    .update(await markdownOf({ ...outcome, reports }, null))
    .digest('hex')
    .slice(0, 32)
}

const ANY_TIME = '1970-01-01T00:00:00.000Z'

function withoutTimes(report: Report): Report {
  const { judged, judgedWith, ...rest } = report
  const recorded = judgedWith?.recorded ?? null
  return {
    ...rest,
    proof: null,
    generatedAt: null,
    ...(judged === undefined
      ? {}
      : { judged: { ...judged, at: ANY_TIME, takenAt: judged.takenAt === null ? null : ANY_TIME } }),
    ...(judgedWith === undefined
      ? {}
      : { judgedWith: { ...judgedWith, recorded: recorded === null ? null : { ...recorded, takenAt: null } } }),
  }
}
