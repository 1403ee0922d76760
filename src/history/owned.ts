import type { StoredEpisode, StoredTransition, TenantRow } from './front.ts'
import { storedEpisode, tenantRow, transitionOf } from './rows.ts'
import { numberOf, type Row, type Sql } from './sql.ts'

/** Rows with whose they are, in one question more. */

export async function tenantsById(sql: Sql): Promise<ReadonlyMap<number, TenantRow>> {
  return new Map((await sql.all('SELECT * FROM tenant')).map((row) => [numberOf(row.id), tenantRow(row)] as const))
}

export function episodesIn(sql: Sql, rows: readonly Row[]): Promise<readonly StoredEpisode[]> {
  return owned(sql, rows, storedEpisode)
}

export function movesIn(sql: Sql, rows: readonly Row[]): Promise<readonly StoredTransition[]> {
  return owned(sql, rows, transitionOf)
}

async function owned<T>(
  sql: Sql,
  rows: readonly Row[],
  made: (row: Row, owner: TenantRow) => T,
): Promise<readonly T[]> {
  const tenants = await tenantsById(sql)
  return rows.flatMap((row) => {
    const owner = tenants.get(numberOf(row.tenant))
    return owner === undefined ? [] : [made(row, owner)]
  })
}
