import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import type { Json } from '../../src/schema/json.ts'
import type { Reading } from '../../src/schema/snapshot.ts'
import { createTenantReader, tenantConfig } from '../../src/tenant/front.ts'
import { compareAll, declaredState } from '../support/scenes.ts'
import { QUICK } from '../tenant/with-tenant.ts'
import { apis, liveOf } from './apis.ts'
import { holdsInTime, PATIENCE } from './seed.ts'
import { isOnlySecret, PLANTED, spoiled } from './spoil.ts'

const CANARY = { id: '66a100000000000000000fff', identifier: 'https://acme.example.com/api/v2/', is_system: true }
const DEADLINE_MS = 20_000

/** What the server answers to everything; one property runs at a time. */
let body = ''

describe('a tenant that answers anything at all', { timeout: PATIENCE }, () => {
  let server: Server
  let domain = ''
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    domain = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )

  async function read(text: string, env: Readonly<Record<string, string>>): Promise<Reading> {
    body = text
    const config = tenantConfig({ env: { AUTH0_DOMAIN: domain, TENANT_DRIFT_DEADLINE: `${DEADLINE_MS}ms`, ...env } })
    const reader = createTenantReader(config, QUICK)
    try {
      return await reader.inventory()
    } finally {
      await reader.close()
    }
  }
  const withToken = { AUTH0_API_TOKEN: PLANTED, AUTH0_AUDIENCE: CANARY.identifier }

  /** What is wrong with an answer to this text; nothing should be. */
  function wrong(reading: Reading, text: string, began: number): readonly string[] {
    const isTold = inspect(reading, { depth: 200, maxStringLength: Infinity }).includes(PLANTED)
    const isProven = reading.ok && (reading.snapshot.complete || reading.snapshot.proof.notes.length > 0)
    return [
      ...(performance.now() - began > DEADLINE_MS ? ['late'] : []),
      ...(isTold && (isOnlySecret(text) || !reading.ok) ? ['a secret was told'] : []),
      ...(Object.hasOwn(Object.prototype, 'polluted') ? ['a prototype was changed'] : []),
      ...(isProven || (!reading.ok && Object.hasOwn(ERROR_CODES, reading.code)) ? [] : ['neither proven nor an error']),
    ]
  }

  it('as its list is read completely or named unreadable, in time, without a secret; and what is read is compared', async () => {
    const ways = new Set<string>()
    const page = apis(0, 3).map((list): Json => {
      const items = list.map(({ identifier, declared }, index) => ({
        ...liveOf(identifier, declared, index + 1),
        signing_secret: PLANTED,
      }))
      return { total: items.length + 1, start: 0, limit: 100, resource_servers: [...items, CANARY] }
    })
    await holdsInTime(
      fc.asyncProperty(spoiled(page), async (text) => {
        const began = performance.now()
        const reading = await read(text, withToken)
        expect(wrong(reading, text, began)).toEqual([])
        ways.add(reading.ok ? 'read' : reading.code)

        const identifiers = reading.ok
          ? reading.snapshot.items.map(({ identifier }) => identifier as string)
          : ['urn:0']
        const declared = identifiers.map((identifier) => ({
          identifier,
          signing_alg: 'RS256',
          scopes: [{ value: 'a' }],
        }))
        const result = compareAll({ input: { inventory: reading, declared: declaredState(declared) } })
        expect(result.verdict === 'in-sync' && !reading.ok).toBe(false)
        expect(isOnlySecret(text) && JSON.stringify(result).includes(PLANTED)).toBe(false)
      }),
      300,
    )
    // Both ends of it were met, so that the property says something.
    expect(ways).toContain('read')
    expect(ways.size).toBeGreaterThan(2)
  })

  it('as its token is used or named unusable, and never told', async () => {
    const answer = fc.constant<Json>({
      access_token: PLANTED,
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: 'read:resource_servers',
    })
    let made = 0
    await holdsInTime(
      fc.asyncProperty(spoiled(answer), async (text) => {
        const began = performance.now()
        // Tokens are cached by credentials.
        made += 1
        const reading = await read(text, { AUTH0_CLIENT_ID: `client-${made}`, AUTH0_CLIENT_SECRET: PLANTED })
        expect(wrong(reading, text, began)).toEqual([])
      }),
      100,
      2000,
    )
  })

  it.each([
    ['a text of 10 MB', (text: string) => JSON.stringify({ a: text })],
    ['a name of 10 MB', (text: string) => JSON.stringify({ [text]: 1 })],
    ['10 MB that are no JSON', (text: string) => text],
    ['an API with an identifier of 10 MB', (text: string) => pageOf({ ...CANARY, identifier: text })],
    [
      'an API with a scope of 10 MB',
      (text: string) => pageOf(CANARY, { ...liveOf('urn:a', {}), scopes: [{ value: text }] }),
    ],
    ['10 MB of brackets', () => '['.repeat(10_000_000)],
    ['a million empty objects', () => JSON.stringify(Array.from({ length: 1_000_000 }, () => ({})))],
  ])('%s is an answer like any other', async (_title, make) => {
    const text = make('x'.repeat(10_000_000))
    const began = performance.now()

    expect(wrong(await read(text, withToken), text, began)).toEqual([])
  })

  function pageOf(...items: readonly Json[]): string {
    return JSON.stringify({ total: items.length, start: 0, limit: 100, resource_servers: items })
  }
})
