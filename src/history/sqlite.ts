import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as Sqlite from 'node:sqlite'
import { MIGRATIONS, type Dialect } from './migrations.ts'
import { inTurn, type Database, type Row, type Sql } from './sql.ts'
import {
  closedStore,
  foreignStore,
  guarded,
  HELD_BY_ANOTHER,
  newerStore,
  unpreparedStore,
  unusable,
} from './unusable.ts'

/** In the head of the file: whose it is. "tdhi". */
const APPLICATION = 0x74_64_68_69

const DIALECT: Dialect = { key: 'INTEGER PRIMARY KEY AUTOINCREMENT', integer: 'INTEGER', bytes: 'BLOB' }

/** How long another process that writes is waited for. */
const PATIENCE_MS = 10_000
/** SQLite's own wait blocks the event loop, so it is short, and `insisting` tries again. */
const STANDSTILL_MS = 50

export interface SqliteOptions {
  readonly isReading: boolean
  /** How long another process that writes is waited for, in ms. */
  readonly patience?: number
  /** For a process that lives. */
  readonly isLasting?: boolean
}

/**
 * Opens a file, or makes it (0600), its last folder too (0700) where the parent of that is there. `isReading`: nothing is written, and the file must be there.
 * @throws TenantDriftError `history_unusable`
 */
export async function openSqlite(
  file: string,
  shown: string,
  { isReading, patience = PATIENCE_MS, isLasting = false }: SqliteOptions,
): Promise<Database> {
  if (!existsSync(file)) {
    if (isReading) throw unusable(shown, 'there is no such file', 'Run `tenant-drift check --history` first.')
    makeFile(file, shown)
  }
  return guarded(
    (error) => inWords(shown, error),
    async () => {
      const { DatabaseSync: Connection } = quietSqlite()
      const connection = new Connection(file, { readOnly: isReading, timeout: STANDSTILL_MS })
      let isNew = false
      try {
        isNew = await insisting(patience, () => prepare(connection, shown, isReading))
        if (isLasting) await insisting(patience, () => connection.exec('PRAGMA journal_mode = WAL'))
      } catch (error) {
        connection.close()
        throw error
      }
      return asDatabase(connection, { shown, isNew, patience, lasting: isLasting ? fileIdentity(file) : null })
    },
  )
}

function makeFile(file: string, shown: string): void {
  const folder = path.dirname(file)
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    // SQLite would make the file readable for everybody. Its journal gets the mode of this file.
    closeSync(openSync(file, 'wx', 0o600))
    chmodSync(file, 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Another process has made it in between.
    if (code === 'EEXIST') return
    const why = code === 'ENOENT' ? 'its folder does not exist' : `it cannot be created (${code ?? 'error'})`
    throw unusable(shown, why, 'Create the folder, or name another place.', error)
  }
}

/** `node:sqlite` without the one line by which older versions of Node call it experimental; every other warning is let through. */
function quietSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning.bind(process)
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning')
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]) => {
    if (String(warning).includes('SQLite is an experimental feature')) return
    Reflect.apply(emitWarning, undefined, [warning, ...rest])
  }
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    if (original !== undefined) Object.defineProperty(process, 'emitWarning', original)
  }
}

/** Whether it was empty. */
function prepare(connection: Sqlite.DatabaseSync, shown: string, isReading: boolean): boolean {
  const pragma = (name: string) => Number(Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  const look = () => ({ version: pragma('user_version'), application: pragma('application_id') })
  const refuse = ({ version, application }: ReturnType<typeof look>): boolean => {
    const tables = Number(connection.prepare('SELECT count(*) AS n FROM sqlite_master').get()?.n)
    const isEmpty = application === 0 && version === 0 && tables === 0
    if (!isEmpty && application !== APPLICATION) throw foreignStore(shown, 'it is the database of another program')
    if (version > MIGRATIONS.length) throw newerStore(shown, version, MIGRATIONS.length)
    return isEmpty
  }
  const found = look()
  const isEmpty = refuse(found)
  if (found.version === MIGRATIONS.length) return false
  if (isReading) throw unpreparedStore(shown)
  // Must be set before the first table is made, else the file never shrinks.
  if (isEmpty) connection.exec('PRAGMA auto_vacuum = INCREMENTAL')
  connection.exec('BEGIN IMMEDIATE')
  try {
    const { version, ...rest } = look()
    refuse({ version, ...rest })
    for (const migration of MIGRATIONS.slice(version)) for (const text of migration(DIALECT)) connection.exec(text)
    connection.exec(`PRAGMA application_id = ${APPLICATION}`)
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
    connection.exec('COMMIT')
    return version === 0
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

interface Opening {
  readonly shown: string
  readonly isNew: boolean
  readonly patience: number
  readonly lasting: FileIdentity | null
}

function asDatabase(connection: Sqlite.DatabaseSync, { shown, isNew, patience, lasting }: Opening): Database {
  const statements = new Map<string, Sqlite.StatementSync>()
  const sql: Sql = {
    all: (text, ...values) => {
      let statement = statements.get(text)
      if (statement === undefined) {
        statement = connection.prepare(text)
        statements.set(text, statement)
      }
      return Promise.resolve(statement.all(...values) as readonly Row[])
    },
  }
  const turn = inTurn()
  const transaction = <T>(begin: () => void, body: (sql: Sql) => Promise<T>): Promise<T> =>
    turn(() =>
      guarded(
        (error) => inWords(shown, error),
        async () => {
          if (!connection.isOpen) throw closedStore(shown)
          try {
            if (lasting !== null) refuseMoved(lasting, shown)
            await insisting(patience, begin)
            const result = await body(sql)
            await insisting(patience, () => connection.exec('COMMIT'))
            return result
          } catch (error) {
            // On a full disk SQLite has already rolled back.
            if (connection.isTransaction) connection.exec('ROLLBACK')
            throw error
          }
        },
      ),
    )
  return {
    name: shown,
    isNew,
    forUpdate: '',
    // LIKE would end at a NUL.
    holds: (column) => `instr(LOWER(${column}), ?) > 0`,
    // BEGIN alone reads nothing: the snapshot of a reader begins with its first SELECT.
    read: (body) =>
      transaction(() => {
        if (!connection.isTransaction) connection.exec('BEGIN')
        connection.prepare('SELECT count(*) FROM sqlite_master').get()
      }, body),
    // After a plain BEGIN, a transaction that reads before it writes fails at once if another process wrote in between, whatever the timeout.
    write: (body) => transaction(() => connection.exec('BEGIN IMMEDIATE'), body),
    shrink: () =>
      turn(() =>
        guarded(
          (error) => inWords(shown, error),
          () => {
            connection.prepare('PRAGMA incremental_vacuum').all()
            return Promise.resolve()
          },
        ),
      ),
    close: () =>
      turn(() => {
        if (!connection.isOpen) return Promise.resolve()
        if (lasting !== null) asOneFile(connection)
        connection.close()
        return Promise.resolve()
      }),
  }
}

/** The file that is open, by device and inode. */
interface FileIdentity {
  readonly file: string
  readonly id: string
}

function fileIdentity(file: string): FileIdentity {
  return { file, id: fileId(file) ?? '' }
}

function fileId(file: string): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}

/** Refuses to go on if the file was deleted or replaced while it was open: what is written to it would be lost in silence. */
function refuseMoved({ file, id }: FileIdentity, shown: string): void {
  let now: string | null = null
  try {
    now = fileId(file)
  } catch {
    // The folder cannot be read: the file counts as gone.
  }
  if (now !== id)
    throw unusable(shown, 'the file was taken away or replaced while it was open', 'Put the file back where it was.')
}

/** Leaves WAL, so that a copy or a cache needs one file alone. If another process has it open, that one does so when it closes. */
function asOneFile(connection: Sqlite.DatabaseSync): void {
  try {
    connection.exec('PRAGMA journal_mode = DELETE')
  } catch {
    // It stays in WAL, and is complete all the same.
  }
}

/** Asks again while another process holds the file. */
async function insisting<T>(patience: number, work: () => T): Promise<T> {
  const end = performance.now() + patience
  for (;;) {
    try {
      return work()
    } catch (error) {
      const { errcode } = error as { readonly errcode?: unknown }
      const isBusy = typeof errcode === 'number' && [5, 6].includes(errcode & 0xff)
      if (!isBusy || performance.now() > end) throw error
      await sleep(5)
    }
  }
}

/** SQLite's primary codes (sqlite.org/rescode.html); an extended one has it in its last byte. */
const CAUSES: Readonly<Record<number, readonly [why: string, advice: string]>> = {
  5: HELD_BY_ANOTHER,
  6: HELD_BY_ANOTHER,
  8: ['it cannot be written', 'Give this user the right to write the file and its folder.'],
  10: ['the disk cannot read or write it', 'Check the disk, then run again.'],
  11: ['it is damaged', 'Put a backup back, or move the file away: the next run then begins a new history.'],
  13: ['the disk is full', 'Free some space, then run again. Nothing was written.'],
  14: ['it cannot be opened', 'Give this user the right to read and write the file and its folder.'],
  26: ['it is not a database', 'Name another file. Nothing was written to this one.'],
}

function inWords(shown: string, error: unknown): unknown {
  const { errcode } = error as { readonly errcode?: unknown }
  if (typeof errcode !== 'number') return error
  const [why, advice] = CAUSES[errcode & 0xff] ?? [`SQLite refused it (${errcode})`, 'Run again; then report it.']
  return unusable(shown, why, advice, error)
}
