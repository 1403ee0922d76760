import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, postEvents, sapi, served, STREAM_TOKEN } from './served.ts'

const TOKEN = 'the-token-of-this-service'

/** Every route there is, and some that are not. */
const ROUTES = [
  ['GET', '/'],
  ['GET', '/?page=2'],
  ['GET', '/tenants/acme'],
  ['POST', '/tenants/acme/check'],
  ['GET', '/episodes/1'],
  ['GET', '/fingerprints/abc'],
  ['GET', '/runs/1'],
  ['GET', '/search?q=urn'],
  ['GET', '/events'],
  ['GET', '/metrics'],
  ['GET', '/style.css'],
  ['GET', '/page.js'],
  ['GET', '/icon.svg'],
  ['GET', '/api/v1/openapi.json'],
  ['GET', '/api/v1/tenants'],
  ['GET', '/api/v1/tenants/acme'],
  ['GET', '/api/v1/tenants/acme/runs'],
  ['GET', '/api/v1/tenants/acme/episodes'],
  ['POST', '/api/v1/tenants/acme/check'],
  ['GET', '/api/v1/episodes/1'],
  ['GET', '/api/v1/runs/1'],
  ['GET', '/api/v1/runs/1/report'],
  ['GET', '/api/v1/search?q=a'],
  ['PUT', '/tenants/acme'],
  ['DELETE', '/api/v1/tenants/acme'],
  ['GET', '/nothing'],
  ['GET', '/..%2f..%2fetc/passwd'],
] as const

async function acme() {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  return tenant
}

/** As a client that writes its own Host. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('a service with a token', () => {
  it('answers nobody without it, or with another one, but for two probes', async () => {
    const tenant = await acme()
    const service = await served(acmeFolder(tenant), { ...acmeEnv(tenant), TENANT_DRIFT_SERVE_TOKEN: TOKEN })
    await service.line(({ event }) => event === 'checked')
    const ask = async (headers: Record<string, string>) => {
      const statuses = new Set<number>()
      for (const [method, path] of ROUTES) {
        const answer = await service.get(path, { method, headers })
        statuses.add(answer.status)
        expect(await answer.text()).not.toMatch(/urn:a|acme|127\.0\.0\.1/)
      }
      return [...statuses]
    }
    expect(await ask({})).toEqual([401])
    expect(await ask({ cookie: 'tenant_drift=9999999999999.abc' })).toEqual([401])
    // The flood is refused more shortly, and the right token is let in all the same.
    expect(await ask({ authorization: 'Bearer another-token-altogether' })).toEqual([401, 429])
    const right = await service.get('/', { headers: { authorization: `Bearer ${TOKEN}` } })
    expect([right.status, (await right.text()).includes('acme')]).toEqual([200, true])
    expect(await service.text('/healthz')).toBe('ok\n')
    expect(await service.text('/readyz')).toBe('ready\n')
    expect(await service.stop()).toBe(0)
  })

  it('lets a browser in by a form, and refuses forms of other pages', async () => {
    const tenant = await acme()
    const service = await served(acmeFolder(tenant), { ...acmeEnv(tenant), TENANT_DRIFT_SERVE_TOKEN: TOKEN })
    const enter = (token: string, headers: Record<string, string> = {}) =>
      service.get('/login', { method: 'POST', headers, body: new URLSearchParams({ token }) })
    const html = await service.get('/', { headers: { accept: 'text/html' } })
    expect([html.status, (await html.text()).includes('A token is needed')]).toEqual([401, true])
    expect((await enter('wrong')).status).toBe(401)
    expect((await enter(TOKEN, { origin: 'https://evil.example.com' })).status).toBe(403)
    const entered = await enter(TOKEN)
    const cookie = entered.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^tenant_drift=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain(TOKEN)
    const [pair = ''] = cookie.split(';')
    expect((await service.get('/', { headers: { cookie: pair } })).status).toBe(200)
    const forged = { cookie: pair, origin: 'https://evil.example.com' }
    expect((await service.get('/tenants/acme/check', { method: 'POST', headers: forged })).status).toBe(403)
  })
})

describe('a service on this machine', () => {
  it('answers under its own names alone, and to its own pages', async () => {
    const tenant = await acme()
    const service = await served(acmeFolder(tenant), acmeEnv(tenant))
    const { port } = new URL(service.url)
    expect(await statusFor(`${service.url}/`, `rebound.example.com:${port}`)).toBe(421)
    expect(await statusFor(`${service.url}/`, `localhost:${port}`)).toBe(200)
    const post = (path: string, headers: Record<string, string>) => service.get(path, { method: 'POST', headers })
    expect((await post('/tenants/acme/check', { origin: 'https://evil.example.com' })).status).toBe(403)
    expect((await post('/api/v1/tenants/acme/check', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post('/api/v1/tenants/acme/check', {})).status).toBe(202)
    const { headers } = await service.get('/')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/,
    )
    const events = await service.get('/events')
    expect([events.headers.get('x-accel-buffering'), events.headers.get('content-type')]).toEqual([
      'no',
      'text/event-stream',
    ])
    await events.body?.cancel()
  })

  it('takes a log stream by its own token, looks at whatever it sends, and does no work for another one', async () => {
    const tenant = await acme()
    const service = await served(acmeFolder(tenant, 'schedule: every 1h\n'), acmeEnv(tenant))
    await service.line(({ event }) => event === 'checked')
    const flood = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        postEvents(service, JSON.stringify([sapi(String(index))]), `wrong-${index}`),
      ),
    )
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([401, 429]))
    expect((await service.get('/hooks/auth0/nobody', { method: 'POST', body: '[]' })).status).not.toBe(204)
    const checks = (): number => service.lines.filter(({ event }) => event === 'checked').length
    const before = checks()
    // Sign-ins are no reason to look; what is too long or not understood is.
    expect((await postEvents(service, JSON.stringify([{ log_id: '1', data: { type: 's' } }]))).status).toBe(204)
    const seen = service.checked()
    expect((await postEvents(service, 'x'.repeat(1_200_000), `Bearer ${STREAM_TOKEN}`)).status).toBe(204)
    expect((await postEvents(service, 'no JSON')).status).toBe(204)
    expect(await seen).toMatchObject({ asked: true })
    expect(checks() - before).toBe(1)
    const metrics = await service.text('/metrics')
    expect(metrics).toMatch(/^tenant_drift_hook_refused_total 61$/m)
    expect(metrics).toMatch(/^tenant_drift_hook_not_understood_total 2$/m)
    expect(service.lines.map((line) => JSON.stringify(line)).join()).not.toContain(STREAM_TOKEN)
  })
})
