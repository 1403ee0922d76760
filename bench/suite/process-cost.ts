import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { cleanEnvironment } from '../../tools/environment.mjs'
import type { Program } from '../measure.ts'
import type { Cost } from './measured.ts'

const SAMPLE_MS = 50
/** The shell counts what it and its children used, to the millisecond, when they have ended. */
const TIMED = 'TIMEFORMAT="%U %S"; { time "$@" 2>&4; } 2>&3'

/**
 * Any program with its children. Memory is looked at every 50 ms (Linux alone): the sum over all of its processes, of the memory that they do not share with a
 * file. Throws where the program does not end as it should.
 */
export async function costOf(program: Program): Promise<Cost> {
  const { command, args, cwd, env, exitCode, says } = program
  const began = performance.now()
  const child = spawn('bash', ['-c', TIMED, 'bash', command, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  })
  const [stdout, , timed, stderr] = child.stdio.slice(1) as [
    NodeJS.ReadableStream,
    unknown,
    NodeJS.ReadableStream,
    NodeJS.ReadableStream,
  ]
  let peakMb = 0
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, memoryBelow(child.pid ?? 0))
  }, SAMPLE_MS)
  try {
    const [said, complained, used, [code]] = await Promise.all([
      text(stdout),
      text(stderr),
      text(timed),
      once(child, 'close') as Promise<[number | null]>,
    ])
    const wallMs = performance.now() - began
    if (code !== exitCode || (says !== undefined && !said.includes(says)))
      throw new Error(`${command} ${args.join(' ')}: exit ${code}, ${exitCode} expected\n${said}${complained}`)
    const [user = NaN, system = NaN] = used.trim().split(' ').map(Number)
    return { wallMs, cpuMs: (user + system) * 1000, peakMb: peakMb === 0 ? null : peakMb }
  } finally {
    clearInterval(sampler)
  }
}

/** Memory of all processes that this one started, itself not counted. */
function memoryBelow(root: number): number {
  const children = new Map<number, number[]>()
  for (const name of processes()) {
    const parent = Number(/\) \S (\d+)/.exec(readProcess(name, 'stat'))?.[1] ?? 0)
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const below = (pid: number): readonly number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)])
  return below(root).reduce((sum, pid) => {
    const [kilobytes] = /(?<=^RssAnon:\s+)\d+/m.exec(readProcess(String(pid), 'status')) ?? ['0']
    return sum + Number(kilobytes) / 1024
  }, 0)
}

function processes(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    // No Linux.
    return []
  }
}

/** A process may end between two looks. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
