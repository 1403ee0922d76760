import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import { REPAIR_MISTAKES, type RepairMistake, type RepairTally } from './run.ts'

/** Figures of one full run, as they are committed. */
export interface RepairResults {
  readonly runs: Readonly<Record<string, Omit<RepairTally, 'lines'>>>
  readonly skipped: readonly string[]
}

const FILE = 'repair/results.json'

export function readRepairResults(): RepairResults | null {
  return readCommitted<RepairResults>(FILE)
}

export function writeRepairResults(results: RepairResults): void {
  writeFigures(FILE, results, withRepairFigures)
}

/** What is worse than it was: any mistake, a way of asking that is gone, fewer cases, or fewer differences put back. */
export function worseRepair(before: RepairResults | null, now: RepairResults): readonly string[] {
  const mistakes = Object.entries(now.runs).flatMap(([name, run]) =>
    REPAIR_MISTAKES.filter((mistake) => run.mistakes[mistake] > 0).map(
      (mistake) => `${name}: ${mistake}: ${run.mistakes[mistake]}`,
    ),
  )
  if (before === null || now.skipped.length > before.skipped.length) return mistakes
  const fewer = Object.entries(before.runs).flatMap(([name, was]) => {
    const is = now.runs[name]
    if (is === undefined) return [`${name} was not run`]
    return is.cases < was.cases || is.repairs < was.repairs
      ? [`${name}: ${is.repairs} put back of ${is.cases} cases, and there were ${was.repairs} of ${was.cases}`]
      : []
  })
  return [...mistakes, ...fewer]
}

const WORDS: Readonly<Record<RepairMistake, string>> = {
  refused: 'refused by the tenant',
  notPutBack: 'stands and was not named',
  wrongExitCode: 'wrong exit code',
  touchedMore: 'touched what did not drift',
  lessSafe: 'made something less safe',
  notUndone: 'not undone',
  secretsTold: 'secrets told',
}

/** The page with these figures between their markers. */
export function withRepairFigures(page: string, { runs, skipped }: RepairResults): string {
  const figures = [
    table(
      ['asked for', 'cases', 'APIs with a PATCH', 'put back', 'left out', 'fields that cannot come back'],
      Object.entries(runs).map(([name, { cases, plans, repairs, leftOut, lost }]) => [
        name,
        cases,
        plans,
        repairs,
        leftOut,
        lost,
      ]),
    ),
    '',
    table(
      ['asked for', ...REPAIR_MISTAKES.map((mistake) => WORDS[mistake])],
      Object.entries(runs).map(([name, { mistakes }]) => [
        name,
        ...REPAIR_MISTAKES.map((mistake) => mistakes[mistake]),
      ]),
    ),
    '',
    table(['why left out, asked for every difference by its name', 'times'], reasonsOf(runs)),
    ...skipped.flatMap((line) => ['', line]),
  ]
  return withSection(page, 'evidence:repair', figures.join('\n'))
}

function reasonsOf(runs: RepairResults['runs']): readonly (readonly [string, number])[] {
  const named = runs['with every difference named']
  return Object.entries(named?.reasons ?? {}).toSorted(([, a], [, b]) => b - a)
}
