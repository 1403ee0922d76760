import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { reduceEvent } from '../../src/tenant/reduce-event.ts'

const ID = '6'.repeat(24)
const IDENTIFIER = 'https://orders.example.com/'
const SECRET = 'kD8sP2vQx7Lm4Rt9Wz1Yb6Nc3Hf5Gj0A'

interface Shape {
  readonly event?: JsonObject
  readonly request?: JsonObject
  readonly response?: JsonObject
}

const entry = ({ event = {}, request = {}, response = {} }: Shape = {}): JsonObject => ({
  date: '2026-11-28T02:00:00.000Z',
  type: 'sapi',
  description: 'Update a resource server',
  client_id: 'c1',
  client_name: 'deploy-prod',
  ip: '203.0.113.7',
  user_agent: 'deploy-cli/8',
  log_id: '9002',
  details: {
    request: {
      method: 'patch',
      path: `/api/v2/resource-servers/${ID}`,
      body: { signing_alg: 'HS256' },
      channel: 'api',
      auth: { user: {}, strategy: 'jwt', credentials: { jti: SECRET, scopes: ['update:resource_servers'] } },
      ...request,
    },
    response: { statusCode: 200, body: { id: ID, identifier: IDENTIFIER, signing_alg: 'HS256' }, ...response },
  },
  ...event,
})

const user = { user_id: 'auth0|1', name: 'Kim Example', email: 'kim@example.com' }

describe('an event of the tenant log', () => {
  it('is reduced to what was sent, what stood then, and who it was', () => {
    expect(reduceEvent(entry(), false)).toEqual({
      log: '9002',
      at: Date.parse('2026-11-28T02:00:00Z'),
      method: 'patch',
      names: [ID],
      sent: ['signing_alg'],
      after: { id: ID, identifier: IDENTIFIER, signing_alg: 'HS256' },
      veiled: [],
      through: 'application',
      actor: { application: { client_id: 'c1', name: 'deploy-prod' } },
      tool: 'deploy-cli/8',
    })
  })

  it('of a stream is the same', () => {
    const { log_id: id = null, ...data } = entry()
    expect(reduceEvent({ log_id: id, data }, false)).toEqual(reduceEvent(entry(), false))
    expect(reduceEvent({ log_id: '9002', data: { ...data, log_id: '9002' } }, false)).toEqual(
      reduceEvent(entry(), false),
    )
  })

  it.each([
    ['another endpoint', { request: { path: '/api/v2/clients/c1' } }],
    ['an endpoint that begins alike', { request: { path: '/api/v2/resource-servers-x' } }],
    ['a reading', { request: { method: 'get' } }],
    ['a refusal', { response: { statusCode: 400 } }],
    ['one without a time', { event: { date: 'soon' } }],
    ['one without an id', { event: { log_id: '' } }],
    ['no event', null],
  ])('is none: %s', (_what, shape) => {
    expect(reduceEvent(shape === null ? [] : entry(shape), false)).toBeNull()
  })

  it.each([
    ['an id', ID, [ID]],
    ['an identifier', IDENTIFIER, [IDENTIFIER]],
    ['encoded', encodeURIComponent(IDENTIFIER), [encodeURIComponent(IDENTIFIER), IDENTIFIER]],
    [
      'encoded twice',
      encodeURIComponent(encodeURIComponent(IDENTIFIER)),
      [encodeURIComponent(encodeURIComponent(IDENTIFIER)), encodeURIComponent(IDENTIFIER), IDENTIFIER],
    ],
    ['what is no encoding', '100%', ['100%']],
  ])('names its API in every form: %s', (_what, segment, names) => {
    expect(reduceEvent(entry({ request: { path: `/api/v2/resource-servers/${segment}` } }), false)?.names).toEqual(
      names,
    )
  })

  it('tells a person in the dashboard, one with a token, and an application apart', () => {
    const through = (request: JsonObject) => reduceEvent(entry({ request }), false)?.through
    expect(through({ channel: 'https://manage.auth0.com/', auth: { user } })).toBe('dashboard')
    expect(through({ auth: { user } })).toBe('person')
    expect(through({})).toBe('application')
    expect(through({ channel: 'https://manage.auth0.com/' })).toBe('application')
  })

  it('holds a person only where that was asked for, and masked names not even then', () => {
    const of = (whom: JsonObject, persons: boolean) =>
      reduceEvent(entry({ request: { auth: { user: whom } } }), persons)?.actor
    expect(of(user, false)).not.toHaveProperty('person')
    expect(of(user, true)).toHaveProperty('person', { name: 'Kim Example', email: 'kim@example.com' })
    expect(of({ ...user, name: '***********', email: '9f86d081884c7d65' }, true)).toHaveProperty('person', {
      name: null,
      email: null,
    })
  })

  it('takes what a tool calls itself from its header before its user agent', () => {
    const event = { auth0_client: { name: 'deploy-cli', version: '8.44.0' } }
    expect(reduceEvent(entry({ event }), false)?.tool).toBe('deploy-cli 8.44.0')
  })

  it.each([
    ['no answer', { response: { body: null } }],
    ['an answer that names no API', { response: { body: { signing_alg: 'HS256' } } }],
  ])('with %s is a gap', (_what, shape) => {
    expect(reduceEvent(entry(shape), false)).toMatchObject({ after: null })
  })

  it('of a delete has nothing after it', () => {
    expect(reduceEvent(entry({ request: { method: 'delete' } }), false)).toMatchObject({
      method: 'delete',
      after: null,
    })
  })

  it.each<[string, Json, readonly string[]]>([
    ['a name of asterisks', { name: '******' }, ['name']],
    ['a hashed name', { name: '9f86d081884c7d65' }, ['name']],
    ['a masked name inside', { access_token: { claims: [{ name: 'c***y' }] } }, ['access_token']],
    ['a name that only looks odd', { name: 'Orders * EU' }, []],
  ])('does not know what is masked: %s', (_what, more, veiled) => {
    const body = { id: ID, identifier: IDENTIFIER, ...(more as JsonObject) }
    const reduced = reduceEvent(entry({ response: { body } }), false)
    expect(reduced?.veiled).toEqual(veiled)
    for (const key of veiled) expect(reduced?.after).not.toHaveProperty(key)
  })

  it('drops every secret, credential and address', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIIB'
    const body = {
      id: ID,
      identifier: IDENTIFIER,
      signing_secret: SECRET,
      new_secret: SECRET,
      settings: { api_key: SECRET },
      note: pem,
    }
    const text = JSON.stringify(
      reduceEvent(
        entry({ request: { body: { signing_secret: SECRET, token_encryption: { pem } } }, response: { body } }),
        true,
      ),
    )
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain('PRIVATE KEY')
    expect(text).not.toContain('203.0.113.7')
    expect(text).toContain('"sent":["signing_secret","token_encryption"]')
  })
})
