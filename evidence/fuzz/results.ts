import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import { FUZZ_MISTAKES, type FuzzMistake } from './judge.ts'
import type { FuzzTally } from './run.ts'

/** Figures of one full run, as they are committed. */
export interface FuzzResults {
  readonly seed: number
  /** Of the whole run, on the machine that made it. */
  readonly seconds: number
  readonly parsers: Readonly<Record<string, Pick<FuzzTally, 'inputs' | 'read' | 'mistakes'>>>
}

const FILE = 'fuzz/results.json'

export function readFuzzResults(): FuzzResults | null {
  return readCommitted<FuzzResults>(FILE)
}

export function writeFuzzResults(results: FuzzResults): void {
  writeFigures(FILE, results, withFuzzFigures)
}

export function inputsOf({ parsers }: Pick<FuzzResults, 'parsers'>): number {
  return Object.values(parsers).reduce((sum, { inputs }) => sum + inputs, 0)
}

/** What is worse than it was: any mistake, a parser that is not asked any more, or fewer inputs. */
export function worseFuzz(before: FuzzResults | null, now: FuzzResults): readonly string[] {
  const gone = Object.keys(before?.parsers ?? {}).filter((name) => now.parsers[name] === undefined)
  return [
    ...gone.map((name) => `${name} was not run`),
    ...(before !== null && inputsOf(now) < inputsOf(before)
      ? [`${inputsOf(now)} inputs, and there were ${inputsOf(before)}`]
      : []),
    ...Object.entries(now.parsers).flatMap(([name, { mistakes }]) =>
      FUZZ_MISTAKES.filter((mistake) => mistakes[mistake] > 0).map(
        (mistake) => `${name}: ${mistake}: ${mistakes[mistake]}`,
      ),
    ),
  ]
}

const WORDS: Readonly<Record<FuzzMistake, string>> = {
  hangs: 'past the bound',
  crashes: 'crashes',
  noSentence: 'no sentence',
  secrets: 'told a secret',
  quiet: 'went quiet',
}

/** The page with these figures between their markers. */
export function withFuzzFigures(page: string, results: FuzzResults): string {
  const { parsers, seed, seconds } = results
  const figures = [
    table(
      ['parser', 'inputs', 'read', 'refused', ...FUZZ_MISTAKES.map((mistake) => WORDS[mistake])],
      Object.entries(parsers).map(([name, { inputs, read, mistakes }]) => [
        name,
        inputs,
        read,
        inputs - read,
        ...FUZZ_MISTAKES.map((mistake) => mistakes[mistake]),
      ]),
    ),
    '',
    `${inputsOf(results)} inputs in ${seconds} s, from TENANT_DRIFT_SEED=${seed}.`,
  ]
  return withSection(page, 'evidence:fuzz', figures.join('\n'))
}
