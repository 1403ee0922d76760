/** What a column holds. Times and numbers stay below 2^53; JSON is text, long texts are deflated bytes. */
export type Value = string | number | null | Uint8Array
export type Row = Readonly<Record<string, Value>>

/** A connection inside one transaction. `?` stands for the values, in their order. */
export interface Sql {
  all(text: string, ...values: readonly Value[]): Promise<readonly Row[]>
}

/**
 * What differs between the stores; whatever is asked of them is written once, in `history.ts`. Texts are never put in order by a store: a database of
 * PostgreSQL has the order of letters that it was made with.
 */
export interface Database {
  /** How it is called in messages. */
  readonly name: string
  /** Whether it held nothing at all before it was opened. */
  readonly isNew: boolean
  /** What a SELECT needs to keep its rows from others until the transaction ends. */
  readonly forUpdate: string
  /** Whether a column of texts holds the value that stands for `?`, a to z for A to Z: all that both stores fold alike. The value is folded already. */
  readonly holds: (column: string) => string
  /** One transaction that only reads. */
  read<T>(body: (sql: Sql) => Promise<T>): Promise<T>
  /** One transaction that writes. Never two at once on one connection. */
  write<T>(body: (sql: Sql) => Promise<T>): Promise<T>
  /** Gives space back after much was taken out. */
  shrink(): Promise<void>
  close(): Promise<void>
}

/** Runs one after the other, in the order in which they were asked for: a second BEGIN on one connection is an error, or worse. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => null)
    return mine
  }
}

export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0
}

export function numberOrNull(value: Value | undefined): number | null {
  return typeof value === 'number' ? value : null
}

/** `?, ?, ?` for so many values. */
export function marksFor(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}

/** Adds a row to a table whose rows are numbered; its number. */
export async function insertRow(sql: Sql, table: string, row: Row): Promise<number> {
  const values = Object.values(row)
  const text = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${marksFor(values)}) RETURNING id`
  return numberOf((await sql.all(text, ...values))[0]?.id)
}

/** Puts these values in place of those of a numbered row. */
export async function updateRow(sql: Sql, table: string, id: number, row: Row): Promise<void> {
  const sets = Object.keys(row).map((column) => `${column} = ?`)
  await sql.all(`UPDATE ${table} SET ${sets.join(', ')} WHERE id = ?`, ...Object.values(row), id)
}
