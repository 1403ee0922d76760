import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OBJECTS_VARIABLE } from '../git/room.ts'
import { parseReport } from '../report/front.ts'
import type { Verdict } from '../schema/finding.ts'
import { PUBLIC_VARIABLE } from '../schema/variables.ts'
import { worstExitCode, type Report } from '../schema/report.ts'
import type { ActionIo } from './io.ts'

/** Where one run's reports are. Each tenant has a file of its own in each of them. */
export interface Folders {
  readonly json: string
  readonly sarif: string
  readonly html: string
}

export interface Outcome {
  readonly verdict: Verdict
  readonly exitCode: 0 | 1 | 2
  readonly reports: readonly Report[]
  /** Why the reports are not believed, in one sentence; null where they are. */
  readonly problem: string | null
}

export interface CheckRun {
  readonly folders: Folders
  /** Whether its text may stand in the log as it is. */
  readonly isLogged: boolean
  /** Whether everybody can read the repository. */
  readonly isPublic: boolean
  /** A folder with objects that the checkout lacks. */
  readonly objects?: string | null
}

/**
 * Runs `check`. What it came to is what its complete reports say: an exit code alone is no proof of anything, and one that contradicts them is no
 * success either.
 */
export async function runCheck(
  io: ActionIo,
  cwd: string,
  flags: readonly string[],
  { folders, isLogged, isPublic, objects = null }: CheckRun,
): Promise<Outcome> {
  const outputs = [
    ...(isLogged ? ['--output=text'] : []),
    `--output=json=${path.join(folders.json, '{tenant}.json')}`,
    `--output=sarif=${path.join(folders.sarif, '{tenant}.sarif')}`,
    `--output=html=${path.join(folders.html, '{tenant}.html')}`,
  ]
  const own = { [PUBLIC_VARIABLE]: String(isPublic), ...(objects === null ? {} : { [OBJECTS_VARIABLE]: objects }) }
  const code = await start(io, cwd, ['check', ...flags, ...outputs], own)
  return outcomeOf(code, folders.json)
}

/** What exit code and reports come to together. */
export function outcomeOf(code: number | null, folder: string): Outcome {
  try {
    // A fresh folder of ours: whatever is no plain file in it was not written by the check.
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
    const names = files.map((entry) => entry.name).filter((file) => file.endsWith('.json'))
    const reports = names.sort().map((file) => parseReport(readFileSync(path.join(folder, file), 'utf8')))
    const exitCode = worstExitCode(reports)
    if (exitCode === null) return untold([], 'The check wrote no report: its log says why.')
    if (code !== exitCode)
      return untold(reports, 'The exit code of the check contradicts its reports, so the reports are not complete.')
    const verdict = (['incomplete', 'drifted', 'in-sync'] as const).find((each) =>
      reports.some((report) => report.verdict === each),
    )
    return { verdict: verdict ?? 'incomplete', exitCode, reports, problem: null }
  } catch {
    return untold([], 'The check left an incomplete report.')
  }
}

function untold(reports: readonly Report[], problem: string): Outcome {
  return { verdict: 'incomplete', exitCode: 1, reports, problem }
}

/** Checks that are under way. */
const running = new Set<ChildProcess>()
/** A check that was asked to end tidies up in much less. */
const PATIENCE_MS = 3000

/** Ends the check, for whoever ends us: it is asked first, and one that does not answer is not waited for. */
export async function stopChecks(): Promise<void> {
  const ends = [...running].map(async (child) => {
    const isOver = once(child, 'close')
    child.kill()
    await Promise.race([isOver, sleep(PATIENCE_MS)])
    child.kill('SIGKILL')
  })
  await Promise.all(ends)
}

/** What stands before and behind lines of the log none of which is a command to the runner. */
function stopCommands(): readonly [before: string, behind: string] {
  const resume = randomUUID()
  return [`::stop-commands::${resume}\n`, `\n::${resume}::\n`]
}

/** A text for the log, none of whose lines is a command to the runner. */
export function toLog(text: string): string {
  return stopCommands().join(text)
}

/** The exit code; null where a signal ended it. Its lines are shown, and none of them is a command to the runner. */
async function start(
  { env, out, command }: ActionIo,
  cwd: string,
  args: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<number | null> {
  const [program, ...first] = command
  // The token of the repository is none of the check's business.
  const own = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_'))),
    ...more,
  }
  const [before, behind] = stopCommands()
  out(before)
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, [...first, ...args], { cwd, env: own, stdio: ['ignore', 'pipe', 'pipe'] })
      running.add(child)
      child.stdout.setEncoding('utf8').on('data', (text: string) => out(text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => out(text))
      child.on('error', reject)
      child.on('close', (code) => {
        running.delete(child)
        resolve(code)
      })
    })
  } finally {
    out(behind)
  }
}
