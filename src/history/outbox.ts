import type { Delivery, Heard, Queued, Settled } from './front.ts'
import { darkOfRow, deliveryOf, lastRunRow, runOfRow, storedEpisode, tenantRow, transitionOf } from './rows.ts'
import { insertRow, numberOf, textOf, type Row, type Sql } from './sql.ts'
import { textOrNull } from '../schema/json.ts'

/** Gives a channel what it has not heard, and keeps what becomes of it. */
export async function queueFor(
  sql: Sql,
  forUpdate: string,
  channel: string,
  now: number,
  decide: (heard: Heard) => Queued,
  only: readonly number[] | null,
): Promise<void> {
  const made = await sql.all(
    'INSERT INTO channel (name) VALUES (?) ON CONFLICT (name) DO NOTHING RETURNING name',
    channel,
  )
  const [row] = await sql.all(`SELECT * FROM channel WHERE name = ?${forUpdate}`, channel)
  // Locks the tenants: a transition written meanwhile could get a lower number than one that was read here, and would never be told.
  const rows = await sql.all(`SELECT * FROM tenant ORDER BY id${forUpdate}`)
  const tenants = rows.filter(({ id }) => only === null || only.includes(numberOf(id)))
  const isNew = made.length > 0
  const heard = await whatIsNew(sql, channel, tenants, isNew, textOrNull(row?.state))
  const queued = decide(heard)
  for (const id of queued.dropped)
    await sql.all("UPDATE delivery SET state = 'dropped', body = NULL WHERE id = ? AND state = 'waiting'", id)
  for (const { body, run } of queued.messages) {
    const fresh = { state: 'waiting', tries: 0, made_at: now, next_at: now, lease_until: 0 }
    await insertRow(sql, 'delivery', { channel, run, body, ...fresh })
  }
  for (const subject of queued.told)
    await sql.all('INSERT INTO told (channel, subject) VALUES (?, ?) ON CONFLICT DO NOTHING', channel, subject)
  for (const subject of queued.untold)
    await sql.all('DELETE FROM told WHERE channel = ? AND subject = ?', channel, subject)
  if (queued.state !== undefined) await sql.all('UPDATE channel SET state = ? WHERE name = ?', queued.state, channel)
  for (const tenant of tenants) {
    await sql.all(
      `INSERT INTO heard (channel, tenant, upto) SELECT ?, ?, COALESCE(MAX(id), 0) FROM transition WHERE tenant = ?
       ON CONFLICT (channel, tenant) DO UPDATE SET upto = excluded.upto`,
      channel,
      numberOf(tenant.id),
      numberOf(tenant.id),
    )
  }
}

async function whatIsNew(
  sql: Sql,
  channel: string,
  rows: readonly Row[],
  isNew: boolean,
  state: string | null,
): Promise<Heard> {
  const transitions: Heard['transitions'][number][] = []
  const standing: Heard['standing'][number][] = []
  const dark: Heard['dark'][number][] = []
  for (const row of rows) {
    const tenant = tenantRow(row)
    const [heard] = await sql.all('SELECT upto FROM heard WHERE channel = ? AND tenant = ?', channel, tenant.id)
    // A channel that never heard of this tenant is told what stands open, and not how it came about.
    const moved =
      heard === undefined
        ? []
        : await sql.all(
            'SELECT * FROM transition WHERE tenant = ? AND id > ? ORDER BY id',
            tenant.id,
            numberOf(heard.upto),
          )
    transitions.push(...moved.map((each) => transitionOf(each, tenant)))
    const open = await sql.all('SELECT * FROM episode WHERE tenant = ? AND ended_at IS NULL ORDER BY id', tenant.id)
    standing.push(...open.map((each) => storedEpisode(each, tenant)))
    const run = await lastRunRow(sql, tenant.id)
    dark.push({ tenant, memory: { dark: darkOfRow(row), run: run === undefined ? null : runOfRow(run) } })
  }
  const told = await sql.all('SELECT subject FROM told WHERE channel = ?', channel)
  const waiting = await sql.all("SELECT * FROM delivery WHERE channel = ? AND state = 'waiting' ORDER BY id", channel)
  return {
    transitions: transitions.sort((a, b) => a.id - b.id),
    standing,
    dark,
    told: new Set(told.map(({ subject }) => textOf(subject))),
    waiting: waiting.map(deliveryOf),
    state,
    isNew,
  }
}

/**
 * One statement, so that of two senders the second finds the lease of the first. Nothing is claimed while another sender holds a delivery of the channel,
 * even one that was dropped meanwhile: it may still be under way, and none may overtake it.
 */
export async function claimNext(
  sql: Sql,
  channel: string,
  by: string,
  now: number,
  leaseMs: number,
): Promise<Delivery | null> {
  const [row] = await sql.all(
    `UPDATE delivery SET lease_until = ?, lease_by = ?
     WHERE id = (SELECT id FROM delivery WHERE channel = ? AND state = 'waiting' AND NOT (lease_until > ? AND lease_by = ?) ORDER BY id LIMIT 1)
     AND state = 'waiting' AND next_at <= ? AND lease_until <= ?
     AND NOT EXISTS (SELECT 1 FROM delivery AS held WHERE held.channel = ? AND held.lease_until > 0
       AND held.lease_until > ? AND held.lease_by <> ?) RETURNING *`,
    now + leaseMs,
    by,
    channel,
    now,
    by,
    now,
    now,
    channel,
    now,
    by,
  )
  return row === undefined ? null : deliveryOf(row)
}

/** A delivery that was dropped while it was being sent stays dropped: a newer one has replaced it. */
export async function settleOne(sql: Sql, id: number, by: string, settled: Settled): Promise<boolean> {
  const isWaiting = settled.state === 'waiting'
  const rows = await sql.all(
    `UPDATE delivery SET state = CASE WHEN state = 'waiting' THEN ? ELSE state END, tries = tries + 1, next_at = ?, lease_until = 0, lease_by = NULL,
     error = ?, body = CASE WHEN ? = 1 AND state = 'waiting' THEN COALESCE(?, body) ELSE NULL END WHERE id = ? AND lease_by = ? RETURNING id`,
    settled.state,
    isWaiting ? settled.nextAt : 0,
    settled.state === 'sent' ? null : settled.error,
    isWaiting ? 1 : 0,
    isWaiting ? (settled.body ?? null) : null,
    id,
    by,
  )
  return rows.length > 0
}
