import { describe, expect, it } from 'vitest'
import type { LogReading } from '../../src/schema/log-event.ts'
import { readLogs } from '../../src/tenant/logs.ts'
import type { Session } from '../../src/tenant/session.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')

interface Pages {
  readonly reading: LogReading
  /** The pages that were asked for, those side by side in one list. */
  readonly rounds: readonly (readonly number[])[]
}

/** Reads a log of so many events, of which the last page of those asked at once is answered first. `between`: how many come in after the answer with that number. */
async function readPages(
  count: number,
  isBroad: boolean,
  between: Readonly<Record<number, number>> = {},
): Promise<Pages> {
  let [log, answers] = [events(0, count), 0]
  const rounds: number[][] = []
  let running = 0
  const ask: Session['ask'] = async ({ path }, read) => {
    const query = new URLSearchParams(path.slice(path.indexOf('?')))
    const page = Number(query.get('page'))
    if (running === 0) rounds.push([])
    rounds.at(-1)?.push(page)
    running += 1
    for (let turn = page; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    const items = log.slice(page * 100, page * 100 + 100)
    answers += 1
    log = [...events(log.length, between[answers] ?? 0), ...log]
    return read(items, { rate: { date: NOW / 1000 } } as Parameters<typeof read>[1])
  }
  const session = { ask, clocks: { now: () => NOW } } as unknown as Session
  const look = await readLogs(session, { from: 0, isBroad, persons: false })
  if (!look.ok) throw new Error(`not read: ${look.reason}`)
  return { reading: look.reading, rounds }
}

/** The newest first, a second apart. */
function events(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const number = from + count - 1 - index
    const date = new Date(NOW - 86_400_000 + number * 1000).toISOString()
    const request = { method: 'patch', path: '/api/v2/resource-servers/x', body: { name: 'n' } }
    return {
      log_id: `9002${number}`,
      date,
      type: 'sapi',
      details: { request, response: { statusCode: 200, body: {} } },
    }
  })
}

describe('the pages of the broad question', () => {
  it.each([
    [99, [[0]]],
    [100, [[0], [1, 2, 3]]],
    [300, [[0], [1, 2, 3]]],
    [400, [[0], [1, 2, 3], [4, 5, 6]]],
    [5000, [[0], [1, 2, 3], [4, 5, 6], [7, 8, 9]]],
  ])('of %i events', async (count, rounds) => {
    const read = await readPages(count, true)
    expect(read.rounds).toEqual(rounds)
    expect([read.reading.events.length, read.reading.isWhole]).toEqual([Math.min(count, 1000), count < 1000])
  })

  it('the narrow one sends none that may not be needed', async () => {
    expect((await readPages(250, false)).rounds).toEqual([[0], [1], [2]])
  })

  it.each([1, 2, 3])('miss no event where one comes in after answer %i', async (answer) => {
    const { reading, rounds } = await readPages(350, true, { [answer]: 1 })
    const known = new Set(reading.events.map(({ log }) => log))
    expect(events(0, 350).filter(({ log_id: id }) => !known.has(id))).toEqual([])
    expect(rounds.flat().length).toBeLessThanOrEqual(10)
  })

  it('are ten at most, however many come in between', async () => {
    const { reading, rounds } = await readPages(950, true, { 2: 1, 5: 1, 6: 1 })
    expect([rounds.flat().length, reading.isWhole]).toEqual([10, false])
  })
})
