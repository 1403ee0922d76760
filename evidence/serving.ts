import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { JsonObject } from '../src/schema/json.ts'
import { NODE_24 } from '../tools/run.mjs'
import { COMMAND } from './shipped.ts'

interface Surroundings {
  readonly cwd: string
  /** All of the environment: nothing of this process' own is handed on. */
  readonly env: Readonly<Record<string, string>>
  /** A free port of loopback unless it is said otherwise. */
  readonly listen?: string
  readonly flags?: readonly string[]
  /** `tenant-drift` as a file for Node; as it ships unless it is said otherwise. */
  readonly program?: string
  /** Gets the way to end it as soon as it runs. */
  readonly started?: (end: Serving['end']) => void
  /** Gets each line of its log as it comes. */
  readonly heard?: (line: JsonObject) => void
}

/** `tenant-drift serve` as a process of its own, that listens. */
export interface Serving {
  readonly url: string
  readonly pid: number
  /** Its log until now. */
  readonly lines: readonly JsonObject[]
  /** All that it said until now, as it said it. */
  readonly said: () => { readonly out: string; readonly err: string }
  /** The first line of the log of which this is true. Waits for it; throws where it ends before. */
  readonly line: (test: (line: JsonObject) => boolean) => Promise<JsonObject>
  /** The same of what comes from now on. */
  readonly next: (test: (line: JsonObject) => boolean) => Promise<JsonObject>
  /** Its exit code, once it has said all; null where a signal ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
}

export async function startServe(surroundings: Surroundings): Promise<Serving> {
  const { cwd, env, listen = '127.0.0.1:0', flags = [], program = COMMAND, started, heard } = surroundings
  const child = spawn(NODE_24, [program, 'serve', '--listen', listen, ...flags], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    return (await closed)[0]
  }
  started?.(end)
  const lines: JsonObject[] = []
  let [out, rest, err, isOver] = ['', '', '', false]
  let waiting: (() => void)[] = []
  const wake = (): void => {
    const all = waiting
    waiting = []
    for (const each of all) each()
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    const whole = (rest + text).split('\n')
    rest = whole.pop() ?? ''
    for (const each of whole) {
      const line = JSON.parse(each) as JsonObject
      lines.push(line)
      heard?.(line)
    }
    wake()
  })
  void closed.then(() => {
    isOver = true
    wake()
  })
  const from = async (start: number, test: (line: JsonObject) => boolean): Promise<JsonObject> => {
    for (let place = start; ;) {
      const found = lines.slice(place).find(test)
      if (found !== undefined) return found
      place = lines.length
      if (isOver) throw new Error(`serve ended: ${err}\n${out}`)
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const { url } = (await from(0, ({ event }) => event === 'listening')) as { readonly url: string }
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    said: () => ({ out, err }),
    line: (test) => from(0, test),
    next: (test) => from(lines.length, test),
    end,
  }
}

/** Memory of a process in MB, as it is now. On Linux alone: elsewhere nothing is known of that of another one. */
export function residentMb(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? 0) / 1024
}
