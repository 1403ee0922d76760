import { spawn, type ChildProcess } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { MistakesError } from '../schema/errors.ts'
import { printable } from '../schema/printable.ts'
import { soundsLikeCredential } from '../schema/sounds-secret.ts'

type Environment = Readonly<Record<string, string | undefined>>

const DEADLINE_MS = 120_000
/** Characters that are shown of what the CLI complains about. */
const MOST_OF_A_COMPLAINT = 200

/**
 * What `pulumi stack export` prints in a project's folder; secrets in it stay encrypted. `stack` null: the selected one. It asks nothing, and nobody is
 * waited for longer than the deadline (ms).
 * @throws MistakesError `invalid_declaration` where the folder or the CLI is not there, it refuses, or it does not come to an end
 */
export async function exportStack(
  folder: string,
  stack: string | null,
  env: Environment,
  deadline = DEADLINE_MS,
): Promise<string> {
  const found = await stat(folder).catch(() => null)
  if (found === null || !found.isDirectory()) throw mistake('there is no such folder')
  const named = stack === null ? [] : ['--stack', stack]
  const { code, text, complaint } = await run(['stack', 'export', ...named, '--non-interactive'], folder, env, deadline)
  if (code === 0) return text
  const said = complaint === '' ? '' : `: ${complaint}`
  throw mistake(`pulumi stack export${stack === null ? '' : ` --stack ${stack}`} failed${said}`)
}

interface Outcome {
  readonly code: number | null
  readonly text: string
  readonly complaint: string
}

function run(args: readonly string[], cwd: string, env: Environment, deadline: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('pulumi', args, {
      cwd,
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    const timer = setTimeout(() => {
      abandon(child)
      reject(mistake(`pulumi stack export did not end within ${deadline / 1000} s`))
    }, deadline)
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const isAbsent = error.code === 'ENOENT'
      reject(
        mistake(
          isAbsent ? 'the command pulumi is not on PATH' : `pulumi could not be started (${error.code ?? 'unknown'})`,
        ),
      )
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

function mistake(message: string): MistakesError {
  return new MistakesError('invalid_declaration', [{ file: null, line: null, column: null, message }])
}
