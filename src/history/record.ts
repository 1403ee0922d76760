import { NOT_FOLLOWED, type Followed } from '../memory/followed.ts'
import { keyOf } from '../memory/place.ts'
import type { Episode, Memory, Transition } from '../memory/types.ts'
import type { Place } from '../schema/standing.ts'
import { writeReading } from './log-events.ts'
import type { Decision, Recorded, StoredTransition, TenantKey, TenantRow } from './front.ts'
import {
  EPISODE_COLUMNS,
  episodeOf,
  episodeValues,
  memoryOfRows,
  packed,
  RUN_COLUMNS,
  runValues,
  tenantOf,
  transitionText,
} from './rows.ts'
import { numberOf, textOrNull, type Row, type Sql } from './sql.ts'

const TENANT = 'SELECT * FROM tenant WHERE address = ? AND view = ?'
const LAST_RUN = 'SELECT * FROM run WHERE tenant = ? ORDER BY id DESC LIMIT 1'
const EPISODES = 'SELECT * FROM episode WHERE tenant = ?'
const STANDING = `${EPISODES} AND ended_at IS NULL`
const AT_PLACE = `${EPISODES} AND COALESCE(identifier, '') = ? AND path = ? AND ended_at IS NOT NULL`

/** From so many on all rows are read at once. */
const MANY_PLACES = 200

/** What is remembered of a tenant, as one transaction sees it. Of what ended only what lies at `places`, where these are given. */
export async function readMemory(
  sql: Sql,
  tenant: Row | undefined,
  places: readonly Place[] | null = null,
): Promise<Memory> {
  if (tenant === undefined) return memoryOfRows(undefined, undefined, [])
  const id = numberOf(tenant.id)
  const [run] = await sql.all(LAST_RUN, id)
  const episodes = (await episodeRows(sql, id, places)).map(episodeOf)
  return memoryOfRows(tenant, run, episodes)
}

async function episodeRows(sql: Sql, tenant: number, places: readonly Place[] | null): Promise<readonly Row[]> {
  if (places === null || places.length > MANY_PLACES) return sql.all(EPISODES, tenant)
  const rows = [...(await sql.all(STANDING, tenant))]
  const keys = new Map(places.map((place) => [keyOf(place), place] as const))
  for (const { identifier, path } of keys.values())
    rows.push(...(await sql.all(AT_PLACE, tenant, identifier ?? '', path)))
  return rows
}

export async function memoryOfKey(sql: Sql, { address, view }: TenantKey): Promise<Memory> {
  return readMemory(sql, (await sql.all(TENANT, address, view))[0])
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
    // The row was made for the lock alone.
    if (before.run === null) await sql.all('DELETE FROM tenant WHERE id = ?', numberOf(row.id))
    return null
  }
  const tenant: TenantRow = { ...tenantOf(row), name: decision.name, config: decision.config }
  const run = await writeRun(sql, tenant.id, before, decision)
  const ids = await writeEpisodes(sql, tenant.id, run, before, decision.memory)
  const transitions = await writeTransitions(sql, tenant, run, ids, decision.transitions)
  const { memory, config, name, followed } = decision
  await sql.all(
    'UPDATE tenant SET name = ?, config = ?, last_run = ?, last_complete = ?, dark = ?, followed = COALESCE(?, followed) WHERE id = ?',
    name,
    config,
    decision.run.lastAt,
    memory.lastComplete,
    JSON.stringify(memory.dark),
    followed === undefined ? null : JSON.stringify(followed),
    tenant.id,
  )
  if (decision.items !== undefined && isWhole(decision))
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

/** A run that looked at everything takes the place of the last one that did. */
function isWhole({ memory, run }: Decision): boolean {
  return memory.lastComplete === run.lastAt
}

/** A run like the one before makes that one longer; of the others only the newest, and those that moved something, keep their report. */
async function writeRun(sql: Sql, tenant: number, before: Memory, { run, report }: Decision): Promise<number> {
  if (run.id !== null) {
    await sql.all(
      'UPDATE run SET last_at = ?, times = ?, requests = ?, waits = ?, took = ? WHERE id = ?',
      run.lastAt,
      run.times,
      run.requests,
      run.waits,
      run.took,
      run.id,
    )
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
  const values = runValues(tenant, run, packed(report))
  const marks = values.map(() => '?').join(', ')
  const [row] = await sql.all(`INSERT INTO run (${RUN_COLUMNS}) VALUES (${marks}) RETURNING id`, ...values)
  return numberOf(row?.id)
}

async function writeEpisodes(
  sql: Sql,
  tenant: number,
  run: number,
  before: Memory,
  after: Memory,
): Promise<ReadonlyMap<string, { readonly id: number; readonly firstRun: number }>> {
  const known = new Map(before.episodes.map((episode) => [keyOf(episode), episode] as const))
  const ids = new Map<string, { readonly id: number; readonly firstRun: number }>()
  const sets = EPISODE_COLUMNS.map((column) => `${column} = ?`).join(', ')
  const marks = EPISODE_COLUMNS.map(() => '?').join(', ')
  for (const episode of after.episodes) {
    const key = keyOf(episode)
    const was = known.get(key)
    const values = episodeValues(episode)
    if (was !== undefined && was.id !== null) {
      ids.set(key, { id: was.id, firstRun: was.firstRun ?? run })
      if (hasMoved(was, episode)) await sql.all(`UPDATE episode SET ${sets} WHERE id = ?`, ...values, was.id)
      else if (was.seen !== episode.seen || was.row !== episode.row)
        await sql.all('UPDATE episode SET seen_at = ?, in_row = ? WHERE id = ?', episode.seen, episode.row, was.id)
      continue
    }
    const [row] = await sql.all(
      `INSERT INTO episode (tenant, identifier, path, first_run, ${EPISODE_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ${marks}) RETURNING id`,
      tenant,
      episode.identifier,
      episode.path,
      run,
      ...values,
    )
    ids.set(key, { id: numberOf(row?.id), firstRun: run })
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
  ids: ReadonlyMap<string, { readonly id: number; readonly firstRun: number }>,
  transitions: readonly Transition[],
): Promise<readonly StoredTransition[]> {
  const stored: StoredTransition[] = []
  for (const transition of transitions) {
    const place = transition.about === 'episode' ? ids.get(keyOf(transition.after)) : undefined
    const whole: Transition =
      transition.about === 'episode' && place !== undefined
        ? { ...transition, after: { ...transition.after, ...place } }
        : transition
    const [row] = await sql.all(
      'INSERT INTO transition (run, tenant, episode, type, at, told, detail) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id',
      run,
      tenant.id,
      place?.id ?? null,
      transition.type,
      transition.at,
      transition.told ? 1 : 0,
      transitionText(whole),
    )
    stored.push({ ...whole, id: numberOf(row?.id), run, tenant })
  }
  return stored
}
