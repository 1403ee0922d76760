import { hash } from 'node:crypto'
import { byCodeUnits, type JsonObject } from '../schema/json.ts'
import type { LogEvent } from '../schema/log-event.ts'
import type { TenantKey } from './front.ts'
import { packed, inflated } from './rows.ts'
import { numberOf, type Sql } from './sql.ts'

/** The last complete reading is one row a tenant: written again only where it shows something else. */
export async function writeReading(sql: Sql, tenant: number, at: number, items: readonly JsonObject[]): Promise<void> {
  const text = JSON.stringify(items)
  const digest = hash('sha256', text, 'hex')
  const same = await sql.all(
    'UPDATE reading SET at = ? WHERE tenant = ? AND digest = ? RETURNING tenant',
    at,
    tenant,
    digest,
  )
  if (same.length > 0) return
  await sql.all('DELETE FROM reading WHERE tenant = ?', tenant)
  await sql.all('INSERT INTO reading (tenant, at, digest, items) VALUES (?, ?, ?, ?)', tenant, at, digest, packed(text))
}

export async function readingOf(sql: Sql, { address, view }: TenantKey) {
  const [row] = await sql.all(
    'SELECT reading.at, reading.items FROM reading JOIN tenant ON tenant.id = reading.tenant WHERE tenant.address = ? AND tenant.view = ?',
    address,
    view,
  )
  if (row === undefined) return null
  return { at: numberOf(row.at), items: JSON.parse(inflated(row.items)) as readonly JsonObject[] }
}

export async function logEventsOf(sql: Sql, address: string, since: number): Promise<readonly LogEvent[]> {
  const rows = await sql.all('SELECT detail FROM log_event WHERE address = ? AND at >= ?', address, since)
  const events = rows.map(({ detail }) => JSON.parse(inflated(detail)) as LogEvent)
  return events.sort((a, b) => a.at - b.at || byCodeUnits(a.log, b.log))
}

export async function keepLogEvents(
  sql: Sql,
  address: string,
  events: readonly LogEvent[],
  since: number,
): Promise<void> {
  await sql.all('DELETE FROM log_event WHERE address = ? AND at < ?', address, since)
  for (const event of events) {
    if (event.at < since) continue
    await sql.all(
      'INSERT INTO log_event (address, log, at, detail) VALUES (?, ?, ?, ?) ON CONFLICT (address, log) DO NOTHING',
      address,
      event.log,
      event.at,
      packed(JSON.stringify(event)),
    )
  }
}
