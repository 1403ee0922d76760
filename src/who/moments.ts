import { differingFields } from '../compare/front.ts'
import type { LogEvent } from '../schema/log-event.ts'
import {
  contradiction,
  leadsTo,
  sameStanding,
  sends,
  standingIn,
  standingOfReading,
  stateAfter,
  stateOfReading,
  type Asked,
  type Moment,
  type PastReading,
  type ApiState,
} from './timeline.ts'

/** Clocks of readings and of events differ by less. */
export const CLOCK_DOUBT = 2 * 60_000

export interface Moments {
  readonly list: readonly Moment[]
  /** True where a reading fits nowhere between the events around it: one of them is missing. */
  readonly isTorn: boolean
}

/** Complete readings, and how far back the log has everything. */
interface Known {
  readonly past: readonly PastReading[]
  readonly reachesTo: number
}

/** Events and readings in one order. */
export function momentsOf(asked: Asked, events: readonly LogEvent[], { past, reachesTo }: Known): Moments {
  const moments: Moment[] = events.map((event) => ({ kind: 'event', at: event.at, event, state: stateAfter(event) }))
  let isTorn = false
  for (const reading of past) {
    // Where the log does not reach back to it, anything may have happened since.
    if (reading.at < reachesTo) continue
    const moment = placedReading(asked, events, reading)
    if (moment === 'nowhere') isTorn = true
    else if (moment !== null) moments.push(moment)
  }
  // The sort is stable: of equal times the event stands before the reading that shows the same.
  const list = momentsInOrder(
    asked,
    moments.sort((a, b) => a.at - b.at),
  )
  return { list, isTorn }
}

/**
 * Where clocks cannot tell whether a reading or an event was first, what both show does: the event before it shows the same, and from it the one behind
 * it follows. Null where events around it are of one moment, whose order nobody knows.
 */
function placedReading(asked: Asked, events: readonly LogEvent[], reading: PastReading): Moment | null | 'nowhere' {
  const state = stateOfReading(reading)
  const near = events.filter(({ at }) => Math.abs(at - reading.at) <= CLOCK_DOUBT)
  const moment = (at: number, isPut: boolean): Moment => ({ kind: 'reading', at, reading, state, isPut })
  if (near.every((event) => showsSame(asked, event, reading)))
    return moment(Math.max(reading.at, ...near.map((event) => event.at)), false)
  if (new Set(near.map(({ at }) => at)).size < near.length) return null
  for (let place = near.length; place >= 0; place -= 1) {
    const [before, next] = [near[place - 1], near[place]]
    const isFollowed = next === undefined || leadsTo(state, next) || (state.is === 'unknown' && sends(next, asked))
    if (!isFollowed || (before !== undefined && !showsSame(asked, before, reading))) continue
    const [earliest, latest] = [(before?.at ?? -Infinity) + 0.5, (next?.at ?? Infinity) - 0.5]
    return moment(Math.min(latest, Math.max(earliest, reading.at)), true)
  }
  return 'nowhere'
}

/** More events of one moment than that stay as they are. */
const MOST_AT_ONCE = 5

/**
 * Events of one moment in the order in which one leads to the next, and the last to what comes then: ids say nothing of it. Where no order does, that of
 * the ids stays.
 */
function momentsInOrder(asked: Asked, moments: readonly Moment[]): readonly Moment[] {
  const ordered: Moment[] = []
  const groups = [...Map.groupBy(moments, ({ at }) => at).values()]
  for (const [index, group] of groups.entries()) {
    if (group.length === 1) {
      ordered.push(...group)
      continue
    }
    const before = ordered.findLast(({ state }) => state.is !== 'unknown')?.state
    const next = groups
      .slice(index + 1)
      .flat()
      .find(({ state }) => state.is !== 'unknown')
    const isEnd = (state: ApiState): boolean =>
      next?.kind === 'event' ? leadsTo(state, next.event) : contradiction(asked, state) !== 'differs'
    ordered.push(...(chained(group, before, isEnd) ?? chained(group, before, () => true) ?? group))
  }
  return ordered
}

/** One order of these in which each follows from the one before; null where there is none. */
function chained(
  group: readonly Moment[],
  before: ApiState | undefined,
  isEnd: (state: ApiState) => boolean,
): readonly Moment[] | null {
  if (group.length === 0) return before === undefined || isEnd(before) ? [] : null
  if (group.length > MOST_AT_ONCE) return null
  for (const [index, moment] of group.entries()) {
    const isNext =
      moment.kind === 'reading' || before === undefined || before.is === 'unknown' || leadsTo(before, moment.event)
    const rest = isNext ? chained(group.toSpliced(index, 1), moment.state, isEnd) : null
    if (rest !== null) return [moment, ...rest]
  }
  return null
}

function showsSame(asked: Asked, event: LogEvent, reading: PastReading): boolean {
  const [left, right] = [stateAfter(event), stateOfReading(reading)]
  if (right.is === 'unknown') {
    const [a, b] = [standingIn(left, asked), standingOfReading(reading, asked)]
    return a !== null && b !== null && sameStanding(a, b)
  }
  if (left.is !== 'api' || right.is !== 'api') return left.is === right.is
  const { api, veiled } = left
  return differingFields(api, right.api).every((field) => veiled.includes(field) || field === 'client_id')
}
