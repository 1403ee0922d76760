import type { Direction, FindingKind, Origin } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'

/** What must be said of one place. */
export interface Expected {
  readonly kind: FindingKind
  /** Property path inside the API; empty for the whole of it. Of an unknown key inside a list's item, `*` stands for the item. */
  readonly path: string
  readonly origin: Origin | null
  readonly direction: Direction
  readonly counts: boolean
}

/** One API from all sides, and what must be said of it: nothing more, nothing less. Written without any knowledge of the comparer. */
export interface Case {
  readonly group: string
  readonly title: string
  readonly identifier: string
  readonly declared: JsonObject | null
  /** Null: there is a base, and it does not have this API. Left out: no base at all. */
  readonly base?: JsonObject | null
  /** Null: something is recorded for the tenant, and not this API. Left out: nothing is recorded. */
  readonly recorded?: JsonObject | null
  readonly live: JsonObject | null
  readonly expected: readonly Expected[]
  /** Changes of the code that the tenant already has; not looked at where left out. */
  readonly adopted?: number
}

/** A case that waits for its number; APIs of one run must not be mixed up. */
export type Draft = Omit<Case, 'identifier'> & { readonly identifier?: string }

/** Gives each case an identifier and an id of its own. */
export function numbered(drafts: readonly Draft[]): readonly Case[] {
  return drafts.map((draft, index) => {
    const identifier = draft.identifier ?? `https://case-${index}.example.com/`
    const named = (api: JsonObject | null) => (api === null ? null : { ...api, identifier })
    const numberedLive = (api: JsonObject | null) =>
      api === null
        ? null
        : {
            ...api,
            identifier,
            id: typeof api.id === 'string' && api.id.startsWith('own') ? idOf(index, api.id) : idOf(index),
          }
    return {
      ...draft,
      identifier,
      declared: withId(named(draft.declared), index),
      live: numberedLive(draft.live),
      ...(draft.base === undefined ? {} : { base: withId(named(draft.base), index) }),
      ...(draft.recorded === undefined ? {} : { recorded: numberedLive(draft.recorded) }),
    }
  })
}

function withId(api: JsonObject | null, index: number): JsonObject | null {
  if (api === null) return null
  const { id, ...rest } = api
  return id === undefined
    ? rest
    : { ...rest, id: idOf(index, typeof id === 'string' && id.startsWith('own') ? id : '') }
}

/** `own-1`, `own-2` of a draft become two ids of that case. */
function idOf(index: number, own = ''): string {
  return `66a1${own.slice(-1).padStart(2, '0')}${index.toString(16).padStart(18, '0')}`
}

export const drift = (path: string, direction: Direction): Expected => ({
  kind: 'changed',
  path,
  origin: 'drift',
  direction,
  counts: true,
})

/** What could not be understood: nothing is claimed about it. */
export const unreadable = (path: string): Expected => ({
  kind: 'unreadable',
  path,
  origin: null,
  direction: 'neutral',
  counts: true,
})
