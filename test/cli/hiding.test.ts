import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { leakFinder } from '../properties/secrets.ts'
import { gatewayTo, tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, readReport, reportIn, run, type Ran } from './run.ts'

const ORDERS = 'https://orders.example.com/'
/** 192 letters of every kind: reports wrap, cut and escape it. */
const LONG =
  `pa"ss\\w<o>r&d/+=%'é漢😀 ${Array.from({ length: 17 }, (_each, index) => `q${index}Z~k{${index}}x`).join('"')}`.slice(
    0,
    192,
  )
/** The same without what no name can hold. */
const NAME = LONG.replaceAll(/[<>]/g, '(')

async function ordersTenant(parts: JsonObject = {}): Promise<Simulator> {
  const tenant = await tenantWith()
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'HS256', ...parts })
  return tenant
}

function declaring(parts: JsonObject): JsonObject {
  return { resource_servers: [{ identifier: ORDERS, ...parts }] }
}

/** Everything that a run said and wrote, by where it stands. */
function everything({ out, err }: Ran, folder: string): Readonly<Record<string, string>> {
  const files = existsSync(folder) ? readdirSync(folder) : []
  const texts = files.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const)
  return { 'standard output': out, 'standard error': err, ...Object.fromEntries(texts) }
}

/** Checks in all formats at once, text on standard output. */
async function checkAll(cwd: string, env: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const outputs = FORMATS.flatMap((format) => ['--output', `${format}=r/${format}`])
  const ran = await run(['check', ...outputs, '--output', 'text', ...argv], { cwd, env })
  return { code: ran.code, said: everything(ran, path.join(cwd, 'r')) }
}

function leaksOf(said: Readonly<Record<string, string>>, ...secrets: readonly string[]) {
  const leaksIn = leakFinder(secrets, new Set())
  return Object.fromEntries(
    Object.entries(said).flatMap(([place, text]) => {
      const leaks = leaksIn(text)
      return leaks.length === 0 ? [] : [[place, leaks]]
    }),
  )
}

describe('a credential of the environment', () => {
  it('in what is declared shows in none of the formats, wherever it is wrapped, cut and escaped', async () => {
    const tenant = await ordersTenant()
    const cwd = folderWith({
      'declared/a.json': {
        resource_servers: [
          {
            identifier: ORDERS,
            name: `Orders ${NAME}`,
            scopes: [{ value: 'read', description: NAME }],
          },
          { identifier: `urn:${NAME}`, scopes: [{ value: 'x', description: `${'x'.repeat(120)}${NAME}` }] },
        ],
      },
    })
    const { code, said } = await checkAll(cwd, { ...envOf(tenant), SOME_TOKEN: NAME })

    expect(code).toBe(2)
    expect(Object.keys(said)).toHaveLength(2 + FORMATS.length)
    expect(leaksOf(said, NAME)).toEqual({})
    expect(readReport(cwd, 'r/json').findings.map(({ identifier }) => identifier)).toContain('urn:(hidden)')
  })

  it('shows in no error, wherever it was cut', async () => {
    const tenant = await ordersTenant()
    const cwd = folderWith({
      'declared/a.json': JSON.stringify(declaring({ [`${'x'.repeat(50)}${LONG}`]: 1, signing_alg: LONG, [LONG]: 2 })),
    })
    const env = { ...envOf(tenant), SOME_PASSWORD: LONG }
    const { code, said } = await checkAll(cwd, env)

    expect(code).toBe(1)
    expect(leaksOf(said, LONG)).toEqual({})
    expect(leaksOf(everything(await run(['doctor'], { cwd, env }), ''), LONG)).toEqual({})
  })

  it('that holds another one, or overlaps one, leaves no piece', async () => {
    const [outer, inner, next] = ['first-half-OF-A-LONG-ONE', 'OF-A-LONG', 'LONG-ONE-and-more-of-it']
    const tenant = await ordersTenant({ name: `${outer}-and-more-of-it` })
    const cwd = folderWith({ 'declared/a.json': declaring({ name: inner }) })
    const env = { ...envOf(tenant), A_TOKEN: outer, B_SECRET: inner, C_API_KEY: next }
    const { code, said } = await checkAll(cwd, env)

    expect(code).toBe(2)
    expect(leaksOf(said, outer, inner, next)).toEqual({})
  })

  it('given as a variable is refused, and hidden', async () => {
    const tenant = await ordersTenant()
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders ${x}' }) })
    const { code, said } = await checkAll(cwd, { ...envOf(tenant), SOME_TOKEN: NAME }, '--var', `x=${NAME}`)

    expect(code).toBe(1)
    expect(leaksOf(said, NAME)).toEqual({})
  })

  it('with less than eight letters tears nothing apart, and an ordinary variable is shown', async () => {
    const tenant = await ordersTenant()
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders of ${env}' }) })
    const env = { ...envOf(tenant), A_TOKEN: 'Ord', TENANT_DRIFT_VAR_env: 'production' }
    const { out } = await run(['check', '--output', 'json'], { cwd, env })

    expect(reportIn(out).findings.find(({ path: at }) => at === 'name')?.declared).toBe('Orders of production')
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['a password of a proxy', { HTTPS_PROXY: 'http://me:pa%24s-word-12@proxy.example:8080' }, 'pa$s-word-12'],
    ['a password of a proxy without a scheme', { https_proxy: 'me:pass-word-12@proxy.example:8080' }, 'pass-word-12'],
    ['a password of a database', { DATABASE_URL: 'postgres://me:p@ss-word-12@db.example/x' }, 'p@ss-word-12'],
    ['a token in an address', { CI_REPOSITORY_URL: 'https://tok-en-12345@git.example/x.git' }, 'tok-en-12345'],
    ['a password after a question mark', { DB: 'jdbc:x://db.example/x?user=me&password=pass-word-12' }, 'pass-word-12'],
    ['a passphrase', { PULUMI_CONFIG_PASSPHRASE: 'pass-phrase-12' }, 'pass-phrase-12'],
    ['an access token', { PULUMI_ACCESS_TOKEN: 'pul-0123456789' }, 'pul-0123456789'],
    ['a token of a job', { CI_JOB_TOKEN: 'glcbt-0123456789' }, 'glcbt-0123456789'],
    ['a personal token', { GH_PAT: 'ghp_0123456789' }, 'ghp_0123456789'],
    ['a key', { AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: 'MIIEvQIBADANBgkqhkiG9w0' }, 'MIIEvQIBADANBgkqhkiG9w0'],
  ])('is %s, too', async (_what, variables, secret) => {
    const tenant = await ordersTenant({ name: `Orders ${secret}` })
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders' }) })
    const { code, out } = await run(['check', '--output', 'json'], { cwd, env: { ...envOf(tenant), ...variables } })

    expect(code).toBe(2)
    expect(reportIn(out).findings.find(({ path: at }) => at === 'name')?.live).toBe('Orders (hidden)')
  })

  it.each([
    ['PWD', 'a-folder-of-mine'],
    ['AUTH0_DOMAIN_NAME', 'acme-production'],
    ['TOKEN_ISSUER', 'https://acme.example/'],
    ['ACTIONS_ID_TOKEN_REQUEST_URL', 'https://actions.example/'],
    ['AWS_ACCESS_KEY_ID', 'AKIA0123456789'],
  ])('is not %s', async (variable, value) => {
    const tenant = await ordersTenant({ name: `Orders ${value}` })
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders' }) })
    const { out } = await run(['check', '--output', 'json'], { cwd, env: { ...envOf(tenant), [variable]: value } })

    expect(reportIn(out).findings.find(({ path: at }) => at === 'name')?.live).toBe(`Orders ${value}`)
  })
})

describe('a tenant that echoes', () => {
  const credentials = (tenant: Simulator) => ({
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.client_id,
    AUTH0_CLIENT_SECRET: tenant.client_secret,
    AUTH0_AUDIENCE: tenant.audience,
  })

  it('the client secret, in any form and place, finds it hidden', async () => {
    const tenant = await ordersTenant()
    const secret = tenant.client_secret
    tenant.edit(ORDERS, {
      name: `Orders ${Buffer.from(`xy${secret}z`).toString('base64')}`,
      [`key ${secret}`]: [encodeURIComponent(secret), Buffer.from(secret).toString('hex')],
    })
    tenant.create({ identifier: `urn:${encodeURIComponent(secret)}`, name: secret })
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders' }) })
    const { code, said } = await checkAll(cwd, credentials(tenant))

    expect(code).toBe(2)
    expect(leaksOf(said, secret)).toEqual({})
  })

  it('in the body of an error finds it hidden', async () => {
    const tenant = await ordersTenant()
    const secret = tenant.client_secret
    const gateway = await gatewayTo(tenant, ({ method }) =>
      method === 'GET'
        ? { status: 400, body: JSON.stringify({ message: secret, errorCode: secret, error: secret }) }
        : null,
    )
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders' }) })
    const { code, said } = await checkAll(cwd, credentials(gateway))

    expect(code).toBe(1)
    expect(leaksOf(said, secret)).toEqual({})
  })

  it('the token that it gave finds it hidden', async () => {
    const tenant = await ordersTenant({ name: 'Orders token-of-the-gateway' })
    const gateway = await gatewayTo(tenant, ({ url }) =>
      url === '/oauth/token'
        ? { status: 200, body: JSON.stringify({ access_token: 'token-of-the-gateway', expires_in: 3600 }) }
        : null,
    )
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders' }) })
    const { code, said } = await checkAll(cwd, credentials(gateway))

    expect(code).toBe(2)
    expect(leaksOf(said, 'token-of-the-gateway')).toEqual({})
    const { out } = await run(['doctor'], { cwd, env: credentials(gateway) })
    expect(out).toContain('reading: complete')
  })
})

describe('every command', () => {
  const secret = 'Planted-Secret-0123456789'

  it('that shows hides: --show-config, report, explain', async () => {
    const tenant = await ordersTenant({ name: `Orders ${secret}` })
    const cwd = folderWith({ 'declared/a.json': declaring({ name: 'Orders' }) })
    await run(['check', '--output', 'json=plain.json'], { cwd, env: envOf(tenant) })
    const plain = readFileSync(path.join(cwd, 'plain.json'), 'utf8')
    const found = reportIn(plain).findings.find(({ path: at }) => at === 'name')
    const env = { ...envOf(tenant), A_SECRET: secret }
    const said = await Promise.all(
      [
        ['check', '--show-config', '--target', `${'x'.repeat(100)}${secret}${'y'.repeat(100)}`],
        ['report', 'plain.json', '--output', 'markdown'],
        ['explain', found?.fingerprint ?? '', '--report', 'plain.json'],
        ['explain', secret],
        ['check', '--gate', secret],
        ['check', `--${secret}`],
      ].map((argv) => run(argv, { cwd, env })),
    )

    expect(plain).toContain(secret)
    expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 1, 1, 1])
    expect(said.map((ran) => leaksOf(everything(ran, ''), secret))).toEqual(said.map(() => ({})))
    expect(said[2]?.out).toContain('(hidden)')
  })

  it('that keeps refuses, says no value, and writes nothing', async () => {
    const tenant = await ordersTenant({ name: `Orders ${secret}` })
    const text = JSON.stringify(declaring({ name: 'Orders' }))
    const cwd = folderWith({ 'declared/a.json': text, 'empty/x': '' })
    await run(['check', '--output', 'json=plain.json'], { cwd, env: envOf(tenant) })
    const found = readReport(cwd, 'plain.json').findings.find(({ path: at }) => at === 'name')
    const rule = ['--reason', 'r', '--owner', 'o', '--expires', '2026-12-31']
    const env = { ...envOf(tenant), A_SECRET: secret }
    const before = readdirSync(cwd)
    for (const argv of [
      ['snapshot'],
      ['snapshot', 's.json'],
      ['record'],
      ['init', 'empty'],
      ['adopt'],
      ['accept', found?.fingerprint ?? '', ...rule],
      ['accept', found?.fingerprint ?? '', '--report', 'plain.json', ...rule],
    ]) {
      const ran = await run(argv, { cwd, env })
      expect([argv[0], ran.code, ran.err]).toEqual([argv[0], 1, expect.stringContaining('another secret of this run')])
      expect(leaksOf(everything(ran, ''), secret)).toEqual({})
    }

    expect(readdirSync(cwd)).toEqual(before)
    expect(readdirSync(path.join(cwd, 'empty'))).toEqual(['x'])
    expect(readFileSync(path.join(cwd, 'declared/a.json'), 'utf8')).toBe(text)
    const dry = await run(['adopt', '--dry-run'], { cwd, env })
    expect(dry.out).toContain('Orders (hidden)')
    expect(leaksOf(everything(dry, ''), secret)).toEqual({})
  })

  it('that edits leaves what stood there before, a secret among it', async () => {
    const tenant = await ordersTenant()
    const cwd = folderWith({
      'declared/a.json': declaring({ name: 'Orders', signing_alg: 'RS256' }),
      'tenant-drift.yaml': `# not to be seen: ${secret}\naccept: []\n`,
    })
    const env = { ...envOf(tenant), A_SECRET: secret }
    await run(['check', '--output', 'json=r.json'], { cwd, env })
    const found = readReport(cwd, 'r.json').findings.find(({ path: at }) => at === 'signing_alg')
    const argv = ['accept', found?.fingerprint ?? '', '--reason', 'r', '--owner', 'o', '--expires', '2026-12-31']

    expect((await run(argv, { cwd, env })).code).toBe(0)
    expect(readFileSync(path.join(cwd, 'tenant-drift.yaml'), 'utf8')).toMatch(
      /# not to be seen: Planted[^]*signing_alg/,
    )
  })
})

it('a fingerprint tells nobody who guesses that he is right', async () => {
  const secret = 'guess-me-0123'
  const tenant = await ordersTenant()
  const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: `urn:${secret}`, name: 'x' }] } })
  const { out } = await run(['check', '--output', 'json'], { cwd, env: { ...envOf(tenant), A_SECRET: secret } })
  const { findings, tenant: address } = reportIn(out)
  const of = (identifier: string) =>
    createHash('sha256')
      .update(JSON.stringify([address, identifier, '', 'missing']))
      .digest('hex')
      .slice(0, 32)

  expect(findings.find(({ kind }) => kind === 'missing')?.fingerprint).toBe(of('urn:(hidden)'))
  expect(findings.map(({ fingerprint }) => fingerprint)).not.toContain(of(`urn:${secret}`))
})
