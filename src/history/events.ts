import type { Events } from './front.ts'
import { numberOf, textOf, textOrNull, type Database } from './sql.ts'

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
