import {
  subjectOfDark,
  subjectOfEpisode,
  type Heard,
  type StoredEpisode,
  type StoredTransition,
} from '../history/front.ts'
import type { Dark, EpisodeTransition } from '../memory/types.ts'
import { compareSeverity } from '../schema/finding.ts'
import type { Telling } from '../schema/telling.ts'
import type { Filter } from './channel.ts'
import { itemOfDark, itemOfEpisode, type Item } from './item.ts'

/** What a channel is to be told now, and what it has heard with that. */
export interface News {
  readonly items: readonly Item[]
  readonly told: readonly string[]
  readonly untold: readonly string[]
}

type Moved = Extract<StoredTransition, EpisodeTransition>

/**
 * What of the memory's news passes a channel's filter. An open episode is told as opened when it first passes, whatever made it pass; an end is told
 * only where the beginning was. What came and went unheard is nothing.
 */
export function hear(heard: Heard, filter: Filter): News {
  const items: Item[] = []
  const told: string[] = []
  const untold: string[] = []
  const moves = new Map<string, Moved[]>()
  for (const move of heard.transitions)
    if (move.about === 'episode') {
      const subject = subjectOfEpisode(move.after)
      moves.set(subject, [...(moves.get(subject) ?? []), move])
    }

  for (const episode of heard.standing) {
    const subject = subjectOfEpisode(episode)
    const own = moves.get(subject) ?? []
    const isTold = heard.told.has(subject)
    if (episode.state === 'open') {
      if (!isTold && !passes(episode, filter)) continue
      if (!isTold) told.push(subject)
      const item = isTold ? movedOn(episode, own, filter) : begun(episode, own, newestRun(heard), filter)
      if (item !== null && filter.on.has(item.type)) items.push(item)
    } else if (episode.state === 'accepted' && isTold && own.some(({ type }) => type === 'accepted')) {
      const move = own.findLast(({ type }) => type === 'accepted')
      if (move !== undefined && filter.on.has('accepted')) items.push(itemOf('accepted', episode, move, filter))
    }
  }

  const standing = new Set(heard.standing.map(subjectOfEpisode))
  for (const [subject, own] of moves) {
    const last = own.at(-1)
    if (last === undefined || standing.has(subject) || !heard.told.has(subject)) continue
    untold.push(subject)
    const end = { ...last.after, tenant: last.tenant }
    if (last.type === 'resolved' && filter.on.has('resolved')) items.push(itemOf('resolved', end, last, filter))
  }
  hearDark(heard, filter, { items, told, untold })
  return { items, told, untold }
}

/** The first that a channel hears of it. */
function begun(episode: StoredEpisode, own: readonly Moved[], run: number, filter: Filter): Item {
  const last = own.findLast(({ type }) => type === 'opened' || type === 'reopened' || type === 'expired')
  const type: Telling = last === undefined ? (episode.returns > 0 ? 'reopened' : 'opened') : (last.type as Telling)
  if (last !== undefined) return itemOf(type, episode, last, filter)
  return itemOfEpisode(type, episode, { at: episode.since, run, number: episode.moves, persons: filter.persons })
}

/** What is new about something that the channel knows; null where nothing is. */
function movedOn(episode: StoredEpisode, own: readonly Moved[], filter: Filter): Item | null {
  const tellable = own.filter(({ told }) => told)
  // It ended and came back between two runs that told: for the channel it has stood all the while, so a return is told as a change.
  const last = tellable.findLast(({ type }) => ['changed', 'expired', 'reminder', 'reopened'].includes(type))
  if (last === undefined) return null
  const type = last.type === 'reopened' ? 'changed' : (last.type as Telling)
  return itemOf(type, episode, last, filter)
}

function itemOf(type: Telling, episode: StoredEpisode, move: Moved, { persons }: Filter): Item {
  return itemOfEpisode(type, episode, {
    at: move.at,
    run: move.run,
    number: move.after.moves,
    why: move.why,
    took: move.took,
    persons,
  })
}

function hearDark(heard: Heard, filter: Filter, into: { items: Item[]; told: string[]; untold: string[] }): void {
  const run = newestRun(heard)
  const standing = new Set<string>()
  for (const { tenant, memory } of heard.dark) {
    const isWhole = memory.dark.some(({ identifier }) => identifier === null)
    for (const dark of memory.dark) {
      const subject = subjectOfDark(tenant, dark)
      standing.add(subject)
      if (heard.told.has(subject) || dark.row < filter.unreadableAfter) continue
      // While the tenant as a whole cannot be read, nothing is told of its APIs.
      if (isWhole && dark.identifier !== null) continue
      into.told.push(subject)
      if (filter.on.has('unreadable'))
        into.items.push(itemOfDark('unreadable', tenant, dark, dark.since, memory.run?.id ?? run))
    }
  }
  for (const move of heard.transitions) {
    if (move.about !== 'dark' || move.type !== 'readable') continue
    const subject = subjectOfDark(move.tenant, move.dark)
    if (standing.has(subject) || !heard.told.has(subject) || into.untold.includes(subject)) continue
    into.untold.push(subject)
    if (move.told && filter.on.has('readable'))
      into.items.push(itemOfDark('readable', move.tenant, move.dark, move.at, move.run))
  }
}

/** Whether an open episode is grave enough, and was seen often enough. */
export function passes({ severity, row }: StoredEpisode, { severityAtLeast, after }: Filter): boolean {
  return compareSeverity(severity, severityAtLeast) >= 0 && row >= after
}

/** That a tenant as a whole cannot be read, where it was so often enough; undefined elsewhere. */
export function tenantDark(dark: readonly Dark[], { unreadableAfter }: Filter): Dark | undefined {
  return dark.find(({ identifier, row }) => identifier === null && row >= unreadableAfter)
}

/** The last run that anything here is of. */
export function newestRun({ transitions, dark }: Heard): number {
  return Math.max(0, ...transitions.map(({ run }) => run), ...dark.map(({ memory }) => memory.run?.id ?? 0))
}
