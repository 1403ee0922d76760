import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { History, Turns } from '../../src/history/front.ts'
import { differs } from '../memory/runs.ts'
import { decideOn, KEY, postgresPackage, sqliteStore, startPostgres, type Server, type Store } from './stores.ts'

const Postgres = await postgresPackage()
let server: Server | null = null

beforeAll(async () => {
  if (Postgres !== null) server = await startPostgres(Postgres)
}, 60_000)

afterAll(() => server?.stop(), 60_000)

const STORES = [
  { name: 'SQLite', make: (): Promise<Store> => sqliteStore() },
  ...(Postgres === null ? [] : [{ name: 'PostgreSQL', make: () => (server as Server).store() }]),
]

const LEASE = 20_000

describe.for(STORES)('turns in $name', ({ make }) => {
  let store: Store
  let history: History
  let turns: Turns

  beforeEach(async () => {
    store = await make()
    history = await store.open()
    turns = history.turns('one')
  })

  afterEach(async () => {
    await history.close()
    await store.close()
  })

  const plan = (...due: readonly number[]) => turns.plan(due.map((each, index) => ({ tenant: `t${index}`, due: each })))
  const taken = async (by: string, now: number) => (await turns.take(by, now, LEASE))?.tenant ?? null

  it('gives a tenant to one worker, the one that waited longest first', async () => {
    await plan(200, 100, 9000)
    const other = await store.open()
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((by, index) => (index % 2 === 0 ? turns : other.turns('one')).take(by, 1000, LEASE)),
    )
    expect(all.map((turn) => turn?.tenant ?? 'none').sort()).toEqual(['none', 'none', 't0', 't1'])
    expect((await turns.waiting(1000)).map(({ tenant, isTaken }) => [tenant, isTaken])).toEqual([
      ['t1', true],
      ['t0', true],
      ['t2', false],
    ])
    await other.close()
  })

  it('takes turns from those that are known to be gone, and from no other', async () => {
    await plan(0, 0)
    await taken('gone', 0)
    await taken('here', 0)
    await turns.giveBack((by) => by === 'gone')
    expect(await taken('next', 1)).toBe('t0')
    expect(await taken('next', 1)).toBeNull()
    expect(await turns.release('t0', 'gone', 9)).toBe(false)
  })

  it('is planned by two that begin at once', async () => {
    const other = await store.open()
    const due = [{ tenant: 't0', due: 5 }]
    await Promise.all([turns.plan(due), other.turns('one').plan(due)])
    expect(await turns.waiting(0)).toMatchObject([{ tenant: 't0', due: 5 }])
    await other.close()
  })

  it('gives a turn again whose worker did not come back, and takes nothing from him any more', async () => {
    await plan(0)
    expect(await taken('killed', 0)).toBe('t0')
    expect(await taken('b', LEASE - 1)).toBeNull()
    expect(await taken('b', LEASE)).toBe('t0')
    expect(await turns.renew('t0', 'killed', 90_000)).toBe(false)
    expect(await turns.release('t0', 'killed', 1)).toBe(false)
    const holder = { fleet: 'one', tenant: 't0', by: 'killed' }
    expect(await history.record(KEY, decideOn({ findings: [differs()] }, 5), { holder })).toBeNull()
    expect(
      await history.record(KEY, decideOn({ findings: [differs()] }, 5), { holder: { ...holder, by: 'b' } }),
    ).not.toBeNull()
  })

  it('keeps a turn that is renewed', async () => {
    await plan(0)
    await taken('a', 0)
    expect((await turns.waiting(LEASE - 1))[0]?.isTaken).toBe(true)
    expect((await turns.waiting(LEASE))[0]?.isTaken).toBe(false)
    expect(await turns.renew('t0', 'a', 50_000)).toBe(true)
    expect(await taken('b', 49_999)).toBeNull()
  })

  it('does not lose an event that comes while a check runs', async () => {
    await plan(0)
    await taken('a', 1000)
    await turns.ask('t0', 1000, true)
    await turns.release('t0', 'a', 900_000)
    expect(await taken('b', 2999)).toBeNull()
    expect(await turns.take('b', 3000, LEASE)).toEqual({ tenant: 't0', isAsked: true })
    await turns.release('t0', 'b', 900_000)
    expect((await turns.waiting(1000))[0]?.ready).toBe(900_000)
  })

  it('waits two seconds after the last event, and ten after the first at most; the schedule stays', async () => {
    await plan(900_000)
    expect(await turns.ask('t0', 0, true)).toBe(2000)
    expect(await turns.ask('t0', 1500, true)).toBe(3500)
    for (let at = 3000; at <= 9000; at += 1500) await turns.ask('t0', at, true)
    expect(await turns.waiting(1000)).toEqual([{ tenant: 't0', due: 900_000, ready: 10_000, isTaken: false }])
  })

  it('takes at once whom somebody wants to know of now', async () => {
    await plan(900_000)
    await turns.ask('t0', 0, true)
    expect(await turns.ask('t0', 100, false)).toBe(0)
    expect(await turns.ask('t0', 200, true)).toBe(0)
    expect(await turns.ask('nobody', 0, false)).toBeNull()
  })

  it('takes at once whom somebody asks for after the clock was set back', async () => {
    await plan(90_000)
    await turns.ask('t0', 50_000, true)
    expect(await turns.ask('t0', 1000, false)).toBe(1000)
    expect(await taken('a', 1000)).toBe('t0')
  })

  it('runs once what was missed, and leaves another fleet alone', async () => {
    await plan(0)
    await history.turns('two').plan([{ tenant: 't0', due: 0 }])
    await taken('a', 9_000_000)
    await turns.release('t0', 'a', 9_900_000)
    expect(await taken('a', 9_000_001)).toBeNull()
    expect((await history.turns('two').waiting(0))[0]).toMatchObject({ ready: 0, isTaken: false })
  })

  it('keeps the earlier time of a tenant it knows, and forgets one that is not configured any more', async () => {
    await plan(500, 500)
    await turns.plan([{ tenant: 't0', due: 900 }])
    expect(await turns.waiting(1000)).toMatchObject([{ tenant: 't0', due: 500 }])
    await turns.plan([{ tenant: 't0', due: 100 }])
    expect(await turns.waiting(1000)).toMatchObject([{ tenant: 't0', due: 100, ready: 100 }])
  })
})
