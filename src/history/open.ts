import type { History } from './front.ts'
import { historyOver } from './history.ts'
import { openSqlite } from './sqlite.ts'

/** Where a history is. */
export type HistoryPlace =
  | { readonly kind: 'file'; readonly file: string; readonly shown: string }
  | { readonly kind: 'postgres'; readonly url: string }

/**
 * Opens a history. What a store needs loads now and not before: Node's own SQLite, or the package of PostgreSQL. `isReading`: nothing of it is made or
 * written. `isLasting`: for a process that lives: a file is written ahead (WAL), and one file again when it closes.
 * @throws TenantDriftError `history_unusable`
 */
export async function openHistory(place: HistoryPlace, isReading: boolean, isLasting = false): Promise<History> {
  if (place.kind === 'postgres') {
    const { openPostgres } = await import('./postgres.ts')
    return historyOver(await openPostgres(place.url, isReading))
  }
  return historyOver(await openSqlite(place.file, place.shown, { isReading, isLasting }))
}
