import type { Finding } from '../src/schema/finding.ts'
import type { Case, Expected } from './corpus/case.ts'

/** What a runner said of one place. */
export type Found = Pick<Finding, 'identifier' | 'kind' | 'path' | 'origin' | 'direction' | 'counts'>

export const MISTAKES = ['missed', 'falseAlarms', 'wrongPath', 'wrongDirection', 'wrongOrigin', 'wrongCounts'] as const
export type Mistake = (typeof MISTAKES)[number]

export interface Tally {
  readonly cases: number
  /** Findings that the truth of these cases names. */
  readonly findings: number
  readonly mistakes: Readonly<Record<Mistake, number>>
  /** What went wrong, a line each. */
  readonly lines: readonly string[]
}

export const EMPTY: Tally = {
  cases: 0,
  findings: 0,
  mistakes: { missed: 0, falseAlarms: 0, wrongPath: 0, wrongDirection: 0, wrongOrigin: 0, wrongCounts: 0 },
  lines: [],
}

/** Compares what was said of these cases, all in one run, with their truth. What is said of nobody's API is a false alarm. */
export function tally(cases: readonly Case[], found: readonly Found[]): Tally {
  const strangers = new Map(
    cases.flatMap((one) => one.expected.filter(({ kind }) => kind === 'unknown-field').map(({ path }) => [path, one])),
  )
  const known = new Map(cases.map((one) => [one.identifier, one]))
  const owner = ({ identifier, path }: Found) => (identifier === null ? strangers.get(path) : known.get(identifier))
  const byCase = Map.groupBy(found, owner)
  const parts = cases.map((one) => judge(one, byCase.get(one) ?? []))
  const nobody = (byCase.get(undefined) ?? []).map((each) => ({
    mistake: 'falseAlarms' as const,
    line: `nobody's: ${text(each)}`,
  }))
  return sum(cases, [...parts.flat(), ...nobody])
}

interface Wrong {
  readonly mistake: Mistake
  readonly line: string
}

function sum(cases: readonly Case[], wrong: readonly Wrong[]): Tally {
  const count = (mistake: Mistake) => wrong.filter((one) => one.mistake === mistake).length
  return {
    cases: cases.length,
    findings: cases.reduce((total, { expected }) => total + expected.length, 0),
    mistakes: Object.fromEntries(MISTAKES.map((mistake) => [mistake, count(mistake)])) as Record<Mistake, number>,
    lines: wrong.map(({ mistake, line }) => `${mistake}: ${line}`),
  }
}

function judge(one: Case, found: readonly Found[]): readonly Wrong[] {
  const place = ({ kind, path }: Expected | Found) => `${kind} ${path}`
  const left = new Map(found.map((each) => [place(each), each]))
  const title = `[${one.group}] ${one.title} (${one.identifier})`
  const wrong: Wrong[] = []
  const missed: Expected[] = []
  for (const expected of one.expected) {
    const met = left.get(place(expected))
    left.delete(place(expected))
    if (met === undefined) missed.push(expected)
    else
      wrong.push(
        ...differences(expected, met).map((mistake) => ({
          mistake,
          line: `${title}: ${text(expected)}, said ${text(met)}`,
        })),
      )
  }
  // One finding too few and one too many of the same kind: found, at another place.
  for (const expected of missed) {
    const elsewhere = [...left.values()].find(({ kind }) => kind === expected.kind)
    if (elsewhere !== undefined) left.delete(place(elsewhere))
    const said = elsewhere === undefined ? '' : `, said ${text(elsewhere)}`
    wrong.push({
      mistake: elsewhere === undefined ? 'missed' : 'wrongPath',
      line: `${title}: ${text(expected)}${said}`,
    })
  }
  const doubled = found.length - new Set(found.map(place)).size
  for (let index = 0; index < doubled; index += 1)
    wrong.push({ mistake: 'falseAlarms', line: `${title}: one place twice` })
  return [
    ...wrong,
    ...[...left.values()].map((each) => ({ mistake: 'falseAlarms' as const, line: `${title}: ${text(each)}` })),
  ]
}

function differences(expected: Expected, met: Found): readonly Mistake[] {
  return [
    ...(expected.direction === met.direction ? [] : (['wrongDirection'] as const)),
    ...(expected.origin === met.origin ? [] : (['wrongOrigin'] as const)),
    ...(expected.counts === met.counts ? [] : (['wrongCounts'] as const)),
  ]
}

function text({ kind, path, origin, direction, counts }: Expected | Found): string {
  return `${kind} at ${path === '' ? '(the API)' : path}, ${origin ?? 'no origin'}, ${direction}${counts ? '' : ', a notice'}`
}

export function add(left: Tally, right: Tally): Tally {
  return {
    cases: left.cases + right.cases,
    findings: left.findings + right.findings,
    mistakes: Object.fromEntries(
      MISTAKES.map((mistake) => [mistake, left.mistakes[mistake] + right.mistakes[mistake]]),
    ) as Record<Mistake, number>,
    lines: [...left.lines, ...right.lines],
  }
}
