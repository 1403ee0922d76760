import { spawn, type ChildProcess } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { findProgram } from '../git/program.ts'
import { workTreeOf } from '../git/work-tree.ts'
import { declarationMistake } from '../schema/errors.ts'
import { printable } from '../words/printable.ts'
import { soundsLikeCredential } from '../schema/sounds-secret.ts'
import type { Environment } from '../schema/environment.ts'
import { pathOf, pulumiEnvironment } from './pulumi-environment.ts'

const DEADLINE_MS = 120_000
/** More than any state has. */
const MOST_BYTES = 256 * 1024 * 1024
/** Characters that are shown of what the CLI complains about. */
const MOST_OF_A_COMPLAINT = 200

export interface ExportOptions {
  /** Real paths of work trees that no program is taken from; by itself the one that the folder lies in. */
  readonly outsideOf?: readonly string[]
  /** Ms. */
  readonly deadline?: number
}

/**
 * What `pulumi stack export` prints in a project's folder; secrets in it stay encrypted. `stack` null: the selected one. It asks nothing, and nobody is
 * waited for longer than the deadline. Of the environment it gets what it needs (`pulumiEnvironment`).
 * @throws MistakesError `invalid_declaration` where the folder or the CLI is not there, it refuses, or it does not come to an end
 */
export async function exportStack(
  folder: string,
  stack: string | null,
  env: Environment,
  { outsideOf = [workTreeOf(folder)], deadline = DEADLINE_MS }: ExportOptions = {},
): Promise<string> {
  const found = await stat(folder).catch(() => null)
  if (found === null || !found.isDirectory()) throw declarationMistake('there is no such folder')
  const search = { path: pathOf(env), outsideOf }
  const program = findProgram('pulumi', search)
  if (program === null) {
    const isInside = findProgram('pulumi', { ...search, outsideOf: [] }) !== null
    throw declarationMistake(
      `the command pulumi is not on PATH${isInside ? ': the one in the work tree is not run' : ''}`,
    )
  }
  const named = stack === null ? [] : ['--stack', stack]
  const { code, text, complaint } = await run(program, ['stack', 'export', ...named, '--non-interactive'], {
    cwd: folder,
    env: pulumiEnvironment(env, outsideOf),
    deadline,
  })
  if (code === 0) return text
  const said = complaint === '' ? '' : `: ${complaint}`
  throw declarationMistake(`pulumi stack export${stack === null ? '' : ` --stack ${stack}`} failed${said}`)
}

interface ProgramOutcome {
  readonly code: number | null
  readonly text: string
  readonly complaint: string
}

interface ProgramRun {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly deadline: number
}

function run(program: string, args: readonly string[], { cwd, env, deadline }: ProgramRun): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    let bytes = 0
    const giveUp = (message: string): void => {
      clearTimeout(timer)
      abandon(child)
      reject(declarationMistake(message))
    }
    const timer = setTimeout(() => giveUp(`pulumi stack export did not end within ${deadline / 1000} s`), deadline)
    const keep = (list: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MOST_BYTES) giveUp(`pulumi stack export printed more than ${MOST_BYTES / 1024 / 1024} MiB`)
      else list.push(chunk)
    }
    child.stdout.on('data', keep(out))
    child.stderr.on('data', keep(err))
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(declarationMistake(`pulumi could not be started (${error.code ?? 'unknown'})`))
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      const complaint = firstLine(Buffer.concat(err).toString('utf8'), env)
      resolve({ code, text: Buffer.concat(out).toString('utf8'), complaint })
    })
  })
}

/** What it started may still hold its pipes: they are let go, so that nothing of it keeps this process alive. */
function abandon(child: ChildProcess): void {
  child.kill('SIGKILL')
  child.stdout?.destroy()
  child.stderr?.destroy()
  child.unref()
}

/** One line of somebody else's words, without the values of variables that sound like credentials, and without a URL's. */
function firstLine(text: string, env: Environment): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? ''
  const secrets = Object.entries(env).flatMap(([name, value]) => (soundsLikeCredential(name) && value ? [value] : []))
  const safe = secrets
    .reduce((words, secret) => words.replaceAll(secret, '(hidden)'), line.trim())
    .replaceAll(/\/\/[^/@\s]+@/g, '//(hidden)@')
  return printable(safe.replace(/^error: /, ''), MOST_OF_A_COMPLAINT)
}
