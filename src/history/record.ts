import { NOT_FOLLOWED, type Followed } from '../memory/followed.ts'
import { keyOfPlace } from '../memory/place.ts'
import { EMPTY, type Episode, type Memory, type Transition } from '../memory/types.ts'
import { textOrNull } from '../schema/json.ts'
import type { Place } from '../schema/standing.ts'
import { writeReading } from './log-events.ts'
import type { Decision, NumberedTransition, Recorded, StoredTransition, TenantKey, TenantRow } from './front.ts'
import { episodeOf, episodeRow, lastRunRow, memoryOfRows, packed, runRow, tenantRow } from './rows.ts'
import { insertRow, numberOf, updateRow, type Row, type Sql } from './sql.ts'

const TENANT = 'SELECT * FROM tenant WHERE address = ? AND view = ?'
const EPISODES = 'SELECT * FROM episode WHERE tenant = ?'
const STANDING = `${EPISODES} AND ended_at IS NULL`
const AT_PLACE = `${EPISODES} AND COALESCE(identifier, '') = ? AND path = ? AND ended_at IS NOT NULL`

/** For more places than this, one query for all episodes is cheaper than one for each place. */
const MANY_PLACES = 200

/** What is remembered of a tenant, as one transaction sees it. Of what ended only what lies at `places`, where these are given. */
async function readMemory(sql: Sql, tenant: Row, places: readonly Place[] | null): Promise<Memory> {
  const id = numberOf(tenant.id)
  const episodes = (await episodeRows(sql, id, places)).map(episodeOf)
  return memoryOfRows(tenant, await lastRunRow(sql, id), episodes)
}

async function episodeRows(sql: Sql, tenant: number, places: readonly Place[] | null): Promise<readonly Row[]> {
  if (places === null || places.length > MANY_PLACES) return sql.all(EPISODES, tenant)
  const rows = [...(await sql.all(STANDING, tenant))]
  const keys = new Map(places.map((place) => [keyOfPlace(place), place] as const))
  for (const { identifier, path } of keys.values())
    rows.push(...(await sql.all(AT_PLACE, tenant, identifier ?? '', path)))
  return rows
}

export async function memoryOfKey(sql: Sql, { address, view }: TenantKey): Promise<Memory> {
  const [row] = await sql.all(TENANT, address, view)
  return row === undefined ? EMPTY : readMemory(sql, row, null)
}

export async function followedOf(sql: Sql, { address, view }: TenantKey): Promise<Followed> {
  const text = textOrNull((await sql.all(TENANT, address, view))[0]?.['followed'])
  return text === null ? NOT_FOLLOWED : (JSON.parse(text) as Followed)
}

/** Reads, decides and writes under the lock of the tenant's row. */
export async function recordRun(
  sql: Sql,
  forUpdate: string,
  { key: { address, view }, places }: { readonly key: TenantKey; readonly places: readonly Place[] | null },
  decide: (memory: Memory) => Decision | null,
): Promise<Recorded | null> {
  await sql.all(
    "INSERT INTO tenant (address, view, dark) VALUES (?, ?, '[]') ON CONFLICT (address, view) DO NOTHING",
    address,
    view,
  )
  const [row] = await sql.all(`${TENANT}${forUpdate}`, address, view)
  if (row === undefined) throw new Error('the row of a tenant that was just written is not there')
  const before = await readMemory(sql, row, places)
  const decision = decide(before)
  if (decision === null) {
    // A new row was inserted only to have something to lock.
    if (before.run === null) await sql.all('DELETE FROM tenant WHERE id = ?', numberOf(row.id))
    return null
  }
  const { memory, config, name, followed } = decision
  const tenant: TenantRow = { ...tenantRow(row), name, config }
  const run = await writeRun(sql, tenant.id, before, decision)
  const ids = await writeEpisodes(sql, tenant.id, run, before, memory)
  const transitions = await writeTransitions(sql, tenant, run, ids, decision.transitions)
  await updateRow(sql, 'tenant', tenant.id, {
    name,
    config,
    last_run: decision.run.lastAt,
    last_complete: memory.lastComplete,
    dark: JSON.stringify(memory.dark),
    ...(followed === undefined ? {} : { followed: JSON.stringify(followed) }),
  })
  if (decision.items !== undefined && isWholeRun(decision))
    await writeReading(sql, tenant.id, decision.run.lastAt, decision.items)
  const was = textOrNull(row.config)
  return {
    tenant,
    run: { ...decision.run, id: run },
    transitions,
    memory: { ...memory, run: { ...decision.run, id: run } },
    otherConfig: was !== null && was !== config ? was : null,
  }
}

/** Whether this run was complete: then its reading replaces the one that is kept. */
function isWholeRun({ memory, run }: Decision): boolean {
  return memory.lastComplete === run.lastAt
}

/** A run like the one before makes that one longer; of the others only the newest, and those that moved something, keep their report. */
async function writeRun(sql: Sql, tenant: number, before: Memory, { run, report }: Decision): Promise<number> {
  if (run.id !== null) {
    const { last_at, times, requests, waits, took } = runRow(tenant, run)
    await updateRow(sql, 'run', run.id, { last_at, times, requests, waits, took } as Row)
    return run.id
  }
  const last = before.run?.id ?? null
  if (last !== null) {
    await sql.all(
      'UPDATE run SET report = NULL WHERE id = ? AND NOT EXISTS (SELECT 1 FROM transition WHERE run = ?)',
      last,
      last,
    )
  }
  return insertRow(sql, 'run', { ...runRow(tenant, run), report: packed(report) })
}

type EpisodeIds = ReadonlyMap<string, { readonly id: number; readonly firstRun: number }>

async function writeEpisodes(
  sql: Sql,
  tenant: number,
  run: number,
  before: Memory,
  after: Memory,
): Promise<EpisodeIds> {
  const known = new Map(before.episodes.map((episode) => [keyOfPlace(episode), episode] as const))
  const ids = new Map<string, { readonly id: number; readonly firstRun: number }>()
  for (const episode of after.episodes) {
    const key = keyOfPlace(episode)
    const was = known.get(key)
    if (was === undefined || was.id === null) {
      const { identifier, path } = episode
      const id = await insertRow(sql, 'episode', { tenant, identifier, path, first_run: run, ...episodeRow(episode) })
      ids.set(key, { id, firstRun: run })
      continue
    }
    ids.set(key, { id: was.id, firstRun: was.firstRun ?? run })
    if (hasMoved(was, episode)) await updateRow(sql, 'episode', was.id, episodeRow(episode))
    else if (was.seen !== episode.seen || was.row !== episode.row)
      await updateRow(sql, 'episode', was.id, { seen_at: episode.seen, in_row: episode.row })
  }
  return ids
}

function hasMoved(was: Episode, is: Episode): boolean {
  return was.moves !== is.moves || was.form !== is.form
}

async function writeTransitions(
  sql: Sql,
  tenant: TenantRow,
  run: number,
  ids: EpisodeIds,
  transitions: readonly Transition[],
): Promise<readonly StoredTransition[]> {
  const stored: StoredTransition[] = []
  for (const transition of transitions) {
    const whole = withNumbers(transition, ids)
    const { type, at, told } = whole
    const episode = whole.about === 'episode' ? whole.after.id : null
    const detail = packed(JSON.stringify(whole))
    const row = { run, tenant: tenant.id, episode, type, at, told: told ? 1 : 0, detail }
    stored.push({ ...whole, id: await insertRow(sql, 'transition', row), run, tenant })
  }
  return stored
}

/** A transition with the numbers that its episode has in the store. */
function withNumbers(transition: Transition, ids: EpisodeIds): NumberedTransition {
  if (transition.about === 'dark') return transition
  const numbers = ids.get(keyOfPlace(transition.after))
  if (numbers === undefined) throw new Error('a transition of an episode that the memory does not hold')
  return { ...transition, after: { ...transition.after, ...numbers } }
}
