import { existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GIT_COMMANDS, gitEnvironment, runGit } from './ask.ts'
import { systemCode, configMistake, TenantDriftError } from '../schema/errors.ts'
import type { RepositoryAddress } from '../schema/follow.ts'
import type { TrustedFiles } from './disk-files.ts'
import { findProgram } from './program.ts'
import { GitRoom, isFullName, makeGitDirectory } from './room.ts'
import { bareFiles } from './trusted-files.ts'
import { workTreeOf } from './work-tree.ts'
import type { Environment } from '../schema/environment.ts'

/** A branch of a repository elsewhere, whose address has no credential in it. */
export interface BranchSource extends RepositoryAddress {
  readonly branch: string
  /** Basic authorization, asked at each fetch; null where there is none, and `why` where it should be there. */
  readonly credential: () => { readonly user: string; readonly token: string } | { readonly why: string } | null
}

export interface BranchOptions {
  /** The folder of our own repository. */
  readonly place: string
  readonly env: Environment
  /** Epoch ms. */
  readonly now: () => number
  readonly timeout?: number
}

/** How the last fetch ended. */
export interface Fetched {
  /** The tip as it was last fetched; null where it never was. */
  readonly commit: string | null
  /** When that was, in epoch ms; null where this process never fetched it. */
  readonly at: number | null
  /** When this fetch began. */
  readonly began: number
  /** Why there is nothing newer, in words of ours; null where it was fetched. */
  readonly fault: string | null
}

/** A fetch is shared by whoever asks within it. */
const SHARED_MS = 10_000
const TIMEOUT_MS = 60_000
const AGAIN_MS = 300
/** How long a commit that is not there is not asked for again. */
const MISSING_MS = 10 * 60_000
/** A lock that is older than any fetch may be is nobody's. */
const STALE_MS = 2 * 60_000
/** No redirect is followed: a token goes to the host that was named and nowhere else. Where the service was killed, a fetch that hangs ends by itself. */
const GIT_SETTINGS = '[http]\n\tfollowRedirects = false\n\tlowSpeedLimit = 1\n\tlowSpeedTime = 60\n'

/**
 * A branch that is followed, in a bare repository of our own: it is fetched by its full name, and read through the one reader of commits. Nothing of it is
 * ever written anywhere else.
 */
export class FollowedBranch {
  readonly #source: BranchSource
  readonly #options: BranchOptions
  readonly #program: string
  readonly #ssh: string | null
  readonly #ended = new AbortController()
  #fetched: Fetched | null = null
  #sharedUntil = 0
  #running: { readonly began: number; readonly done: Promise<Fetched> } | null = null
  #work: Promise<unknown> = Promise.resolve()
  /** Commits that the server did not have, and when it was asked. */
  readonly #missing = new Map<string, number>()
  #room: { readonly room: GitRoom; users: number } | null = null

  /** @throws MistakesError `invalid_config` where git is not there, or the folder cannot be made */
  constructor(source: BranchSource, options: BranchOptions) {
    this.#source = source
    try {
      makeGitDirectory(options.place, 40, GIT_SETTINGS)
    } catch (error) {
      throw configMistake(
        `follow: the folder ${options.place} cannot be created or written (${systemCode(error) || 'error'})`,
      )
    }
    const search = { path: options.env.PATH ?? process.env.PATH, outsideOf: [workTreeOf(options.place)] }
    const program = findProgram('git', search)
    const ssh = source.protocol === 'ssh' ? findProgram('ssh', search) : null
    if (program === null) throw configMistake('follow: git is not installed, or is on PATH only in this work tree')
    if (source.protocol === 'ssh' && ssh === null) throw configMistake('follow: ssh is not installed')
    this.#program = program
    this.#ssh = ssh
    this.#options = { ...options, place: realpathSync(options.place) }
  }

  /** What is known without asking anybody. */
  last(): Fetched | null {
    return this.#fetched
  }

  /**
   * Fetches the branch, or shares a fetch that runs or began in the last ten seconds, and after `since`. One that failed is shared for as long as it took. Never throws for what a repository does.
   * @throws TenantDriftError `not_fetched` where this was closed meanwhile
   */
  async fetch(since: number | null = null): Promise<Fetched> {
    const { now } = this.#options
    const isLater = (began: number): boolean => since === null || began > since
    const running = this.#running
    if (running !== null && isLater(running.began)) return running.done
    if (running !== null) {
      await running.done
      return this.fetch(since)
    }
    const last = this.#fetched
    // Before it began it is where the clock was set back.
    if (last !== null && isLater(last.began) && now() < this.#sharedUntil && now() >= last.began) return last
    const began = now()
    const done = this.#fetchTip(began).finally(() => {
      this.#running = null
    })
    this.#running = { began, done }
    return done
  }

  /**
   * The files of a commit, relative to a folder in it; null where it cannot be had. One that is not here any more is fetched by its name.
   */
  async open(commit: string, folder: string): Promise<TrustedFiles | null> {
    if (!isFullName(commit)) return null
    const { room } = this.#enter()
    let isKept = false
    try {
      if ((await room.find(commit)) === null && !(await this.#fetchMissing(room, commit))) return null
      isKept = true
      let isOpen = true
      const close = (): void => {
        if (isOpen) this.#leave()
        isOpen = false
      }
      return { ...bareFiles(room, commit, folder), close }
    } finally {
      if (!isKept) this.#leave()
    }
  }

  /** Many tenants may ask for the same one at each check, and it does not come back. */
  async #fetchMissing(room: GitRoom, commit: string): Promise<boolean> {
    const { now } = this.#options
    if (Math.abs(now() - (this.#missing.get(commit) ?? -Infinity)) < MISSING_MS) return false
    await this.#get(commit)
    const isThere = (await room.find(commit)) !== null
    if (!isThere) this.#missing.set(commit, now())
    return isThere
  }

  /** Ends what runs: whoever waits for it is refused. */
  close(): void {
    this.#ended.abort()
  }

  /** One room for all that read at the same time: each is a process, and knows what the others have proven. */
  #enter(): { readonly room: GitRoom } {
    const { place, env } = this.#options
    const repository = { top: place, gitDir: place, objects: path.join(place, 'objects') }
    this.#room ??= { room: new GitRoom(repository, this.#program, env), users: 0 }
    this.#room.users += 1
    return this.#room
  }

  #leave(): void {
    if (this.#room === null) return
    this.#room.users -= 1
    if (this.#room.users > 0) return
    this.#room.room.close()
    this.#room = null
  }

  async #fetchTip(began: number): Promise<Fetched> {
    const ref = `refs/heads/${this.#source.branch}`
    const fault = await this.#get(`+${ref}:${ref}`)
    const { room } = this.#enter()
    try {
      const commit = await room.ref(ref)
      const { now } = this.#options
      const isThere = commit !== null && fault === null
      // Where it hangs, whoever asks next would hang as long.
      this.#sharedUntil = isThere ? began + SHARED_MS : now() + Math.max(SHARED_MS, now() - began)
      this.#fetched = { commit, at: isThere ? now() : (this.#fetched?.at ?? null), began, fault }
      return this.#fetched
    } finally {
      this.#leave()
    }
  }

  /** One after the other: git takes a lock. Null where it was fetched, else why not. */
  #get(wanted: string): Promise<string | null> {
    const got = this.#work.then(async () => {
      const first = await this.#run(wanted)
      if (first === null || first.isLast) return first?.why ?? null
      dropStaleLocks(this.#options.place)
      // Another process may fetch into the same folder.
      await sleep(AGAIN_MS)
      return (await this.#run(wanted))?.why ?? null
    })
    this.#work = got.catch(() => undefined)
    return got
  }

  async #run(wanted: string): Promise<{ readonly why: string; readonly isLast: boolean } | null> {
    const { place, env, timeout = TIMEOUT_MS } = this.#options
    const { url, protocol, credential } = this.#source
    const given = credential()
    if (given !== null && 'why' in given) return { why: given.why, isLast: true }
    // Somebody may have taken the folder away, to have it fetched anew.
    if (!existsSync(path.join(place, 'HEAD'))) makeGitDirectory(place, 40, GIT_SETTINGS)
    const how = await runGit(this.#program, GIT_COMMANDS.fetch(place, url, wanted), {
      cwd: place,
      env: {
        ...gitEnvironment(this.#program, place, env, protocol),
        ...(this.#ssh === null ? {} : sshEnvironment(this.#ssh, env)),
        ...(given === null ? {} : authorization(url, given)),
      },
      timeout,
      signal: this.#ended.signal,
    })
    // Nothing was learned of the repository, and nothing may be told of it.
    if (this.#ended.signal.aborted)
      throw new TenantDriftError('not_fetched', 'the service is stopping', 'Start it again.')
    if (how === 'done') return null
    if (how === 'late') return { why: `it did not answer within ${Math.ceil(timeout / 1000)} seconds`, isLast: true }
    return { why: FAILED[protocol], isLast: false }
  }
}

/** A fetch that was killed leaves its locks, and every later one would fail for them. */
function dropStaleLocks(place: string): void {
  for (const name of readdirSync(place, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.lock')) continue
    const file = path.join(place, name)
    const found = statSync(file, { throwIfNoEntry: false })
    // By the clock of the disk, which is the one that made it.
    if (found?.isFile() === true && Date.now() - found.mtimeMs > STALE_MS) rmSync(file, { force: true })
  }
}

const LOOK = 'the address, the branch and the network'
const FAILED: Readonly<Record<RepositoryAddress['protocol'], string>> = {
  https: `it refuses, or has no such branch: check ${LOOK}, and whether the token is still valid; redirects are not followed`,
  http: `it refuses, or has no such branch: check ${LOOK}; redirects are not followed`,
  ssh: `it refuses, or has no such branch: check ${LOOK}, and whether this user knows the host and has a key without a passphrase`,
  file: 'there is no such repository or branch, or it belongs to another user',
}

/** ssh finds the keys and the known hosts of the user that runs us by itself. */
function sshEnvironment(ssh: string, env: Environment): Record<string, string> {
  const agent = env['SSH_AUTH_SOCK']
  return { GIT_SSH: ssh, GIT_SSH_VARIANT: 'ssh', ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }) }
}

/** In the environment, for this one fetch: neither a command line nor any file has it. */
function authorization(url: string, { user, token }: { readonly user: string; readonly token: string }) {
  const basic = Buffer.from(`${user}:${token}`).toString('base64')
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  }
}
