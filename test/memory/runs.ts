import { DAY_MS } from '../../src/schema/duration.ts'
import { remember, type MemorySettings } from '../../src/memory/remember.ts'
import { EMPTY, type Memory, type Transition } from '../../src/memory/types.ts'
import type { Report, ReportFinding, RuleReport } from '../../src/schema/report.ts'
import type { Standing, StandingAt } from '../../src/schema/standing.ts'
import { cleanReport, finding } from '../report/rich-report.ts'

export const HOUR = 3_600_000
export const START = Date.parse('2026-01-01T00:00:00Z')
export const ORDERS = 'https://orders.example.com/'

/** A difference at signing_alg of the one API. */
export function differs(parts: Partial<ReportFinding> = {}): ReportFinding {
  return finding({
    kind: 'changed',
    identifier: ORDERS,
    path: 'signing_alg',
    origin: 'drift',
    counts: true,
    declared: 'RS256',
    live: 'HS256',
    severity: 'high',
    ...parts,
  })
}

export function unreadable(parts: Partial<ReportFinding> = {}): ReportFinding {
  const { declared: _declared, live: _live, ...rest } = differs({ path: '' })
  return { ...rest, kind: 'unreadable', origin: null, code: 'timed_out', ...parts }
}

export interface Told {
  readonly findings?: readonly ReportFinding[]
  readonly ignored?: readonly ReportFinding[]
  readonly rules?: readonly RuleReport[]
  readonly errors?: Report['errors']
  readonly version?: string
  /** What stands at places without a finding; by default all was looked at, is watched, and stands as declared. */
  readonly standing?: Standing | StandingAt | null
  readonly covers?: 'all' | 'some'
  /** Hours since the run before. */
  readonly after?: number
}

export const ACCEPTANCE = { reason: 'known', owner: 'identity', expires: '2026-03-01' }

/** A story of runs, hour by hour, as far as it is remembered. */
export function story(runs: readonly Told[], settings?: MemorySettings) {
  let memory: Memory = EMPTY
  let now = START
  const told: (readonly Transition[])[] = []
  const memories: Memory[] = []
  for (const run of runs) {
    now += (run.after ?? 1) * HOUR
    const result = step(memory, run, now, settings)
    ;({ memory } = result)
    told.push(result.transitions)
    memories.push(memory)
  }
  return { memory, memories, told, words: told.map(wordsOf) }
}

export function step(memory: Memory, run: Told, now: number, settings?: MemorySettings) {
  const clean = cleanReport()
  const findings = run.findings ?? []
  const report: Report = {
    ...clean,
    tool: { name: 'tenant-drift', version: run.version ?? '1.0.0' },
    findings,
    ignored: (run.ignored ?? []).map((ignored) => ({ finding: ignored, ...ACCEPTANCE })),
    errors: run.errors ?? [],
    rules: run.rules ?? [],
    verdict: findings.some(({ kind }) => kind === 'unreadable') || run.errors ? 'incomplete' : 'in-sync',
  }
  const standing = run.standing === undefined ? WATCHED : run.standing
  const at: StandingAt | null = typeof standing === 'function' || standing === null ? standing : () => standing
  return remember(
    memory,
    { report, standing: at, covers: run.covers ?? 'all', commit: null, took: null },
    now,
    settings,
  )
}

export const WATCHED: Standing = { look: 'watched', live: 'RS256' }

/** Transitions in one word each: `type path`, with why and how, silent ones in brackets. */
export function wordsOf(transitions: readonly Transition[]): readonly string[] {
  return transitions.map((move) => {
    const { identifier, path } = move.about === 'dark' ? move.dark : move.after
    const where = identifier === null ? '(tenant)' : path === '' ? '(api)' : path
    const how = move.about === 'episode' && move.type === 'resolved' ? ` ${move.after.how}` : ''
    const why = move.about === 'episode' && move.why !== undefined ? ` ${move.why}` : ''
    const text = `${move.type} ${where}${how}${why}`
    return move.told ? text : `(${text})`
  })
}

export const days = (count: number): number => (count * DAY_MS) / HOUR
