import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FIELDS, topRows } from '../../src/schema/fields.ts'
import { own, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { FORMATS } from '../../src/schema/output-formats.ts'
import type { Fault } from '../../src/simulator/options.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { FAULT_KINDS } from '../../src/simulator/front.ts'
import { identifiersOf, LIST, requestsOf, tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, readReport, reportIn, run, write, type Ran } from './run.ts'

const ORDERS = 'https://orders.example.com/'
const declaration = (...servers: readonly JsonObject[]) => ({ resource_servers: servers })

/** A tenant with one declared API, and the folder that declares it. */
async function ordersTenant(): Promise<{ tenant: Simulator; cwd: string; check: (...argv: string[]) => Promise<Ran> }> {
  const tenant = await tenantWith()
  tenant.create({ identifier: ORDERS, name: 'Orders' })
  const cwd = folderWith({ 'declared/orders.json': declaration({ identifier: ORDERS, signing_alg: 'RS256' }) })
  return { tenant, cwd, check: (...argv) => run(['check', ...argv], { cwd, env: envOf(tenant) }) }
}

describe('tenant-drift check', () => {
  it('exits 0 where all stands as declared, and says so on standard output alone', async () => {
    const { check } = await ordersTenant()
    const { code, out, err } = await check('--quiet')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('IN SYNC')
  })

  it('exits 2 on drift, and below --fail-on only the exit code changes', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    expect((await check()).code).toBe(2)
    const { code, out } = await check('--fail-on', 'high', '--output', 'json')
    expect([code, reportIn(out).verdict]).toEqual([0, 'drifted'])
    expect((await check('--fail-on', 'never')).code).toBe(0)
  })

  it('sends nothing but the list for a tenant in sync, and needs one scope', async () => {
    const { tenant, cwd } = await ordersTenant()
    const token = await tenant.issueToken({ scopes: ['read:resource_servers'] })
    const { code } = await run(['check'], { cwd, env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: token } })
    expect(code).toBe(0)
    expect(tenant.requests()).toEqual({ [`GET ${LIST}`]: 1 })
  })

  it('finds missing APIs, and asks for each before it says so', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.remove(ORDERS)
    const { code, out } = await check('--output', 'json')
    expect(code).toBe(2)
    expect(reportIn(out).findings).toMatchObject([{ kind: 'missing', counts: true, identifier: ORDERS }])
    expect(requestsOf(tenant)).toEqual({ token: 0, list: 1, item: 1 })
  })

  it('without credentials is 1, never 0', async () => {
    const { cwd, tenant } = await ordersTenant()
    const { code, out } = await run(['check'], { cwd, env: { AUTH0_DOMAIN: tenant.domain } })
    expect(code).toBe(1)
    expect(out).toContain('No credentials')
    expect(tenant.requests()).toEqual({})
  })

  it('names every mistake of the declared files at once, and is 1', async () => {
    const { cwd, check } = await ordersTenant()
    write(cwd, {
      'declared/b.yaml': 'resource_servers:\n  - identifier: urn:b\n    signing_algo: RS256\n  - name: x\n',
    })
    const { code, out } = await check('--output', 'json')
    expect(code).toBe(1)
    const report = reportIn(out)
    expect(report.errors.map(({ message }) => message.slice(0, 20))).toEqual([
      'declared/b.yaml:3:5:',
      'declared/b.yaml:4:5:',
    ])
    expect([report.verdict, report.exitCode]).toEqual(['incomplete', 1])
  })

  it('refuses declared files of another tenant', async () => {
    const { cwd, check } = await ordersTenant()
    write(cwd, { 'declared/orders.json': { tenant: 'other.eu.auth0.com', ...declaration() } })
    const { code, out } = await check()
    expect(code).toBe(1)
    expect(out.replaceAll(/\s+/g, ' ')).toContain('the declared files are for other.eu.auth0.com')
  })

  it.each([
    [['check', '--fail-onn', 'any'], 'Did you mean --fail-on?'],
    [['chekc'], 'Did you mean check?'],
    [['check', 'extra'], 'too many arguments'],
    [['check', '--gate', 'some'], 'Allowed choices are all, touched'],
    [['check', '--output', 'yaml'], 'no such format'],
    [['check', '--output', 'text', '--output', 'json'], 'only one format can go to standard output'],
    [['check', '--output', 'json=a', '--output', 'sarif=./a'], 'two outputs go to one file'],
    [['check', '--deadline', 'soon'], 'flag --deadline: a duration'],
    [['check', '--max-requests', 'many'], 'a whole number from 1'],
    [['check', '--var', 'x'], 'NAME=VALUE is expected'],
    [['check', '--config', 'none.yaml'], 'none.yaml cannot be read'],
  ])('refuses %j before anything is sent', async (argv, message) => {
    const { tenant, cwd } = await ordersTenant()
    const { code, out, err } = await run(argv, { cwd, env: envOf(tenant) })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
    expect(tenant.requests()).toEqual({})
  })

  it.each([
    [['--gate', 'touched'], '--gate touched needs --base'],
    [['--only-new'], '--only-new needs --previous'],
    [['--live', 'x.json', '--confirm', '1s'], '--confirm needs a tenant'],
    [['--recorded', 'none.json'], 'recorded: the file none.json cannot be read'],
    [['--live', 'none.json'], 'live: the file none.json cannot be read'],
    [['--previous', 'none.json'], 'previous: the file none.json cannot be read'],
  ])('is 1 with %j: it says why', async (argv, message) => {
    const { check } = await ordersTenant()
    const { code, out } = await check(...argv, '--output', 'json')
    expect([code, reportIn(out).errors[0]?.message.slice(0, message.length)]).toEqual([1, message])
  })

  it('is the same bytes twice, in every format', async () => {
    const { tenant, cwd, check } = await ordersTenant()
    for (let index = 0; index < 5; index++) tenant.create({ identifier: `urn:${index}`, allow_offline_access: true })
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    const outputs = (round: number) => FORMATS.flatMap((format) => ['--output', `${format}=${round}/${format}`])
    await check(...outputs(1))
    await check(...outputs(2))
    for (const format of FORMATS) {
      const [first, second] = [1, 2].map((round) => readFileSync(path.join(cwd, String(round), format), 'utf8'))
      expect([format, first]).toEqual([format, second])
      expect(first).not.toBe('')
    }
  })

  it('writes all outputs or says which one it could not write, and leaves no pieces', async () => {
    const { cwd, check } = await ordersTenant()
    write(cwd, { 'a-file': 'x' })
    const { code, err } = await check('--output', 'json=a-file/report.json')
    expect(code).toBe(1)
    expect(err).toContain('a-file/report.json cannot be written')
    expect(readdirSync(cwd).sort()).toEqual(['a-file', 'declared'])
  })

  it('colours only where it is asked to or a terminal reads', async () => {
    const { tenant, cwd } = await ordersTenant()
    const colours = async (argv: string[], env = {}, isOutTerminal = true) =>
      (await run(['check', ...argv], { cwd, env: { ...envOf(tenant), ...env }, isOutTerminal })).out.includes('\u001B[')
    expect(await colours([])).toBe(true)
    expect(await colours([], {}, false)).toBe(false)
    expect(await colours([], { NO_COLOR: '1' })).toBe(false)
    expect(await colours([], { NO_COLOR: '' })).toBe(true)
    expect(await colours(['--color', 'always'], { NO_COLOR: '1' }, false)).toBe(true)
    expect(await colours(['--color', 'never'])).toBe(false)
    expect(await colours([], { FORCE_COLOR: '1' }, false)).toBe(true)
  })

  it('never prints a credential, whatever goes wrong', async () => {
    const { tenant, cwd } = await ordersTenant()
    const secret = 'sup3r-s3cret-value-of-a-client'
    const env = { AUTH0_DOMAIN: `user:${secret}@x.example`, AUTH0_API_TOKEN: `${secret}\n${secret}` }
    for (const argv of [
      ['check'],
      ['check', '--show-config'],
      ['doctor'],
      ['snapshot'],
      ['check', '--tenant', tenant.domain],
    ]) {
      const { code, out, err } = await run(
        [...argv, '--quiet'].filter((word) => word !== ''),
        { cwd, env },
      )
      expect(out + err).not.toContain(secret)
      expect([0, 1]).toContain(code)
    }
  })
})

describe('what nobody declares', () => {
  it('on a first run of 300 APIs is a page of grouped notices, and 0', async () => {
    const tenant = await tenantWith({ apis: 300, scopesPerApi: 2 })
    const cwd = folderWith({ 'declared/none.yaml': 'resource_servers: []\n' })
    const { code, out } = await run(['check', '--quiet'], { cwd, env: envOf(tenant) })
    expect(code).toBe(0)
    expect(out.split('\n').length).toBeLessThan(60)
  })

  it('once recorded is watched: every change of a watched field, a new API and a removed one are 2', async () => {
    const tenant = await tenantWith({ apis: 3 })
    const cwd = folderWith({ 'declared/none.yaml': 'resource_servers: []\n' })
    const io = { cwd, env: envOf(tenant) }
    const [first = ''] = identifiersOf(tenant)
    const before = tenant.list().find((api) => api.identifier === first) ?? {}
    expect((await run(['record'], io)).code).toBe(0)
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
    let tried = 0
    for (const row of topRows().filter(({ watched, compare }) => watched && compare !== 'secret')) {
      for (const value of changesOf(row.path, before)) {
        tenant.put({ ...before, [row.path]: value })
        expect([row.path, value, (await run(['check', '--quiet'], io)).code]).toEqual([row.path, value, 2])
        tried++
      }
    }
    expect(tried).toBeGreaterThan(10)
    tenant.put({ ...before, brand_new_setting: 1 })
    expect((await run(['check', '--quiet'], io)).code).toBe(2)
    tenant.put(before)
    tenant.create({ identifier: 'urn:new' })
    expect((await run(['check', '--quiet'], io)).code).toBe(2)
    tenant.remove('urn:new')
    tenant.remove(first)
    expect((await run(['check', '--quiet'], io)).code).toBe(2)
    tenant.put(before)
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  }, 60_000)
})

/** Samples of a field that differ in meaning from what an API has. */
function changesOf(field: string, api: JsonObject): readonly Json[] {
  const row = FIELDS.find(({ path: name }) => name === field)
  const present = own(api, field)
  return (row?.samples ?? []).filter(
    (sample) =>
      !sameJson(sample, present ?? null) &&
      !(present === undefined && row?.absentEquals.some((each) => sameJson(each, sample))),
  )
}

describe('a fault, alone and for ever,', () => {
  const GET = { method: 'GET' }
  const PAGE_1 = { method: 'GET', page: 1 }
  const TOKEN = { path: '/oauth/token' }
  const faults: readonly (readonly [Fault, string])[] = [
    [{ kind: 'status', match: GET }, 'server_error'],
    [{ kind: 'status', status: 401, match: GET }, 'unauthorized'],
    [{ kind: 'status', status: 403, match: GET }, 'insufficient_scope'],
    [{ kind: 'status', status: 404, match: GET }, 'not_found'],
    [{ kind: 'status', status: 429, match: GET }, 'rate_limited'],
    [{ kind: 'status', status: 503, match: TOKEN }, 'server_error'],
    [{ kind: 'reset', match: GET }, 'unreachable'],
    [{ kind: 'reset', match: PAGE_1 }, 'unreachable'],
    [{ kind: 'slow', match: GET }, 'timed_out'],
    [{ kind: 'hang', match: GET }, 'timed_out'],
    [{ kind: 'hang', match: PAGE_1 }, 'timed_out'],
    [{ kind: 'hang', match: TOKEN }, 'timed_out'],
    [{ kind: 'truncate', match: GET }, 'malformed_body'],
    [{ kind: 'truncate', match: PAGE_1 }, 'malformed_body'],
    [{ kind: 'cut', match: GET }, 'malformed_body'],
    [{ kind: 'empty', match: GET }, 'malformed_body'],
    [{ kind: 'html', match: GET }, 'malformed_body'],
    [{ kind: 'html', match: TOKEN }, 'malformed_body'],
    [{ kind: 'short-page' }, 'unstable_list'],
    [{ kind: 'duplicate' }, 'unstable_list'],
    [{ kind: 'total-changes' }, 'unstable_list'],
    [{ kind: 'total-too-small' }, 'unstable_list'],
    [{ kind: 'empty-list' }, 'implausible_list'],
    [{ kind: 'refuse-offset' }, 'incomplete_inventory'],
  ]

  it('is covered here for every kind but the one that can be read around', () => {
    const covered = new Set(faults.map(([{ kind }]) => kind))
    expect(FAULT_KINDS.filter((kind) => !covered.has(kind))).toEqual(['refuse-fields'])
  })

  it('is 1 with its code, and neither 0 nor 2, nor a missing API', async () => {
    const seen = await Promise.all(
      faults.map(async ([fault]) => {
        // More than a thousand, so that a refused offset has something to refuse.
        const tenant = await tenantWith({ apis: fault.kind === 'refuse-offset' ? 1001 : 150, scopesPerApi: 0 })
        const [first = ''] = identifiersOf(tenant)
        const cwd = folderWith({ 'declared/a.json': declaration({ identifier: first, signing_alg: 'RS256' }) })
        const { domain, client_id, client_secret } = tenant
        const env = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: client_id, AUTH0_CLIENT_SECRET: client_secret }
        tenant.setFault(fault)
        const isSlow = fault.kind === 'slow' || fault.kind === 'hang'
        const argv = ['--deadline', isSlow ? '2s' : '30s', '--output', 'json', '--fail-on', 'never', '--quiet']
        const { code, out } = await run(['check', ...argv], { cwd, env })
        const { verdict, exitCode, errors, findings } = reportIn(out)
        const codes = [...new Set(errors.map((error) => error.code))]
        return [fault, { code, verdict, exitCode, codes, missing: findings.filter(({ kind }) => kind === 'missing') }]
      }),
    )
    expect(seen).toEqual(
      faults.map(([fault, expected]) => [
        fault,
        { code: 1, verdict: 'incomplete', exitCode: 1, codes: [expected], missing: [] },
      ]),
    )
  }, 120_000)

  it('that refuses to leave secrets out costs one more request, and is said in the proof', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.setFault({ kind: 'refuse-fields' })
    const { code, out } = await check('--output', 'json')
    expect([code, reportIn(out).proof?.fieldsRefused]).toEqual([0, true])
  })
})

describe('--live', () => {
  it('judges a snapshot as the tenant itself, without credentials', async () => {
    const { tenant, cwd, check } = await ordersTenant()
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    await run(['snapshot', 'live.json'], { cwd, env: envOf(tenant) })
    await check('--output', 'json=tenant.json')
    const { code } = await run(['check', '--live', 'live.json', '--output', 'json=file.json'], { cwd })
    expect(code).toBe(2)
    expect(readReport(cwd, 'file.json').findings).toEqual(readReport(cwd, 'tenant.json').findings)
  })

  it('cannot prove a signing secret, and judges the rest where a file of its own declares it', async () => {
    const secret = 'planted-secret-0123456789'
    const tenant = await tenantWith()
    tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'HS256', signing_secret: secret })
    const cwd = folderWith({
      'declared/orders.json': declaration({ identifier: ORDERS, signing_alg: 'HS256' }),
      'with-secrets.json': {
        extends: ['declared/orders.json'],
        ...declaration({ identifier: ORDERS, signing_secret: '${orders_secret}' }),
      },
    })
    const io = { cwd, env: { ...envOf(tenant), TENANT_DRIFT_VAR_orders_secret: secret } }
    await run(['snapshot', 'live.json'], io)
    const whole = ['check', '--declared', 'with-secrets.json', '--output', 'json']
    const blind = await run([...whole, '--live', 'live.json'], io)

    expect([blind.code, reportIn(blind.out).errors.map(({ code }) => code)]).toEqual([1, ['secret_unreadable']])
    expect((await run(['check', '--live', 'live.json'], { cwd })).code).toBe(0)
    expect((await run(whole, io)).code).toBe(0)
  })

  it.each<[string, (text: string) => string, number, readonly string[], string]>([
    ['too old', (text) => text, 25, [], 'snapshot_too_old'],
    ['older than --max-age', (text) => text, 3, ['--max-age', '2h'], 'snapshot_too_old'],
    ['altered', (text) => text.replace('"RS256"', '"HS256"'), 0, [], 'snapshot_altered'],
    ['cut', (text) => text.slice(0, 200), 0, [], 'malformed_body'],
    ['of another tenant', (text) => text, 0, ['--tenant', 'other.eu.auth0.com'], 'snapshot_other_tenant'],
    ['not a snapshot', () => '{}', 0, [], 'unexpected_shape'],
  ])('%s is 1', async (_what, change, hours, argv, expected) => {
    const { tenant, cwd } = await ordersTenant()
    await run(['snapshot', 'live.json'], { cwd, env: envOf(tenant) })
    write(cwd, { 'live.json': change(readFileSync(path.join(cwd, 'live.json'), 'utf8')) })
    const now = () => Date.parse('2026-11-24T12:00:00Z') + hours * 3_600_000
    const { code, out } = await run(['check', '--live', 'live.json', '--output', 'json', ...argv], { cwd, now })
    expect([code, reportIn(out).errors[0]?.code]).toEqual([1, expected])
  })
})

describe('--previous', () => {
  it('tells new from ongoing and resolved, and --only-new fails for the new alone', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    await check('--output', 'json=1.json')
    const again = await check('--previous', '1.json', '--only-new', '--output', 'json=2.json')
    expect(again.code).toBe(0)
    const third = await check('--previous', '2.json', '--only-new', '--output', 'json')
    expect([third.code, reportIn(third.out).summary.ongoing]).toEqual([0, 1])
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    expect((await check('--previous', '2.json', '--only-new')).code).toBe(2)
    tenant.edit(ORDERS, { signing_alg: 'RS256' })
    const mended = await check('--previous', '1.json', '--output', 'json')
    expect([mended.code, reportIn(mended.out).resolved]).toMatchObject([0, [{ path: 'signing_alg' }]])
  })

  it.each([
    ['is not a report', '{"schemaVersion":2}', 'invalid_report'],
    ['was cut', '{"schemaVersion":1,', 'invalid_report'],
  ])('that %s is 1', async (_what, text, expected) => {
    const { cwd, check } = await ordersTenant()
    write(cwd, { 'r.json': text })
    const { code, out } = await check('--previous', 'r.json', '--output', 'json')
    expect([code, reportIn(out).errors[0]?.code]).toEqual([1, expected])
  })
})

describe('--target and --exclude', () => {
  it('look at named APIs alone: one request, nothing said of the others', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.create({ identifier: 'urn:other', allow_offline_access: true })
    const { code, out } = await check('--target', ORDERS, '--output', 'json')
    expect([code, reportIn(out).targeted]).toEqual([0, true])
    expect(reportIn(out).findings.filter(({ identifier }) => identifier !== ORDERS)).toEqual([])
    expect(tenant.requests()).toEqual({ [`GET ${LIST}`]: 1 })
  })

  it('find drift, a missing API and an undeclared one by name', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.create({ identifier: 'urn:other' })
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    expect((await check('--target', 'https://*')).code).toBe(2)
    expect((await check('--exclude', 'https://*')).code).toBe(0)
    tenant.remove(ORDERS)
    expect((await check('--target', ORDERS)).code).toBe(2)
    const { out } = await check('--target', 'urn:other', '--output', 'json')
    expect(reportIn(out).findings.map(({ kind }) => kind)).toContain('unmanaged')
  })

  it('take the same patterns, and an identifier that could be one as it is', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.create({ identifier: 'urn:a?b=[1]' })
    const looked = async (...argv: readonly string[]) => {
      const { code, out } = await check(...argv, '--output', 'json')
      return [code, reportIn(out).summary.declared]
    }
    for (const pattern of [ORDERS.replace('r', '?'), ORDERS.replace('r', '[a-z]'), ORDERS.replace('r', '\\r')]) {
      expect([pattern, await looked('--target', pattern)]).toEqual([pattern, [0, 1]])
      expect([pattern, await looked('--exclude', pattern)]).toEqual([pattern, [0, 0]])
    }
    const { out } = await check('--target', 'urn:a?b=[1]', '--output', 'json')
    expect(reportIn(out).findings.map(({ kind, identifier }) => [kind, identifier])).toContainEqual([
      'unmanaged',
      'urn:a?b=[1]',
    ])
  })

  it.each([
    [['--target', 'urn:nobody']],
    [['--target', 'urn:nobod?']],
    [['--target', 'nobody*']],
    [['--target', ORDERS, '--exclude', '*']],
  ])('%j is 1: a typing mistake is no proof', async (argv) => {
    const { check } = await ordersTenant()
    expect((await check(...argv)).code).toBe(1)
  })
})

describe('--max-requests', () => {
  it('says what a run needs, and refuses before anything is sent', async () => {
    const tenant = await tenantWith({ apis: 250 })
    const servers = identifiersOf(tenant).map((identifier) => ({ identifier }))
    const cwd = folderWith({ 'declared/a.json': declaration(...servers) })
    const io = { cwd, env: envOf(tenant) }
    const refused = await run(['check', '--max-requests', '2'], io)
    expect(refused.code).toBe(1)
    expect(refused.out.replaceAll(/\s+/g, ' ')).toContain(
      'request_limit: --max-requests 2: this run needs 3 requests: 3 for the list of the 251 APIs known so far',
    )
    expect(tenant.requests()).toEqual({})
    const enough = await run(['check', '--max-requests', '3'], io)
    expect(enough.code).toBe(0)
    expect(enough.err).toContain('this run needs 3 requests: 3 for the list of the 251 APIs known so far\n')
    expect(enough.err).toContain('at most 3 are sent\n')
  })

  it.each([
    [['--affected'], 'retries, and the applications that differences hit (--affected) take more'],
    [['--who'], 'retries, and who changed them (--who) take more'],
    [
      ['--who', '--affected'],
      'retries, and the applications that differences hit (--affected), and who changed them (--who) take more',
    ],
  ])('says what %j may take beyond it', async (flags, said) => {
    const tenant = await tenantWith({ apis: 0 })
    const cwd = folderWith({ 'declared/a.json': declaration() })
    const { err } = await run(['check', '--max-requests', '9', ...flags], { cwd, env: envOf(tenant) })
    expect(err).toContain(said)
  })

  it('counts a token and declared secrets, and needs what it said', async () => {
    const tenant = await tenantWith({ apis: 0 })
    const secret = 'a secret of this test that is long enough'
    tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256', signing_secret: secret })
    const api = { identifier: 'urn:a', signing_alg: 'HS256', signing_secret: secret }
    const cwd = folderWith({ 'declared/a.json': declaration(api) })
    const { client_id: AUTH0_CLIENT_ID, client_secret: AUTH0_CLIENT_SECRET } = tenant
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET }
    const { code, err } = await run(['check', '--max-requests', '3'], { cwd, env })
    expect(err).toContain(
      'this run needs 3 requests: 1 for a token, 1 for the list of the 2 APIs known so far, 1 for declared secrets',
    )
    expect(code).toBe(0)
    expect(Object.values(tenant.requests()).reduce((sum, count) => sum + count, 0)).toBe(3)
  })

  it('is never exceeded, whatever the tenant turns out to hold', async () => {
    const tenant = await tenantWith({ apis: 950 })
    const cwd = folderWith({ 'declared/a.json': declaration() })
    const { code, out } = await run(['check', '--max-requests', '4', '--output', 'json'], { cwd, env: envOf(tenant) })
    expect([code, reportIn(out).errors[0]?.code]).toEqual([1, 'request_limit'])
    // Page 0 says how many there are; the others are not begun.
    expect(tenant.requests()).toEqual({ [`GET ${LIST}`]: 1 })
  })
})

describe('--confirm', () => {
  it('looks once more, and what has gone meanwhile is not reported', async () => {
    const { tenant, check } = await ordersTenant()
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    let lists = 0
    tenant.onRequest(() => {
      lists += 1
      if (lists === 2) tenant.edit(ORDERS, { signing_alg: 'RS256' })
    })
    const { code, out } = await check('--confirm', '50ms', '--output', 'json')
    expect([code, lists]).toEqual([0, 2])
    expect(reportIn(out).proof?.requests.list).toBe(2)
  })

  it('reports what stays, and costs nothing where nothing drifted', async () => {
    const { tenant, check } = await ordersTenant()
    expect((await check('--confirm', '10ms')).code).toBe(0)
    expect(requestsOf(tenant).list).toBe(1)
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    expect((await check('--confirm', '10ms')).code).toBe(2)
  })
})
