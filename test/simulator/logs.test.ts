import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Fault } from '../../src/simulator/options.ts'
import type { Simulator, SimulatorOptions } from '../../src/simulator/front.ts'
import { call, get, itemPath, LIST, patch, post, start } from './call.ts'

const SCOPES = ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:resource_servers`)
const LOGS = '/api/v2/logs'
const API = 'https://orders.example.com/'

/** The published JSON Schema of every event, as far as it is about these two. */
const schemas = JSON.parse(readFileSync(new URL('../fixtures/logs/schema.json', import.meta.url), 'utf8')) as Readonly<
  Record<'sapi' | 'mgmt_api_read', JsonObject>
>
const ajv = new Ajv2020({ strict: false })
const withFormats = addFormats as unknown as typeof addFormats.default
withFormats(ajv)
const isValid = { sapi: ajv.compile(schemas.sapi), mgmt_api_read: ajv.compile(schemas.mgmt_api_read) }

const startLogs = (options: SimulatorOptions = {}): Promise<Simulator> =>
  start({ scopes: [...SCOPES, 'read:logs'], ...options })

async function logs(
  simulator: Simulator,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly JsonObject[]> {
  const { json } = await call(simulator, `${LOGS}?${new URLSearchParams(query).toString()}`)
  return json as unknown as readonly JsonObject[]
}

const idsOf = (entries: readonly JsonObject[]): readonly string[] =>
  entries.map(({ log_id: id }) => (typeof id === 'string' ? id : 'none'))

/** `count` events, a minute apart, the last one a minute ago. */
function fill(simulator: Simulator, count: number, now = Date.now()): void {
  simulator.create({ identifier: API }, 'silent')
  for (let index = 0; index < count; index += 1) {
    simulator.edit(API, { token_lifetime: 1000 + index }, { at: now - (count - index) * 60_000 })
  }
}

describe('the events of writes', () => {
  it('are valid by the published schema, of every kind of caller', async () => {
    const simulator = await startLogs()
    await post(simulator, { identifier: API, signing_alg: 'HS256' })
    await patch(simulator, API, { token_lifetime: 100 })
    await call(simulator, itemPath(API), { method: 'DELETE' })
    simulator.create({ identifier: API }, { actor: { kind: 'person', email: 'kim@example.com' } })
    simulator.edit(
      API,
      { name: 'Orders' },
      { actor: { kind: 'application', auth0_client: { name: 'x', version: '1' } } },
    )
    simulator.remove(API)
    const entries = simulator.logs()
    expect(entries.map(({ type }) => type)).toEqual(Array(6).fill('sapi'))
    for (const entry of entries) expect(isValid.sapi(entry) ? [] : isValid.sapi.errors).toEqual([])
  })

  it('say what was sent and what stood afterwards, and nothing of what was refused', async () => {
    const simulator = await startLogs()
    await post(simulator, { identifier: API })
    await patch(simulator, API, { token_lifetime: 'soon' })
    await patch(simulator, API, { token_lifetime: 100 })
    const [created, patched, ...more] = simulator.logs()
    expect(more).toEqual([])
    expect(created).toMatchObject({
      details: { request: { method: 'post', path: LIST, body: { identifier: API } }, response: { statusCode: 201 } },
    })
    expect(patched).toMatchObject({
      details: {
        request: { method: 'patch', path: itemPath(API), body: { token_lifetime: 100 } },
        response: { statusCode: 200, body: { identifier: API, token_lifetime: 100 } },
      },
    })
  })

  it('a delete has no body, and a second one leaves an event too', async () => {
    const simulator = await startLogs()
    await post(simulator, { identifier: API })
    await call(simulator, itemPath(API), { method: 'DELETE' })
    await call(simulator, itemPath(API), { method: 'DELETE' })
    const [, first, second] = simulator.logs()
    for (const entry of [first, second])
      expect(entry).toMatchObject({ details: { request: { method: 'delete' }, response: { statusCode: 204 } } })
    expect(JSON.stringify(first)).not.toContain('"body"')
  })

  it('a person in the dashboard, a person with a token and an application differ as the real ones do', async () => {
    const simulator = await startLogs({ apis: 0 })
    simulator.create({ identifier: API })
    simulator.edit(API, { token_lifetime: 1 }, { actor: { kind: 'person' } })
    simulator.edit(
      API,
      { token_lifetime: 2 },
      { actor: { kind: 'application', client_id: 'c1', client_name: 'deploy-prod' } },
    )
    const [dashboard, person, application] = simulator.logs()
    expect(dashboard).toMatchObject({
      user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
      details: { request: { channel: 'https://manage.auth0.com/', auth: { user: { email: 'alex@example.com' } } } },
    })
    expect(person).toMatchObject({
      client_id: '2iZo3Uczt5LFHacKdM0zzgUO2eG2uDjT',
      details: { request: { channel: 'api' } },
    })
    expect(application).toMatchObject({
      user_id: '',
      client_name: 'deploy-prod',
      details: { request: { channel: 'api', auth: { user: {} } } },
    })
  })

  it('a request is by whom its header says, else by the client, with what its tool calls itself', async () => {
    const simulator = await startLogs()
    const send = (headers: Readonly<Record<string, string>>) =>
      fetch(simulator.url + LIST, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${simulator.token}`, ...headers },
        body: JSON.stringify({ identifier: `urn:${Math.random()}` }),
      })
    await send({
      'user-agent': 'deploy-cli/8.44.0 (node.js/24)',
      'auth0-client': Buffer.from(JSON.stringify({ name: 'deploy-cli', version: '8.44.0' })).toString('base64'),
    })
    await send({ 'x-simulator-write': JSON.stringify({ actor: { kind: 'dashboard', name: 'Kim' } }) })
    await send({ 'x-simulator-write': '"silent"' })
    expect(simulator.logs()).toMatchObject([
      {
        client_id: simulator.client_id,
        auth0_client: { name: 'deploy-cli' },
        user_agent: 'deploy-cli/8.44.0 (node.js/24)',
      },
      { details: { request: { auth: { user: { name: 'Kim' } } } } },
    ])
  })

  it('a reading that shows a secret leaves one, with ids at most, and one without secrets leaves none', async () => {
    const simulator = await startLogs()
    simulator.create({ identifier: API, signing_alg: 'HS256' }, 'silent')
    await call(simulator, `${LIST}?fields=signing_secret&include_fields=false`)
    expect(simulator.logs()).toEqual([])
    await call(simulator, LIST)
    await get(simulator, API)
    const entries = simulator.logs()
    expect(entries.map(({ type }) => type)).toEqual(['mgmt_api_read', 'mgmt_api_read'])
    for (const entry of entries) expect(isValid.mgmt_api_read(entry) ? [] : isValid.mgmt_api_read.errors).toEqual([])
    expect(JSON.stringify(entries)).not.toContain('"signing_secret":')
  })
})

describe('GET /api/v2/logs by criteria', () => {
  it('needs read:logs', async () => {
    expect(await call(await start(), LOGS)).toMatchObject({
      status: 403,
      json: { errorCode: 'insufficient_scope', message: 'Insufficient scope, expected any of: read:logs' },
    })
  })

  it('gives the newest first, fifty of them, and what was asked for', async () => {
    const simulator = await startLogs()
    fill(simulator, 60)
    const all = idsOf(simulator.logs())
    expect(idsOf(await logs(simulator))).toEqual(all.toReversed().slice(0, 50))
    expect(idsOf(await logs(simulator, { sort: 'date:1', per_page: '7', page: '2' }))).toEqual(all.slice(14, 21))
  })

  it.each([
    ['type:sapi', 2],
    ['type:fp', 0],
    ['description:*esource*erver*', 2],
    ['description:"Update a resource server"', 1],
    ['description:update', 0],
    ['client_id:c1', 1],
    ['type:sapi AND client_id:c1', 1],
    ['(client_id:c1 OR client_id:c2) AND NOT type:fp', 1],
    ['user_id:"auth0|5f7c8ec7c33c6c004bbafe82"', 1],
    ['date:[2026-11-28T02:00:00.000Z TO *]', 1],
    ['date:[2026-11-27 TO 2026-11-28]', 2],
    ['ip:203.0.113.7', 2],
  ])('%s matches %i', async (q, count) => {
    const simulator = await startLogs()
    simulator.create({ identifier: API }, { at: Date.parse('2026-11-27T10:00:00Z') })
    simulator.edit(
      API,
      { token_lifetime: 1 },
      { at: Date.parse('2026-11-28T10:00:00Z'), actor: { kind: 'application', client_id: 'c1' } },
    )
    expect(await logs(simulator, { q })).toHaveLength(count)
  })

  it('finds one by its log_id', async () => {
    const simulator = await startLogs()
    fill(simulator, 3)
    const [, second] = simulator.logs()

    expect(idsOf(await logs(simulator, { q: `log_id:${second?.log_id ?? ''}` }))).toEqual([second?.log_id])
  })

  it.each([
    'description:*a*',
    'type:sapi AND',
    '(type:sapi',
    'update',
    'date:[yesterday TO *]',
    'details.request.method:patch',
  ])('%s is refused', async (q) => {
    expect(await call(await startLogs(), `${LOGS}?${new URLSearchParams({ q }).toString()}`)).toMatchObject({
      status: 400,
      json: { errorCode: 'invalid_query_string' },
    })
  })

  it('ends at a thousand results', async () => {
    const simulator = await startLogs()
    fill(simulator, 1010)
    expect(await logs(simulator, { per_page: '100', page: '9' })).toHaveLength(100)
    expect((await call(simulator, `${LOGS}?per_page=100&page=10`)).status).toBe(400)
    expect((await call(simulator, `${LOGS}?per_page=101`)).status).toBe(400)
  })

  it('include_totals counts the page, and fields leaves out', async () => {
    const simulator = await startLogs()
    fill(simulator, 9)
    const { json } = await call(simulator, `${LOGS}?include_totals=true&per_page=4&fields=log_id,date`)
    expect(json).toMatchObject({ start: 0, limit: 4, length: 4, total: 4 })
    expect(Object.keys((json as unknown as { logs: JsonObject[] }).logs[0] ?? {})).toEqual(['date', 'log_id'])
    expect(Object.keys((await logs(simulator, { fields: 'details', include_fields: 'false' }))[0] ?? {})).not.toContain(
      'details',
    )
  })

  it('unknown parameters are refused', async () => {
    expect((await call(await startLogs(), `${LOGS}?search=type:sapi`)).status).toBe(400)
  })
})

describe('GET /api/v2/logs from a checkpoint', () => {
  it('gives everything, oldest first, whatever q says, and the same address again at the end', async () => {
    const simulator = await startLogs()
    fill(simulator, 5)
    const [first, second, third] = idsOf(simulator.logs())
    const page = await call(simulator, `${LOGS}?from=${String(first)}&take=2&q=type:fp`)
    expect(idsOf(page.json as unknown as readonly JsonObject[])).toEqual([second, third])
    expect(page.headers.get('link')).toContain(`from=${String(third)}&take=2>; rel="next"`)
    const last = idsOf(simulator.logs()).at(-1)
    const end = await call(simulator, `${LOGS}?from=${String(last)}&take=2`)
    expect(end.json).toEqual([])
    expect(end.headers.get('link')).toContain(`from=${String(last)}`)
  })

  it('an unknown checkpoint is none', async () => {
    expect((await call(await startLogs(), `${LOGS}?from=x&take=2`)).status).toBe(404)
  })
})

describe('what can be read', () => {
  it('is late by the delay', async () => {
    let now = Date.parse('2026-11-28T10:00:00Z')
    const simulator = await startLogs({ logDelayMs: 60_000, now: () => now })
    simulator.create({ identifier: API })
    expect(simulator.logs()).toHaveLength(0)
    now += 60_000
    expect(simulator.logs()).toHaveLength(1)
  })

  it('is gone after the retention', async () => {
    let now = Date.parse('2026-11-28T10:00:00Z')
    const simulator = await startLogs({ logRetentionMs: 86_400_000, now: () => now })
    simulator.create({ identifier: API })
    now += 86_400_000
    expect(simulator.logs()).toHaveLength(1)
    now += 1
    expect(simulator.logs()).toHaveLength(0)
  })

  it('comes later where a control call says so', async () => {
    const now = Date.now()
    const simulator = await startLogs()
    simulator.create({ identifier: API }, { at: now - 1000, shownAt: now + 3_600_000 })
    expect(simulator.logs()).toHaveLength(0)
  })
})

describe('a fault of the log', () => {
  const five = async (fault: Fault): Promise<{ simulator: Simulator; all: readonly string[] }> => {
    const simulator = await startLogs()
    fill(simulator, 5)
    simulator.setFault(fault)
    return { simulator, all: idsOf(simulator.logs()).toReversed() }
  }

  it('log-unordered gives the same ones in another order', async () => {
    const { simulator, all } = await five({ kind: 'log-unordered' })
    const got = idsOf(await logs(simulator))
    expect(got).not.toEqual(all)
    expect(new Set(got)).toEqual(new Set(all))
  })

  it('log-lag lacks the last but one', async () => {
    const { simulator, all } = await five({ kind: 'log-lag' })
    expect(idsOf(await logs(simulator))).toEqual(all.toSpliced(1, 1))
  })

  it('log-hole lacks one in the middle, and fills', async () => {
    const { simulator, all } = await five({ kind: 'log-hole', times: 1 })
    expect(idsOf(await logs(simulator))).toEqual(all.toSpliced(2, 1))
    expect(idsOf(await logs(simulator))).toEqual(all)
  })

  it('log-masked takes names out wherever they stand', async () => {
    const { simulator } = await five({ kind: 'log-masked' })
    simulator.edit(API, { name: 'Orders' })
    const text = JSON.stringify(await logs(simulator))
    expect(text).not.toMatch(/Orders|Alex Example|alex@example\.com/)
    expect(text).toContain('"name":"******"')
  })

  it('log-bodiless has no answers', async () => {
    const { simulator } = await five({ kind: 'log-bodiless' })
    expect((await logs(simulator))[0]).toMatchObject({ details: { response: { statusCode: 200 } } })
    expect(JSON.stringify(await logs(simulator))).not.toContain('"identifier"')
  })

  it('log-no-totals gives a bare list whatever was asked for', async () => {
    const { simulator } = await five({ kind: 'log-no-totals' })
    expect(await logs(simulator, { include_totals: 'true' })).toHaveLength(5)
  })

  it('is of the log alone, and status 403 and 429 are as everywhere', async () => {
    const { simulator } = await five({ kind: 'log-hole', times: 1 })
    expect((await get(simulator, API)).status).toBe(200)
    expect(await logs(simulator)).toHaveLength(4)
    simulator.setFault({ kind: 'status', status: 403, times: 1, match: { path: LOGS } })
    simulator.setFault({ kind: 'status', status: 429, times: 1, match: { path: LOGS } })
    expect((await call(simulator, LOGS)).text).toContain('read:logs')
    expect((await call(simulator, LOGS)).status).toBe(429)
  })
})
