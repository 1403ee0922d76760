import { createHash } from 'node:crypto'
import { render } from '../report/front.ts'
import type { Outcome } from './run-check.ts'

/** Most that a comment on GitHub may hold, in bytes. */
const COMMENT_LIMIT = 65_536
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
 * What a comment says, as a digest: the requests and waits of a run are left out, so that a run which found the same leaves the comment alone.
 */
export async function digestOf(outcome: Outcome): Promise<string> {
  const reports = outcome.reports.map((report) => ({ ...report, proof: null, generatedAt: null }))
  return createHash('sha256')
    .update(await markdownOf({ ...outcome, reports }, null))
    .digest('hex')
    .slice(0, 32)
}
