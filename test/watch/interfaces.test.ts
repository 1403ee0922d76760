import { Validator } from '@seriousme/openapi-schema-validator'
import parsePrometheus from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import { run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { clientFrom, type ApiDocument, type Call } from './generated-client.ts'
import { acmeEnv, acmeFolder, served, STREAM_TOKEN, type Served } from './served.ts'

const HOSTILE = `urn:"><script>alert(1)</script><img src=x onerror=alert(2)>\u202Ereversed &amp;`

/** What nobody may ever see. */
let secrets: readonly string[] = []

async function hostile(more: Readonly<Record<string, string>> = {}): Promise<Served> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  tenant.create({ identifier: HOSTILE, name: HOSTILE })
  const [api] = tenant.list().filter(({ identifier }) => identifier === 'urn:a')
  secrets = [tenant.token, STREAM_TOKEN, typeof api?.signing_secret === 'string' ? api.signing_secret : '']
  const service = await served(acmeFolder(tenant), { ...acmeEnv(tenant), ...more })
  await service.line(({ event }) => event === 'checked')
  return service
}

/** Every operation of the document, with what it is asked. */
const ASKED: readonly (readonly [operation: string, values: Parameters<Call>[0], status: number])[] = [
  ['tenants', {}, 200],
  ['tenants', { page: 1 }, 200],
  ['tenant', { name: 'acme' }, 200],
  ['tenant', { name: 'nobody' }, 404],
  ['runs', { name: 'acme' }, 200],
  ['open', { name: 'acme' }, 200],
  ['check', { name: 'acme' }, 202],
  ['check', { name: 'nobody' }, 404],
  ['episode', { id: 1 }, 200],
  ['episode', { id: 99_999 }, 404],
  ['run', { id: 1 }, 200],
  ['report', { id: 1 }, 200],
  ['search', { q: 'urn' }, 200],
]

describe('the API', () => {
  it('has a document that a validator takes, and answers a client that is made of it as it says', async () => {
    const token = 'a-token-of-this-service'
    const service = await hostile({ TENANT_DRIFT_SERVE_TOKEN: token })
    const headers = { authorization: `Bearer ${token}` }
    const document = (await (await service.get('/api/v1/openapi.json', { headers })).json()) as ApiDocument
    expect(await new Validator().validate({ ...document })).toMatchObject({ valid: true })
    const client = clientFrom(document, service.get, token)
    expect(new Set(ASKED.map(([operation]) => operation))).toEqual(new Set(client.keys()))
    for (const [operation, values, status] of ASKED) {
      const called = await client.get(operation)?.(values)
      expect([operation, values, called?.status]).toEqual([operation, values, status])
      expect(secrets.filter((secret) => called?.text.includes(secret))).toEqual([])
    }
    // The check that was asked for moves what was seen when: nothing does after it.
    await service.line(({ event, asked }) => event === 'checked' && asked === true)
    const open = await client.get('open')?.({ name: 'acme' })
    expect(open?.body['items']).toContainEqual((await client.get('episode')?.({ id: 1 }))?.body)
  })
})

describe('metrics', () => {
  it('are what a parser of Prometheus reads', async () => {
    const service = await hostile()
    const families = new Map(parsePrometheus(await service.text('/metrics')).map((each) => [each.name, each]))
    expect(families.get('tenant_drift_open_differences')).toMatchObject({ type: 'GAUGE' })
    expect(families.get('tenant_drift_open_differences')?.metrics).toContainEqual({
      value: '1',
      labels: { tenant: 'acme', severity: 'critical' },
    })
    expect(families.get('tenant_drift_verdict')?.metrics).toContainEqual({
      value: '1',
      labels: { tenant: 'acme', verdict: 'drifted' },
    })
    expect(families.get('tenant_drift_ready')?.metrics).toEqual([{ value: '1' }])
    expect(families.get('tenant_drift_checks_total')?.type).toBe('COUNTER')
  })
})

describe('pages', () => {
  it('show hostile names as text, never as markup, and what is not there as 404 with a way back', async () => {
    const service = await hostile()
    const pages = [
      '/',
      '/tenants/acme',
      '/episodes/1',
      '/runs/1',
      `/search?q=${encodeURIComponent('"><script>alert(3)</script>')}`,
      '/search?q=urn',
    ]
    for (const path of pages) {
      const answer = await service.get(path)
      const text = await answer.text()
      expect([path, answer.status]).toEqual([path, 200])
      expect(text).not.toMatch(/<script>alert|<img src=x|\u202E/)
      expect(secrets.filter((secret) => secret.length < 16 || text.includes(secret))).toEqual([])
      expect(text).not.toMatch(/style=|onclick=|https?:\/\/(?!127\.0\.0\.1)[^"]*"[^>]*>/)
    }
    for (const path of ['/tenants/nobody', '/episodes/9', '/episodes/abc', '/runs/9', '/fingerprints/none', '/x']) {
      const answer = await service.get(path)
      expect([path, answer.status, (await answer.text()).includes('<a href="/">All tenants</a>')]).toEqual([
        path,
        404,
        true,
      ])
    }
  })

  it('lead from a fingerprint to its difference, with both sides, its age and its run', async () => {
    const service = await hostile()
    const { items } = (await (await service.get('/api/v1/tenants/acme/episodes')).json()) as {
      readonly items: readonly { readonly id: number; readonly fingerprint: string; readonly path: string }[]
    }
    const found = items.find(({ path }) => path === 'signing_alg')
    const asked = `?q=%20${found?.fingerprint ?? ''}%20`
    expect(await (await service.get(`/api/v1/search${asked}`)).json()).toMatchObject({ items: [{ id: found?.id }] })
    expect(await service.text(`/search${asked}`)).toContain(`/episodes/${found?.id}`)
    expect(await service.text('/search?q=changed')).toContain(`/episodes/${found?.id}`)
    for (const told of ['/search', '/api/v1/openapi.json'])
      expect(await service.text(told)).toContain('API, setting, kind, fingerprint or tenant.')
    const answer = await service.get(`/fingerprints/${found?.fingerprint ?? ''}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/episodes/${found?.id}`])
    const text = await service.text(`/episodes/${found?.id}`)
    for (const words of ['&quot;RS256&quot;', '&quot;HS256&quot;', '<dt>Since</dt>', 'opened', '/runs/1'])
      expect(text).toContain(words)
    expect(await service.text('/runs/1')).toContain('The whole report, as JSON')
    const commands = [...text.matchAll(/tenant-drift (repair|adopt|accept) ([^<]*)/g)]
    expect(commands.map(([, command]) => command)).toEqual(['repair', 'adopt', 'accept'])
    for (const [, command = '', rest = ''] of commands) {
      expect(rest).toContain(found?.fingerprint)
      const { code, out } = await run([command, '--help'])
      expect([command, code]).toEqual([command, 0])
      for (const flag of rest.match(/--[a-z-]+/g) ?? []) expect(out).toContain(flag)
    }
  })
})
