import * as z from 'zod'
import { DETAILS, type Details } from '../report/front.ts'
import { isPublicByEvent } from './event.ts'
import { ActionError, type ActionIo } from './io.ts'
import { input } from './inputs.ts'

const TIMEOUT_MS = 10_000

/**
 * How much the comment, the summary and the log may say: everything where the repository is private, and where everybody can read it what it declares
 * itself. A repository that nobody says anything about is taken for public.
 * @throws ActionError of another word
 */
export async function detailsOf(io: ActionIo): Promise<Details> {
  const named = input(io, 'details')
  const details = DETAILS.find((each) => each === named)
  if (details !== undefined) return details
  if (named !== '') throw new ActionError(`The input details must be one of ${DETAILS.join(', ')}.`)
  const isPublic = isPublicByEvent(io) ?? (await askGitHub(io)) ?? true
  return isPublic ? 'names' : 'full'
}

async function askGitHub(io: ActionIo): Promise<boolean | null> {
  const token = input(io, 'github-token')
  if (token === '') return null
  try {
    const answer = await io.fetch(
      `${io.env.GITHUB_API_URL ?? 'https://api.github.com'}/repos/${io.env.GITHUB_REPOSITORY ?? ''}`,
      {
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/vnd.github+json',
          'user-agent': 'tenant-drift',
        },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
    )
    if (!answer.ok) {
      await answer.body?.cancel()
      return null
    }
    return z.object({ visibility: z.string() }).parse(await answer.json()).visibility === 'public'
  } catch {
    return null
  }
}
