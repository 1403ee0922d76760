import { execFileSync } from 'node:child_process'
import { gitOptions, listTree, parseTree, type TreeEntry } from '../git/git.ts'
import type { Change } from './event.ts'
import { ActionError } from './io.ts'

/** Bytes that git printed; null where it failed. What git says itself may be in any language: callers know what they asked. */
function tryGit(cwd: string, ...args: readonly string[]): Buffer | null {
  try {
    return execFileSync('git', args, { ...gitOptions(cwd), stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return null
  }
}

/** @throws ActionError */
function git(cwd: string, ...args: readonly string[]): Buffer {
  const bytes = tryGit(cwd, ...args)
  if (bytes !== null) return bytes
  throw new ActionError(
    `git ${args[0] ?? ''} failed in the workspace. Check the repository out first (actions/checkout); in a container its folder may have to be a safe.directory of git.`,
  )
}

/** The root of the work tree around a folder. */
export function topOf(cwd: string): string {
  return git(cwd, 'rev-parse', '--show-toplevel').toString('utf8').trim()
}

/**
 * The commit that a change is judged against, fetched where a shallow checkout lacks it. Where the checkout is GitHub's own merge of the change,
 * that is the parent it was merged into; the payload's base is older when others have merged meanwhile, and their work would look like this change's.
 * @throws ActionError where it cannot be had, or where the base itself is checked out in place of the change
 */
export function baseCommit(cwd: string, { base, head }: Change): string {
  const [first, second] = parentsOf(cwd)
  const commit = first !== undefined && second === head ? first : base
  const checkedOut = git(cwd, 'rev-parse', 'HEAD').toString('utf8').trim()
  if (checkedOut === commit && head !== commit) {
    throw new ActionError(
      'The base is checked out, and not the change: nothing of it would be judged. In a workflow on pull_request_target give actions/checkout the ref of the pull request.',
    )
  }
  if (!hasCommit(cwd, commit)) {
    const isShallow = git(cwd, 'rev-parse', '--is-shallow-repository').toString('utf8').trim() === 'true'
    const depth = isShallow ? ['--depth=1'] : []
    tryGit(cwd, 'fetch', '--quiet', '--no-tags', '--no-recurse-submodules', ...depth, 'origin', commit)
  }
  if (hasCommit(cwd, commit)) return commit
  throw new ActionError(
    `The base commit ${commit.slice(0, 12)} is not in the checkout and cannot be fetched: give actions/checkout fetch-depth: 0.`,
  )
}

/** As the commit itself names them: `HEAD^1` does not exist in a shallow checkout. */
function parentsOf(cwd: string): readonly string[] {
  const text = git(cwd, 'cat-file', 'commit', 'HEAD').toString('utf8')
  const header = text.slice(0, text.indexOf('\n\n'))
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent)
}

function hasCommit(cwd: string, commit: string): boolean {
  return tryGit(cwd, 'cat-file', '-e', `${commit}^{tree}`) !== null
}

/** Files of a commit by their path from the root of the repository. */
export function treeOf(top: string, commit: string): ReadonlyMap<string, TreeEntry> {
  return parseTree(git(top, ...listTree(commit)).toString('utf8'))
}

/** Paths that git keeps in the work tree: what the change brings. Files that an earlier step wrote are not among them. */
export function trackedFiles(top: string): readonly string[] {
  const text = git(top, 'ls-files', '-z').toString('utf8')
  return text.split('\0').filter((line) => line !== '')
}

/** A file's content as the commit has it, without filters. */
export function blob(top: string, object: string): Buffer {
  return git(top, 'cat-file', 'blob', object)
}
