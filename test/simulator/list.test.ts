import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { call, LIST, start } from './call.ts'
import type { Answered } from './call.ts'

interface Envelope {
  readonly total: number
  readonly start: number
  readonly limit: number
  readonly resource_servers: readonly JsonObject[]
}

const list = (simulator: Simulator, query: string): Promise<Answered> => call(simulator, `${LIST}${query}`)
const envelope = async (simulator: Simulator, query: string): Promise<Envelope> =>
  (await list(simulator, `?include_totals=true&${query}`)).json as unknown as Envelope

/** The relations of a Link header and the pages they point to. */
function links(answer: Answered): Record<string, string> {
  const found = [...(answer.headers.get('link') ?? '').matchAll(/<(http:[^>]*)>; rel="(\w+)"/g)]
  return Object.fromEntries(found.map(([, url = '', rel = '']) => [rel, new URL(url).search]))
}

describe('the list', () => {
  it('has the APIs asked for besides the Management API, in order of creation', async () => {
    const simulator = await start({ apis: 3 })
    const { total, resource_servers: apis } = await envelope(simulator, 'per_page=100')
    expect(total).toBe(4)
    expect(apis.map(({ identifier }) => identifier)).toEqual([
      simulator.audience,
      ...['1', '2', '3'].map((n) => `https://api-0000${n}.example.com/`),
    ])
    expect(apis[0]).toMatchObject({ is_system: true, name: 'Auth0 Management API' })
  })

  it('with totals has the keys of its envelope in the recorded order', async () => {
    const simulator = await start({ apis: 1 })
    const { text } = await list(simulator, '?include_totals=true&per_page=1&page=1')
    expect(text).toMatch(/^\{"total":2,"start":1,"limit":1,"resource_servers":\[\{"id":"[0-9a-f]{24}",.*\}\]\}$/)
  })

  it('without totals is a bare array of fifty, with links over http', async () => {
    const simulator = await start({ apis: 120 })
    const answer = await list(simulator, '')
    expect(answer.json).toHaveLength(50)
    expect(links(answer)).toEqual({
      first: '?page=0&per_page=50',
      next: '?page=1&per_page=50',
      last: '?page=2&per_page=50',
    })
    expect(links(await list(simulator, '?per_page=40&page=2'))).toEqual({
      first: '?per_page=40&page=0',
      prev: '?per_page=40&page=1',
      next: '?per_page=40&page=3',
      last: '?per_page=40&page=3',
    })
  })

  it('past its end is empty, with prev and last alone', async () => {
    const simulator = await start({ apis: 3 })
    const answer = await list(simulator, '?page=4&per_page=2')
    expect(answer.json).toEqual([])
    expect(links(answer)).toEqual({ prev: '?page=3&per_page=2', last: '?page=1&per_page=2' })
  })

  it('gives every API once over its pages', async () => {
    const simulator = await start({ apis: 250 })
    const pages = await Promise.all([0, 1, 2].map((page) => envelope(simulator, `per_page=100&page=${page}`)))
    const identifiers = pages.flatMap(({ resource_servers: apis }) => apis.map(({ identifier }) => identifier))
    expect(pages.map(({ resource_servers: apis }) => apis.length)).toEqual([100, 100, 51])
    expect(new Set(identifiers).size).toBe(251)
  })

  it('takes identifiers, repeated', async () => {
    const simulator = await start({ apis: 30 })
    const wanted = ['https://api-00007.example.com/', 'https://api-00003.example.com/', 'urn:none']
    const { total, resource_servers: apis } = await envelope(
      simulator,
      wanted.map((one) => `identifiers=${encodeURIComponent(one)}`).join('&'),
    )
    expect(total).toBe(2)
    expect(apis.map(({ identifier }) => identifier)).toEqual([wanted[1], wanted[0]])
  })

  it('takes fields, to give them or to leave them out', async () => {
    const simulator = await start()
    simulator.create({ identifier: 'urn:a', signing_alg: 'HS256' })
    const chosen = await envelope(simulator, 'fields=identifier,id&include_fields=true')
    expect(chosen.resource_servers.map((api) => Object.keys(api))).toEqual([
      ['id', 'identifier'],
      ['id', 'identifier'],
    ])
    const full = await envelope(simulator, '')
    const without = await envelope(simulator, 'fields=signing_secret&include_fields=false')
    expect(full.resource_servers[1]).toHaveProperty('signing_secret')
    expect(without.resource_servers[1]).toEqual({ ...full.resource_servers[1], signing_secret: undefined })
    expect(without.resource_servers[1]).not.toHaveProperty('signing_secret')
  })

  it.each([
    ['per_page=1000', "Query validation error: 'Value 1000 is greater than maximum 100' on property per_page."],
    ['per_page=0', "Query validation error: 'Value 0 is less than minimum 1' on property per_page."],
    ['page=-1', "Query validation error: 'Value -1 is less than minimum 0' on property page."],
    ['page=x', "Query validation error: 'Expected type integer but found type string' on property page."],
    [
      'include_totals=1',
      "Query validation error: 'Expected type boolean but found type string' on property include_totals.",
    ],
    ['take=10', "Query validation error: 'Additional properties not allowed: take'."],
    [
      Array.from({ length: 11 }, (_, n) => `identifiers=${n}`).join('&'),
      "Query validation error: 'Array is too long (11), maximum 10' on property identifiers.",
    ],
    ['fields=users', "Query validation error: 'String 'users' does not match pattern."],
  ])('refuses %s', async (query, message) => {
    const simulator = await start()
    const answer = await list(simulator, `?${query}`)
    expect(answer).toMatchObject({ status: 400, json: { errorCode: 'invalid_query_string' } })
    expect((answer.json as JsonObject).message).toContain(message)
  })

  it('of ten thousand APIs starts and answers quickly', { timeout: 30_000 }, async () => {
    const began = performance.now()
    const simulator = await start({ apis: 10_000, scopesPerApi: 10 })
    const started = performance.now()
    const { total } = await envelope(simulator, 'per_page=100&page=57')
    const answered = performance.now()
    expect(total).toBe(10_001)
    expect(started - began).toBeLessThan(5000)
    expect(answered - started).toBeLessThan(1000)
  })

  it('is the same for the same seed, and another for another', async () => {
    const [a, b, c] = await Promise.all([
      start({ apis: 5, seed: 7 }),
      start({ apis: 5, seed: 7 }),
      start({ apis: 5, seed: 8 }),
    ])
    const made = (simulator: Simulator) => JSON.stringify(simulator.list().slice(1))
    expect(made(a)).toBe(made(b))
    expect(made(a)).not.toBe(made(c))
    expect([a.client_id, a.client_secret]).toEqual([b.client_id, b.client_secret])
  })
})
