import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Affected } from '../../src/schema/affected.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Report } from '../../src/schema/report.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { folderWith, run, write } from '../cli/run.ts'
import { start } from '../simulator/call.ts'
import { builtFile, isBuilt, runBuilt, type Ran } from '../support/built.ts'

const COMMAND = builtFile('bin/tenant-drift.js')
const READ = 'read:resource_servers'
const MORE = ['read:client_grants', 'read:client_summary', 'read:clients', 'read:tenant_settings'] as const
const ALL = [READ, ...MORE]
const API = 'https://api-00001.example.com/'
const CLEAN = { resource_servers: [{ identifier: API, signing_alg: 'RS256', token_lifetime: 86_400 }] }
const apiNumber = (number: number): string => `https://api-${String(number).padStart(5, '0')}.example.com/`

interface Checked extends Ran {
  readonly report: Report
  readonly requests: Readonly<Record<string, number>>
}

interface RunIn {
  readonly cwd: string
  readonly env: Record<string, string>
}

interface Given {
  readonly declared?: unknown
  readonly files?: object
  readonly env?: Record<string, string>
  /** The same code without a process for it, where there are many of a kind. */
  readonly inProcess?: true
}

/** `check` as it ships, with a token of these scopes, in a folder that declares what `declared` says. */
async function check(
  tenant: Simulator,
  scopes: readonly string[],
  argv: readonly string[] = ['--affected'],
  { declared = CLEAN, files = {}, env = {}, inProcess }: Given = {},
): Promise<Checked> {
  const cwd = folderWith({ 'declared/apis.json': declared, ...files })
  tenant.reset()
  const runIt =
    inProcess === undefined ? (args: string[], options: RunIn) => runBuilt([COMMAND, ...args], options) : run
  const ran = await runIt(['check', '--output', 'json', ...argv], {
    cwd,
    env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: await tenant.issueToken({ scopes }), ...env },
  })
  return { ...ran, report: JSON.parse(ran.out) as Report, requests: tenant.requests() }
}

/** Of the gravest finding that counts. */
function affectedOf({ report }: Checked): Affected {
  const [first] = report.findings
  if (first?.affected === undefined) throw new Error('nothing that counts says whom it hits')
  return first.affected
}

const drifted = async (options: Parameters<typeof start>[0] = {}): Promise<Simulator> => {
  const tenant = await start({ apis: 3, clients: 8, grantsPerApi: 4, ...options })
  tenant.edit(API, { signing_alg: 'HS256' })
  return tenant
}

/** Every set of the scopes. */
const SETS = MORE.reduce<readonly (readonly string[])[]>(
  (sets, scope) => sets.flatMap((set) => [set, [...set, scope]]),
  [[]],
)

describe.skipIf(!isBuilt)('check --affected, as it ships', () => {
  it('says what it may know, and that it does not know the rest, with every set of scopes', async () => {
    const tenant = await drifted()
    const seen: (readonly [string, readonly string[], number | null, number])[] = []
    const codes = new Set<string>()
    for (const set of SETS) {
      const isWide = set.length > 0 && set.length < MORE.length
      const ran = await check(tenant, [READ, ...set], ['--affected'], isWide ? { inProcess: true } : {})
      const { unknown, total } = affectedOf(ran)
      seen.push([
        set.map((scope) => scope.slice(5)).join(' '),
        unknown.map(({ what, because }) => (because === 'no-scope' ? what : `${what}: ${because}`)),
        total,
        ran.report.proof?.requests.affected ?? 0,
      ])
      codes.add(`${set.join()}: ${ran.code} ${ran.report.verdict}`)
    }
    expect([...codes]).toEqual(SETS.map((set) => `${set.join()}: 2 drifted`))
    const nothing = ['grants', 'names', 'applications']
    expect(seen).toEqual([
      ['', [...nothing, 'default-audience'], null, 0],
      ['tenant_settings', nothing, null, 1],
      ['clients', ['grants', 'default-audience'], 6, 1],
      ['clients tenant_settings', ['grants'], 6, 2],
      ['client_summary', ['grants', 'applications', 'default-audience'], null, 1],
      ['client_summary tenant_settings', ['grants', 'applications'], null, 2],
      ['client_summary clients', ['grants', 'default-audience'], 6, 1],
      ['client_summary clients tenant_settings', ['grants'], 6, 2],
      ['client_grants', ['names', 'applications', 'default-audience'], 4, 1],
      ['client_grants tenant_settings', ['names', 'applications'], 4, 2],
      ['client_grants clients', ['default-audience'], 7, 2],
      ['client_grants clients tenant_settings', [], 7, 3],
      ['client_grants client_summary', ['applications', 'default-audience'], 4, 2],
      ['client_grants client_summary tenant_settings', ['applications'], 4, 3],
      ['client_grants client_summary clients', ['default-audience'], 7, 2],
      ['client_grants client_summary clients tenant_settings', [], 7, 3],
    ])
  })

  it('asks nothing more where nothing counts', async () => {
    const tenant = await start({ apis: 3, clients: 8, grantsPerApi: 4 })
    const plain = await check(tenant, ALL, [])
    expect(plain.code).toBe(0)
    for (const flags of [['--affected'], ['--who', '--affected']]) {
      const asked = await check(tenant, [...ALL, 'read:logs'], flags)
      expect(asked.code).toBe(0)
      expect(asked.requests).toEqual(plain.requests)
      expect(asked.report.proof?.requests).toEqual(plain.report.proof?.requests)
    }
  })

  it('asks for ten drifted APIs of a thousand what it promises, and for eleven one list of grants', async () => {
    const tenant = await start({ apis: 1000, clients: 250, grantsPerApi: 2 })
    const declared = {
      resource_servers: Array.from({ length: 11 }, (_, index) => ({ identifier: apiNumber(index + 1), name: 'x' })),
    }
    for (const { identifier } of declared.resource_servers) tenant.edit(identifier, { name: 'x' })
    // Of one API more than a page of grants.
    for (let index = 0; index < 120; index += 1)
      tenant.putGrant({ id: `cgr_more${index}`, client_id: `more${index}`, audience: apiNumber(1), scope: [] })
    const drift = (count: number): void => {
      for (let index = 1; index <= count; index += 1) tenant.edit(apiNumber(index), { name: 'drifted' })
    }
    drift(10)
    const plain = await check(tenant, ALL, [], { declared })
    const ten = await check(tenant, ALL, ['--affected'], { declared })
    expect(ten.report.summary.counting).toBe(10)
    expect(ten.requests).toEqual({
      ...plain.requests,
      'GET /api/v2/client-grants': 9 + 2,
      'GET /api/v2/clients': 3,
      'GET /api/v2/tenants/settings': 1,
    })
    drift(11)
    const eleven = await check(tenant, ALL, ['--affected'], { declared })
    const grants = tenant.grants().length
    expect(eleven.report.summary.counting).toBe(11)
    expect(eleven.requests['GET /api/v2/client-grants']).toBe(Math.ceil(grants / 100))
    expect(eleven.report.findings.filter(({ affected }) => affected !== undefined)).toHaveLength(11)
  })

  it('never asks for secrets, and writes none, whatever its token may read', async () => {
    const tenant = await drifted()
    const queries: string[] = []
    tenant.onRequest(({ path: place, query, method }) => {
      queries.push(`${method} ${place}?${query.toString()}`)
    })
    const cwd = folderWith({ 'declared/apis.json': CLEAN })
    const scopes = [...ALL, 'read:client_keys', 'read:client_credentials']
    const formats = ['json', 'sarif', 'junit', 'markdown', 'gitlab', 'html']
    const outputs = formats.flatMap((format) => ['--output', `${format}=${format}.out`])
    const ran = await runBuilt([COMMAND, 'check', '--affected', '--output', 'text', ...outputs], {
      cwd,
      env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: await tenant.issueToken({ scopes }) },
    })
    expect(ran.code).toBe(2)
    const asked = queries.filter((query) => query.includes('/clients'))
    expect(asked).toHaveLength(1)
    expect(asked.join()).not.toMatch(/secret|signing_key|encryption|credential/)
    expect(asked.join()).toMatch(/fields=/)
    expect(queries.every((query) => query.startsWith('GET '))).toBe(true)
    const written = [
      ran.out,
      ran.err,
      ...formats.map((format) => readFileSync(path.join(cwd, `${format}.out`), 'utf8')),
    ]
    const secrets = tenant
      .clients()
      .flatMap(({ client_secret: secret }) => (typeof secret === 'string' ? [secret] : []))
    expect(secrets.length).toBeGreaterThan(5)
    expect(secrets.filter((secret) => written.some((text) => text.includes(secret)))).toEqual([])
  })

  const BROKEN = { status: 500, kind: 'status' } as const
  const FAULTS: readonly (readonly [string, string, Parameters<Simulator['setFault']>[0], readonly string[]])[] = [
    ['grants that break', '/api/v2/client-grants', BROKEN, ['grants: not-readable']],
    ['grants that are forbidden', '/api/v2/client-grants', { kind: 'status', status: 403 }, ['grants: no-scope']],
    ['grants that are a page', '/api/v2/client-grants', { kind: 'html' }, ['grants: not-readable']],
    ['grants without a body', '/api/v2/client-grants', { kind: 'empty' }, ['grants: not-readable']],
    ['applications that break', '/api/v2/clients', BROKEN, ['names: not-readable', 'applications: not-readable']],
    [
      'applications that are forbidden',
      '/api/v2/clients',
      { kind: 'status', status: 403 },
      ['names: no-scope', 'applications: no-scope'],
    ],
    [
      'applications forbidden once',
      '/api/v2/clients',
      { kind: 'status', status: 403, times: 1 },
      ['applications: no-scope'],
    ],
    ['settings that break', '/api/v2/tenants/settings', BROKEN, ['default-audience: not-readable']],
    ['a limit that is hit once', '/api/v2/client-grants', { kind: 'status', status: 429, times: 1 }, []],
  ]
  it('keeps its verdict with what the tenant does not answer, and says what it does not know', async () => {
    // Side by side: what breaks is asked again after a while.
    const seen = await Promise.all(
      FAULTS.map(async ([title, place, fault]) => {
        const tenant = await drifted()
        const cwd = folderWith({ 'declared/apis.json': CLEAN })
        tenant.setFault({ ...fault, match: { path: place } })
        const ran = await run(['check', '--affected', '--output', 'json', '--deadline', '20s'], {
          cwd,
          env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: await tenant.issueToken({ scopes: ALL }) },
        })
        const { verdict, errors, findings } = JSON.parse(ran.out) as Report
        const unknown = findings[0]?.affected?.unknown.map(({ what, because }) => `${what}: ${because}`)
        return [title, ran.code, verdict, errors, unknown]
      }),
    )
    expect(seen).toEqual(FAULTS.map(([title, , , unknown]) => [title, 2, 'drifted', [], unknown]))
  })

  it('keeps its verdict where no more requests may be sent', async () => {
    const ran = await check(await drifted(), ALL, ['--affected', '--max-requests', '2'])
    expect([ran.code, ran.report.verdict, Object.values(ran.requests).reduce((sum, count) => sum + count, 0)]).toEqual([
      2,
      'drifted',
      2,
    ])
    expect(affectedOf(ran).unknown.length).toBeGreaterThan(0)
  })

  it('is a key of the file and a variable, and nothing that a snapshot can tell', async () => {
    const tenant = await drifted()
    const file = await check(tenant, ALL, [], { files: { 'tenant-drift.yaml': 'affected: true\n' } })
    expect(affectedOf(file).total).toBe(7)
    const variable = await check(tenant, ALL, [], { env: { TENANT_DRIFT_AFFECTED: 'true' } })
    expect(affectedOf(variable).total).toBe(7)
    const off = await check(tenant, ALL, [])
    expect(off.report.findings.filter(({ affected }) => affected !== undefined)).toEqual([])

    const cwd = folderWith({ 'declared/apis.json': CLEAN })
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
    expect((await runBuilt([COMMAND, 'snapshot', 'live.json'], { cwd, env })).code).toBe(0)
    tenant.reset()
    const live = await runBuilt([COMMAND, 'check', '--affected', '--live', 'live.json', '--output', 'json'], {
      cwd,
      env,
    })
    const report = JSON.parse(live.out) as Report
    expect([live.code, tenant.requests()]).toEqual([2, {}])
    expect(report.findings[0]?.affected).toMatchObject({ total: null, unknown: [{ because: 'no-tenant' }, {}, {}, {}] })
  })

  it('says the same in the same bytes', async () => {
    const tenant = await drifted()
    const env = { SOURCE_DATE_EPOCH: '1796025600' }
    const [a, b] = [await check(tenant, ALL, undefined, { env }), await check(tenant, ALL, undefined, { env })]
    expect(a.out).toBe(b.out)
  })

  it('tells people in one line, and every application on request', async () => {
    const tenant = await drifted({ clients: 30, grantsPerApi: 12 })
    const hostile = '<script>::error::</script> | `x` \u202E @all'
    tenant.putClient({ ...(tenant.clients()[2] as JsonObject), name: hostile })
    tenant.setSettings({ default_audience: API })
    const cwd = folderWith()
    write(cwd, { 'declared/apis.json': CLEAN })
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: await tenant.issueToken({ scopes: ALL }) }
    const outputs = ['json', 'markdown', 'html'].flatMap((format) => ['--output', `${format}=report.${format}`])
    const ran = await runBuilt([COMMAND, 'check', '--affected', '--output', 'text', ...outputs], { cwd, env })
    const flat = ran.out.replaceAll(/\s+/g, ' ')
    expect(flat).toMatch(
      /Hits 25 applications: .+, .+, .+ and 22 more; first-party applications need no grant; it is the default audience; services that check its tokens are hit, too\./,
    )
    expect(ran.out).not.toContain('\u202E')
    const markdown = readFileSync(path.join(cwd, 'report.markdown'), 'utf8')
    expect(markdown).toContain('<details><summary>row 1: Hits 25 applications; first-party applications need no grant')
    // The name is code, with more backticks around it than it has.
    expect(markdown).toMatch(/^- ``<script>.*``$/m)
    const html = readFileSync(path.join(cwd, 'report.html'), 'utf8')
    expect(html).toMatch(/<details class="apis affected"><summary>Hits 25 applications: /)
    expect(html).not.toContain('<script>::error')
    const report = JSON.parse(readFileSync(path.join(cwd, 'report.json'), 'utf8')) as Report
    const explained = await runBuilt(
      [COMMAND, 'explain', report.findings[0]?.fingerprint ?? '', '--report', 'report.json'],
      { cwd, env: {} },
    )
    expect(explained.code).toBe(0)
    expect(explained.out.match(/^ {2}- /gm)).toHaveLength(21)
    expect(explained.out).toMatch(/and 5 more applications/)
  })
})

describe.skipIf(!isBuilt)('repair', () => {
  it('says for whom a step matters, where the settings ask', async () => {
    const tenant = await drifted()
    const cwd = folderWith({ 'declared/apis.json': CLEAN, 'tenant-drift.yaml': 'affected: true\n' })
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: await tenant.issueToken({ scopes: ALL }) }
    const ran = await runBuilt([COMMAND, 'repair', '--include-breaking'], { cwd, env })
    expect([ran.code, ran.out.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringMatching(/\. Hits 7 applications: [^:.]+ too\. /),
    ])
    expect(Object.keys(tenant.requests()).every((request) => request.startsWith('GET '))).toBe(true)
  })
})

describe.skipIf(!isBuilt)('doctor', () => {
  const doctor = async (scopes: readonly string[], argv: readonly string[]): Promise<string> => {
    const tenant = await start({ apis: 1 })
    const cwd = folderWith({ 'declared/apis.json': CLEAN })
    const ran = await runBuilt([COMMAND, 'doctor', ...argv], {
      cwd,
      env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: await tenant.issueToken({ scopes }) },
    })
    expect(ran.code).toBe(0)
    return ran.out.replaceAll(/\s+/g, ' ')
  }

  it('lists the scopes and what each gives, and calls them that are not needed where nothing uses them', async () => {
    const said = await doctor(ALL, [])
    expect(said).toContain('scopes that are not needed: read:client_grants, read:client_summary, read:clients')
    for (const scope of MORE) expect(said).toContain(`${scope} shows`)
  })

  it('calls none that are not needed that the setting uses, and says which are not there', async () => {
    const said = await doctor([READ, 'read:client_grants', 'read:clients'], ['--affected'])
    expect(said).not.toContain('that are not needed')
    expect(said).toContain('ok scopes: read:client_grants is there')
    expect(said).toContain('ok scopes: read:client_summary is not needed beside read:clients')
    expect(said).toContain('note scopes: read:tenant_settings is not there: it would show the default audience')
  })
})
