import { spawn } from 'node:child_process'

export interface Ended {
  /** Null where it was ended from outside, because it did not come to an end. */
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** Everything it said, in the order in which it came. */
  readonly log: string
}

export interface Program {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly input?: string
  readonly limitMs?: number
  /** Gets the process as soon as it runs, to end it for instance. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void
}

const LIMIT_MS = 60_000

/** Runs a program to its end in a process group of its own; whatever it leaves running ends with it. */
export function runProgram(program: string, args: readonly string[], options: Program): Promise<Ended> {
  const { cwd, env, input, limitMs = LIMIT_MS } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    let [out, err, log, isLate] = ['', '', '', false]
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // It has ended meanwhile.
      }
    }
    const timer = setTimeout(() => {
      isLate = true
      kill('SIGKILL')
    }, limitMs)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      log += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
      log += text
    })
    child.stdin.on('error', () => {}).end(input ?? '')
    child.on('error', reject)
    child.on('exit', () => kill('SIGKILL'))
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: isLate ? null : (code ?? 137), out, err, log })
    })
    options.started?.(kill)
  })
}
