import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import parsePrometheus from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, served, STREAM_TOKEN, type Served } from './served.ts'

const HOSTILE = `urn:"><script>alert(1)</script><img src=x onerror=alert(2)>\u202Ereversed &amp;`

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, JsonObject>> }>>>
  >
}

/** What nobody may ever see. */
let secrets: readonly string[] = []

async function hostile(): Promise<Served> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  tenant.create({ identifier: HOSTILE, name: HOSTILE })
  const [api] = tenant.list().filter(({ identifier }) => identifier === 'urn:a')
  secrets = [tenant.token, STREAM_TOKEN, typeof api?.signing_secret === 'string' ? api.signing_secret : '']
  const service = await served(acmeFolder(tenant), acmeEnv(tenant))
  await service.line(({ event }) => event === 'checked')
  return service
}

/** Every answer of the API, by the path of the document that it belongs to. */
const ASKED: readonly (readonly [path: string, method: string, url: string, status: string])[] = [
  ['/tenants', 'get', '/tenants', '200'],
  ['/tenants/{name}', 'get', '/tenants/acme', '200'],
  ['/tenants/{name}', 'get', '/tenants/nobody', '404'],
  ['/tenants/{name}/runs', 'get', '/tenants/acme/runs', '200'],
  ['/tenants/{name}/episodes', 'get', '/tenants/acme/episodes', '200'],
  ['/tenants/{name}/check', 'post', '/tenants/acme/check', '202'],
  ['/episodes/{id}', 'get', '/episodes/1', '200'],
  ['/episodes/{id}', 'get', '/episodes/99999', '404'],
  ['/runs/{id}', 'get', '/runs/1', '200'],
  ['/runs/{id}/report', 'get', '/runs/1/report', '200'],
  ['/search', 'get', '/search?q=urn', '200'],
]

describe('the API', () => {
  it('has a document that a validator takes, and answers as it says', async () => {
    const service = await hostile()
    const document = (await (await service.get('/api/v1/openapi.json')).json()) as Document
    expect(await new Validator().validate({ ...document })).toMatchObject({ valid: true })
    const named = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(new Set(ASKED.map(([path, method]) => `${method} ${path}`))).toEqual(new Set(named))
    for (const [path, method, url, status] of ASKED) {
      const answer = await service.get(`/api/v1${url}`, { method: method.toUpperCase() })
      const { content } = (document.paths[path]?.[method]?.responses[status] ?? {}) as unknown as {
        readonly content: { readonly 'application/json': { readonly schema: object } }
      }
      const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
        content['application/json'].schema,
      )
      const text = await answer.text()
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
      expect([url, String(answer.status), validate(JSON.parse(text)), validate.errors]).toEqual([
        url,
        status,
        true,
        null,
      ])
    }
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
    const answer = await service.get(`/fingerprints/${found?.fingerprint ?? ''}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/episodes/${found?.id}`])
    const text = await service.text(`/episodes/${found?.id}`)
    for (const words of ['&quot;RS256&quot;', '&quot;HS256&quot;', 'Stands since', 'opened', '/runs/1'])
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
