import type { Client } from 'pg'
import { MIGRATIONS, type Dialect } from './migrations.ts'
import { inTurn, type Database, type Row, type Sql, type Value } from './sql.ts'
import {
  closedStore,
  foreignStore,
  guarded,
  HELD_BY_ANOTHER,
  newerStore,
  unpreparedStore,
  unusable,
} from './unusable.ts'

const DIALECT: Dialect = {
  key: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  integer: 'BIGINT',
  bytes: 'BYTEA',
}

/** Our tables are in a schema of their own, so that a database can be shared. */
const SCHEMA = 'tenant_drift'

/** How long another process may hold the row of a tenant, and the server may take to answer at all. */
const PATIENCE_MS = 10_000

/** `SET LOCAL` holds for one transaction. Behind a connection pooler the next transaction may run in another session, where a plain SET would be lost. */
const BEGIN = `BEGIN; SET LOCAL search_path TO ${SCHEMA}; SET LOCAL lock_timeout TO '${PATIENCE_MS}ms'`

/**
 * Opens a database. `url` may hold a password: nothing of it but host and name stands in a message.
 * @throws TenantDriftError `history_unusable`
 */
export async function openPostgres(url: string, isReading: boolean): Promise<Database> {
  const name = storeName(url)
  const client = await connect(url, name)
  try {
    const isNew = await guarded(
      (error) => inWords(name, error),
      () => prepareInTurn(client, name, isReading),
    )
    return asDatabase(client, name, isNew)
  } catch (error) {
    await client.end()
    throw error
  }
}

/** `postgres://host/database`, without user, password and parameters. */
export function storeName(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `postgres://${host}${pathname}`
  } catch {
    return 'postgres'
  }
}

async function connect(url: string, name: string): Promise<Client> {
  const { default: pg } = await import('pg').catch((error: unknown) => {
    throw unusable(
      name,
      'the package pg is not installed here',
      'Install it beside tenant-drift (`npm install tenant-drift pg`, or `npx -p tenant-drift -p pg tenant-drift`), or keep the history in a file.',
      error,
    )
  })
  return guarded(
    (error) => inWords(name, error),
    async () => {
      const client = new pg.Client({
        connectionString: url,
        connectionTimeoutMillis: PATIENCE_MS,
        application_name: 'tenant-drift',
      })
      // BIGINT arrives as a text unless it is parsed. Row numbers and times are far below 2^53.
      client.setTypeParser(20, Number)
      // Without a listener a broken idle connection would end the process. The next query reports it.
      client.on('error', () => undefined)
      await client.connect()
      return client
    },
  )
}

/** If two processes create the schema at once, the server refuses one of them (23505, unique violation in its catalogue). That one tries again, and finds it. */
async function prepareInTurn(client: Client, name: string, isReading: boolean): Promise<boolean> {
  try {
    return await prepare(client, name, isReading)
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== '23505') throw error
    return prepare(client, name, isReading)
  }
}

/** Whether there was nothing yet. */
async function prepare(client: Client, name: string, isReading: boolean): Promise<boolean> {
  const found = await versionIn(client, name)
  if (found > MIGRATIONS.length) throw newerStore(name, found, MIGRATIONS.length)
  if (found === MIGRATIONS.length) return false
  if (isReading) throw unpreparedStore(name)
  await client.query('BEGIN')
  try {
    // The lock below makes a second process wait until the first has made the tables.
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    await client.query(`SET LOCAL search_path TO ${SCHEMA}`)
    await client.query('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
    await client.query('LOCK TABLE meta IN EXCLUSIVE MODE')
    const version = await versionIn(client, name)
    for (const migration of MIGRATIONS.slice(version)) for (const text of migration(DIALECT)) await client.query(text)
    await client.query(
      "INSERT INTO meta (key, value) VALUES ('version', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      [String(MIGRATIONS.length)],
    )
    await client.query('COMMIT')
    return version === 0
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

/** 0 where there is nothing yet. */
async function versionIn(client: Client, name: string): Promise<number> {
  const { rows } = await client.query<{ readonly tables: number; readonly meta: string | null }>(
    'SELECT (SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = $1)::int AS tables, to_regclass($2)::text AS meta',
    [SCHEMA, `${SCHEMA}.meta`],
  )
  const [found] = rows
  if ((found?.meta ?? null) === null) {
    if ((found?.tables ?? 0) > 0) throw foreignStore(name, `its schema ${SCHEMA} is that of another program`)
    return 0
  }
  const version = await client.query<{ readonly value: string }>(
    `SELECT value FROM ${SCHEMA}.meta WHERE key = 'version'`,
  )
  return Number(version.rows[0]?.value ?? 0)
}

/** PostgreSQL stores every character in a text but NUL. This noncharacter, which no text has, stands for it. */
const MARK = '\u{10ffff}'

function toServer(value: Value): Value {
  return typeof value === 'string' ? value.replaceAll('\0', MARK) : value
}

function hasMark(row: Row): boolean {
  return Object.values(row).some((value) => typeof value === 'string' && value.includes(MARK))
}

function fromServer(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'string' ? value.replaceAll(MARK, '\0') : value]),
  )
}

function asDatabase(client: Client, name: string, isNew: boolean): Database {
  const turn = inTurn()
  let isClosed = false
  const sql: Sql = {
    all: async (text, ...values) => {
      let count = 0
      const numbered = text.replaceAll('?', () => `$${++count}`)
      const { rows } = await client.query<Row>(numbered, values.map(toServer))
      return rows.some(hasMark) ? rows.map(fromServer) : rows
    },
  }
  const transaction = <T>(begin: string, body: (sql: Sql) => Promise<T>): Promise<T> =>
    turn(() =>
      guarded(
        (error) => inWords(name, error),
        async () => {
          if (isClosed) throw closedStore(name)
          await client.query(begin)
          try {
            const result = await body(sql)
            await client.query('COMMIT')
            return result
          } catch (error) {
            // Fails if the connection is gone; then there is nothing to roll back.
            await client.query('ROLLBACK').catch(() => undefined)
            throw error
          }
        },
      ),
    )
  return {
    name,
    isNew,
    forUpdate: ' FOR UPDATE',
    // Folds A to Z alone, whatever locale the database was made with.
    holds: (column) => `strpos(LOWER(${column} COLLATE "C"), ?) > 0`,
    read: (body) => transaction(`${BEGIN}; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`, body),
    write: (body) => transaction(BEGIN, body),
    // The server does that by itself.
    shrink: () => Promise.resolve(),
    close: () =>
      turn(() => {
        isClosed = true
        return client.end()
      }),
  }
}

/** Classes of SQLSTATE (postgresql.org, appendix A), and what Node says where there is no server. */
function inWords(name: string, error: unknown): unknown {
  const { code, message = '' } = error as { readonly code?: unknown; readonly message?: string }
  const text = typeof code === 'string' ? code : ''
  // Neither a code nor words of a connection: a bug, which is not told as a fault of the server.
  if (text === '' && !/connection|timeout/i.test(message)) return error
  const say = (why: string, advice: string) => unusable(name, why, advice, error)
  if (text === '55P03') return say(...HELD_BY_ANOTHER)
  if (text.startsWith('28')) return say('the server refuses this user or password', 'Check the URL of the history.')
  if (text === '3D000') return say('the server has no such database', 'Create the database, or name another one.')
  if (text === '42501')
    return say('this user may not write there', `Give the user the right to create and write the schema ${SCHEMA}.`)
  if (text === '25006') return say('the server is read-only', 'Name the server that accepts writes.')
  if (text === '53100')
    return say('the disk of the server is full', 'Free some space, then run again. Nothing was written.')
  if (text === '57P03' || text.startsWith('08')) return say('the server accepts no connections now', 'Run again.')
  if (/^[0-9A-Z]{5}$/.test(text)) return say(`the server refused it (${text})`, 'Run again; then report it.')
  return say(
    `no connection${text === '' ? '' : ` (${text})`}`,
    'Check the host, the port and the network. Nothing was remembered.',
  )
}
