import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { inputVariable } from '../../src/action/inputs.ts'
import type { ActionWorld } from '../../src/action/io.ts'
import { runAction } from '../../src/action/run-action.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { folderWith, write } from '../cli/run.ts'
import { programFile } from '../support/built.ts'

export const ROOT = path.join(import.meta.dirname, '..', '..')
export const COMMAND: ActionWorld['command'] = [process.execPath, programFile('tenant-drift')]

const IDENTITY = ['-c', 'user.name=x', '-c', 'user.email=x@x.example', '-c', 'commit.gpgsign=false']

export function git(cwd: string, ...args: readonly string[]): string {
  const text = execFileSync('git', [...IDENTITY, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return text.trim()
}

export function commit(cwd: string): string {
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '--allow-empty', '--message', 'x')
  return git(cwd, 'rev-parse', 'HEAD')
}

export interface Repository {
  readonly cwd: string
  readonly base: string
  readonly head: string
}

/** A repository whose main has `base`, and a change that makes it `change` (null takes a file away); checked out as GitHub's merge of the two. */
export function repository(
  base: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>> = {},
): Repository {
  const cwd = folderWith(base)
  git(cwd, 'init', '--quiet', '--initial-branch=main')
  const first = commit(cwd)
  git(cwd, 'checkout', '--quiet', '-b', 'change')
  for (const [name, content] of Object.entries(change)) {
    if (content === null) git(cwd, 'rm', '--quiet', name)
    else write(cwd, { [name]: content })
  }
  const head = commit(cwd)
  git(cwd, 'checkout', '--quiet', 'main')
  git(cwd, 'merge', '--quiet', '--no-ff', '--message', 'merge', head)
  return { cwd, base: first, head }
}

export interface Stored {
  readonly id: number
  readonly body: string
  readonly user: { readonly login: string }
}

export interface GitHub {
  readonly url: string
  readonly comments: Stored[]
  /** `METHOD path`, as they came. */
  readonly calls: string[]
  /** Answer of every write, where it is to fail. */
  refusal: number | null
}

const TOKEN = 'token-of-the-job'

/** A stand-in for the part of GitHub's API that the action calls: issue comments, in pages, as one bot. */
export async function gitHub(): Promise<GitHub> {
  const comments: Stored[] = []
  const calls: string[] = []
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      let text = ''
      for await (const chunk of incoming) text += String(chunk)
      const { pathname, searchParams } = new URL(incoming.url ?? '/', state.url)
      const method = incoming.method ?? ''
      calls.push(`${method} ${pathname}`)
      const answer = (status: number, body: unknown): void =>
        void outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      if (incoming.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, { message: 'Bad credentials' })
      if (method !== 'GET' && state.refusal !== null) return answer(state.refusal, { message: 'refused' })
      const shown = ({ id, body, user }: Stored) => ({
        id,
        body,
        user,
        url: `${state.url}/repos/o/r/issues/comments/${id}`,
        html_url: `https://github.example/o/r/pull/7#issuecomment-${id}`,
      })
      if (method === 'GET' && pathname === '/repos/o/r/issues/7/comments') {
        const size = Number(searchParams.get('per_page') ?? 30)
        const from = (Number(searchParams.get('page') ?? 1) - 1) * size
        return answer(200, comments.slice(from, from + size).map(shown))
      }
      if (method === 'GET') return answer(404, { message: 'Not Found' })
      const { body } = JSON.parse(text) as { body: string }
      if (method === 'POST' && pathname === '/repos/o/r/issues/7/comments') {
        comments.push({ id: comments.length + 1, body, user: { login: 'github-actions[bot]' } })
        return answer(201, shown(comments.at(-1) as Stored))
      }
      const index = comments.findIndex(({ id }) => pathname === `/repos/o/r/issues/comments/${id}`)
      const found = comments[index]
      if (method !== 'PATCH' || found === undefined) return answer(404, { message: 'Not Found' })
      comments[index] = { ...found, body }
      return answer(200, shown({ ...found, body }))
    })()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const state: GitHub = { url, comments, calls, refusal: null }
  return state
}

export interface Job {
  readonly event?: string
  readonly payload?: unknown
  readonly ref?: string
  /** What GitHub made for the event: the commit that is checked out, unless given. */
  readonly sha?: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly api?: GitHub
  readonly command?: ActionWorld['command']
  readonly world?: Partial<ActionWorld>
}

/** Nobody waits for GitHub here, unless a test says so. */
export const CLOCK = { now: Date.now, wait: () => Promise.resolve() } as const

export interface JobRan {
  readonly code: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

export function pullRequest({ base, head }: { readonly base: string; readonly head: string }): JsonObject {
  return { pull_request: { number: 7, head: { sha: head }, base: { sha: base } } }
}

/** The variables and files that GitHub's runner gives a step, in a folder of their own. */
export function runnerEnv(cwd: string, job: Job): Record<string, string> {
  const event = job.event ?? 'pull_request'
  const temp = folderWith({ 'event.json': payloadOf(job) })
  return {
    PATH: process.env.PATH ?? '',
    GITHUB_WORKSPACE: cwd,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: path.join(temp, 'event.json'),
    GITHUB_REF: job.ref ?? (event.startsWith('pull_request') ? 'refs/pull/7/merge' : 'refs/heads/main'),
    GITHUB_SHA: job.sha ?? headOf(cwd),
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_RUN_ID: '4711',
    GITHUB_WORKFLOW: 'drift',
    GITHUB_JOB: 'gate',
    GITHUB_OUTPUT: path.join(temp, 'output'),
    GITHUB_STEP_SUMMARY: path.join(temp, 'summary.md'),
    RUNNER_TEMP: temp,
    // Nothing listens there: a test that forgets its stand-in must not reach the real one.
    GITHUB_API_URL: job.api?.url ?? 'http://127.0.0.1:9',
    ...(job.api === undefined ? {} : { [inputVariable('github-token')]: TOKEN }),
    ...Object.fromEntries(Object.entries(job.inputs ?? {}).map(([name, value]) => [inputVariable(name), value])),
    ...job.env,
  }
}

/** Of a private repository, unless a test says otherwise. */
function payloadOf({ payload = { repository: { default_branch: 'main' } } }: Job): unknown {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return payload
  const { repository: known, ...rest } = payload as JsonObject
  return { ...rest, repository: { visibility: 'private', ...(known as JsonObject | undefined) } }
}

function headOf(cwd: string): string {
  return existsSync(path.join(cwd, '.git')) ? git(cwd, 'rev-parse', 'HEAD') : ''
}

export async function runJob(cwd: string, job: Job): Promise<JobRan> {
  const env = runnerEnv(cwd, job)
  let log = ''
  const code = await runAction({
    env,
    out: (text) => (log += text),
    command: job.command ?? COMMAND,
    ...CLOCK,
    ...job.world,
  })
  return { code, log, ...writtenBy(env) }
}

/** What a step left in the runner's files. */
export function writtenBy(env: Readonly<Record<string, string>>): Pick<JobRan, 'outputs' | 'summary'> {
  const textOf = (file = '') => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  const outputs = [...textOf(env['GITHUB_OUTPUT']).matchAll(/^([a-z-]+)<<(\S+)\n([^]*?)\n\2$/gm)]
  return {
    outputs: Object.fromEntries(outputs.map(([, name = '', , value = '']) => [name, value])),
    summary: textOf(env['GITHUB_STEP_SUMMARY']),
  }
}
