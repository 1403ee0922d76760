import {
  subjectOfDark,
  subjectOfEpisode,
  type Delivery,
  type Heard,
  type Outbox,
  type TenantRow,
} from '../history/front.ts'
import type { Memory, Transition } from '../memory/types.ts'

/** What one run says of one tenant, where no history keeps it. */
export interface SoloRun {
  readonly address: string
  readonly name: string | null
  /** As it is after this run. */
  readonly memory: Memory
  readonly transitions: readonly Transition[]
}

/**
 * An outbox for one command, where nothing is kept: an earlier report, or nothing at all, says what was told. What cannot be sent is lost, and says so.
 */
export function soloOutbox(runs: readonly SoloRun[]): Outbox {
  const heard = heardOf(runs)
  const rows: (Delivery & { readonly by: string | null })[] = []
  return {
    queue(channel, now, decide, tenants) {
      const waiting = rows.filter((row) => row.channel === channel && row.state === 'waiting')
      const isAsked = (tenant: TenantRow): boolean => tenants === undefined || tenants.includes(tenant.id)
      const queued = decide({
        ...heard,
        transitions: heard.transitions.filter(({ tenant }) => isAsked(tenant)),
        standing: heard.standing.filter(({ tenant }) => isAsked(tenant)),
        dark: heard.dark.filter(({ tenant }) => isAsked(tenant)),
        waiting,
      })
      change(rows, ({ id }) => queued.dropped.includes(id), { state: 'dropped', body: null })
      for (const { body, run } of queued.messages)
        rows.push({
          id: rows.length + 1,
          channel,
          run,
          state: 'waiting',
          tries: 0,
          made: now,
          nextAt: now,
          body,
          error: null,
          isTaken: false,
          by: null,
        })
      return Promise.resolve()
    },
    claim(channel, by, now) {
      const next = rows.find((row) => row.channel === channel && row.state === 'waiting' && row.by === null)
      if (next === undefined || next.nextAt > now) return Promise.resolve(null)
      change(rows, ({ id }) => id === next.id, { by })
      return Promise.resolve(next)
    },
    settle(id, by, settled) {
      const isMine = rows.some((row) => row.id === id && row.by === by)
      const { body, ...state } = { body: undefined, ...settled }
      if (isMine) change(rows, (row) => row.id === id, { ...state, ...(body === undefined ? {} : { body }), by: null })
      return Promise.resolve(isMine)
    },
    deliveries: (limit) => Promise.resolve(rows.toReversed().slice(0, limit)),
  }
}

function change<Row extends object>(rows: Row[], isMeant: (row: Row) => boolean, to: Partial<Row>): void {
  rows.forEach((row, index) => {
    if (isMeant(row)) rows[index] = { ...row, ...to }
  })
}

/** As if a history had kept the earlier report, and every channel had been told of it. */
function heardOf(runs: readonly SoloRun[]): Heard {
  const told = new Set<string>()
  let next = 0
  const parts = runs.map(({ address, name, memory, transitions }, index) => {
    const tenant: TenantRow = { id: index + 1, address, view: 'default', name, config: null }
    const ids = new Map<string, number>()
    const idOf = (place: { readonly identifier: string | null; readonly path: string }): number => {
      const key = subjectOfDark(tenant, place)
      const id = ids.get(key) ?? (next += 1)
      ids.set(key, id)
      return id
    }
    const stored = transitions.map((move, at) => {
      const place = { id: at + 1, run: 1, tenant }
      if (move.about === 'dark') {
        if (move.type === 'readable') told.add(subjectOfDark(tenant, move.dark))
        return { ...move, ...place }
      }
      const id = idOf(move.after)
      if (move.before !== null && move.before.state !== 'ended') told.add(subjectOfEpisode({ id }))
      return { ...move, ...place, after: { ...move.after, id, firstRun: move.after.firstRun ?? 1 } }
    })
    const isNew = new Set(
      transitions.flatMap((move) =>
        move.about === 'episode' && (move.before === null || move.before.state === 'ended') ? [idOf(move.after)] : [],
      ),
    )
    const standing = memory.episodes
      .filter(({ state }) => state !== 'ended')
      .map((episode) => ({ ...episode, id: idOf(episode), firstRun: episode.firstRun ?? 1, tenant }))
    for (const episode of standing) if (!isNew.has(episode.id)) told.add(subjectOfEpisode(episode))
    for (const dark of memory.dark)
      if (
        !transitions.some(
          (move) =>
            move.about === 'dark' &&
            move.type === 'unreadable' &&
            move.dark.identifier === dark.identifier &&
            move.dark.path === dark.path,
        )
      )
        told.add(subjectOfDark(tenant, dark))
    return { stored, standing, dark: { tenant, memory: { dark: memory.dark, run: memory.run } } }
  })
  return {
    transitions: parts.flatMap(({ stored }) => stored),
    standing: parts.flatMap(({ standing }) => standing),
    dark: parts.map(({ dark }) => dark),
    told,
    waiting: [],
    state: null,
    isNew: false,
  }
}
