import * as z from 'zod'
import { limitOf } from '../way/limit.ts'
import { askingGitHub, type AskGitHub } from './ask-github.ts'
import { ActionError, type ActionIo } from './io.ts'

export interface Comment {
  /** Which of several comments of this action it is: no two jobs share one. */
  readonly key: string
  readonly body: string
  /** Of what the body says; equal digests are no reason to edit. */
  readonly digest: string
  /** Whether it is worth a first comment; an earlier one is edited in any case. */
  readonly isNews: boolean
}

export interface CommentPlace {
  readonly token: string
  /** `owner/name` */
  readonly repository: string
  readonly number: number
  /** Login of the account that the token belongs to. Others' comments are never edited, whatever they begin with. */
  readonly author: string
}

/** What became of it, for the log. */
export type KeptComment =
  | { readonly done: 'created' | 'edited' | 'unchanged' | 'none'; readonly url: string | null }
  | { readonly done: 'failed'; readonly why: string }

const commentSchema = z.object({
  url: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
})

const PAGE = 100
const MOST_PAGES = 30
/** What a job waits in all; more is for the next run. */
const MOST_WAITING_MS = 120_000

interface Conversation {
  readonly io: ActionIo
  readonly place: CommentPlace
  readonly ask: AskGitHub
}

/** The one comment of this key on the pull request, edited in place. Never throws: a comment that cannot be written changes no verdict. */
export function keepComment(io: ActionIo, place: CommentPlace, comment: Comment): Promise<KeptComment> {
  return askingGitHub(io, place.token, (ask) => keep({ io, place, ask }, comment))
}

async function keep(talk: Conversation, comment: Comment): Promise<KeptComment> {
  const { place } = talk
  const marker = `<!-- tenant-drift ${comment.key.replaceAll(/[^\w./ -]/g, '_').replaceAll('--', '- ')} `
  const body = `${marker}${comment.digest} -->\n${comment.body}`
  const issue = `/repos/${place.repository}/issues/${place.number}/comments`
  try {
    const earlier = await find(talk, issue, marker)
    if (earlier === null) {
      if (!comment.isNews) return { done: 'none', url: null }
      const made = commentSchema.parse(await call(talk, 'POST', issue, { body }))
      return { done: 'created', url: made.html_url }
    }
    if (earlier.body?.startsWith(`${marker}${comment.digest} -->`)) return { done: 'unchanged', url: earlier.html_url }
    const id = /\/(\d+)$/.exec(new URL(earlier.url).pathname)?.[1] ?? ''
    await call(talk, 'PATCH', `/repos/${place.repository}/issues/comments/${id}`, { body })
    return { done: 'edited', url: earlier.html_url }
  } catch (error) {
    const why =
      error instanceof ApiError || error instanceof ActionError
        ? error.message
        : 'GitHub could not be reached, or its answer was not a comment'
    return { done: 'failed', why }
  }
}

class ApiError extends Error {}

async function find(talk: Conversation, issue: string, marker: string) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const list = z.array(commentSchema).parse(await call(talk, 'GET', `${issue}?per_page=${PAGE}&page=${page}`))
    // The whole marker: the key of one job may be the beginning of another one's.
    const mine = list.find(
      ({ body, user }) =>
        user?.login === talk.place.author &&
        body?.startsWith(marker) === true &&
        /^[0-9a-f]{32} -->/.test(body.slice(marker.length)),
    )
    if (mine !== undefined) return mine
    if (list.length < PAGE) return null
  }
  // A second comment would be worse than none.
  throw new ApiError('the pull request has too many comments to search')
}

/** The answer to one question, asked again where GitHub limits how often. */
async function call({ io, ask }: Conversation, ...question: Parameters<AskGitHub>): Promise<unknown> {
  for (let waited = 0; ;) {
    const answer = await ask(...question)
    if (answer.status >= 200 && answer.status < 300) return answer.json
    const limit = limitOf(answer, io.now())
    if (limit === null) throw new ApiError(refusalOf(answer.status))
    if (waited + limit > MOST_WAITING_MS) {
      throw new ApiError(
        `GitHub limits how often it is asked (HTTP ${answer.status}), and asks for a wait of ${Math.ceil(limit / 1000)} s, which is longer than this job waits: run it again later`,
      )
    }
    waited += limit
    await io.wait(limit)
  }
}

function refusalOf(status: number): string {
  if (status !== 403 && status !== 404) return `GitHub answered ${status}`
  return `GitHub answered ${status}: the token may not write comments here. Give the job the permission pull-requests: write; a job of a fork or of Dependabot does not get it, and its step summary says the same`
}
