import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listResourceServers } from './list-once.ts'
import { tenantConfig } from '../../src/tenant/front.ts'
import { configFor, gatewayTo, LIST, QUICK, readerOf, tenantWith, TOKEN } from './with-tenant.ts'
import type { Instead, Passing } from './with-tenant.ts'

/** Stands in every credential and in every answer. */
const PLANTED = 'planted-0123456789'

const JSON_BODY = JSON.stringify({
  statusCode: PLANTED,
  error: PLANTED,
  message: `Bad audience ${PLANTED}`,
  errorCode: PLANTED,
  error_description: PLANTED,
  access_token: `${PLANTED} ${PLANTED}`,
  resource_servers: [{ id: PLANTED, identifier: PLANTED, signing_secret: PLANTED }, PLANTED],
  total: PLANTED,
})
const BODIES = [JSON_BODY, `<html>${PLANTED}</html>`, `${PLANTED}`, JSON_BODY.slice(0, -20), `[{"${PLANTED}":1}]`]
const STATUSES = [200, 204, 301, 400, 401, 403, 404, 408, 418, 429, 500, 503]
const PLACES = [TOKEN, LIST, `${LIST}/`]

const CASES = PLACES.flatMap((place) => STATUSES.map((status) => ({ place, status })))

describe('no error holds a token, a secret or a piece of an answer', () => {
  it.each(CASES)('$status at $place', async ({ place, status }) => {
    const tenant = await tenantWith({ apis: 2 })
    const env = { AUTH0_CLIENT_SECRET: PLANTED, TENANT_DRIFT_DEADLINE: '5s' }
    for (const body of BODIES) {
      const instead = (request: Passing): Instead | null => {
        const path = request.url.split('?')[0] ?? ''
        const isHit = place === `${LIST}/` ? path.startsWith(place) : path === place
        if (isHit) return { status, body, headers: { 'x-planted': PLANTED, location: `https://${PLANTED}.example/` } }
        // The secret is a planted one, so the gateway makes the token.
        return path === TOKEN ? { status: 200, body: JSON.stringify({ access_token: PLANTED, expires_in: 1 }) } : null
      }
      const gateway = await gatewayTo(tenant, instead)
      const reader = readerOf(gateway, {}, env)
      const looks = await reader.find(['urn:gone'])
      const told = [looks, await reader.inventory(), await reader.secretDigests(['urn:gone']), reader.proof()]
      const thrown = await listResourceServers(configFor(gateway, env), {}, QUICK).catch((error: unknown) => error)
      expect(inspect([...told, place === `${LIST}/` ? null : thrown], { depth: 20, showHidden: true })).not.toContain(
        PLANTED,
      )
      expect(looks.get('urn:gone')?.status).not.toBe('read')
    }
  })

  it('not even where the answer is no HTTP', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n${PLANTED}\r\n\r\n${PLANTED}`))
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const config = tenantConfig({ env: { AUTH0_DOMAIN: `http://127.0.0.1:${port}`, AUTH0_API_TOKEN: PLANTED } })
    const thrown = await listResourceServers(config, {}, QUICK).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: expect.stringMatching(/^(unreachable|malformed_body)$/) })
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toContain(PLANTED)
  })

  it('nor does a refused configuration', () => {
    const env = {
      AUTH0_DOMAIN: `https://x:${PLANTED}@acme.eu.auth0.com/${PLANTED}`,
      AUTH0_API_TOKEN: `Bearer ${PLANTED}`,
      AUTH0_AUDIENCE: PLANTED,
      AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: PLANTED,
      AUTH0_CLIENT_ASSERTION_SIGNING_ALG: PLANTED,
      TENANT_DRIFT_DEADLINE: PLANTED,
    }
    let thrown: unknown
    try {
      tenantConfig({ env })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'invalid_config' })
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toContain(PLANTED)
  })
})
