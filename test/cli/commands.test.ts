import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { FINDING_INFO } from '../../src/words/kinds.ts'
import { policyNames } from '../support/policy-names.ts'
import { identifiersOf, tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, readReport, reportIn, run } from './run.ts'

describe('tenant-drift init', () => {
  it('makes a check in sync, of an API with every sample of every field, and any change after it is drift', async () => {
    const tenant = await tenantWith({ apis: 2 })
    const samples = Math.max(...FIELDS.map((row) => row.samples.length))
    for (let index = 0; index < samples; index++) {
      const fields = FIELDS.filter(
        (row) => !row.path.includes('.') && row.writable !== 'never' && row.compare !== 'key',
      )
      const values = fields.map(
        (row) => [row.path, row.samples[index % Math.max(1, row.samples.length)] ?? null] as const,
      )
      tenant.create({
        ...Object.fromEntries(values.filter(([, value]) => value !== null)),
        identifier: `urn:sample:${index}`,
      })
    }
    tenant.create({ identifier: 'urn:${odd}', name: 'a\u202Eb', scopes: [{ value: '*', description: '${x}' }] })
    const root = folderWith()
    const env = envOf(tenant)
    expect((await run(['init', 'acme'], { cwd: root, env })).code).toBe(0)
    const cwd = path.join(root, 'acme')
    expect(readdirSync(cwd).sort()).toEqual(['declared', 'tenant-drift.recorded.json', 'tenant-drift.yaml'])
    const { code, out } = await run(['check', '--output', 'json', '--quiet'], { cwd, env })
    expect(reportIn(out).findings).toEqual([])
    expect([code, reportIn(out).summary.declared]).toEqual([0, identifiersOf(tenant).length])

    for (const [identifier, patch] of [
      ['urn:${odd}', { name: 'other' }],
      ['urn:${odd}', { scopes: [] }],
      ['urn:sample:0', { token_lifetime: 61 }],
      ['urn:sample:1', { unheard_of: true }],
      [tenant.audience, { token_lifetime: 61 }],
    ] as const) {
      const before = tenant.list().find((api) => api.identifier === identifier) ?? {}
      tenant.edit(identifier, patch)
      expect([identifier, patch, (await run(['check', '--quiet'], { cwd, env })).code]).toEqual([identifier, patch, 2])
      tenant.put(before)
    }
    const text = readdirSync(path.join(cwd, 'declared'))
      .map((name) => readFileSync(path.join(cwd, 'declared', name), 'utf8'))
      .join('')
    expect(text).not.toMatch(/^[ -]*"?(signing_secret|client_id|id|is_system)"?:/m)
  }, 60_000)

  it('puts a hundred APIs into a file where there are more than that', async () => {
    const tenant = await tenantWith({ apis: 250, scopesPerApi: 0 })
    const cwd = folderWith()
    expect((await run(['init'], { cwd, env: envOf(tenant) })).code).toBe(0)
    expect(readdirSync(path.join(cwd, 'declared'))).toEqual(['apis-001.yaml', 'apis-002.yaml', 'apis-003.yaml'])
    expect((await run(['check', '--quiet'], { cwd, env: envOf(tenant) })).code).toBe(0)
  })

  it.each(['tenant-drift.yaml', 'declared/mine.yaml', 'tenant-drift.recorded.json'])(
    'overwrites nothing: %s',
    async (name) => {
      const tenant = await tenantWith()
      const cwd = folderWith({ [name]: 'accept: []\n' })
      const { code, err } = await run(['init', '.'], { cwd, env: envOf(tenant) })
      expect([code, tenant.requests()]).toEqual([1, {}])
      expect(err).toContain('name another folder')
    },
  )

  it('writes nothing where the tenant cannot be read', async () => {
    const tenant = await tenantWith()
    tenant.setFault({ kind: 'empty-list' })
    const cwd = folderWith()
    expect((await run(['init'], { cwd, env: envOf(tenant) })).code).toBe(1)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('tenant-drift record and snapshot', () => {
  it('write no secret, and the same bytes for the same tenant and clock', async () => {
    const tenant = await tenantWith({ apis: 3 })
    tenant.create({ identifier: 'urn:secret', signing_alg: 'HS256', signing_secret: 'a-secret-that-signs-tokens' })
    const cwd = folderWith()
    const io = { cwd, env: envOf(tenant) }
    const secrets = tenant.list().flatMap((api) => (typeof api.signing_secret === 'string' ? [api.signing_secret] : []))
    const first = await run(['snapshot'], io)
    const second = await run(['snapshot'], io)
    expect([first.code, first.out]).toEqual([0, second.out])
    expect(secrets.length).toBeGreaterThan(0)
    for (const secret of secrets) expect(first.out).not.toContain(secret)
    expect((await run(['record'], io)).code).toBe(0)
    expect(readFileSync(path.join(cwd, 'tenant-drift.recorded.json'), 'utf8')).toBe(first.out)
  })

  it('hide a new field that sounds secret, and watch it all the same', async () => {
    const tenant = await tenantWith()
    tenant.put({ id: '66a1f0000000000000000001', identifier: 'urn:a', client_secret: 'planted-one' })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: 'urn:a' }] } })
    const io = { cwd, env: envOf(tenant) }
    const check = () => run(['check', '--output', 'json'], io)

    await run(['record'], io)
    await run(['snapshot', 'live.json'], io)
    const written = ['tenant-drift.recorded.json', 'live.json'].map((name) =>
      readFileSync(path.join(cwd, name), 'utf8'),
    )
    const same = await check()
    const bySnapshot = await run(['check', '--live', 'live.json'], { cwd })
    tenant.put({ id: '66a1f0000000000000000001', identifier: 'urn:a', client_secret: 'planted-two' })
    const changed = await check()

    expect(written.join()).not.toContain('planted')
    expect([same.code, bySnapshot.code, changed.code]).toEqual([0, 0, 2])
    expect(reportIn(changed.out).findings).toMatchObject([
      { kind: 'unknown-field', path: 'client_secret', counts: true, base: { hidden: true }, live: { hidden: true } },
    ])
    expect(changed.out).not.toMatch(/planted|scrypt/)
  })

  it('record refuses to replace the record of another tenant', async () => {
    const [one, other] = [await tenantWith(), await tenantWith()]
    const cwd = folderWith()
    expect((await run(['record'], { cwd, env: envOf(one) })).code).toBe(0)
    const { code, err } = await run(['record'], { cwd, env: envOf(other) })
    expect([code, err]).toEqual([1, expect.stringContaining('give another file with --recorded')])
  })

  it.each([['record'], ['snapshot', 'x.json'], ['init']])(
    '%s writes nothing of a reading that is not whole',
    async (...argv) => {
      const tenant = await tenantWith()
      tenant.setFault({ kind: 'truncate', match: { method: 'GET' } })
      const cwd = folderWith()
      const { code, err } = await run([...argv, '--deadline', '2s'], { cwd, env: envOf(tenant) })
      expect([code, readdirSync(cwd)]).toEqual([1, []])
      expect(err).toContain('not complete JSON')
    },
  )
})

describe('tenant-drift report', () => {
  it('renders what check rendered, byte for byte', async () => {
    const tenant = await tenantWith({ apis: 2 })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: 'urn:gone' }] } })
    const formats = ['text', 'json', 'markdown', 'sarif', 'junit', 'github', 'gitlab', 'html']
    const outputs = formats.flatMap((format) => ['--output', `${format}=${format}.out`])
    await run(['check', ...outputs], { cwd, env: envOf(tenant) })
    for (const format of formats) {
      const { code, out } = await run(['report', 'json.out', '--output', format], { cwd })
      expect([format, code, out]).toEqual([format, 0, readFileSync(path.join(cwd, `${format}.out`), 'utf8')])
    }
  })

  it.each([
    ['none.json', 'cannot be read'],
    ['empty.json', 'It is empty'],
  ])('%s is 1', async (file, message) => {
    const { code, err } = await run(['report', file], { cwd: folderWith({ 'empty.json': '' }) })
    expect([code, err]).toEqual([1, expect.stringContaining(message)])
  })

  it('writes no SARIF of an incomplete run, and says so with 1', async () => {
    const tenant = await tenantWith()
    tenant.setFault({ kind: 'html' })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
    const ran = await run(['check', '--output', 'json=r.json', '--output', 'sarif=r.sarif', '--deadline', '1s'], {
      cwd,
      env: envOf(tenant),
    })
    expect([ran.code, readdirSync(cwd).includes('r.sarif')]).toEqual([1, false])
    const { code, err } = await run(['report', 'r.json', '--output', 'sarif=r.sarif'], { cwd })
    expect([code, readdirSync(cwd).includes('r.sarif')]).toEqual([1, false])
    expect(err).toContain('No SARIF was written')
  })
})

describe('tenant-drift accept', () => {
  async function drifted(files: Readonly<Record<string, unknown>> = {}) {
    const tenant = await tenantWith()
    tenant.create({ identifier: 'urn:a', signing_alg: 'PS256', scopes: [{ value: '*' }] })
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256', scopes: [] }] },
      ...files,
    })
    const io = { cwd, env: envOf(tenant) }
    await run(['check', '--output', 'json=r.json'], io)
    const prints = readReport(cwd, 'r.json')
      .findings.filter(({ counts }) => counts)
      .map(({ fingerprint }) => fingerprint)
    return { tenant, cwd, io, prints }
  }
  const about = ['--reason', 'a "reason": with # marks', '--owner', 'team', '--expires', '2027-06-30']

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['no configuration', {}],
    ['one without rules', { 'tenant-drift.yaml': '# ours\ngate: all # stays\n' }],
    ['an empty list', { 'tenant-drift.yaml': 'accept: [] # rules\ngate: all\n' }],
    [
      'a list',
      {
        'tenant-drift.yaml':
          'accept:\n- {resource_server: x, path: y, reason: r, owner: o, expires: 2027-01-01}\n\n# end\ngate: all\n',
      },
    ],
    ['its own file', { 'tenant-drift.yaml': 'accept: ./own.yaml\n', 'own.yaml': '# ours\n' }],
    [
      'its own file that is a mapping',
      {
        'tenant-drift.yaml': 'accept: ./own.yaml\n',
        'own.yaml': 'accept:\n  - {resource_server: x, path: y, reason: r, owner: o, expires: 2027-01-01}\n',
      },
    ],
    ['JSON', { 'tenant-drift.json': { gate: 'all' } }],
  ])('writes rules that hide exactly what was seen, into %s', async (_name, files) => {
    const { tenant, cwd, io, prints } = await drifted(files)
    expect(prints).toHaveLength(2)
    const [one = '', two = ''] = prints
    expect(await run(['accept', one, ...about], io)).toMatchObject({ code: 0 })
    expect((await run(['check', '--quiet'], io)).code).toBe(2)
    expect(await run(['accept', two.slice(0, 10), '--report', 'r.json', ...about], { cwd })).toMatchObject({ code: 0 })
    const { code, out } = await run(['check', '--output', 'json'], io)
    expect([code, reportIn(out).ignored.map(({ reason }) => reason)]).toEqual([
      0,
      ['a "reason": with # marks', 'a "reason": with # marks'],
    ])
    // A scope called * is that scope, and no other; another value is not the one that was accepted.
    tenant.edit('urn:a', { scopes: [{ value: '*' }, { value: 'more' }] })
    expect((await run(['check', '--quiet'], io)).code).toBe(2)
    tenant.edit('urn:a', { scopes: [{ value: '*' }], signing_alg: 'HS256' })
    expect((await run(['check', '--quiet'], io)).code).toBe(2)
    for (const [name, text] of Object.entries(files)) {
      const comments = typeof text === 'string' ? (text.match(/# \w+/g) ?? []) : []
      for (const comment of comments) expect(readFileSync(path.join(cwd, name), 'utf8')).toContain(comment)
    }
  })

  it.each([
    ['a day that is over', ['--expires', '2026-11-23'], 'that day is over'],
    ['no day', ['--expires', 'soon'], '--expires: expires must be a day'],
    ['an empty reason', ['--reason', ''], '--reason: reason must not be empty'],
  ])('refuses %s before it asks the tenant anything', async (_name, flags, message) => {
    const { tenant, io, prints } = await drifted()
    tenant.reset()
    const { code, err } = await run(['accept', prints[0] ?? '', ...about, ...flags], io)
    expect([code, err, tenant.requests()]).toEqual([1, expect.stringContaining(message), {}])
  })

  it.each([
    ['0000000000', 'no finding has the fingerprint'],
    ['nonsense', 'is not a fingerprint'],
  ])('refuses %s', async (print, message) => {
    const { io } = await drifted()
    const { code, err } = await run(['accept', print, ...about], io)
    expect([code, err]).toEqual([1, expect.stringContaining(message)])
  })

  it.each(['--reason', '--owner', '--expires'])('needs %s', async (flag) => {
    const at = about.indexOf(flag)
    const argv = about.filter((_word, index) => index !== at && index !== at + 1)
    const { code, err } = await run(['accept', '0123456789', ...argv])
    expect([code, err]).toEqual([1, expect.stringContaining(flag)])
  })
})

describe('tenant-drift explain', () => {
  it.each([
    ...Object.keys(FINDING_INFO),
    ...FIELDS.map((row) => row.path),
    ...policyNames(),
    ...Object.keys(ERROR_CODES),
    'scopes.read:orders.description',
  ])('knows %s', async (name) => {
    const { code, out } = await run(['explain', name])
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([])
  })

  it('says of a policy what its kind means, how to mend it, and what it does by default', async () => {
    const { out } = await run(['explain', 'missing-api'])
    const text = out.replaceAll(/\s+/g, ' ')
    expect(text).toContain(FINDING_INFO.missing.mend)
    expect(text).toContain('In a preview: mandatory, unless it is configured.')
    const field = (await run(['explain', 'signing-alg-drift'])).out.replaceAll(/\s+/g, ' ')
    expect(field).toContain('In a preview: mandatory from severity high on, advisory below')
  })

  it('suggests what is near, and is 1', async () => {
    const { code, err } = await run(['explain', 'unmanagd'])
    expect([code, err]).toEqual([1, expect.stringContaining('Did you mean unmanaged')])
  })
})

describe('tenant-drift schema', () => {
  it.each([
    [['schema'], 'declared.schema.json'],
    [['schema', 'config'], 'config.schema.json'],
    [['schema', 'report'], 'report.schema.json'],
    [['schema', 'history'], 'history.schema.json'],
    [['schema', 'repair'], 'repair.schema.json'],
    [['schema', 'event'], 'event.schema.json'],
  ])('%j prints what is published as %s', async (argv, file) => {
    const { code, out } = await run(argv)
    expect([code, out]).toEqual([0, readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8')])
  })
})

describe('tenant-drift doctor', () => {
  it('says what is in excess, and is 0 where a check can run', async () => {
    const tenant = await tenantWith({ apis: 2, rate: { burst: 8, perSecond: 2 } })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
    const { code, out } = await run(['doctor'], { cwd, env: envOf(tenant), now: Date.now })
    expect(code).toBe(0)
    for (const fact of [
      'scopes: read:resource_servers is there',
      'scopes that are not needed: create:',
      'audience: the list holds',
      'of 8 requests left',
      'Node ',
      'recorded: nothing',
    ]) {
      expect(out).toContain(fact)
    }
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['no domain', { AUTH0_API_TOKEN: 'x' }, 'AUTH0_DOMAIN'],
    ['no credentials', { AUTH0_DOMAIN: 'http://127.0.0.1:9' }, 'No credentials'],
    [
      'nobody who answers',
      { AUTH0_DOMAIN: 'http://127.0.0.1:9', AUTH0_API_TOKEN: 'x', TENANT_DRIFT_DEADLINE: '1s' },
      'unreachable',
    ],
  ])('with %s is 1 and says so', async (_name, env, fact) => {
    const { code, out } = await run(['doctor'], { cwd: folderWith(), env })
    expect([code, out]).toEqual([1, expect.stringContaining(fact)])
  })

  it('does not start a pulumi that lies in the work tree', async () => {
    const cwd = folderWith({ 'node_modules/.bin/pulumi': '#!/bin/sh\necho ran > ran\necho v3.999.0\n' })
    chmodSync(path.join(cwd, 'node_modules', '.bin', 'pulumi'), 0o755)

    const { out } = await run(['doctor'], { cwd, env: { PATH: path.join(cwd, 'node_modules', '.bin') } })

    expect(out).toContain('Pulumi: not on PATH')
    expect(existsSync(path.join(cwd, 'ran'))).toBe(false)
  })

  it('names a missing scope', async () => {
    const tenant = await tenantWith()
    const token = await tenant.issueToken({ scopes: ['read:clients'] })
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: token }
    const { code, out } = await run(['doctor'], {
      cwd: folderWith({ 'declared/a.json': { resource_servers: [] } }),
      env,
      now: Date.now,
    })
    expect([code, out]).toEqual([1, expect.stringContaining('fail  scopes: read:resource_servers is missing')])
  })
})
