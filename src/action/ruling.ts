import { readCommit, readTree } from '../git/commit.ts'
import { resolveRef } from '../git/resolve-ref.ts'
import { isFullName, type GitRoom } from '../git/room.ts'
import type { JudgedChange, DefaultBranch, Judged } from './event.ts'
import { fetchObjects, isWholeCommit } from './fetch-objects.ts'
import { ActionError, type ActionIo } from './io.ts'
import { input } from './inputs.ts'

/** By what a job is judged. */
export interface Ruling {
  /** The commit whose rules, records and configuration hold. */
  readonly commit: string
  /** A folder with objects that the checkout lacks; null where it lacks none. */
  readonly objects: string | null
}

/**
 * The commit that judges a change or another branch, with its files at hand. The default branch judges itself.
 * @throws ActionError where it cannot be had, or where something else than the change is checked out
 */
export async function rulingOf(io: ActionIo, event: Exclude<Judged, DefaultBranch>, room: GitRoom): Promise<Ruling> {
  const head = await checkedOut(room)
  if (event.kind === 'change') return withFiles(io, room, await baseCommit(io, room, head, event))
  const named = input(io, 'base')
  if (isFullName(named) || named.startsWith('refs/')) {
    const commit = isFullName(named)
      ? named
      : await resolveRef(room, named, { what: 'The input base', mayBeShort: false })
    return withFiles(io, room, commit)
  }
  return defaultBranch(io, room, event.defaultBranch, head.length)
}

async function checkedOut(room: GitRoom): Promise<string> {
  const head = await room.ref('HEAD')
  if (head === null) throw new ActionError('Nothing is checked out: use actions/checkout before this step.')
  // git refuses to check some trees out, and leaves what was there before.
  await readTree(room, (await readCommit(room, head)).tree)
  return head
}

/**
 * The commit that a change is judged against. Where the checkout is GitHub's own merge of the change, which GITHUB_SHA names, that is the parent it was
 * merged into: the payload's base is older when others have merged meanwhile, and their work would look like this change's. Of no other commit are the
 * parents believed: whoever can push can make one.
 */
async function baseCommit(io: ActionIo, room: GitRoom, head: string, change: JudgedChange): Promise<string> {
  const { parents } = await readCommit(room, head)
  const isMerge = change.mayBeMerge && parents.length === 2 && parents[1] === change.head
  const commit = isMerge && head === io.env.GITHUB_SHA ? (parents[0] ?? change.base) : change.base
  if (head === commit && change.head !== commit) {
    throw new ActionError(
      'The base is checked out, not the change, so the change would not be judged. In a workflow on pull_request_target give actions/checkout the ref of the pull request.',
    )
  }
  if (head !== change.head && !isMerge) {
    throw new ActionError(
      `The commit that is checked out (${head.slice(0, 12)}) is neither the head of the change (${change.head.slice(0, 12)}) nor GitHub's merge of it: do not set the ref of actions/checkout, and if the branch has new commits, run the job again.`,
    )
  }
  return commit
}

async function withFiles(io: ActionIo, room: GitRoom, commit: string): Promise<Ruling> {
  if (await isWholeCommit(room, commit)) return { commit, objects: null }
  const fetched = await fetchObjects(io, room, commit, commit.length)
  if (fetched !== null) return { commit, objects: fetched.objects }
  throw new ActionError(
    `The base commit ${commit.slice(0, 12)} is not in the checkout and cannot be fetched: set fetch-depth: 0 for actions/checkout, or give the input github-token.`,
  )
}

/** The tip of the default branch as the server has it now, else as the checkout does. */
async function defaultBranch(io: ActionIo, room: GitRoom, name: string, length: number): Promise<Ruling> {
  const fetched = await fetchObjects(io, room, `refs/heads/${name}`, length)
  if (fetched !== null && fetched.commit !== null) return { commit: fetched.commit, objects: fetched.objects }
  const known = await room.ref(`refs/remotes/origin/${name}`)
  if (known !== null && (await isWholeCommit(room, known))) return { commit: known, objects: null }
  throw new ActionError(
    `This is not the default branch, so the rules of ${name} apply, but ${name} is not in the checkout and cannot be fetched: set fetch-depth: 0 for actions/checkout, or give the input base the full name of a ref.`,
  )
}
