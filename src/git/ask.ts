import { execFile, spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { RepositoryAddress } from '../schema/follow.ts'
import type { Environment } from '../schema/environment.ts'

/** Ways to the network that a fetch may need. A proxy's address may hold a password, so nothing else of git is told them. */
const NETWORK = [
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
] as const
/** What no program starts without on Windows. */
const SYSTEM = ['SystemRoot', 'TEMP', 'TMP'] as const

/**
 * The environment git is started with, built from nothing: no setting of the job, of the user or of the system reaches it, it waits for nobody at
 * a terminal, opens no connection by itself and believes no replaced object. `GIT_ALLOW_PROTOCOL` wins over every configuration.
 */
export function gitEnvironment(
  program: string,
  room: string,
  env: Environment,
  protocol: 'none' | RepositoryAddress['protocol'] = 'none',
): Record<string, string> {
  const passed = [...SYSTEM, ...(protocol === 'none' ? [] : NETWORK)].flatMap((name) => {
    const value = env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(passed),
    PATH: path.dirname(program),
    HOME: room,
    XDG_CONFIG_HOME: room,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: protocol,
    LC_ALL: 'C',
  }
}

/**
 * All that git is ever told, and where. Objects are asked for by their full names, on standard input of `cat-file`, in a git directory of our own
 * (`room`); in the checkout's, whose configuration somebody else wrote, git only says what a ref is and which header the checkout left.
 */
export const GIT_COMMANDS = {
  objects: (room: string) => ['--git-dir', room, 'cat-file', '--batch'],
  ref: (gitDir: string, name: string) => [
    '--git-dir',
    gitDir,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    name,
  ],
  header: (gitDir: string, url: string) => [
    '--git-dir',
    gitDir,
    'config',
    '--includes',
    '--get-urlmatch',
    'http.extraheader',
    url,
  ],
  fetch: (room: string, url: string, commit: string) => [
    '--git-dir',
    room,
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--depth=1',
    '--end-of-options',
    url,
    commit,
  ],
} as const satisfies Readonly<Record<string, (...places: never[]) => readonly string[]>>

/** What git printed; null where it failed. It runs in a folder of ours, never in one that a change wrote. */
export function askGit(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly timeout?: number },
): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { ...options, maxBuffer: 1024 * 1024, encoding: 'utf8' }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    )
  })
}

/** A git that may take long, with all that it starts; `late` where it was ended because of that, or because `signal` says so. */
export function runGit(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string>>
    readonly timeout: number
    readonly signal: AbortSignal
  },
): Promise<'done' | 'failed' | 'late'> {
  const { cwd, env, timeout, signal } = options
  return new Promise((resolve) => {
    // A group of its own: what fetches is a child of git, and would wait on by itself. And without a terminal, at which ssh would ask.
    const child = spawn(program, [...args], { cwd, env, stdio: 'ignore', detached: process.platform !== 'win32' })
    let isLate = false
    let last: NodeJS.Timeout | undefined
    const end = (): void => {
      isLate = true
      // It takes its locks away where it is asked to end.
      kill(child, 'SIGTERM')
      last = setTimeout(() => kill(child, 'SIGKILL'), LAST_MS)
    }
    const timer = setTimeout(end, timeout)
    signal.addEventListener('abort', end, { once: true })
    // One listener for all: Node warns of more than ten.
    if (RUNNING.size === 0) process.once('exit', killAll)
    RUNNING.add(child)
    const over = (how: 'done' | 'failed'): void => {
      clearTimeout(timer)
      clearTimeout(last)
      signal.removeEventListener('abort', end)
      RUNNING.delete(child)
      if (RUNNING.size === 0) process.off('exit', killAll)
      resolve(isLate ? 'late' : how)
    }
    child.on('error', () => over('failed'))
    child.on('close', (code) => over(code === 0 ? 'done' : 'failed'))
    if (signal.aborted) end()
  })
}

const LAST_MS = 2000
const RUNNING = new Set<ChildProcess>()

function killAll(): void {
  for (const child of RUNNING) kill(child, 'SIGKILL')
}

/** With all that it started. */
function kill(child: ChildProcess, how: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, how)
    else child.kill(how)
  } catch {
    // It ended meanwhile.
  }
}
