import { readdirSync } from 'node:fs'
import path from 'node:path'
import { GIT_COMMANDS } from '../git/ask.ts'
import { readCommit, readTree } from '../git/commit.ts'
import type { GitRoom } from '../git/room.ts'
import { MistakesError } from '../schema/errors.ts'
import { isLoopback } from '../schema/loopback.ts'
import { input } from './inputs.ts'
import { ActionError, type ActionIo } from './io.ts'

const TIMEOUT_MS = 300_000

/** Whether a commit and its files are in the checkout. A partial clone leaves files out, and says which pack promises them. */
export async function isWholeCommit(room: GitRoom, commit: string): Promise<boolean> {
  const packs = path.join(room.repository.objects, 'pack')
  if (folderNames(packs).some((name) => name.endsWith('.promisor'))) return false
  return hasTree(room, commit)
}

async function hasTree(room: GitRoom, commit: string): Promise<boolean> {
  if ((await room.find(commit)) === null) return false
  const { tree } = await readCommit(room, commit)
  try {
    await readTree(room, tree)
    return true
  } catch (error) {
    if (error instanceof MistakesError) return false
    throw error
  }
}

function folderNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * Fetches one commit, or the tip of a branch by its full name, from the repository that the runner names: never from a remote of the checkout, whose
 * configuration an earlier step may have written. Without following redirects, and with whatever credential the checkout or the inputs have.
 * @returns the folder that holds the objects, and the commit; null where nobody gave it
 */
export async function fetchObjects(
  io: ActionIo,
  room: GitRoom,
  wanted: string,
  length: number,
): Promise<{ readonly objects: string; readonly commit: string | null } | null> {
  const { url, origin, protocol } = serverOf(io)
  for (const header of await headersOf(io, room, url)) {
    const settings = `[http]\n\tfollowRedirects = false\n${header === '' ? '' : `[http "${origin}/"]\n\textraheader = ${quotedConfig(header)}\n`}`
    const { folder, run } = room.fetchRoom(length, protocol, settings)
    const isBranch = wanted.startsWith('refs/')
    const refspec = isBranch ? `+${wanted}:${FETCHED}` : wanted
    if (!(await run(GIT_COMMANDS.fetch(folder, url, refspec), TIMEOUT_MS))) continue
    const objects = path.join(folder, 'objects')
    return { objects, commit: isBranch ? await room.refIn(folder, FETCHED) : wanted }
  }
  return null
}

const FETCHED = 'refs/heads/fetched'

function serverOf({ env }: ActionIo): {
  readonly url: string
  readonly origin: string
  readonly protocol: 'https' | 'http'
} {
  const repository = env.GITHUB_REPOSITORY ?? ''
  const server = URL.parse(env.GITHUB_SERVER_URL ?? 'https://github.com')
  const isAllowed = server?.protocol === 'https:' || (server?.protocol === 'http:' && isLoopback(server.hostname))
  if (server === null || !isAllowed || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new ActionError(
      'GITHUB_SERVER_URL and GITHUB_REPOSITORY name no repository from which the base could be fetched.',
    )
  const protocol = server.protocol === 'http:' ? 'http' : 'https'
  return {
    url: `${server.origin}${server.pathname.replace(/\/+$/, '')}/${repository}`,
    origin: server.origin,
    protocol,
  }
}

/** What to send as authorization, in the order in which it is tried: what actions/checkout left, the token of the job, nothing. */
async function headersOf(io: ActionIo, room: GitRoom, url: string): Promise<readonly string[]> {
  const left = await room.header(url)
  const token = input(io, 'github-token')
  const own = token === '' ? '' : `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  const usable = [left, own].filter((header) => header !== '' && !/[\0-\x1f\x7f]/.test(header))
  return [...new Set([...usable, ''])]
}

/** A value in git's configuration: git-config(1), Syntax. */
function quotedConfig(value: string): string {
  return `"${value.replaceAll(/["\\]/g, (letter) => `\\${letter}`)}"`
}
