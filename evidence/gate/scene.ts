import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Simulator } from '../../src/simulator/front.ts'
import type { Forge, Note } from './forge.ts'
import type { Host } from './hosts.ts'
import type { Planted } from './planted.ts'
import type { RunnerName } from './runners.ts'

/** One case on the disk and on loopback: everything lies below `root`, and ends with it. */
export interface Scene {
  readonly runner: RunnerName
  readonly root: string
  /** The work tree: the workspace of the job. */
  readonly work: string
  /** Bare: the repository as the server has it. */
  readonly server: string
  /** Somewhere else on the machine. */
  readonly outside: string
  readonly home: string
  /** RUNNER_TEMP, TMPDIR, and where the command is told to write. */
  readonly temp: string
  readonly tmp: string
  readonly out: string
  /** Files of the runner: event, outputs, summary. */
  readonly files: string
  readonly markers: string
  readonly planted: Planted
  readonly tenant: Simulator
  readonly forge: Forge
  readonly lab: Host & { readonly notes: Note[] }
  /** A host that has no business in any of this. */
  readonly stranger: Host
  /** A tenant that says the client secret again in its errors: of the token, or of everything else. */
  readonly echo: Host & { of: 'the token' | 'the list' }
  readonly commits: { base: string; head: string; merge: string }
  git(args: readonly string[], options?: GitOptions): Promise<string>
  /** A program that says that it ran, with its environment, and then does what `then` says. */
  marks(name: string, then?: string): string
  /** Names of the programs of the attack that ran. */
  ran(): readonly string[]
  close(): Promise<void>
}

interface GitOptions {
  readonly cwd?: string
  readonly input?: string | Buffer
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.com',
  GIT_COMMITTER_NAME: 'somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'commit.gpgsign',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_CONFIG_KEY_1: 'protocol.file.allow',
  GIT_CONFIG_VALUE_1: 'always',
  GIT_CONFIG_KEY_2: 'advice.addEmbeddedRepo',
  GIT_CONFIG_VALUE_2: 'false',
}

export const ORDERS = 'urn:orders'
export const HOOKS = 'urn:hooks'

export function ordersFile(more: Readonly<Record<string, unknown>> = {}): string {
  const api = { identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 3600, ...more }
  return `${JSON.stringify({ resource_servers: [api] }, null, 2)}\n`
}

export async function git(cwd: string, args: readonly string[], input?: string | Buffer): Promise<string> {
  return (await gitBytes(cwd, args, input)).toString('utf8').trim()
}

export function gitBytes(cwd: string, args: readonly string[], input?: string | Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...IDENTITY }
    const options = { cwd, env, maxBuffer: 1 << 28, encoding: 'buffer' } as const
    const child = execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`git ${args.join(' ')}: ${stderr.toString('utf8')}`))
    })
    child.stdin?.end(input)
  })
}

export async function commitAll(scene: Scene): Promise<string> {
  await scene.git(['add', '--all', '--force'])
  await scene.git(['commit', '--quiet', '--allow-empty', '--message', 'x'])
  return scene.git(['rev-parse', 'HEAD'])
}

/** Files of the runner that a step finds. */
export function runnerFile(scene: Scene, name: string, text: string | null): string {
  const file = path.join(scene.files, name)
  if (text !== null) writeFileSync(file, text)
  return file
}
