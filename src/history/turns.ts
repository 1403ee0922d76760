import type { TurnHolder, Turns } from './front.ts'
import { numberOf, numberOrNull, textOf, type Database, type Row, type Sql } from './sql.ts'

/** How long after an event a tenant is looked at: this long after the last one, and never later than that after the first. Milliseconds. */
export const QUIET_MS = 2000
export const LONGEST_QUIET_MS = 10_000

/** Turns in either store. The row of a tenant is the job, and is locked while it is changed. */
export function turnsOver(database: Database, fleet: string): Turns {
  const { forUpdate } = database
  const locked = forUpdate === '' ? '' : `${forUpdate} SKIP LOCKED`
  const rowOf = (sql: Sql, tenant: string) => turnRow(sql, forUpdate, fleet, tenant)
  return {
    plan: (tenants) =>
      database.write(async (sql) => {
        const wanted = new Map(tenants.map(({ tenant, due }) => [tenant, due]))
        for (const row of await sql.all(`SELECT * FROM turn WHERE fleet = ?${forUpdate}`, fleet)) {
          const tenant = textOf(row.tenant)
          const due = wanted.get(tenant)
          if (due === undefined) await sql.all('DELETE FROM turn WHERE tenant = ? AND fleet = ?', tenant, fleet)
          else if (due < numberOf(row.due_at)) await putTurn(sql, fleet, tenant, { ...turnState(row), due })
          wanted.delete(tenant)
        }
        for (const [tenant, due] of wanted) {
          await sql.all(
            'INSERT INTO turn (tenant, fleet, due_at, ready_at, began, lease_until) VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT (fleet, tenant) DO NOTHING',
            tenant,
            fleet,
            due,
            due,
          )
        }
      }),
    giveBack: (isGone) =>
      database.write(async (sql) => {
        const text = `SELECT * FROM turn WHERE fleet = ? AND lease_by IS NOT NULL${forUpdate}`
        for (const row of await sql.all(text, fleet)) {
          if (!isGone(textOf(row['lease_by']))) continue
          await free(sql, fleet, textOf(row.tenant))
        }
      }),
    take: (by, now, leaseMs) =>
      database.write(async (sql) => {
        const [row] = await sql.all(
          `UPDATE turn SET lease_until = ?, lease_by = ?, began = ? WHERE fleet = ? AND tenant = (SELECT tenant FROM turn
            WHERE fleet = ? AND ready_at <= ? AND lease_until <= ? ORDER BY ready_at, tenant LIMIT 1${locked}) RETURNING tenant, asked_last`,
          now + leaseMs,
          by,
          now,
          fleet,
          fleet,
          now,
          now,
        )
        return row === undefined
          ? null
          : { tenant: textOf(row.tenant), isAsked: numberOrNull(row['asked_last']) !== null }
      }),
    renew: (tenant, by, until) =>
      database.write(async (sql) => {
        const text = 'UPDATE turn SET lease_until = ? WHERE tenant = ? AND fleet = ? AND lease_by = ? RETURNING tenant'
        return (await sql.all(text, until, tenant, fleet, by)).length > 0
      }),
    release: (tenant, by, due) =>
      database.write(async (sql) => {
        const row = await rowOf(sql, tenant)
        if (row === undefined || row['lease_by'] !== by) return false
        const { last, first, quiet } = turnState(row)
        // A question asked before this turn began is answered by it; a later one needs another turn.
        const isOpen = last !== null && last >= numberOf(row.began)
        await putTurn(sql, fleet, tenant, isOpen ? { due, last, first, quiet } : { due, ...NOBODY })
        await free(sql, fleet, tenant)
        return true
      }),
    ask: (tenant, now, quietly) =>
      database.write(async (sql) => {
        const row = await rowOf(sql, tenant)
        if (row === undefined) return null
        const state = turnState(row)
        const began = row['lease_by'] === null ? 0 : numberOf(row.began)
        const isFirst = state.first === null || state.first < began
        // A clock may have been set back since the first question.
        const first = isFirst ? now : Math.min(now, state.first ?? now)
        // Somebody who asked for an answer at once does not wait longer because an event follows.
        const quiet = quietly && (isFirst || state.quiet)
        return putTurn(sql, fleet, tenant, { due: state.due, last: now, first, quiet })
      }),
    waiting: (now) =>
      database.read(async (sql) => {
        const rows = await sql.all('SELECT * FROM turn WHERE fleet = ? ORDER BY ready_at, tenant', fleet)
        return rows.map((row) => ({
          tenant: textOf(row.tenant),
          due: numberOf(row.due_at),
          ready: numberOf(row.ready_at),
          isTaken: row['lease_by'] !== null && numberOf(row.lease_until) > now,
        }))
      }),
  }
}

/** Whether the turn is still this worker's; asked in the transaction that writes what the worker found. */
export async function holdsTurn(sql: Sql, forUpdate: string, { fleet, tenant, by }: TurnHolder): Promise<boolean> {
  return (await turnRow(sql, forUpdate, fleet, tenant))?.['lease_by'] === by
}

async function turnRow(sql: Sql, forUpdate: string, fleet: string, tenant: string): Promise<Row | undefined> {
  return (await sql.all(`SELECT * FROM turn WHERE tenant = ? AND fleet = ?${forUpdate}`, tenant, fleet))[0]
}

/** It is nobody's turn now. */
async function free(sql: Sql, fleet: string, tenant: string): Promise<void> {
  const text = 'UPDATE turn SET lease_until = 0, lease_by = NULL, began = 0 WHERE tenant = ? AND fleet = ?'
  await sql.all(text, tenant, fleet)
}

interface TurnState {
  readonly due: number
  readonly first: number | null
  readonly last: number | null
  readonly quiet: boolean
}

const NOBODY = { first: null, last: null, quiet: false } as const

function turnState(row: Row): TurnState {
  return {
    due: numberOf(row.due_at),
    first: numberOrNull(row['asked_first']),
    last: numberOrNull(row['asked_last']),
    quiet: row['quiet'] === 1,
  }
}

async function putTurn(sql: Sql, fleet: string, tenant: string, state: TurnState): Promise<number> {
  const { due, first, last, quiet } = state
  const ready = Math.min(due, askedAt(state))
  await sql.all(
    'UPDATE turn SET due_at = ?, ready_at = ?, asked_first = ?, asked_last = ?, quiet = ? WHERE tenant = ? AND fleet = ?',
    due,
    ready,
    first,
    last,
    quiet ? 1 : 0,
    tenant,
    fleet,
  )
  return ready
}

function askedAt({ first, last, quiet }: TurnState): number {
  if (first === null || last === null) return Infinity
  return quiet ? Math.min(last + QUIET_MS, first + LONGEST_QUIET_MS) : first
}
