import { DAY_MS } from '../schema/duration.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { Report } from '../schema/report.ts'
import type { StandingAt } from '../schema/standing.ts'
import { darkKeys, moveDark } from './dark.ts'
import { moveSeen, moveUnseen } from './episode.ts'
import { byPlace, keyOfPlace } from './place.ts'
import { replay } from './replay.ts'
import { runAfter, runOf, type AboutRun } from './run-row.ts'
import { seenIn, type Seen } from './seen.ts'
import type { Episode, EpisodeTransition, Memory, Transition } from './types.ts'

/** How long something that comes back is the same story; when what stands open is told again. Milliseconds. */
export interface MemorySettings {
  readonly recurringWithin: number
  /** Null: never. */
  readonly remindAfter: number | null
}

export const MEMORY_SETTINGS: MemorySettings = { recurringWithin: 30 * DAY_MS, remindAfter: null }

/** One run, as far as it is remembered. */
export interface Ran extends AboutRun {
  readonly report: Report
  /** What stands where the report has nothing; null where the run compared nothing. */
  readonly standing: StandingAt | null
}

export interface Remembered {
  readonly memory: Memory
  readonly transitions: readonly Transition[]
}

/**
 * What a run changes about what is remembered of its tenant. Pure: `now` is the time of the reading, in epoch ms, and may lie before that of the
 * run before. Which runs are remembered at all is the caller's to know.
 */
export function remember(
  memory: Memory,
  ran: Ran,
  now: number,
  settings: MemorySettings = MEMORY_SETTINGS,
): Remembered {
  const seen = seenIn(ran.report)
  const about = { report: ran.report, now, settings }
  const episodes = new Map(memory.episodes.map((episode) => [keyOfPlace(episode), episode] as const))
  const moves: EpisodeTransition[] = []
  for (const [key, at] of seen.at) {
    const move = moveSeen(episodes.get(key) ?? null, at, about)
    if (move !== null) moves.push(move)
  }
  for (const [key, episode] of episodes) {
    if (episode.state === 'ended' || seen.at.has(key)) continue
    const move = moveUnseen(episode, seen, ran.standing, about)
    if (move !== null) moves.push(move)
  }
  const transitions = [
    ...moveDark(memory.dark, ran, now),
    ...withTaken(moves).sort((a, b) => byPlace(a.after, b.after) || byCodeUnits(a.type, b.type)),
  ]
  const moved = replay(memory, transitions)
  const dark = darkKeys(ran.report)
  const row = runOf(ran, now)
  const isComplete = row.verdict !== 'incomplete' && row.covers === 'all'
  return {
    memory: {
      run: runAfter(memory.run, row, transitions.length > 0),
      lastComplete: isComplete ? now : memory.lastComplete,
      episodes: moved.episodes.map((episode) => counted(episode, seen, now)),
      dark: moved.dark.map((place) => ({ ...place, row: place.row + (dark.has(keyOfPlace(place)) ? 1 : 0) })),
    },
    transitions,
  }
}

/** The counters of an episode after this run: last seen, form, runs in a row. A run that could not look there changes none of them. */
function counted(episode: Episode, seen: Seen, now: number): Episode {
  const at = seen.at.get(keyOfPlace(episode))
  if (episode.state === 'ended') return episode
  if (at === undefined) return episode
  const row = at.form === 'counts' ? episode.row + 1 : episode.row
  return { ...episode, seen: now, row, form: at.form === 'accepted' ? 'counts' : at.form }
}

/** Adds to the transition of an API that is gone how many of its differences ended with it. */
function withTaken(moves: readonly EpisodeTransition[]): EpisodeTransition[] {
  const gone = Map.groupBy(
    moves.filter(({ type }) => type === 'gone'),
    ({ after }) => after.identifier,
  )
  return moves.map((move) => {
    const isGone = move.after.kind === 'missing' && move.after.path === '' && move.type !== 'gone'
    const took = isGone ? (gone.get(move.after.identifier)?.length ?? 0) : 0
    return took === 0 ? move : { ...move, took }
  })
}
