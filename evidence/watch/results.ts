import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import type { DayTally } from './day.ts'
import type { FleetKillTally } from './kills.ts'

/** Figures of one full run, as they are committed. */
export interface WatchResults {
  readonly seed: number
  readonly seconds: number
  readonly day: Omit<DayTally, 'lines'>
  readonly kills: Omit<FleetKillTally, 'lines'>
}

const FILE = 'watch/results.json'
/** By how much its memory may grow. */
const MOST_GROWTH = 1.2

export function readWatchResults(): WatchResults | null {
  return readCommitted<WatchResults>(FILE)
}

export function writeWatchResults(results: WatchResults): void {
  writeFigures(FILE, results, withWatchFigures)
}

/** Anything that is wrong; a service that grows; and less that was tried. */
export function worseWatch(before: WatchResults | null, { seconds, day, kills }: WatchResults): readonly string[] {
  const [early, late] = day.memoryMb
  return [
    ...(day.wrong > 0 ? [`told wrongly: ${day.wrong}`] : []),
    ...(day.bugs > 0 ? [`bugs: ${day.bugs}`] : []),
    ...(late > early * MOST_GROWTH ? [`memory: ${early} MB, and ${late} MB at the end`] : []),
    ...(before !== null && seconds < before.seconds ? [`${seconds} s, and there were ${before.seconds}`] : []),
    ...(kills.late > 0 ? [`tenants that waited too long: ${kills.late}`] : []),
    ...(kills.wrong > 0 ? [`told wrongly by a fleet that was killed: ${kills.wrong}`] : []),
    ...(kills.bugs > 0 ? [`bugs of a fleet that was killed: ${kills.bugs}`] : []),
    ...(before !== null && kills.kills < before.kills.kills
      ? [`${kills.kills} kills, and there were ${before.kills.kills}`]
      : []),
  ]
}

/** The page with these figures between their markers. */
export function withWatchFigures(page: string, { seconds, day, kills }: WatchResults): string {
  const { checks, faults, heard, wrong, bugs, memoryMb } = day
  const figures = [
    table(
      ['what', 'figure'],
      [
        ['seconds, checks', `${seconds}, ${checks}`],
        ['faults of tenants, the history, the channel; calls of the hook', Object.values(faults).join(', ')],
        ['messages that were heard', heard],
        ['told twice, out of turn, not at all, or otherwise than it is', wrong],
        ['bugs, words on standard error, unhandled rejections', bugs],
        ['memory after a sixth of the time, at the end', memoryMb.map((mb) => `${mb} MB`).join(', ')],
        ['services of a fleet that were killed; tenants; messages', `${kills.kills}; ${kills.tenants}; ${kills.heard}`],
        ['the longest time without a complete check, in schedules', kills.longestGap],
        ['tenants unchecked for more than two; told wrongly; bugs', `${kills.late}; ${kills.wrong}; ${kills.bugs}`],
      ],
    ),
  ]
  return withSection(page, 'evidence:watch', figures.join('\n'))
}
