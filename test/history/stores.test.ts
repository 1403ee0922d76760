import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { subjectOfDark, subjectOfEpisode, type Heard, type History, type Queued } from '../../src/history/front.ts'
import { NOT_FOLLOWED, type Followed } from '../../src/memory/followed.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { LogEvent } from '../../src/schema/log-event.ts'
import { differs, HOUR, START, unreadable, type Told } from '../memory/runs.ts'
import {
  decideOn,
  KEY,
  postgresPackage,
  record,
  sqliteStore,
  startPostgres,
  typesOf,
  type Server,
  type Store,
} from './stores.ts'

const stands = { findings: [differs()] }
const Postgres = await postgresPackage()
let server: Server | null = null

beforeAll(async () => {
  if (Postgres !== null) server = await startPostgres(Postgres)
}, 60_000)

afterAll(() => server?.stop(), 60_000)

const NOTHING: Queued = { messages: [], told: [], untold: [], dropped: [] }

const ALL = [
  { name: 'SQLite', make: (): Promise<Store> => sqliteStore(), skip: false },
  {
    name: 'PostgreSQL',
    make: async (): Promise<Store> => {
      if (server === null) throw new Error('no server')
      return server.store()
    },
    skip: Postgres === null,
  },
]

const HERE = ALL.filter(({ skip }) => !skip)

it.skipIf(Postgres === null)('PostgreSQL is a real server (skipped where npm has none for this platform)', () => {
  expect(server).not.toBeNull()
})

describe.for(HERE)('a history in $name', ({ make }) => {
  let store: Store
  let history: History

  beforeEach(async () => {
    store = await make()
    history = await store.open()
  })

  afterEach(async () => {
    await history.close()
    await store.close()
  })

  it('keeps texts of tenants that hold NUL, and is asked for them', async () => {
    const odd = { findings: [differs({ identifier: 'urn:\0<b>' })] }
    expect(typesOf((await record(history, odd, 0))?.transitions ?? [])).toEqual(['opened'])
    expect(typesOf((await record(history, odd, 1))?.transitions ?? [])).toEqual([])
    expect(await history.overview.search('nothing\0', 10, [KEY])).toEqual([])
    expect(await history.overview.search('\0<B>', 10, [KEY])).toHaveLength(1)
    expect((await history.episodes({})).map(({ identifier }) => identifier)).toEqual(['urn:\0<b>'])
  })

  it('keeps episodes, runs and transitions for the next process', async () => {
    await record(history, stands, 1)
    await history.close()
    history = await store.open()
    const second = await record(history, {}, 2)

    expect(typesOf(second?.transitions ?? [])).toEqual(['resolved'])
    expect(second?.transitions[0]).toMatchObject({
      run: 2,
      before: { since: START + HOUR },
      after: { how: 'mended', firstRun: 1 },
    })
    expect(await history.memory(KEY)).toEqual(second?.memory)
  })

  it('keeps one row for a place for ever', async () => {
    for (const [hour, run] of [stands, {}, stands, {}, stands].entries()) await record(history, run, hour)
    const [episode, ...more] = await history.episodes({ all: true })

    expect(more).toEqual([])
    expect(episode).toMatchObject({ returns: 2, state: 'open', firstRun: 1, moves: 5 })
    expect(typesOf(await history.transitions([episode?.id ?? 0]))).toEqual([
      'opened',
      'resolved',
      'reopened',
      'resolved',
      'reopened',
    ])
  })

  it('gives a run what stands and what lies where it looks, and reads nothing else of what ended', async () => {
    const at = (path: string) => differs({ path, fingerprint: path.padEnd(32, '0') })
    await record(history, { findings: [at('a'), at('b'), at('c')] }, 0)
    await record(history, { findings: [at('c')] }, 1)
    const given: (readonly (readonly [string, string])[])[] = []
    const look = (places: readonly { readonly identifier: string | null; readonly path: string }[]) =>
      history.record(
        KEY,
        ({ episodes }) => {
          given.push(episodes.map(({ path, state }) => [path, state] as const))
          return null
        },
        { places },
      )
    await look([])
    await look([at('a'), at('a'), at('c')])
    await look(Array.from({ length: 300 }, (_, index) => at(`x${index}`)))
    const back = await record(history, { findings: [at('a')] }, 2)
    const whole = await history.memory(KEY)

    expect(given.map((each) => [...each].sort(([a], [b]) => a.localeCompare(b)))).toEqual([
      [['c', 'open']],
      [
        ['a', 'ended'],
        ['c', 'open'],
      ],
      [
        ['a', 'ended'],
        ['b', 'ended'],
        ['c', 'open'],
      ],
    ])
    expect(typesOf(back?.transitions ?? [])).toEqual(['reopened', 'resolved'])
    expect(whole.episodes).toHaveLength(3)
  })

  it('keeps equal runs as one row, and the report of the newest and of those that moved something', async () => {
    for (const [hour, run] of [{}, {}, {}, stands, stands, stands].entries()) await record(history, run, hour)
    const [tenant] = await history.tenants()
    const runs = await history.runs(tenant?.tenant.id ?? 0, null)

    expect(runs.map(({ times }) => times)).toEqual([3, 3])
    expect(await Promise.all(runs.map(({ id }) => history.report(id ?? 0)))).toEqual([null, '{"a":1}'])
  })

  it('writes nothing where nothing was decided', async () => {
    expect(await history.record(KEY, () => null)).toBeNull()
    expect(await history.tenants()).toEqual([])
  })

  it('writes nothing where the rule throws, and goes on', async () => {
    await record(history, stands, 1)
    const before = await history.memory(KEY)
    const broken = history.record(KEY, () => {
      throw new Error('broken')
    })

    await expect(broken).rejects.toThrow('broken')
    expect(await history.memory(KEY)).toEqual(before)
    expect(await record(history, stands, 2)).not.toBeNull()
  })

  it('lets one run of a tenant wait for the other, from one process and from two', async () => {
    const other = await store.open()
    await Promise.all([
      record(history, stands, 1),
      record(history, stands, 1),
      record(other, stands, 1),
      record(other, stands, 1),
    ])
    const episodes = await history.episodes({})
    await other.close()

    expect(episodes).toMatchObject([{ row: 4, moves: 1 }])
  })

  it('keeps tenants and views apart', async () => {
    await record(history, stands, 1)
    await record(history, {}, 1, { ...KEY, view: 'other' })

    expect((await history.tenants()).map(({ tenant }) => tenant.view)).toEqual(['default', 'other'])
    expect(await history.episodes({ tenant: 'other' })).toEqual([])
    expect(await history.episodes({ tenant: KEY.address })).toHaveLength(1)
  })

  it('lists tenants and channels in the order of their signs, whatever the database was made with', async () => {
    const addresses = ['B.eu.auth0.com', 'a.eu.auth0.com', 'a-b.eu.auth0.com']
    for (const address of addresses) await record(history, { findings: [differs()] }, 1, { address, view: 'default' })
    expect((await history.tenants()).map(({ tenant }) => tenant.address)).toEqual([
      'B.eu.auth0.com',
      'a-b.eu.auth0.com',
      'a.eu.auth0.com',
    ])
    const [episode] = await history.episodes({})
    for (const channel of ['b', 'a/x', 'B', 'a-y'])
      await history.queue(channel, START, () => ({ ...NOTHING, told: [subjectOfEpisode({ id: episode!.id })] }))
    expect(await history.overview.toldOf(episode!.id)).toEqual(['B', 'a-y', 'a/x', 'b'])
  })

  it('keeps what cannot be read', async () => {
    await record(history, { findings: [unreadable()] }, 1)

    expect((await history.memory(KEY)).dark).toMatchObject([{ code: 'timed_out', row: 1 }])
    expect(typesOf((await record(history, {}, 2))?.transitions ?? [])).toEqual(['readable'])
  })

  it('keeps the last complete reading, with its time, and no other one', async () => {
    const reads = (items: readonly JsonObject[]) => (hour: number, run: Told) =>
      history.record(KEY, (memory) => ({ ...decideOn(run, START + hour * HOUR)(memory), items }))
    const [one, two] = [[{ identifier: 'urn:a' }], [{ identifier: 'urn:b' }]]
    expect(await history.reading(KEY)).toBeNull()
    await reads(one)(1, {})
    await reads(one)(2, {})
    expect(await history.reading(KEY)).toEqual({ at: START + 2 * HOUR, items: one })
    await record(history, {}, 3)
    expect(await history.reading(KEY)).toEqual({ at: START + 2 * HOUR, items: one })
    await reads(two)(4, {})
    await reads(one)(5, { findings: [unreadable()] })
    expect(await history.reading(KEY)).toEqual({ at: START + 4 * HOUR, items: two })
    expect(await history.reading({ ...KEY, view: 'other' })).toBeNull()
    await history.forget(KEY.address)
    expect(await history.reading(KEY)).toBeNull()
  })

  it('keeps the commits of a followed branch with the run that judged them', async () => {
    const judges = (followed: Followed) => (hour: number) =>
      history.record(KEY, (memory) => ({ ...decideOn({}, START + hour * HOUR)(memory), followed }))
    const first: Followed = { inSync: null, tips: [{ commit: 'a', at: START }] }
    const second: Followed = { ...first, inSync: 'a' }
    expect(await history.followed(KEY)).toEqual(NOT_FOLLOWED)
    await judges(first)(1)
    expect(await history.followed(KEY)).toEqual(first)
    await judges(second)(2)
    // A run that follows nothing takes nothing away.
    await record(history, {}, 3)
    await history.prune(START + 100 * HOUR)
    expect(await history.followed(KEY)).toEqual(second)
    expect(await history.followed({ ...KEY, view: 'other' })).toEqual(NOT_FOLLOWED)
    await history.move(KEY.address, 'c.auth0.com')
    expect(await history.followed({ ...KEY, address: 'c.auth0.com' })).toEqual(second)
  })

  it('keeps events of a tenant once, in their order, and drops what is old', async () => {
    const event = (log: string, at: number): LogEvent => ({
      log,
      at,
      method: 'patch',
      names: ['x'],
      sent: ['name'],
      after: null,
      veiled: [],
      through: 'application',
      actor: { application: null },
      tool: null,
    })
    const [a, b, c] = [event('3', 10), event('1', 20), event('2', 20)]
    await history.keepLogEvents(KEY.address, [c, b, a], 0)
    await history.keepLogEvents(KEY.address, [b], 0)
    expect(await history.logEvents(KEY.address, 0)).toEqual([a, b, c])
    expect(await history.logEvents(KEY.address, 15)).toEqual([b, c])
    expect(await history.logEvents('other', 0)).toEqual([])
    await history.keepLogEvents(KEY.address, [a], 15)
    expect(await history.logEvents(KEY.address, 0)).toEqual([b, c])
    await record(history, {}, 1)
    await history.move(KEY.address, 'c.auth0.com')
    expect(await history.logEvents('c.auth0.com', 0)).toEqual([b, c])
    await history.forget('c.auth0.com')
    expect(await history.logEvents('c.auth0.com', 0)).toEqual([])
  })

  it('says when another configuration wrote the run before', async () => {
    await record(history, stands, 1)
    const other = await history.record(KEY, (memory) => ({
      memory,
      transitions: [],
      run: memory.run as NonNullable<typeof memory.run>,
      report: '{}',
      name: null,
      config: 'another',
    }))

    expect(other?.otherConfig).toBe('abc')
  })

  it('forgets a tenant, moves one, and refuses to move it onto another', async () => {
    await record(history, stands, 1)
    await record(history, stands, 1, { address: 'b.auth0.com', view: 'default' })

    await expect(history.move(KEY.address, 'b.auth0.com')).rejects.toMatchObject({ code: 'history_unusable' })
    expect(await history.move('nobody', 'c')).toBe(false)
    expect(await history.move(KEY.address, 'c.auth0.com')).toBe(true)
    expect(await history.forget('b.auth0.com')).toBe(1)
    expect((await history.episodes({})).map(({ tenant }) => tenant.address)).toEqual(['c.auth0.com'])
  })

  it('prunes what ended long ago, and nothing that stands', async () => {
    const other = differs({ path: 'name' })
    await record(history, { findings: [differs(), other] }, 1)
    await record(history, { findings: [other] }, 2)
    await record(history, { findings: [other] }, 3)

    expect(await history.prune(START + 2 * HOUR)).toMatchObject({ episodes: 0 })
    expect(await history.prune(START + 10 * HOUR)).toMatchObject({ episodes: 1 })
    expect(await history.episodes({ all: true })).toMatchObject([{ path: 'name', state: 'open' }])
  })

  it('finds texts in the same way in every store: a to z for A to Z, and every other sign as it is', async () => {
    const identifiers = ['https://Orders.example.com/', 'urn:ÄPFEL', 'urn:100%_sure', 'urn:back\\slash']
    await record(history, { findings: identifiers.map((identifier) => differs({ identifier })) }, 1)
    const found = async (text: string) =>
      (await history.overview.search(text, 10, [KEY])).map(({ identifier }) => identifier)
    expect(await found('oRDERS')).toEqual([identifiers[0]])
    expect(await found('urn:ÄPFEL')).toEqual([identifiers[1]])
    expect(await found('äpfel')).toEqual([])
    expect(await found('0%_S')).toEqual([identifiers[2]])
    expect(await found('K\\s')).toEqual([identifiers[3]])
    expect(await found('u%n')).toEqual([])
    expect(await found('SIGNING')).toHaveLength(4)
  })

  it('finds what is somebody’s own, however much others have that is newer', async () => {
    const other = { address: 'other.eu.auth0.com', view: 'default' }
    await record(history, { findings: [differs({ fingerprint: 'ours' })] }, 1)
    const many = Array.from({ length: 20 }, (_, index) =>
      differs({ identifier: `urn:${index}`, fingerprint: index === 19 ? 'ours' : `theirs${index}` }),
    )
    await record(history, { findings: many }, 2, other)
    const search = async (text: string, limit: number, ...tenants: (typeof KEY)[]) =>
      (await history.overview.search(text, limit, tenants)).map(({ tenant }) => tenant.address)
    expect(await search('signing_alg', 5, KEY)).toEqual([KEY.address])
    expect(await search('signing_alg', 5)).toEqual([])
    expect(await search('urn:', 5, KEY)).toEqual([])
    // The very one first, and then whatever else has it in its name.
    await record(
      history,
      { findings: [differs({ fingerprint: 'ours' }), differs({ path: 'ours', fingerprint: 'x' })] },
      3,
    )
    expect((await history.overview.search('ours', 1, [KEY]))[0]).toMatchObject({ fingerprint: 'ours' })
  })

  describe('as an outbox', () => {
    const hear = async (channel: string, answer: (heard: Heard) => Queued = () => NOTHING): Promise<Heard> => {
      const seen: Heard[] = []
      await history.queue(channel, START, (heard) => {
        seen.push(heard)
        return answer(heard)
      })
      return seen[0] as Heard
    }

    it('gives a new channel what stands, and then what moves, once', async () => {
      await record(history, stands, 1)
      const first = await hear('slack')
      await record(history, {}, 2)
      const second = await hear('slack')
      const third = await hear('slack')

      expect([first.isNew, first.transitions.length, first.standing.length]).toEqual([true, 0, 1])
      expect([second.isNew, typesOf(second.transitions), second.standing.length]).toEqual([false, ['resolved'], 0])
      expect(third.transitions).toEqual([])
    })

    it('moves nobody on where the rule throws: what was not told is told by the next run', async () => {
      await hear('slack')
      await record(history, stands, 1)
      await hear('slack')
      await record(history, {}, 2)
      const broken = hear('slack', () => {
        throw new Error('broken')
      })

      await expect(broken).rejects.toThrow('broken')
      expect(typesOf((await hear('slack')).transitions)).toEqual(['resolved'])
    })

    it('keeps what a channel was told, and its state', async () => {
      await record(history, stands, 1)
      const tell = (heard: Heard): Queued => ({ ...NOTHING, told: heard.standing.map(subjectOfEpisode), state: 'a' })
      const { standing } = await hear('slack', tell)
      const subject = subjectOfEpisode(standing[0] as Heard['standing'][number])
      const second = await hear('slack', () => ({ ...NOTHING, untold: [subject] }))

      expect([[...second.told], second.state]).toEqual([[subject], 'a'])
      expect([...(await hear('slack')).told]).toEqual([])
      expect([...(await hear('teams')).told]).toEqual([])
    })

    it('keeps that a channel was told of a place that cannot be read, until the tenant is forgotten', async () => {
      await record(history, { findings: [unreadable()] }, 1)
      const subjects = ({ dark }: Heard) =>
        dark.flatMap(({ tenant, memory }) => memory.dark.map((place) => subjectOfDark(tenant, place)))
      const heard = await hear('slack', (each) => ({ ...NOTHING, told: subjects(each) }))
      const told = [...(await hear('slack')).told]
      await history.forget(KEY.address)

      expect([told.length, told]).toEqual([1, subjects(heard)])
      expect([...(await hear('slack')).told]).toEqual([])
    })

    it('sends in order, one at a time, and takes up what a killed sender left', async () => {
      await hear('slack', () => ({
        ...NOTHING,
        messages: [
          { body: 'one', run: 1 },
          { body: 'two', run: 2 },
        ],
      }))
      const mine = await history.claim('slack', 'me', START, 1000)
      const held = await history.claim('slack', 'other', START + 1, 1000)
      const taken = await history.claim('slack', 'other', START + 1001, 1000)

      expect([mine?.body, held, taken?.body]).toEqual(['one', null, 'one'])
      expect(await history.settle(mine?.id ?? 0, 'me', { state: 'sent' })).toBe(false)
      expect(await history.settle(mine?.id ?? 0, 'other', { state: 'sent' })).toBe(true)
      expect((await history.claim('slack', 'me', START + 1002, 1000))?.body).toBe('two')
    })

    it('lets one sender hold several, and nobody past what another one may still be sending', async () => {
      const bodies = ['a', 'b', 'c'].map((body) => ({ body, run: 1 }))
      await history.queue('c', 0, () => ({ messages: bodies, told: [], untold: [], dropped: [] }))
      const held = [await history.claim('c', 'me', 0, 60_000), await history.claim('c', 'me', 0, 60_000)]
      const whileHeld = await history.claim('c', 'you', 1, 60_000)
      // Replaced by something newer while it is under way.
      await history.queue('c', 2, ({ waiting }) => ({
        messages: [{ body: 'newer', run: 2 }],
        told: [],
        untold: [],
        dropped: waiting.map(({ id }) => id),
      }))
      const past = await history.claim('c', 'you', 3, 60_000)
      const settled = await Promise.all(
        held.map((each) =>
          history.settle(each?.id ?? 0, 'me', { state: 'waiting', nextAt: 4, error: 'it answered 500' }),
        ),
      )
      const next = await history.claim('c', 'you', 5, 60_000)
      const states = (await history.deliveries(9)).map(({ body, state }) => [body, state])

      expect(held.map((each) => each?.body)).toEqual(['a', 'b'])
      expect([whileHeld, past, settled, next?.body]).toEqual([null, null, [true, true], 'newer'])
      expect(states).toEqual([
        ['newer', 'waiting'],
        [null, 'dropped'],
        [null, 'dropped'],
        [null, 'dropped'],
      ])
    })

    it('lets nothing overtake what waits for its time', async () => {
      await hear('slack', () => ({
        ...NOTHING,
        messages: [
          { body: 'one', run: 1 },
          { body: 'two', run: 2 },
        ],
      }))
      const one = await history.claim('slack', 'me', START, 1000)
      await history.settle(one?.id ?? 0, 'me', { state: 'waiting', nextAt: START + HOUR, error: 'status 500' })

      expect(await history.claim('slack', 'me', START + 5000, 1000)).toBeNull()
      expect(await history.claim('slack', 'me', START + HOUR, 1000)).toMatchObject({ body: 'one', tries: 1 })
    })

    it('drops what is void, and keeps no body of what is over', async () => {
      await hear('slack', () => ({ ...NOTHING, messages: [{ body: 'one', run: 1 }] }))
      const { waiting } = await hear('slack', (heard) => ({ ...NOTHING, dropped: heard.waiting.map(({ id }) => id) }))

      expect(waiting).toHaveLength(1)
      expect(await history.deliveries(10)).toMatchObject([{ state: 'dropped', body: null }])
    })
  })
})
