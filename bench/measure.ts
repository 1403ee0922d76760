// What the benchmarks of the command share: programs run as processes, in turn, so that a change in the machine's load reaches all of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { cleanEnvironment } from '../tools/environment.mjs'
import { NODE_24, ROOT } from '../tools/run.mjs'

/** A program with all that it takes to start it. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What it must end with; anything else is a broken measurement. */
  readonly exitCode: number
  /** What it must say on stdout. */
  readonly says?: string
}

export interface Usage {
  /** User and system, all threads. */
  readonly cpuMs: number
  readonly peakMb: number
}

const COMMAND = join(ROOT, 'dist', 'bin', 'tenant-drift.js')
const USAGE = join(ROOT, 'bench', 'usage.cjs')

/** Our command, built, on the Node of this repository. */
export function ours(args: readonly string[], rest: Omit<Program, 'command' | 'args'>): Program {
  return { command: NODE_24, args: [COMMAND, ...args], ...rest }
}

/** Wall time in ms, from before the start to after the end. Throws where the program does not end as it should. */
export async function wallOf(program: Program): Promise<number> {
  const began = performance.now()
  await runProgram(program, program.args)
  return performance.now() - began
}

/** What a program of Node uses. */
export async function usageOf(program: Program): Promise<Usage> {
  return JSON.parse(await runProgram(program, ['--require', USAGE, ...program.args])) as Usage
}

async function runProgram(program: Program, args: readonly string[]): Promise<string> {
  const { command, cwd, env, exitCode, says } = program
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [stdout, stderr, usage] = child.stdio.slice(1) as [Readable, Readable, Readable]
  const [said, complained, used, [code]] = await Promise.all([
    text(stdout),
    text(stderr),
    text(usage),
    once(child, 'close') as Promise<[number | null]>,
  ])
  if (code !== exitCode || (says !== undefined && !said.includes(says)))
    throw new Error(`${command} ${args.join(' ')}: exit ${code}, ${exitCode} expected\n${said}${complained}`)
  return used
}

/** Warms each up once, then measures them in turn, the order changing each round. One list of results for each. */
export async function inTurn<T>(measures: readonly (() => Promise<T>)[], rounds: number): Promise<readonly T[][]> {
  for (const measure of measures) await measure()
  const results = measures.map((): T[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [place] of measures.entries()) {
      const index = (place + round) % measures.length
      const measure = measures[index]
      if (measure !== undefined) results[index]?.push(await measure())
    }
  }
  return results
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN]
  return (low + high) / 2
}

/** One target: what was measured, and whether it is met. A target that is not met is a result, and no failure of the benchmark. */
export function verdict(what: string, value: number, most: number, unit = ''): void {
  const digits = unit === '' ? 2 : 0
  const measured = `${value.toFixed(digits)}${unit}`
  console.log(`${value <= most ? 'met    ' : 'NOT MET'} ${what}: ${measured} (at most ${most}${unit})`)
}

/** What a measurement was made on. The load says how much its wall times are worth. */
export function describeMachine(): void {
  const load = loadavg().map((value) => value.toFixed(1))
  console.log(`Node ${process.version.slice(1)}, ${availableParallelism()} cores, load ${load.join(' ')}`)
}

/** `ROUNDS`, unless the command line says another number, or `--quick` for a first look. */
export function roundsFrom(argv: readonly string[], usual: number): number {
  const words = argv.slice(2)
  if (words.includes('--quick')) return Math.max(1, Math.round(usual / 5))
  const rounds = words[0] === undefined ? usual : Number(words[0])
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('ROUNDS must be a whole number from 1, or --quick')
  return rounds
}
