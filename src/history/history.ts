import { byPlace } from '../memory/place.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { byCodeUnits } from '../schema/json.ts'
import { subjectOfEpisode, type History, type Selection, type StoredEpisode, type TenantState } from './front.ts'
import { overviewOver } from './overview.ts'
import { holdsTurn, turnsOver } from './turns.ts'
import { claimNext, queueFor, settleOne } from './outbox.ts'
import { keepLogEvents, logEventsOf, readingOf } from './log-events.ts'
import { followedOf, memoryOfKey, recordRun } from './record.ts'
import { episodesIn, movesIn } from './owned.ts'
import { deliveryOf, lastRunRow, memoryOfRows, RUN, runOfRow, tenantRow, inflated } from './rows.ts'
import { isTenantNamed } from './view.ts'
import { numberOf, type Database, type Row, type Sql } from './sql.ts'

/** A history over either store. */
export function historyOver(database: Database): History {
  const { forUpdate } = database
  return {
    name: database.name,
    isNew: database.isNew,
    overview: overviewOver(database),
    turns: (fleet) => turnsOver(database, fleet),
    record: (tenant, decide, { holder, places } = {}) =>
      database.write(async (sql) => {
        if (holder !== undefined && !(await holdsTurn(sql, forUpdate, holder))) return null
        return recordRun(sql, forUpdate, { key: tenant, places: places ?? null }, decide)
      }),
    queue: (channel, now, decide, tenants) =>
      database.write((sql) => queueFor(sql, forUpdate, channel, now, decide, tenants ?? null)),
    claim: (channel, by, now, leaseMs) => database.write((sql) => claimNext(sql, channel, by, now, leaseMs)),
    settle: (id, by, settled) => database.write((sql) => settleOne(sql, id, by, settled)),
    deliveries: (limit) =>
      database.read(async (sql) =>
        (await sql.all('SELECT * FROM delivery ORDER BY id DESC LIMIT ?', limit)).map(deliveryOf),
      ),
    memory: (tenant) => database.read((sql) => memoryOfKey(sql, tenant)),
    tenants: () => database.read(tenantStates),
    episodes: (selection) => database.read((sql) => episodesOf(sql, selection)),
    runs: (tenant, since) =>
      database.read(async (sql) => {
        const text = `SELECT ${RUN} FROM run WHERE tenant = ? AND last_at >= ? ORDER BY id`
        return (await sql.all(text, tenant, since ?? 0)).map(runOfRow)
      }),
    transitions: (episodes) => database.read((sql) => transitionsOf(sql, episodes)),
    report: (run) =>
      database.read(async (sql) => {
        const [row] = await sql.all('SELECT report FROM run WHERE id = ?', run)
        return row?.report instanceof Uint8Array ? inflated(row.report) : null
      }),
    reading: (tenant) => database.read((sql) => readingOf(sql, tenant)),
    followed: (tenant) => database.read((sql) => followedOf(sql, tenant)),
    logEvents: (address, since) => database.read((sql) => logEventsOf(sql, address, since)),
    keepLogEvents: (address, events, since) => database.write((sql) => keepLogEvents(sql, address, events, since)),
    prune: async (before) => {
      const taken = await database.write((sql) => prune(sql, before))
      await database.shrink()
      return taken
    },
    move: (from, to) => database.write((sql) => move(sql, database.name, from, to)),
    forget: async (tenant) => {
      const count = await database.write((sql) => forget(sql, tenant))
      await database.shrink()
      return count
    },
    tryWriting: () =>
      database.write(async (sql) => {
        await sql.all("INSERT INTO channel (name) VALUES ('') ON CONFLICT (name) DO NOTHING")
        await sql.all("DELETE FROM channel WHERE name = ''")
      }),
    close: () => database.close(),
  }
}

async function tenantStates(sql: Sql): Promise<readonly TenantState[]> {
  const states: TenantState[] = []
  for (const row of await sql.all('SELECT * FROM tenant')) {
    const { episodes: _none, ...memory } = memoryOfRows(row, await lastRunRow(sql, numberOf(row.id)), [])
    states.push({ tenant: tenantRow(row), memory })
  }
  return states.sort(({ tenant: a }, { tenant: b }) => byCodeUnits(a.address, b.address) || byCodeUnits(a.view, b.view))
}

async function episodesOf(sql: Sql, { tenant, since, all }: Selection): Promise<readonly StoredEpisode[]> {
  const rows =
    since !== undefined
      ? await sql.all('SELECT * FROM episode WHERE ended_at IS NULL OR ended_at >= ?', since)
      : await sql.all(`SELECT * FROM episode${all === true ? '' : ' WHERE ended_at IS NULL'}`)
  const episodes = (await episodesIn(sql, rows)).filter(({ tenant: owner }) => isTenantNamed(owner, tenant))
  return episodes.toSorted((a, b) => a.tenant.id - b.tenant.id || byPlace(a, b))
}

async function transitionsOf(sql: Sql, episodes: readonly number[]) {
  const rows: Row[] = []
  for (const id of episodes) rows.push(...(await sql.all('SELECT * FROM transition WHERE episode = ? ORDER BY id', id)))
  return movesIn(sql, rows)
}

/** What ended before, and runs that nothing speaks of; the newest run of a tenant stays, and so does whatever is open. */
async function prune(sql: Sql, before: number) {
  const ended = 'SELECT id FROM episode WHERE ended_at IS NOT NULL AND ended_at < ?'
  await sql.all(`DELETE FROM transition WHERE episode IN (${ended})`, before)
  await sql.all('DELETE FROM transition WHERE episode IS NULL AND at < ?', before)
  const episodes = await sql.all('DELETE FROM episode WHERE ended_at IS NOT NULL AND ended_at < ? RETURNING id', before)
  for (const { id } of episodes)
    await sql.all('DELETE FROM told WHERE subject = ?', subjectOfEpisode({ id: numberOf(id) }))
  const runs = await sql.all(
    `DELETE FROM run WHERE last_at < ? AND id NOT IN (SELECT run FROM transition) AND id NOT IN (SELECT MAX(id) FROM run GROUP BY tenant) RETURNING id`,
    before,
  )
  await sql.all('DELETE FROM log_event WHERE at < ?', before)
  const deliveries = await sql.all("DELETE FROM delivery WHERE state <> 'waiting' AND made_at < ? RETURNING id", before)
  return { runs: runs.length, episodes: episodes.length, deliveries: deliveries.length }
}

async function move(sql: Sql, name: string, from: string, to: string): Promise<boolean> {
  const there = await sql.all(
    'SELECT view FROM tenant WHERE address = ? AND view IN (SELECT view FROM tenant WHERE address = ?)',
    to,
    from,
  )
  if (there.length > 0) {
    const why = `history ${name}: it has both ${to} and ${from}`
    throw new TenantDriftError('history_unusable', why, 'Forget one of the two first (`tenant-drift history forget`).')
  }
  await sql.all('DELETE FROM log_event WHERE address = ?', to)
  await sql.all('UPDATE log_event SET address = ? WHERE address = ?', to, from)
  const moved = await sql.all('UPDATE tenant SET address = ? WHERE address = ? RETURNING id', to, from)
  return moved.length > 0
}

async function forget(sql: Sql, wanted: string): Promise<number> {
  const tenants = (await sql.all('SELECT * FROM tenant'))
    .map(tenantRow)
    .filter((tenant) => isTenantNamed(tenant, wanted))
  for (const { id, address } of tenants) {
    await sql.all('DELETE FROM log_event WHERE address = ?', address)
    await sql.all(
      "DELETE FROM told WHERE subject IN (SELECT 'episode:' || id FROM episode WHERE tenant = ?) OR subject LIKE ?",
      id,
      `dark:${id}:%`,
    )
    for (const table of ['reading', 'transition', 'run', 'episode', 'heard'] as const)
      await sql.all(`DELETE FROM ${table} WHERE tenant = ?`, id)
    await sql.all('DELETE FROM tenant WHERE id = ?', id)
  }
  return tenants.length
}
