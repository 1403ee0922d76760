import { join } from 'node:path'
import { ROOT } from '../tools/run.mjs'
import { runProgram, type Ended } from './gate/run-program.ts'

/** The files that users get: evidence is made on these, and not on the sources that they were built from. */
const shipped = (...names: readonly string[]): string => join(ROOT, 'dist', ...names)

export const COMMAND = shipped('bin', 'tenant-drift.js')
export const PROVIDER = shipped('bin', 'provider.js')
export const LIVE_PACK = {
  policies: shipped('policies', 'live', 'live-policies.js'),
  run: shipped('policies', 'live', 'run.js'),
} as const

interface Surroundings {
  readonly cwd: string
  /** All of the environment: nothing of this process' own is handed on. */
  readonly env: Readonly<Record<string, string>>
  readonly input?: string
  readonly limitMs?: number
}

/** The built command in a process of its own, from its arguments to its exit code. */
export function runShipped(argv: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return runProgram(process.execPath, [COMMAND, ...argv], surroundings)
}

/** A program of the evidence's own that uses what is shipped as somebody else's process would; it is handed JSON and prints JSON. */
export async function askShipped(program: string, question: unknown, surroundings: Surroundings): Promise<unknown> {
  const { code, out, err } = await runProgram(process.execPath, [program], {
    ...surroundings,
    input: JSON.stringify(question),
  })
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${err}`)
  return JSON.parse(out) as unknown
}
