import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { randomFrom } from '../random.ts'
import { COMMAND } from '../shipped.ts'

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGKILL: null } as const
type Signal = keyof typeof SIGNALS

export interface SignalResults {
  readonly runs: number
  /** Runs that the signal met at work; the others had ended before, or not begun. */
  readonly met: number
  readonly mistakes: {
    readonly exitCodes: number
    readonly halfReports: number
    readonly leftovers: number
    readonly nextRuns: number
    readonly slow: number
  }
  readonly lines: readonly string[]
}

/** Drift, so that a run that gets to its end is neither 0 nor 1. */
const DECLARED = { resource_servers: [{ identifier: 'urn:gone' }] }
const ARGS = [
  'check',
  '--quiet',
  '--declared',
  'declared.json',
  '--output',
  'json=r.json',
  '--output',
  'html=r.html',
  '--output',
  'sarif=r.sarif',
]
const ENDS: Readonly<Record<string, string>> = { 'r.json': '}', 'r.html': '</html>', 'r.sarif': '}' }
/** A run takes about that long; moments beyond it meet nobody. */
const LONGEST_MS = 900
const MOST_MS = 1000

/** The built command, ended at moments that the seed chooses; then run once more in the same folder. */
export async function runSignals(runs: number, seed: number): Promise<SignalResults> {
  const random = randomFrom(seed)
  const tenant = await startSimulator({ apis: 300, seed: 9001, latencyMs: 20 })
  const lines: string[] = []
  const mistakes = { exitCodes: 0, halfReports: 0, leftovers: 0, nextRuns: 0, slow: 0 }
  let met = 0
  const note = (mistake: keyof typeof mistakes, line: string) => {
    mistakes[mistake] += 1
    lines.push(`${mistake}: seed ${seed}, ${line}`)
  }
  try {
    for (let run = 0; run < runs; run += 1) {
      const signal = (Object.keys(SIGNALS) as Signal[])[run % 3] ?? 'SIGTERM'
      const ms = Math.floor(random() * LONGEST_MS)
      const title = `run ${run}, ${signal} after ${ms} ms`
      const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-signal-'))
      try {
        writeFileSync(join(folder, 'declared.json'), JSON.stringify(DECLARED))
        const ended = await runOnce(tenant, folder, { signal, ms })
        const isMet = ended.code !== 2
        if (isMet) met += 1
        // Where nothing has to be taken away, the signal itself ends the process; shells call that 130 and 143, too.
        const isRight = ended.signal === signal || ended.code === SIGNALS[signal] || ended.code === 2
        if (!isRight) note('exitCodes', `${title}: ${ended.code ?? ended.signal}`)
        if (isMet && ended.tookMs > MOST_MS) note('slow', `${title}: ${Math.round(ended.tookMs)} ms`)
        for (const file of readdirSync(folder)) {
          const end = ENDS[file]
          if (end !== undefined && !readFileSync(join(folder, file), 'utf8').trimEnd().endsWith(end))
            note('halfReports', `${title}: ${file}`)
          // What nobody can catch may leave a file with a name of its own; nothing else may.
          if (signal !== 'SIGKILL' && file.startsWith('.')) note('leftovers', `${title}: ${file}`)
        }
        const next = await runOnce(tenant, folder, null)
        const whole = Object.entries(ENDS).every(([file, end]) =>
          readFileSync(join(folder, file), 'utf8').trimEnd().endsWith(end),
        )
        if (next.code !== 2 || !whole) note('nextRuns', `${title}: then ${next.code ?? next.signal}`)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
  } finally {
    await tenant.close()
  }
  return { runs, met, mistakes, lines }
}

async function runOnce(tenant: Simulator, cwd: string, end: { readonly signal: Signal; readonly ms: number } | null) {
  const child = spawn(process.execPath, [COMMAND, ...ARGS], {
    cwd,
    env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  if (end !== null) await Promise.race([sleep(end.ms), exited])
  const since = performance.now()
  if (end !== null) child.kill(end.signal)
  const [code, signal] = await exited
  return { code, signal, tookMs: performance.now() - since }
}
