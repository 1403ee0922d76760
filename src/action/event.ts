import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { ActionError, type ActionIo } from './io.ts'

const SHA = z.string().regex(/^[0-9a-f]{40,64}$/)

const payloadSchema = z.object({
  repository: z.object({ default_branch: z.string() }).optional(),
  pull_request: z
    .object({
      number: z.int(),
      head: z.object({ sha: SHA }),
      base: z.object({ sha: SHA }),
    })
    .optional(),
  merge_group: z.object({ head_sha: SHA, base_sha: SHA }).optional(),
})

/** A proposed change: what is to be merged, and into what. */
export interface Change {
  /** Of the pull request; null in a merge queue, which has no place for a comment. */
  readonly number: number | null
  readonly head: string
  /** Tip of the branch it goes into, as the event knew it. */
  readonly base: string
}

export interface ActionEvent {
  readonly name: string
  /** Null on a push, on a schedule, by hand. */
  readonly change: Change | null
  readonly isDefaultBranch: boolean
}

const CHANGES: ReadonlySet<string> = new Set(['pull_request', 'pull_request_target', 'merge_group'])

/**
 * What started the job: `GITHUB_EVENT_NAME` and the payload in `GITHUB_EVENT_PATH`.
 * @throws ActionError where a change's payload does not say what it is: it must never be judged as something else
 */
export function readEvent({ env }: ActionIo): ActionEvent {
  const name = env.GITHUB_EVENT_NAME ?? ''
  const payload = payloadSchema.safeParse(payloadOf(env.GITHUB_EVENT_PATH ?? ''))
  if (!CHANGES.has(name)) {
    const branch = payload.data?.repository?.default_branch
    // A schedule only ever runs on the default branch, whether its payload names it or not.
    const isDefaultBranch = name === 'schedule' || (branch !== undefined && env.GITHUB_REF === `refs/heads/${branch}`)
    return { name, change: null, isDefaultBranch }
  }
  const { pull_request: request, merge_group: group } = payload.data ?? {}
  if (name === 'merge_group' && group !== undefined) {
    return { name, change: { number: null, head: group.head_sha, base: group.base_sha }, isDefaultBranch: false }
  }
  if (name !== 'merge_group' && request !== undefined) {
    const change = { number: request.number, head: request.head.sha, base: request.base.sha }
    return { name, change, isDefaultBranch: false }
  }
  throw new ActionError(`The payload of this ${name} event names no base and no head (GITHUB_EVENT_PATH).`)
}

function payloadOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
