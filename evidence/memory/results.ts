import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import type { KillTally } from './kills.ts'

/** Figures of one full run, as they are committed. */
export interface MemoryResults {
  readonly seed: number
  readonly stories: number
  /** Stories in which something was wrong. */
  readonly falsehoods: number
  readonly kills: Omit<KillTally, 'lines'>
}

const FILE = 'memory/results.json'

export function readMemoryResults(): MemoryResults | null {
  return readCommitted<MemoryResults>(FILE)
}

export function writeMemoryResults(results: MemoryResults): void {
  writeFigures(FILE, results, withMemoryFigures)
}

/** What is worse than it was: anything that is wrong, and less that was tried. */
export function worseMemory(before: MemoryResults | null, now: MemoryResults): readonly string[] {
  const figures = (of: MemoryResults) => ({
    falsehoods: of.falsehoods,
    'lost transitions': of.kills.lost,
    'told twice': of.kills.toldTwice,
    'damaged stores': of.kills.damaged,
  })
  const was = before === null ? null : figures(before)
  const worse = Object.entries(figures(now)).flatMap(([what, count]) =>
    count > (was?.[what as keyof typeof was] ?? 0) ? [`${what}: ${count}`] : [],
  )
  const fewer =
    before === null
      ? []
      : [
          ...(now.stories < before.stories ? [`${now.stories} stories, and there were ${before.stories}`] : []),
          ...(now.kills.kills < before.kills.kills
            ? [`${now.kills.kills} kills, and there were ${before.kills.kills}`]
            : []),
        ]
  return [...worse, ...fewer]
}

/** The page with these figures between their markers. */
export function withMemoryFigures(page: string, { stories, falsehoods, kills }: MemoryResults): string {
  const figures = [
    table(
      ['what', 'tried', 'wrong'],
      [
        ['random stories', stories, falsehoods],
        ['kills: transitions that were lost', kills.kills, kills.lost],
        ['kills: things told twice under another id', kills.kills, kills.toldTwice],
        ['kills: damaged stores', kills.kills, kills.damaged],
      ],
    ),
    '',
    `Beside the kills ${kills.whole} runs ended by themselves; ${kills.heard} messages were heard, ${kills.again} of them a second time under their own id.`,
  ]
  return withSection(page, 'evidence:memory', figures.join('\n'))
}
