import { describe, expect, it, onTestFinished } from 'vitest'
import type { History } from '../../src/history/front.ts'
import { TenantDriftError } from '../../src/schema/errors.ts'
import type { LogLine } from '../../src/watch/front.ts'
import { openStore } from '../../src/watch/store.ts'
import { sqliteStore } from '../history/stores.ts'

/** A store over one file, whose openings are counted and may be made to wait; its clock jumps, so that no pause is waited for. */
async function storeOverFile() {
  const place = await sqliteStore()
  onTestFinished(() => place.close())
  const opened: History[] = []
  const lines: LogLine[] = []
  const disk = { isFull: false }
  let gate: Promise<unknown> = Promise.resolve()
  let clock = 0
  const store = await openStore(
    async () => {
      await gate
      const history = await place.open()
      opened.push(history)
      return { ...history, tryWriting: () => (disk.isFull ? Promise.reject(LOST) : history.tryWriting()) }
    },
    () => (clock += 60_000),
    (line) => lines.push(line),
  )
  return {
    store,
    opened,
    disk,
    events: () => lines.map(({ event }) => event),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}

const LOST = new TenantDriftError('history_unusable', 'the disk is full', '')
const ask = (history: History) => history.tenants()

describe('a store that went away and came back', () => {
  it('is not closed by what fails late with the one before', async () => {
    const { store, events } = await storeOverFile()
    const late = Promise.withResolvers<never>()
    const slow = store.use(() => late.promise)
    await expect(store.use(() => Promise.reject(LOST))).rejects.toThrow(LOST.message)
    expect(await store.use(ask)).toEqual([])
    late.reject(new TenantDriftError('history_unusable', 'too late', ''))
    await expect(slow).rejects.toThrow('too late')
    expect(store.fault()).toBeNull()
    expect(await store.use(ask)).toEqual([])
    expect(events()).toEqual(['store_lost', 'store_back'])
    await store.close()
  })

  it('is not back before it takes something again: it opens as any other, and is said once', async () => {
    const { store, disk, events } = await storeOverFile()
    disk.isFull = true
    for (const _ of ['lost', 'still', 'still']) await expect(store.use(() => Promise.reject(LOST))).rejects.toBe(LOST)
    expect(store.fault()).toBe(LOST.message)
    disk.isFull = false
    expect(await store.use(ask)).toEqual([])
    expect(events()).toEqual(['store_lost', 'store_back'])
    await store.close()
  })

  it('tells whoever still has the one before that it is closed, as any store that cannot be used', async () => {
    const { store } = await storeOverFile()
    const first = await store.use((history) => Promise.resolve(history))
    await expect(store.use(() => Promise.reject(LOST))).rejects.toThrow(LOST.message)
    await expect(ask(first)).rejects.toMatchObject({
      code: 'history_unusable',
      message: expect.stringMatching(/is closed/) as string,
    })
    await store.close()
  })
})

describe('a store that is closed', () => {
  it('is not opened again by whoever comes late', async () => {
    const { store, opened, events } = await storeOverFile()
    await store.close()
    await expect(store.use(ask)).rejects.toMatchObject({ code: 'history_unusable' })
    expect([opened.length, events()]).toEqual([1, []])
  })

  it('closes what was being opened when it ended', async () => {
    const { store, opened, hold } = await storeOverFile()
    await expect(store.use(() => Promise.reject(LOST))).rejects.toThrow(LOST.message)
    const goOn = hold()
    const asked = store.use(ask)
    const closing = store.close()
    goOn()
    await expect(asked).rejects.toMatchObject({ code: 'history_unusable' })
    await closing
    await expect(ask(opened[1] as History)).rejects.toThrow('is closed')
  })
})
