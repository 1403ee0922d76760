import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { SETTING_NAMES, fileKeyOf, flagOf, settingOf, variableOf } from '../../src/schema/settings.ts'
import { gatewayTo, tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run, write } from './run.ts'

const shown = async (
  cwd: string,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  command = 'check',
) => {
  const { code, out, err } = await run([command, '--show-config', ...argv], { cwd, env })
  return {
    code,
    err,
    line: (name: string) =>
      out
        .split('\n')
        .find((each) => each.startsWith(name))
        ?.slice(16)
        .replace(/^\S* /, ''),
    out,
  }
}

describe('a setting', () => {
  it('is taken from the flag, else the variable, else the file, else the default, and says which', async () => {
    const cwd = folderWith({ 'tenant-drift.yaml': '# ours\nfail_on: high\n' })
    const bare = folderWith()
    const env = { TENANT_DRIFT_FAIL_ON: 'medium' }
    expect((await shown(cwd, ['--fail-on', 'low'], env)).line('fail_on')).toBe('low  (flag --fail-on)')
    expect((await shown(cwd, [], env)).line('fail_on')).toBe('medium  (variable TENANT_DRIFT_FAIL_ON)')
    expect((await shown(cwd)).line('fail_on')).toBe('high  (tenant-drift.yaml:2)')
    expect((await shown(bare)).line('fail_on')).toBe('any  (default)')
  })

  it('is no word of whom serve follows, which it shows beside them', async () => {
    const cwd = folderWith({ 'tenant-drift.yaml': 'follow: { repository: https://git.example/x.git }\n' })
    expect((await shown(cwd, [], {}, 'serve')).out).toMatch(/^follow +https:\/\/git\.example\/x\.git, branch main$/m)
    expect((await shown(cwd)).out).not.toContain('git.example')
  })

  it.each(SETTING_NAMES.filter((name) => name !== 'tenant'))(
    '%s has a flag, a variable and a line in --show-config',
    async (name) => {
      const value = {
        gate: 'touched',
        failOn: 'low',
        color: 'never',
        maxRequests: '7',
        lifetimeCeiling: '7',
        maxAge: '3s',
        deadline: '3s',
        confirm: '3s',
        recurringWithin: '3s',
        remindAfter: '3s',
        applyWithin: '3s',
        who: 'full',
      }[name as string]
      const isSwitch = settingOf(name).kind === 'flag'
      const cwd = folderWith()
      const flags = isSwitch ? [flagOf(name)] : [flagOf(name), value ?? 'json=x']
      const command = settingOf(name).holds === 'serve' ? 'serve' : 'check'
      const byFlag = await shown(cwd, flags, {}, command)
      const variables = { [variableOf(name)]: isSwitch ? 'true' : (value ?? 'json=x') }
      const byVariable = await shown(cwd, [], variables, command)
      const text = isSwitch ? 'true' : (value ?? 'json=x')
      expect(byFlag.line(fileKeyOf(name))).toBe(`${text}  (flag ${flagOf(name)})`)
      expect(byVariable.line(fileKeyOf(name))).toBe(`${text}  (variable ${variableOf(name)})`)
    },
  )

  it('that is a list has one item a line in a variable, and an empty variable is none', async () => {
    const cwd = folderWith()
    const env = { TENANT_DRIFT_DECLARED: 'a.yaml\n b/*.{yaml,json} \n', TENANT_DRIFT_EXCLUDE: '' }
    const { line } = await shown(cwd, [], env)
    expect(line('declared')).toBe('a.yaml, b/*.{yaml,json}  (variable TENANT_DRIFT_DECLARED)')
    expect(line('exclude')).toBe('(none)  (default)')
  })

  it('that is wrong is refused with where it stands', async () => {
    const cwd = folderWith()
    expect((await shown(cwd, [], { TENANT_DRIFT_GATE: 'some' })).err).toContain(
      'variable TENANT_DRIFT_GATE: one of all, touched is expected',
    )
  })

  it('is never shown where it could be a secret', async () => {
    const cwd = folderWith({ 'tenant-drift.yaml': 'variables:\n  pin: hidden-one\n' })
    const { out } = await shown(cwd, ['--var', 'secret=hidden-two'], { AUTH0_API_TOKEN: 'hidden-three' })
    expect(out).not.toMatch(/hidden-(one|two|three)/)
    expect(out).toContain('variable         pin = (hidden)')
    expect(out).toContain('credential       AUTH0_API_TOKEN = (hidden)')
  })
})

describe('a variable of declared files', () => {
  it('is taken from --var, else the environment, else the file', async () => {
    const tenant = await tenantWith()
    tenant.create({ identifier: 'urn:flag' })
    const cwd = folderWith({
      'declared/a.yaml': 'resource_servers: [{ identifier: "urn:${name}" }]\n',
      'tenant-drift.yaml': 'variables: { name: file }\n',
    })
    const missing = async (argv: readonly string[], env = {}) => {
      const { out } = await run(['check', '--output', 'json', ...argv], { cwd, env: { ...envOf(tenant), ...env } })
      return reportIn(out)
        .findings.filter(({ kind }) => kind === 'missing')
        .map(({ identifier }) => identifier)
    }
    expect(await missing(['--var', 'name=flag'], { TENANT_DRIFT_VAR_name: 'env' })).toEqual([])
    expect(await missing([], { TENANT_DRIFT_VAR_name: 'env' })).toEqual(['urn:env'])
    expect(await missing([])).toEqual(['urn:file'])
  })
})

describe('tenant-drift.yaml', () => {
  it('is found upwards, no further than the repository, and its paths begin where it lies', async () => {
    const tenant = await tenantWith()
    const root = folderWith({
      'tenant-drift.yaml': 'declared: apis/*.yaml\n',
      'apis/a.yaml': 'resource_servers: []\n',
      'repo/.git/HEAD': '',
      'repo/sub/x': '',
    })
    mkdirSync(path.join(root, 'below/deep'), { recursive: true })
    const io = { env: envOf(tenant) }
    expect((await run(['check', '--quiet'], { cwd: path.join(root, 'below/deep'), ...io })).code).toBe(0)
    expect((await shown(path.join(root, 'repo/sub'))).out).toContain('(none found)')
  })

  it('lets flags begin in the working directory', async () => {
    const tenant = await tenantWith()
    const root = folderWith({ 'tenant-drift.yaml': '{}\n', 'sub/a.yaml': 'resource_servers: []\n' })
    const cwd = path.join(root, 'sub')
    const { code } = await run(['check', '--declared', 'a.yaml', '--output', 'json=r.json'], {
      cwd,
      env: envOf(tenant),
    })
    expect(code).toBe(0)
  })

  it.each([
    ['faill_on: any\n', 'tenant-drift.yaml:1:1: unknown key "faill_on"; did you mean fail_on?'],
    ['gate: some\n', 'tenant-drift.yaml:1:1: gate must be one of all, touched'],
    ['gate: all\ngate: all\n', 'tenant-drift.yaml:2:1: the key "gate" is here a second time'],
    ['accept:\n  - path: x\n', 'tenant-drift.yaml:2:5: resource_server is missing'],
    [
      'accept:\n  - { resource_server: a, path: "a..b", reason: r, owner: o, expires: 2030-01-01 }\n',
      'path must be a Pulumi',
    ],
    ['accept:\n  - { resource_server: a, path: b, reason: r, owner: o, expires: 2030-02-30 }\n', 'a day that exists'],
    ['accept:\n  - { resource_server: a, path: b, owner: o, expires: 2030-02-03 }\n', 'reason is missing'],
    ['accept: none.yaml\n', 'accept: the file none.yaml cannot be read'],
    ['accept: own.yaml\n', 'own.yaml:1:3: resource_server is missing'],
    ['tenants: { "a b": { domain: x } }\n', 'a name of a tenant has letters'],
    ['tenants: { a: {} }\n', 'domain is missing'],
    ['tenants: { __proto__: { domain: 7 } }\n', 'no key may be called "__proto__"'],
    ['tenants: { a: { domain: x.example, variables: { __proto__: x } } }\n', 'no key may be called "__proto__"'],
    ['__proto__: { gate: some }\n', 'no key may be called "__proto__"'],
    [
      'tenants: { a: { domain: x.example, credentials: { api_token: eyJhbGciOi } } }\n',
      'the NAME of an environment variable',
    ],
    ['deadline: soon\n', 'deadline must be a duration'],
    ['declared: [\n', 'tenant-drift.yaml:'],
  ])('with a mistake, %j, is 1 and says where', async (text, message) => {
    const cwd = folderWith({ 'tenant-drift.yaml': text, 'own.yaml': '- path: x\n' })
    const { code, err } = await run(['check'], { cwd })
    expect(code).toBe(1)
    expect(err).toContain(message)
    expect(err).not.toContain('eyJ')
  })

  it('is also JSON, and may hold nothing but comments', async () => {
    expect((await shown(folderWith({ 'tenant-drift.json': { gate: 'touched' } }))).line('gate')).toContain('touched')
    expect((await shown(folderWith({ 'tenant-drift.yaml': '# later\n' }))).code).toBe(0)
  })
})

describe('accept rules of the configuration', () => {
  const rule = (expires: string, path_ = 'signing_alg') =>
    `- { resource_server: "urn:*", path: ${path_}, reason: moving, owner: team, expires: ${expires} }\n`

  it.each(['list', 'file'])('in a %s hide what they name until their last day, and are counted', async (kind) => {
    const tenant = await tenantWith()
    tenant.create({ identifier: 'urn:a', signing_alg: 'PS256' })
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] },
      'tenant-drift.yaml': kind === 'list' ? `accept:\n  ${rule('2026-12-31')}` : 'accept: ./accepted.yaml\n',
      'accepted.yaml': rule('2026-12-31'),
    })
    const check = (now: string) =>
      run(['check', '--output', 'json'], { cwd, env: envOf(tenant), now: () => Date.parse(now) })
    const accepted = await check('2026-12-31T23:59:59Z')
    expect([accepted.code, reportIn(accepted.out).ignored[0]?.reason]).toEqual([0, 'moving'])
    const rules = reportIn(accepted.out).rules
    expect(rules).toMatchObject([{ state: 'expiring', hides: 1, line: kind === 'list' ? 2 : 1 }])
    expect((await check('2027-01-01T00:00:00Z')).code).toBe(2)
  })

  it('that match nothing fail with --strict-rules alone', async () => {
    const tenant = await tenantWith()
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [] },
      'tenant-drift.yaml': `accept:\n  ${rule('2027-12-31')}`,
    })
    const io = { cwd, env: envOf(tenant) }
    const { code, out } = await run(['check', '--output', 'json'], io)
    expect([code, reportIn(out).rules[0]?.state]).toEqual([0, 'unused'])
    expect((await run(['check', '--strict-rules'], io)).code).toBe(1)
  })

  it('never hide what could not be read', async () => {
    const tenant = await tenantWith()
    tenant.setFault({ kind: 'html', match: { method: 'GET' } })
    const cwd = folderWith({
      'declared/a.json': { resource_servers: [] },
      'tenant-drift.yaml': `accept:\n  ${rule('2027-12-31', '"**"')}`,
    })
    expect((await run(['check', '--quiet'], { cwd, env: envOf(tenant) })).code).toBe(1)
  })
})

describe('several tenants', () => {
  const three = async () => {
    const [dev, stage, prod] = await Promise.all([
      tenantWith({ apis: 1 }),
      tenantWith({ apis: 1 }),
      tenantWith({ apis: 1 }),
    ])
    const section = (name: string, domain: string) => ({
      domain,
      declared: `declared/${name}.json`,
      credentials: { client_id: `${name.toUpperCase()}_ID`, client_secret: `${name.toUpperCase()}_PASSPHRASE` },
    })
    const cwd = folderWith({
      'tenant-drift.json': {
        tenants: {
          dev: section('dev', dev.domain),
          stage: section('stage', stage.domain),
          prod: section('prod', prod.domain),
        },
      },
      ...Object.fromEntries(
        ['dev', 'stage', 'prod'].map((name) => [`declared/${name}.json`, { resource_servers: [] }]),
      ),
    })
    const env = {
      DEV_ID: dev.client_id,
      DEV_PASSPHRASE: dev.client_secret,
      STAGE_ID: stage.client_id,
      STAGE_PASSPHRASE: stage.client_secret,
      PROD_ID: prod.client_id,
      PROD_PASSPHRASE: prod.client_secret,
      // Somebody's shell: it belongs to none of them.
      AUTH0_DOMAIN: 'elsewhere.eu.auth0.com',
      AUTH0_API_TOKEN: 'a-token-of-elsewhere',
      AUTH0_CLIENT_SECRET: 'a-secret-of-elsewhere',
    }
    return { dev, stage, prod, cwd, env }
  }

  it('are all checked, each with its report, and the worst exit code wins', async () => {
    const { stage, prod, cwd, env } = await three()
    const argv = ['check', '--output', 'json={tenant}.json']
    expect((await run(argv, { cwd, env })).code).toBe(0)
    write(cwd, { 'declared/stage.json': { resource_servers: [{ identifier: 'urn:gone' }] } })
    expect((await run(argv, { cwd, env })).code).toBe(2)
    prod.setFault({ kind: 'html' })
    const { code } = await run([...argv, '--deadline', '1s'], { cwd, env })
    expect(code).toBe(1)
    const reports = await Promise.all(
      ['dev', 'stage', 'prod'].map(async (name) => run(['report', `${name}.json`, '--output', 'json'], { cwd })),
    )
    expect(reports.map(({ out }) => [reportIn(out).name, reportIn(out).exitCode])).toEqual([
      ['dev', 0],
      ['stage', 2],
      ['prod', 1],
    ])
    expect(stage.requests()).toBeDefined()
  }, 30_000)

  it('are sent their own credentials and nobody else’s', async () => {
    const { dev, stage, prod, cwd, env } = await three()
    const sent: Record<string, string[]> = { DEV: [], STAGE: [], PROD: [] }
    const listening = await Promise.all(
      Object.entries({ DEV: dev, STAGE: stage, PROD: prod }).map(async ([name, tenant]) => {
        const gateway = await gatewayTo(tenant, (request) => {
          sent[name]?.push(JSON.stringify(request))
          return null
        })
        return [tenant.domain, gateway.domain, tenant.audience] as const
      }),
    )
    let config = readFileSync(path.join(cwd, 'tenant-drift.json'), 'utf8')
    for (const [domain, gateway, audience] of listening) {
      config = config.replace(
        JSON.stringify(domain),
        `${JSON.stringify(gateway)},"audience":${JSON.stringify(audience)}`,
      )
    }
    write(cwd, { 'tenant-drift.json': config })
    const { code } = await run(['check', '--output', 'json={tenant}.json'], { cwd, env })
    expect(code).toBe(0)
    const received = Object.entries(sent).map(([name, requests]) => [
      name,
      Object.entries(env)
        .filter(([, value]) => requests.some((request) => request.includes(value)))
        .map(([variable]) => variable),
    ])
    expect(received).toEqual(['DEV', 'STAGE', 'PROD'].map((name) => [name, [`${name}_ID`, `${name}_PASSPHRASE`]]))
  })

  it('can be chosen by name and by domain, and another name is refused', async () => {
    const { dev, stage, prod, cwd, env } = await three()
    expect((await run(['check', '--tenant', 'dev', '--tenant', prod.domain], { cwd, env })).code).toBe(0)
    expect([dev, stage, prod].map((tenant) => Object.keys(tenant.requests()).length > 0)).toEqual([true, false, true])
    const { code, err } = await run(['check', '--tenant', 'dve'], { cwd, env })
    expect([code, err]).toEqual([1, expect.stringContaining('no such tenant is configured; known: dev, stage, prod')])
  })

  it('whose variables are not set, or that name none, are 1 and are sent nothing', async () => {
    const { dev, stage, cwd, env } = await three()
    write(cwd, {
      'tenant-drift.json': {
        tenants: {
          dev: { domain: dev.domain, declared: 'declared/dev.json', credentials: { api_token: 'DEV_TOKEN' } },
          stage: { domain: stage.domain, declared: 'declared/stage.json' },
        },
      },
    })
    const { code, out } = await run(['check'], { cwd, env })
    expect(code).toBe(1)
    expect(out).toContain('DEV_TOKEN (api_token)')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('tenant stage names no credentials')
    expect([dev.requests(), stage.requests()]).toEqual([{}, {}])
  })

  it('share the AUTH0_ variables with nobody but the tenant of AUTH0_DOMAIN', async () => {
    const { dev, stage, cwd } = await three()
    write(cwd, {
      'tenant-drift.json': {
        tenants: {
          dev: { domain: dev.domain, declared: 'declared/dev.json' },
          stage: { domain: stage.domain, declared: 'declared/stage.json' },
        },
      },
    })
    const { code } = await run(['check', '--tenant', 'dev'], { cwd, env: envOf(dev) })
    expect(code).toBe(0)
    expect((await run(['check'], { cwd, env: envOf(dev) })).code).toBe(1)
    expect(stage.requests()).toEqual({})
  })

  it('need a path each for their reports', async () => {
    const { cwd, env } = await three()
    const { code, err } = await run(['check', '--output', 'json=report.json'], { cwd, env })
    expect([code, err]).toEqual([1, expect.stringContaining('put {tenant} into the path')])
  })

  it('a --tenant that AUTH0_DOMAIN does not name is refused: its credentials are another’s', async () => {
    const { dev, stage } = await three()
    const { code, err } = await run(['check', '--tenant', stage.domain], { cwd: folderWith(), env: envOf(dev) })
    expect([code, err]).toEqual([1, expect.stringContaining('its credentials are not sent to this one')])
    expect(stage.requests()).toEqual({})
  })

  it('a rule for all of them is unused only where none has a use for it', async () => {
    const { dev, cwd, env } = await three()
    dev.create({ identifier: 'urn:a', signing_alg: 'PS256' })
    write(cwd, { 'declared/dev.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] } })
    const config = JSON.parse((await run(['schema', 'config'], { cwd })).out) as unknown
    expect(config).toMatchObject({ type: 'object' })
    const rules = [
      { resource_server: 'urn:a', path: 'signing_alg', reason: 'r', owner: 'o', expires: '2027-12-31' },
      { resource_server: 'urn:b', path: 'signing_alg', reason: 'r', owner: 'o', expires: '2027-12-31' },
    ]
    const { tenants } = JSON.parse(readFileSync(path.join(cwd, 'tenant-drift.json'), 'utf8')) as { tenants: unknown }
    write(cwd, { 'tenant-drift.json': { accept: rules, tenants } })
    const { code } = await run(['check', '--output', 'json={tenant}.json'], { cwd, env })
    expect(code).toBe(0)
    const states = await Promise.all(
      ['dev', 'stage', 'prod'].map(async (name) => {
        const { out } = await run(['report', `${name}.json`, '--output', 'json'], { cwd })
        return reportIn(out).rules.map(({ state }) => state)
      }),
    )
    expect(states).toEqual([
      ['used', 'unused'],
      ['used', 'unused'],
      ['used', 'unused'],
    ])
    // Of a run of some of them nobody can say that the others have no use for it.
    const { out } = await run(['check', '--tenant', 'stage', '--output', 'json'], { cwd, env })
    expect(reportIn(out).rules.map(({ state }) => state)).toEqual(['used', 'used'])
  })
})
