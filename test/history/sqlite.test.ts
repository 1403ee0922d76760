import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSqlite } from '../../src/history/sqlite.ts'
import { historyOver } from '../../src/history/history.ts'
import { differs } from '../memory/runs.ts'
import { KEY, record, sqliteStore } from './stores.ts'

async function storeWith(prepare: (database: DatabaseSync) => void = () => {}) {
  const store = await sqliteStore()
  onTestFinished(() => store.close())
  const history = await store.open()
  await record(history, { findings: [differs()] }, 1)
  await history.close()
  const database = new DatabaseSync(store.file)
  prepare(database)
  database.close()
  return store
}

describe('a history in a file', () => {
  it('of a newer tenant-drift is refused, and stays as it was', async () => {
    const store = await storeWith((database) => database.exec('PRAGMA user_version = 99'))
    const before = readFileSync(store.file)

    await expect(store.open()).rejects.toMatchObject({
      code: 'history_unusable',
      message: expect.stringContaining('newer') as string,
    })
    expect(readFileSync(store.file).equals(before)).toBe(true)
  })

  it('of another program is refused, and stays as it was', async () => {
    const store = await sqliteStore()
    onTestFinished(() => store.close())
    const database = new DatabaseSync(store.file)
    database.exec('CREATE TABLE theirs (a)')
    database.close()
    const before = readFileSync(store.file)

    await expect(store.open()).rejects.toThrow('another program')
    expect(readFileSync(store.file).equals(before)).toBe(true)
  })

  it('that is empty, as a killed process leaves it, is a new one', async () => {
    const store = await sqliteStore()
    onTestFinished(() => store.close())
    writeFileSync(store.file, '')
    const history = await store.open()
    await record(history, {}, 1)

    expect(await history.tenants()).toHaveLength(1)
    await history.close()
  })

  it('that another process holds is waited for, and then told as held', async () => {
    const store = await storeWith()
    const other = new DatabaseSync(store.file)
    const history = historyOver(await openSqlite(store.file, 'history.db', { isReading: false, patience: 200 }))
    other.exec('BEGIN IMMEDIATE')
    await expect(record(history, {}, 2)).rejects.toThrow('another process has locked it')
    other.exec('ROLLBACK')
    other.close()

    expect((await record(history, {}, 3))?.transitions).toMatchObject([{ type: 'resolved' }])
    await history.close()
  })

  it('that is only read is never written', async () => {
    const store = await storeWith()
    const history = await store.open(true)

    await expect(record(history, {}, 2)).rejects.toThrow('cannot be written')
    expect(await history.episodes({})).toMatchObject([{ state: 'open' }])
    await history.close()
  })

  it('gives space back when much was taken out', async () => {
    const store = await storeWith()
    const history = await store.open()
    const many = Array.from({ length: 300 }, (_, index) => differs({ path: `scopes.s${index}` }))
    await record(history, { findings: many }, 2)
    await record(history, {}, 3)
    await record(history, {}, 4)
    const before = readFileSync(store.file).length
    await history.prune(Date.parse('2030-01-01T00:00:00Z'))

    expect(readFileSync(store.file).length).toBeLessThan(before / 2)
    await history.close()
  })

  it('is whole after kill -9 at any moment, and holds every run that was told', { timeout: 120_000 }, async () => {
    const store = await sqliteStore()
    onTestFinished(() => store.close())
    let told = 0
    for (const pause of [0, 3, 10, 25, 60, 110]) {
      const child = spawn(process.execPath, [path.join(import.meta.dirname, 'killed.ts'), store.file, String(told + 1)])
      const lines: string[] = []
      child.stdout.on('data', (text: Buffer) => lines.push(text.toString()))
      await once(child.stdout, 'data')
      await sleep(pause)
      child.kill('SIGKILL')
      await once(child, 'close')
      told = Number(lines.join('').trimEnd().split('\n').at(-1))

      const database = new DatabaseSync(store.file)
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      const { moves, stored } = database
        .prepare(
          'SELECT COALESCE((SELECT moves FROM episode), 0) AS moves, (SELECT count(*) FROM transition) AS stored',
        )
        .get() as Record<string, number>
      expect(stored).toBe(moves)
      database.close()
      const history = await store.open()
      const { run } = await history.memory(KEY)
      await history.close()
      const last = Math.round(((run?.lastAt ?? 0) - Date.parse('2026-01-01T00:00:00Z')) / 3_600_000)
      expect([told, told + 1]).toContain(last)
      told = last
    }
  })
})
