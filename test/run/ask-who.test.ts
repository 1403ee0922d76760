import { expect, it } from 'vitest'
import { askWho } from '../../src/run/ask-who.ts'
import type { Finding } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { LogEvent, LogLook } from '../../src/schema/log-event.ts'
import type { TenantReader } from '../../src/schema/snapshot.ts'
import { createTally, proofOf } from '../../src/tenant/tally.ts'
import { API, at, Story } from '../who/story.ts'

const FINDING: Finding = {
  kind: 'changed',
  identifier: API,
  path: 'signing_alg',
  origin: 'drift',
  counts: true,
  live: 'HS256',
  direction: 'weakened',
  impact: null,
  severity: 'critical',
  fingerprint: 'f',
  file: null,
  line: null,
}
const NOW = at(20)

function inputOf(live: JsonObject): Parameters<typeof askWho>[1] {
  const snapshot = { tenant: 't.example', complete: true, items: [live], proof: proofOf(createTally()) }
  return {
    declared: { tenant: null, apis: [], managedElsewhere: [], warnings: [] },
    base: null,
    recorded: null,
    inventory: { ok: true, snapshot },
    looks: new Map(),
    secrets: new Map(),
  }
}

/** A reader that answers with these events, and keeps what it was asked. */
function readerOf(events: readonly LogEvent[]) {
  const asked: { from: number; isBroad: boolean }[] = []
  const logs = (question: { from: number; isBroad: boolean }): Promise<LogLook> => {
    asked.push(question)
    return Promise.resolve({ ok: true, reading: { events, from: question.from, isWhole: true, oldest: null, at: NOW } })
  }
  return { reader: { logs } as unknown as TenantReader, asked }
}

const story = (): Story => new Story().patch('P', 1, { signing_alg: 'RS256' })
const person = { actor: { application: null, person: { name: 'Kim', email: null } }, through: 'dashboard' } as const

it('events that came by a stream are events, and name no person unless persons are wanted', async () => {
  const told = story().patch('A', 2, { signing_alg: 'HS256' }, person)
  const recall = { reading: null, kept: () => null, events: told.events }
  const ask = (persons: boolean) =>
    askWho(readerOf([]).reader, inputOf(told.live ?? {}), [FINDING], recall, { persons, now: NOW })
  expect((await ask(false)).get('f')).toMatchObject({ certainty: 'certain', actor: { application: null } })
  expect(JSON.stringify([...(await ask(false))])).not.toContain('Kim')
  expect(JSON.stringify([...(await ask(true))])).toContain('Kim')
})

it('events that came by a stream make it likely, and never certain, where the log cannot be asked', async () => {
  const told = story()
  const past = { at: NOW - 3_600_000, items: [told.live ?? {}] }
  told.patch('A', 6, { signing_alg: 'HS256' })
  const [last] = told.events.slice(-1)
  const events = last === undefined ? [] : [{ ...last, at: NOW - 1_800_000 }]
  const reader = { logs: () => Promise.resolve({ ok: false, reason: 'no-scope' }) } as unknown as TenantReader
  const ask = async (kept: readonly LogEvent[], now = NOW) => {
    const recall = { reading: past, kept: () => null, events: kept }
    const who = await askWho(reader, inputOf(told.live ?? {}), [FINDING], recall, { persons: false, now })
    return who.get('f')
  }
  expect(await ask(events)).toMatchObject({ certainty: 'likely', reason: 'gap', log: last?.log })
  expect(await ask([])).toMatchObject({ certainty: 'not-known', reason: 'no-scope' })
  // One that nobody can have seen yet, and one that does not lead to what stands there.
  expect(await ask(events, NOW - 2_700_000)).toMatchObject({ certainty: 'not-known', reason: 'no-scope' })
  const other = events.map((event) => ({ ...event, after: { ...event.after, signing_alg: 'PS256' } }))
  expect(await ask(other)).toMatchObject({ certainty: 'not-known', reason: 'no-scope' })
})

it('asks from two hours before the last complete reading, narrowly, and once where that is enough', async () => {
  const told = story()
  const reading = { at: at(5), items: [told.live ?? {}] }
  told.patch('A', 6, { signing_alg: 'HS256' })
  const { reader, asked } = readerOf(told.events)
  const who = await askWho(
    reader,
    inputOf(told.live ?? {}),
    [FINDING],
    { reading, kept: () => null },
    { persons: false, now: NOW },
  )
  expect(who.get('f')).toMatchObject({
    certainty: 'certain',
    before: { at: new Date(at(5)).toISOString(), live: 'RS256' },
  })
  expect(asked).toEqual([{ from: at(3), isBroad: false, persons: false }])
})

it('asks about what is certain from two hours before the last complete reading, and of a young change from what stood before it', async () => {
  const told = story()
  const before = { at: at(5), items: [told.live ?? {}] }
  told.patch('A', 6, { signing_alg: 'HS256' })
  const { reader, asked } = readerOf(told.events)
  const input = inputOf(told.live ?? {})
  const about = { persons: false, now: NOW }
  const first = (await askWho(reader, input, [FINDING], { reading: before, kept: () => null }, about)).get('f')
  const kept = () => (first === undefined ? null : { changedBy: first, live: 'HS256' })
  for (const hour of [7, 9])
    await askWho(reader, input, [FINDING], { reading: { at: at(hour), items: [told.live ?? {}] }, kept }, about)
  expect(asked.map(({ from }) => from)).toEqual([at(3), at(3), at(7)])
})

it('asks among all writes where the narrow question does not lead back, and at once the next time', async () => {
  const told = story().patch('A', 6, { signing_alg: 'HS256' })
  const asked: boolean[] = []
  const reader = {
    logs: ({ from, isBroad }: { from: number; isBroad: boolean }): Promise<LogLook> => {
      asked.push(isBroad)
      const events = isBroad ? told.events : []
      return Promise.resolve({ ok: true, reading: { events, from, isWhole: true, oldest: null, at: NOW } })
    },
  } as unknown as TenantReader
  const about = { persons: false, now: NOW }
  const input = inputOf(told.live ?? {})
  const first = (await askWho(reader, input, [FINDING], { reading: null, kept: () => null }, about)).get('f')
  expect([first?.certainty, first?.among, asked]).toEqual(['certain', 'all-writes', [false, true]])
  const kept = () => (first === undefined ? null : { changedBy: first, live: 'HS256' })
  await askWho(reader, input, [FINDING], { reading: { at: at(10), items: [told.live ?? {}] }, kept }, about)
  expect(asked).toEqual([false, true, true])
})

it('asks nothing of a snapshot, and nothing about what is no difference of an API', async () => {
  const told = story().patch('A', 6, { signing_alg: 'HS256' })
  const { reader, asked } = readerOf(told.events)
  const ask = (from: TenantReader, finding: Finding) =>
    askWho(from, inputOf(told.live ?? {}), [finding], { reading: null, kept: () => null }, { persons: false, now: NOW })
  expect((await ask({} as TenantReader, FINDING)).size).toBe(0)
  expect((await ask(reader, { ...FINDING, kind: 'unreadable' })).size).toBe(0)
  expect((await ask(reader, { ...FINDING, identifier: null, path: 'some_new_field' })).size).toBe(0)
  expect(asked).toEqual([])
})
