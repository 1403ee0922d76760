import * as z from 'zod'
import { DETAILS, type Details } from '../report/front.ts'
import { askingGitHub } from './ask-github.ts'
import { isPublicByEvent } from './event.ts'
import { ActionError, type ActionIo } from './io.ts'
import { input } from './inputs.ts'

/** Whether everybody can read the repository. One that nobody says anything about is taken for public. */
export async function isPublicRepository(io: ActionIo): Promise<boolean> {
  return isPublicByEvent(io) ?? (await visibilityOf(io)) ?? true
}

/**
 * How much the comment, the summary and the log may say: everything where the repository is private, and where everybody can read it what it declares
 * itself. A repository that nobody says anything about is taken for public.
 * @throws ActionError of another word
 */
export function detailsOf(io: ActionIo, isPublic: boolean): Details {
  const named = input(io, 'details')
  const details = DETAILS.find((each) => each === named)
  if (details !== undefined) return details
  if (named !== '') throw new ActionError(`The input details must be one of ${DETAILS.join(', ')}.`)
  return isPublic ? 'names' : 'full'
}

async function visibilityOf(io: ActionIo): Promise<boolean | null> {
  const token = input(io, 'github-token')
  if (token === '') return null
  try {
    const { json } = await askingGitHub(io, token, (ask) => ask('GET', `/repos/${io.env.GITHUB_REPOSITORY ?? ''}`))
    const read = z.object({ visibility: z.string() }).safeParse(json)
    return read.success ? read.data.visibility === 'public' : null
  } catch {
    return null
  }
}
