import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import { FAULT_MISTAKES, type FaultMistake } from './judge.ts'
import type { FaultTally } from './run.ts'
import type { SignalResults } from './signals.ts'

/** Figures of one full run, as they are committed. */
export interface FaultResults {
  readonly groups: Readonly<Record<string, number>>
  readonly subjects: Readonly<Record<string, Pick<FaultTally, 'cases' | 'answers' | 'mistakes'>>>
  readonly signals: Pick<SignalResults, 'runs' | 'met' | 'mistakes'>
}

const FILE = 'faults/results.json'

export function readFaultResults(): FaultResults | null {
  return readCommitted<FaultResults>(FILE)
}

export function writeFaultResults(results: FaultResults): void {
  writeFigures(FILE, results, withFaultFigures)
}

/** What is worse than it was: more mistakes, fewer cases, or somebody who is not asked any more. */
export function worseFaults(before: FaultResults, now: FaultResults): readonly string[] {
  const subjects = Object.entries(before.subjects).flatMap(([name, was]) => {
    const is = now.subjects[name]
    if (is === undefined) return [`${name} was not run`]
    return [
      ...(is.cases < was.cases ? [`${name}: ${is.cases} cases, and there were ${was.cases}`] : []),
      ...grown(name, was.mistakes, is.mistakes),
    ]
  })
  const fewer =
    now.signals.runs < before.signals.runs
      ? [`signals: ${now.signals.runs} runs, and there were ${before.signals.runs}`]
      : []
  return [...subjects, ...fewer, ...grown('signals', before.signals.mistakes, now.signals.mistakes)]
}

function grown(
  name: string,
  was: Readonly<Record<string, number>>,
  is: Readonly<Record<string, number>>,
): readonly string[] {
  return Object.entries(is).flatMap(([mistake, count]) => {
    const before = was[mistake] ?? 0
    return count > before ? [`${name}: ${mistake} went from ${before} to ${count}`] : []
  })
}

const WORDS: Readonly<Record<FaultMistake, string>> = {
  falseMissing: 'false missing',
  falseInSync: 'false in sync',
  falseDrift: 'false drift',
  hangs: 'past the deadline',
  crashes: 'crashes',
  wrongCode: 'wrong code',
  noNextStep: 'no next step',
  misjudged: 'wrong exit code',
}

/** The page with these figures between their markers. */
export function withFaultFigures(page: string, { groups, subjects, signals }: FaultResults): string {
  const figures = [
    table(
      ['who looks', 'cases', 'answers', ...FAULT_MISTAKES.map((mistake) => WORDS[mistake])],
      Object.entries(subjects).map(([name, { cases, answers, mistakes }]) => [
        name,
        cases,
        answers,
        ...FAULT_MISTAKES.map((mistake) => mistakes[mistake]),
      ]),
    ),
    '',
    table(['faults', 'cases'], Object.entries(groups)),
    '',
    `The built command, ended by SIGINT, SIGTERM and SIGKILL at random moments: ${signals.runs} runs, ${signals.met} of them met at work.`,
    '',
    table(
      [
        'wrong exit codes',
        'half-written reports',
        'files left behind',
        'next runs that failed',
        'ends later than a second',
      ],
      [
        [
          signals.mistakes.exitCodes,
          signals.mistakes.halfReports,
          signals.mistakes.leftovers,
          signals.mistakes.nextRuns,
          signals.mistakes.slow,
        ],
      ],
    ),
  ]
  return withSection(page, 'evidence:faults', figures.join('\n'))
}
