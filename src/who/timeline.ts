import { differingFields, valueIn } from '../compare/front.ts'
import { own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import type { LogEvent } from '../schema/log-event.ts'
import type { Path } from '../schema/path.ts'
import { systemKind } from '../schema/system-apis.ts'

/** How an API stood at a moment; `gone`: there was none; `unknown`: nobody can tell. */
export type ApiState =
  | { readonly is: 'api'; readonly api: JsonObject; readonly veiled: readonly string[] }
  | { readonly is: 'gone' }
  | { readonly is: 'unknown' }

/** What is asked about: one place of one API as it is now. */
export interface Asked {
  readonly identifier: string
  /** Empty: whether the API is there. */
  readonly path: Path
  /** The API as it was read; null where it is missing. */
  readonly live: JsonObject | null
}

/** A complete reading of the tenant, as far as this API goes. `value` stands alone where nothing else of it was kept. */
export interface PastReading {
  /** Epoch ms, by the tenant's clock within two minutes. */
  readonly at: number
  readonly api?: JsonObject | null
  readonly value?: { readonly isThere: boolean; readonly live?: Json }
}

/** One moment of an API's story: an event of the log, or a reading of the tenant. */
export type Moment =
  | { readonly kind: 'event'; readonly at: number; readonly event: LogEvent; readonly state: ApiState }
  | {
      readonly kind: 'reading'
      readonly at: number
      readonly reading: PastReading
      readonly state: ApiState
      /** True where clocks cannot tell whether it was before or after an event, and only what both show puts it here. */
      readonly isPut: boolean
    }

/** The events of one API, by what they answered; by the path alone where the answer has no body. */
export function eventsOf(
  events: readonly LogEvent[],
  { identifier, live }: Asked,
  past: readonly PastReading[],
): readonly LogEvent[] {
  const ids = new Set<string>()
  const learn = (api: JsonObject | null | undefined): void => {
    const id = own(api ?? undefined, 'id')
    if (typeof id === 'string') ids.add(id)
  }
  learn(live)
  for (const { api } of past) learn(api)
  for (const { after } of events) if (after !== null && own(after, 'identifier') === identifier) learn(after)
  return events.filter(({ after, names }) => {
    if (after === null) return names.some((name) => name === identifier || ids.has(name))
    const id = own(after, 'id')
    return own(after, 'identifier') === identifier || (typeof id === 'string' && ids.has(id))
  })
}

export function stateAfter({ method, after, veiled }: LogEvent): ApiState {
  if (method === 'delete') return { is: 'gone' }
  return after === null ? { is: 'unknown' } : { is: 'api', api: after, veiled }
}

export function stateOfReading({ api }: PastReading): ApiState {
  if (api === undefined) return { is: 'unknown' }
  return api === null ? { is: 'gone' } : { is: 'api', api, veiled: [] }
}

/** What stands at the place at a moment, where that is known: nothing is something too, and not the same as no API. */
export interface Stood {
  /** Whether the API is there. */
  readonly isThere: boolean
  readonly value: Json | undefined
}

export function standingIn(state: ApiState, { path, live }: Asked): Stood | null {
  if (state.is === 'unknown') return null
  if (state.is === 'gone') return { isThere: false, value: undefined }
  const id = own(state.api, 'id')
  // An API of the same name before this one: what it had says nothing of this one.
  if (live !== null && id !== own(live, 'id')) return { isThere: false, value: undefined }
  if (path.length === 0) return { isThere: true, value: undefined }
  if (state.veiled.includes(path[0] ?? '')) return null
  return { isThere: true, value: valueIn(state.api, path) }
}

export function sameStanding(a: Stood, b: Stood): boolean {
  return a.isThere === b.isThere && sameJson(a.value, b.value)
}

export function standingOf(moment: Moment, asked: Asked): Stood | null {
  return moment.kind === 'reading' ? standingOfReading(moment.reading, asked) : standingIn(moment.state, asked)
}

export function standingOfReading(reading: PastReading, asked: Asked): Stood | null {
  if (reading.api !== undefined) return standingIn(stateOfReading(reading), asked)
  if (reading.value === undefined) return null
  return { isThere: reading.value.isThere, value: reading.value.live }
}

export function leadsTo(state: ApiState, event: LogEvent): boolean {
  if (event.method === 'post') return state.is === 'gone'
  return event.method === 'delete' || follows(state, event)
}

/** Whether one event leads from a state to its answer, so that nothing can have happened between: all that it did not send is as it was. */
export function follows(state: ApiState, { sent, after, veiled }: LogEvent): boolean {
  if (state.is !== 'api' || after === null || sent === null) return false
  const silent = new Set([...sent, ...veiled, ...state.veiled, 'client_id'])
  return differingFields(state.api, after).every((field) => silent.has(field) || isGrown(field, after))
}

/** The service adds scopes to its own APIs by itself. */
function isGrown(field: string, api: Parameters<typeof systemKind>[0]): boolean {
  return field === 'scopes' && systemKind(api) !== null
}

export function sends({ method, sent }: LogEvent, { path, live }: Asked): boolean {
  if (method === 'post') return live !== null
  if (method === 'delete') return live === null
  return path.length > 0 && sent !== null && sent.includes(path[0] ?? '')
}

/** Whether the newest event shows the API as it was read. */
export function contradiction({ live, path }: Asked, state: ApiState): 'none' | 'differs' | 'hidden' {
  if (state.is === 'unknown') return 'hidden'
  if (state.is === 'gone' || live === null) return (state.is === 'gone') === (live === null) ? 'none' : 'differs'
  if (state.veiled.includes(path[0] ?? '')) return 'hidden'
  const known = differingFields(state.api, live).filter(
    (field) => field !== 'client_id' && !state.veiled.includes(field) && !isGrown(field, live),
  )
  return known.length === 0 ? 'none' : 'differs'
}
