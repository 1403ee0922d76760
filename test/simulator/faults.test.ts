import { Agent, request } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Fault } from '../../src/simulator/options.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { call, get, itemPath, LIST, start } from './call.ts'
import type { Answered } from './call.ts'

const PAGE = `${LIST}?per_page=10&include_totals=true`

interface Envelope {
  readonly total: number
  readonly resource_servers: readonly { readonly identifier: string }[]
}

const page = (simulator: Simulator, number = 0): Promise<Answered> => call(simulator, `${PAGE}&page=${number}`)
const envelope = async (simulator: Simulator, number = 0): Promise<Envelope> =>
  (await page(simulator, number)).json as unknown as Envelope

const withFault = async (fault: Fault): Promise<Simulator> => {
  const simulator = await start({ apis: 24 })
  simulator.setFault(fault)
  return simulator
}

describe('a fault of the list', () => {
  it('short-page leaves out the last item and keeps the total', async () => {
    const { total, resource_servers: apis } = await envelope(await withFault({ kind: 'short-page' }))
    expect([total, apis.length]).toEqual([25, 9])
  })

  it('duplicate gives one item twice in place of another', async () => {
    const { total, resource_servers: apis } = await envelope(await withFault({ kind: 'duplicate' }))
    expect([total, apis.length, new Set(apis.map(({ identifier }) => identifier)).size]).toEqual([25, 10, 9])
  })

  it('total-changes announces another total each time', async () => {
    const simulator = await withFault({ kind: 'total-changes' })
    expect([(await envelope(simulator, 0)).total, (await envelope(simulator, 1)).total]).toEqual([26, 27])
  })

  it('total-too-small announces one less, on every page the same', async () => {
    const simulator = await withFault({ kind: 'total-too-small' })
    expect([(await envelope(simulator, 0)).total, (await envelope(simulator, 2)).total]).toEqual([24, 24])
  })

  it('empty-list is a plausible answer of nothing', async () => {
    expect(await page(await withFault({ kind: 'empty-list' }))).toMatchObject({
      status: 200,
      json: { total: 0, resource_servers: [] },
    })
  })

  it('refuse-offset refuses pages beyond the first thousand records', async () => {
    const simulator = await start({ apis: 1100 })
    simulator.setFault({ kind: 'refuse-offset' })
    const deep = (number: number) => call(simulator, `${LIST}?per_page=100&include_totals=true&page=${number}`)
    expect((await deep(9)).status).toBe(200)
    expect(await deep(10)).toMatchObject({
      status: 400,
      json: {
        errorCode: 'invalid_paging',
        message: expect.stringContaining('Requesting page 10 exceeds the allowed maximum of 1000 records'),
      },
    })
  })

  it('refuse-fields refuses the parameter alone', async () => {
    const simulator = await withFault({ kind: 'refuse-fields' })
    expect(await call(simulator, `${PAGE}&fields=signing_secret&include_fields=false`)).toMatchObject({
      status: 400,
      json: { errorCode: 'invalid_query_string' },
    })
    expect((await page(simulator)).status).toBe(200)
  })

  it('refuse-fields at a path refuses the parameter there alone', async () => {
    const simulator = await withFault({ kind: 'refuse-fields', times: 1, match: { path: LIST } })
    expect((await page(simulator)).status).toBe(200)
    expect((await call(simulator, `${LIST}/urn:gone?fields=id`)).status).toBe(404)
    expect((await call(simulator, `${PAGE}&fields=id`)).status).toBe(400)
    expect((await call(simulator, `${PAGE}&fields=id`)).status).toBe(200)
  })

  it('does not use itself up on a token', async () => {
    const simulator = await withFault({ kind: 'empty-list', times: 1 })
    await call(simulator, '/oauth/token', { method: 'POST', body: {} })
    expect((await envelope(simulator)).total).toBe(0)
    expect((await envelope(simulator)).total).toBe(25)
  })
})

describe('a fault of any answer', () => {
  it.each([
    [401, 'Invalid signature received for JSON Web Token validation'],
    [403, 'Insufficient scope, expected any of: read:resource_servers'],
    [404, 'The resource server does not exist'],
    [429, 'Global limit has been reached'],
    [503, 'Service Unavailable'],
  ])('status %i has the body of the real one', async (status, message) => {
    expect(await page(await withFault({ kind: 'status', status }))).toMatchObject({
      status,
      json: { statusCode: status, message },
    })
  })

  it('status is 500 unless given', async () => {
    expect((await page(await withFault({ kind: 'status' }))).status).toBe(500)
  })

  it('truncate ends the JSON in the middle', async () => {
    const simulator = await start({ apis: 24 })
    const whole = await page(simulator)
    simulator.setFault({ kind: 'truncate' })
    const half = await page(simulator)
    expect(half.status).toBe(200)
    expect(half.json).toBeUndefined()
    expect(whole.text.startsWith(half.text)).toBe(true)
    expect(half.text.length).toBeGreaterThan(10)
  })

  it('empty and html are 200 without JSON', async () => {
    expect(await page(await withFault({ kind: 'empty' }))).toMatchObject({ status: 200, text: '' })
    const html = await page(await withFault({ kind: 'html' }))
    expect(html).toMatchObject({ status: 200, json: undefined })
    expect(html.headers.get('content-type')).toContain('text/html')
  })

  it.each(['reset', 'cut'] as const)('%s fails the request itself', async (kind) => {
    await expect(page(await withFault({ kind }))).rejects.toThrow(TypeError)
  })

  it('slow answers late, and right', async () => {
    const simulator = await withFault({ kind: 'slow', ms: 120 })
    const began = performance.now()
    expect((await envelope(simulator)).total).toBe(25)
    expect(performance.now() - began).toBeGreaterThanOrEqual(115)
  })

  it('hang never answers, and does not keep the simulator from closing', async () => {
    const simulator = await withFault({ kind: 'hang' })
    const answer = page(simulator).then(
      () => 'answered',
      () => 'dropped',
    )
    expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))])).toBe('nothing')
    await simulator.close()
    expect(await answer).toBe('dropped')
  })
})

describe('where a fault hits', () => {
  it('every member of match narrows it; without one it hits everything', async () => {
    const simulator = await withFault({ kind: 'status', status: 500, match: { page: 1 } })
    expect([(await page(simulator, 0)).status, (await page(simulator, 1)).status]).toEqual([200, 500])
    simulator.reset()
    simulator.setFault({ kind: 'status', match: { method: 'POST', path: '/oauth/token' } })
    expect((await page(simulator)).status).toBe(200)
    expect((await call(simulator, '/oauth/token', { method: 'POST', body: {} })).status).toBe(500)
  })

  it('counts page 0 where none is sent', async () => {
    const simulator = await withFault({ kind: 'status', match: { page: 0 } })
    expect((await call(simulator, LIST)).status).toBe(500)
  })

  it('one API is matched by its path as sent or decoded, and nothing else with it', async () => {
    const [one, other] = ['https://api-00001.example.com/', 'https://api-00002.example.com/'] as const
    for (const path of [itemPath(one), `${LIST}/${one}`]) {
      const simulator = await withFault({ kind: 'status', match: { path } })
      expect([
        (await get(simulator, one)).status,
        (await get(simulator, other)).status,
        (await page(simulator)).status,
      ]).toEqual([500, 200, 200])
    }
  })

  it('times counts the hits; faults are used in the order set', async () => {
    const simulator = await withFault({ kind: 'status', status: 500, times: 1 })
    simulator.setFault({ kind: 'status', status: 503, times: 2 })
    const statuses = [await page(simulator), await page(simulator), await page(simulator), await page(simulator)].map(
      ({ status }) => status,
    )
    expect(statuses).toEqual([500, 503, 503, 200])
  })

  it.each(['short-page', 'duplicate', 'total-changes', 'total-too-small', 'empty-list'] as const)(
    '%s named for a path that is no list answers an empty list there: neither a token nor an API',
    async (kind) => {
      const simulator = await withFault({ kind, match: { path: itemPath('https://api-00001.example.com/') } })
      simulator.setFault({ kind, match: { path: '/oauth/token' } })
      const nothing = { status: 200, json: { total: 0, start: 0, limit: 50, resource_servers: [] } }
      expect(await get(simulator, 'https://api-00001.example.com/')).toMatchObject(nothing)
      expect(await call(simulator, '/oauth/token', { method: 'POST', body: {} })).toMatchObject(nothing)
    },
  )
})

describe.each([
  ['HTTP/1.1', false],
  ['h2', true],
])('over TLS with %s', (_title, allowH2) => {
  const client = async (): Promise<{ simulator: Simulator; dispatcher: Agent; ask: () => Promise<number> }> => {
    const simulator = await start({ tls: true, apis: 1 })
    const dispatcher = new Agent({ allowH2, connect: { ca: simulator.ca ?? '' } })
    onTestFinished(() => dispatcher.destroy())
    return {
      simulator,
      dispatcher,
      ask: async () => {
        const answer = await request(`${simulator.url}${PAGE}`, {
          dispatcher,
          headers: { authorization: `Bearer ${simulator.token}` },
        })
        await answer.body.json()
        return answer.statusCode
      },
    }
  }

  it('answers, at a domain without a scheme', async () => {
    const { simulator, ask } = await client()
    expect(await ask()).toBe(200)
    expect(simulator.domain).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('takes a body', async () => {
    const { simulator, dispatcher } = await client()
    const answer = await request(`${simulator.url}${LIST}`, {
      dispatcher,
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.token}` },
      body: JSON.stringify({ identifier: 'urn:a' }),
    })
    expect(answer.statusCode).toBe(201)
    expect(await answer.body.json()).toMatchObject({ identifier: 'urn:a' })
  })

  it.each(['reset', 'cut'] as const)('%s drops the connection once, and the next request is served', async (kind) => {
    const { simulator, ask } = await client()
    simulator.setFault({ kind, times: 1 })
    await expect(ask()).rejects.toThrow(Error)
    expect(await ask()).toBe(200)
  })
})
