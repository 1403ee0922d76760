import { readCommitted, writeCommitted } from './committed.ts'
import type { PeerResults } from './runners/deploy-cli.ts'
import { MISTAKES, type Mistake, type Tally } from './tally.ts'

/** Figures of one full run, as they are committed. */
export interface Results {
  readonly versions: Readonly<Record<string, string>>
  readonly groups: Readonly<Record<string, number>>
  readonly runners: Readonly<Record<string, RunnerResults>>
  readonly tenants: { readonly cases: number; readonly wrong: number; readonly titles: readonly string[] }
  readonly deployCli: PeerResults
  /** Sources of other tools, as declared, as base and as both, with every way of not knowing a setting. */
  readonly sources: { readonly cases: number; readonly wrong: number }
  readonly skipped: readonly string[]
}

export type RunnerResults = Pick<Tally, 'cases' | 'findings' | 'mistakes'>

const FILE = 'results.json'

export function readResults(): Results {
  return readCommitted<Results>(FILE) as Results
}

export function writeResults(results: Results): void {
  writeCommitted(FILE, results)
}

/** What is worse than it was: more mistakes, fewer cases, or a runner that is gone. The peer's figures are its own business. */
export function worseThan(before: Results, now: Results): readonly string[] {
  const runners = Object.entries(before.runners).flatMap(([name, was]) => {
    const is = now.runners[name]
    if (is === undefined) return [`${name} was not run`]
    return [
      ...MISTAKES.filter((mistake) => is.mistakes[mistake] > was.mistakes[mistake]).map(
        (mistake: Mistake) => `${name}: ${mistake} went from ${was.mistakes[mistake]} to ${is.mistakes[mistake]}`,
      ),
      // Shapes of recorded traffic are where the recordings are.
      ...(is.cases < was.cases && now.skipped.length <= before.skipped.length
        ? [`${name}: ${is.cases} cases, and there were ${was.cases}`]
        : []),
    ]
  })
  const tenants = [
    ...(now.tenants.wrong > before.tenants.wrong
      ? [`whole tenants: ${now.tenants.wrong} wrong, and ${before.tenants.wrong} before`]
      : []),
    ...(now.sources.wrong > before.sources.wrong || now.sources.cases < before.sources.cases
      ? [
          `sources: ${now.sources.wrong} wrong of ${now.sources.cases}, and ${before.sources.wrong} of ${before.sources.cases} before`,
        ]
      : []),
    ...(now.tenants.cases < before.tenants.cases
      ? [`whole tenants: ${now.tenants.cases} cases, and there were ${before.tenants.cases}`]
      : []),
  ]
  return [...runners, ...tenants]
}
