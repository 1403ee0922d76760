import { noneOfAny, type Severity, type Verdict } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import { keyText, subjectOfEpisode } from './front.ts'
import type { Overview, StoredEpisode, Stretch, TenantKey, TenantStanding } from './front.ts'
import { episodesIn, movesIn, tenantsById } from './owned.ts'
import { darkOfRow, RUN, runOfRow, tenantRow } from './rows.ts'
import { gravestFirst } from './view.ts'
import { marksFor, numberOf, numberOrNull, textOf, type Database, type Sql } from './sql.ts'

export function overviewOver(database: Database): Overview {
  return {
    standings: () => database.read(standings),
    stretches: (tenants, since) => database.read((sql) => stretches(sql, tenants, since)),
    runsOf: (tenant, limit) =>
      database.read(async (sql) => {
        const rows = await sql.all(`SELECT ${RUN} FROM run WHERE tenant = ? ORDER BY id DESC LIMIT ?`, tenant, limit)
        return rows.map(runOfRow)
      }),
    movesOf: (tenant, limit) =>
      database.read(async (sql) => {
        const text = 'SELECT * FROM transition WHERE tenant = ? ORDER BY id DESC LIMIT ?'
        return movesIn(sql, await sql.all(text, tenant, limit))
      }),
    standingOf: (tenant) =>
      database.read(async (sql) => {
        const rows = await sql.all('SELECT * FROM episode WHERE tenant = ? AND ended_at IS NULL', tenant)
        return (await episodesIn(sql, rows)).toSorted(gravestFirst)
      }),
    episode: (id) =>
      database.read(async (sql) => {
        const found = await episodesIn(sql, await sql.all('SELECT * FROM episode WHERE id = ?', id))
        return found[0] ?? null
      }),
    run: (id) =>
      database.read(async (sql) => {
        const [row] = await sql.all(`SELECT ${RUN} FROM run WHERE id = ?`, id)
        const tenant = row === undefined ? undefined : (await tenantsById(sql)).get(numberOf(row.tenant))
        return row === undefined || tenant === undefined ? null : { tenant, run: runOfRow(row) }
      }),
    movesOfRun: (run) =>
      database.read(async (sql) =>
        movesIn(sql, await sql.all('SELECT * FROM transition WHERE run = ? ORDER BY id LIMIT 1000', run)),
      ),
    search: (text, limit, tenants) => database.read((sql) => search(sql, database.holds, { text, limit, tenants })),
    toldOf: (episode) =>
      database.read(async (sql) => {
        const rows = await sql.all('SELECT channel FROM told WHERE subject = ?', subjectOfEpisode({ id: episode }))
        return rows.map((row) => textOf(row.channel)).sort(byCodeUnits)
      }),
    deliveriesByState: () =>
      database.read(async (sql) => {
        const rows = await sql.all('SELECT state, COUNT(*) AS n FROM delivery GROUP BY state')
        return Object.fromEntries(rows.map((row) => [textOf(row.state), numberOf(row['n'])]))
      }),
  }
}

async function standings(sql: Sql): Promise<readonly TenantStanding[]> {
  const newest = 'SELECT (SELECT MAX(id) FROM run WHERE run.tenant = tenant.id) FROM tenant'
  const runs = await sql.all(`SELECT ${RUN} FROM run WHERE id IN (${newest})`)
  const runOf = new Map(runs.map((row) => [numberOf(row.tenant), runOfRow(row)] as const))
  const open = new Map<number, { counts: Record<Severity, number>; oldest: number }>()
  const counted = await sql.all(
    `SELECT tenant, severity, COUNT(*) AS n, MIN(since_at) AS oldest FROM episode WHERE ended_at IS NULL AND state = 'open' GROUP BY tenant, severity`,
  )
  for (const row of counted) {
    const id = numberOf(row.tenant)
    const own = open.get(id) ?? { counts: noneOfAny(), oldest: Infinity }
    own.counts[textOf(row.severity) as Severity] = numberOf(row['n'])
    own.oldest = Math.min(own.oldest, numberOf(row['oldest']))
    open.set(id, own)
  }
  return (await sql.all('SELECT * FROM tenant ORDER BY id')).map((row) => {
    const id = numberOf(row.id)
    const own = open.get(id)
    return {
      tenant: tenantRow(row),
      run: runOf.get(id) ?? null,
      lastComplete: numberOrNull(row['last_complete']),
      unreadable: darkOfRow(row).length,
      open: own?.counts ?? noneOfAny(),
      oldest: own?.oldest ?? null,
    }
  })
}

async function stretches(
  sql: Sql,
  tenants: readonly number[],
  since: number,
): Promise<ReadonlyMap<number, readonly Stretch[]>> {
  const found = new Map<number, Stretch[]>(tenants.map((id) => [id, []]))
  if (tenants.length === 0) return found
  const rows = await sql.all(
    `SELECT tenant, first_at, last_at, verdict FROM run WHERE tenant IN (${marksFor(tenants)}) AND last_at >= ? ORDER BY tenant, id`,
    ...tenants,
    since,
  )
  for (const row of rows) {
    const own = found.get(numberOf(row.tenant)) ?? []
    const verdict = textOf(row.verdict) as Verdict
    const last = own.at(-1)
    const to = numberOf(row.last_at)
    if (last?.verdict === verdict) own[own.length - 1] = { ...last, to }
    else own.push({ from: numberOf(row.first_at), to, verdict })
  }
  return found
}

async function search(
  sql: Sql,
  holds: Database['holds'],
  { text, limit, tenants }: { readonly text: string; readonly limit: number; readonly tenants: readonly TenantKey[] },
): Promise<readonly StoredEpisode[]> {
  const wanted = new Set(tenants.map(keyText))
  const ids = [...(await tenantsById(sql)).values()].filter((tenant) => wanted.has(keyText(tenant))).map(({ id }) => id)
  if (ids.length === 0) return []
  const folded = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  const columns = [
    "COALESCE(e.identifier, '')",
    'e.path',
    'e.fingerprint',
    'e.kind',
    't.address',
    "COALESCE(t.name, '')",
  ]
  const rows = await sql.all(
    `SELECT e.* FROM episode e JOIN tenant t ON t.id = e.tenant
      WHERE e.tenant IN (${marksFor(ids)}) AND (${columns.map(holds).join(' OR ')})
      ORDER BY CASE WHEN e.fingerprint = ? THEN 0 ELSE 1 END, CASE WHEN e.ended_at IS NULL THEN 0 ELSE 1 END, e.since_at DESC, e.id LIMIT ?`,
    ...ids,
    ...columns.map(() => folded),
    folded,
    limit,
  )
  return episodesIn(sql, rows)
}
