import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { ActionError, type ActionIo } from './io.ts'

const SHA = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)

const payloadSchema = z.object({
  repository: z
    .object({
      default_branch: z.string().optional(),
      visibility: z.string().optional(),
      private: z.boolean().optional(),
    })
    .optional(),
  pull_request: z
    .object({
      number: z.int(),
      head: z.object({ sha: SHA }),
      base: z.object({ sha: SHA }),
    })
    .optional(),
  merge_group: z.object({ head_sha: SHA, base_sha: SHA }).optional(),
})
type Payload = z.infer<typeof payloadSchema>

/** A pull request, or the entry of a merge queue: what is to be merged, and into what. */
export interface JudgedChange {
  readonly kind: 'change'
  /** Of the pull request; null in a merge queue, which has no place for a comment. */
  readonly number: number | null
  readonly head: string
  /** Tip of the branch it goes into, as the event knew it. */
  readonly base: string
  /** Whether GitHub's merge of the change may be checked out in place of its head. */
  readonly mayBeMerge: boolean
}

export interface DefaultBranch {
  readonly kind: 'default-branch'
}

/** What a job judges: a change, the default branch by its own rules, or another branch or tag by those of the default branch. */
export type Judged = JudgedChange | DefaultBranch | { readonly kind: 'other'; readonly defaultBranch: string }

const PULL_REQUESTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
])
/** They run on the ref that GITHUB_REF names. */
const ON_A_REF: ReadonlySet<string> = new Set(['push', 'workflow_dispatch', 'repository_dispatch'])

/** A payload may be as large as what people wrote; GitHub's own limit is 25 MB. */
const MOST_BYTES = 32 * 1024 * 1024

/**
 * What started the job: `GITHUB_EVENT_NAME`, `GITHUB_REF` and the payload in `GITHUB_EVENT_PATH`.
 * @throws ActionError of an event that is not known to be one thing or the other: a change must never be judged as something else
 */
export function readEvent({ env }: ActionIo): Judged {
  const name = env.GITHUB_EVENT_NAME ?? ''
  const ref = env.GITHUB_REF ?? ''
  const payload = payloadOf(env.GITHUB_EVENT_PATH ?? '')
  if (PULL_REQUESTS.has(name)) return pullRequest(name, payload)
  if (payload.pull_request !== undefined) throw notJudged(name)
  if (name === 'merge_group') return mergeGroup(name, payload)
  if (ref.startsWith('refs/pull/')) throw notJudged(`${name} on ${ref}`)
  // A schedule only ever runs on the default branch, whether its payload names it or not.
  if (name === 'schedule') return { kind: 'default-branch' }
  if (!ON_A_REF.has(name)) throw notJudged(name)
  const branch = payload.repository?.default_branch
  if (branch === undefined)
    throw new ActionError(`The payload of this ${name} event names no default branch (GITHUB_EVENT_PATH).`)
  return ref === `refs/heads/${branch}` ? { kind: 'default-branch' } : { kind: 'other', defaultBranch: branch }
}

/** Whether everybody can read the repository, as the payload says; null where it says nothing. */
export function isPublicByEvent({ env }: ActionIo): boolean | null {
  const { repository } = payloadOf(env.GITHUB_EVENT_PATH ?? '')
  if (repository?.visibility !== undefined) return repository.visibility === 'public'
  return repository?.private === undefined ? null : !repository.private
}

function pullRequest(name: string, { pull_request: request }: Payload): JudgedChange {
  if (request === undefined) throw namesNothing(name)
  return { kind: 'change', number: request.number, head: request.head.sha, base: request.base.sha, mayBeMerge: true }
}

function mergeGroup(name: string, { merge_group: group }: Payload): JudgedChange {
  if (group === undefined) throw namesNothing(name)
  return { kind: 'change', number: null, head: group.head_sha, base: group.base_sha, mayBeMerge: false }
}

function namesNothing(name: string): ActionError {
  return new ActionError(`The payload of this ${name} event names no base and no head (GITHUB_EVENT_PATH).`)
}

function notJudged(what: string): ActionError {
  const shown = what.replaceAll(/[^\w./ -]/g, '_').slice(0, 100)
  return new ActionError(
    `${shown === '' ? 'A job without an event' : `"${shown}"`} is not an event that this action can judge: run it on pull_request, merge_group, push, schedule or workflow_dispatch.`,
  )
}

function payloadOf(file: string): Payload {
  const read = payloadSchema.safeParse(jsonOf(file))
  if (read.success) return read.data
  throw new ActionError(
    'The payload of the event cannot be read (GITHUB_EVENT_PATH), so it is not known what to judge.',
  )
}

function jsonOf(file: string): unknown {
  let opened: number | null = null
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const found = fstatSync(opened)
    return found.isFile() && found.size <= MOST_BYTES ? JSON.parse(readFileSync(opened, 'utf8')) : null
  } catch {
    return null
  } finally {
    if (opened !== null) closeSync(opened)
  }
}
