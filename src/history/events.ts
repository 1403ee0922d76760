import { numberOf, textOf, textOrNull, type Database } from './sql.ts'

/** An event of a tenant's log about an API, without secrets and people. */
export interface StoredEvent {
  /** The log's own number of it. */
  readonly id: string
  /** Epoch ms, by the tenant's clock. */
  readonly at: number
  /** Null where the event does not name the API. */
  readonly identifier: string | null
  /** JSON text of what was kept. */
  readonly redacted: string
}

/** What a log stream brought. */
export interface Events {
  /** Keeps each once, however often it comes; says how many were new. `address` is the tenant's. */
  keep(address: string, events: readonly StoredEvent[]): Promise<number>
  /** Those since then, the oldest first. */
  since(address: string, at: number): Promise<readonly StoredEvent[]>
  forget(before: number): Promise<void>
}

export function eventsOver(database: Database): Events {
  return {
    keep: (address, events) =>
      database.write(async (sql) => {
        let count = 0
        for (const { id, at, identifier, redacted } of events) {
          const rows = await sql.all(
            'INSERT INTO event (tenant, id, at, identifier, redacted) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING RETURNING id',
            address,
            id,
            at,
            identifier,
            redacted,
          )
          count += rows.length
        }
        return count
      }),
    since: (address, at) =>
      database.read(async (sql) => {
        const rows = await sql.all('SELECT * FROM event WHERE tenant = ? AND at >= ? ORDER BY at, id', address, at)
        return rows.map((row) => ({
          id: textOf(row.id),
          at: numberOf(row.at),
          identifier: textOrNull(row.identifier),
          redacted: textOf(row['redacted']),
        }))
      }),
    forget: (before) =>
      database.write(async (sql) => {
        await sql.all('DELETE FROM event WHERE at < ?', before)
      }),
  }
}
