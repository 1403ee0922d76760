import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { githubIssues, TOKEN } from '../notify/issues-stand-in.ts'
import { ROUTING_KEY, SECRET, services, type Services } from '../notify/services.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, NOW, run } from './run.ts'

async function drifted(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'HS256' })
  return tenant
}

const CONFIG = (more: string) => `history: history.db
notify:
  - slack: { url_variable: SLACK_URL }
  - webhook: { url_variable: HOOK_URL, secret_variable: HOOK_SECRET }
  - heartbeat: { url_variable: BEAT_URL }
${more}`

function folder(config: string): string {
  return folderWith({
    'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' }] },
    'tenant-drift.yaml': config,
  })
}

const OWN_MACHINE = { GITHUB_ACTIONS: 'true', RUNNER_ENVIRONMENT: 'self-hosted', GITHUB_WORKSPACE: '/somewhere/else' }

const variables = ({ url }: Services) => ({
  SLACK_URL: `${url}/slack`,
  HOOK_URL: `${url}/hook`,
  HOOK_SECRET: SECRET,
  BEAT_URL: `${url}/beat`,
})

describe('check with channels', () => {
  it('tells what changed once, and pings at each run', { timeout: 120_000 }, async () => {
    const [tenant, to] = [await drifted(), await services()]
    const cwd = folder(CONFIG(''))
    const env = { ...envOf(tenant), ...variables(to) }
    const check = (at: number) => {
      to.now = at
      return run(['check', '--quiet'], { cwd, env, now: () => at })
    }
    const [first, second] = [await check(1_800_000_000_000), await check(1_800_003_600_000)]
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    const third = await check(1_800_007_200_000)
    expect([first.code, second.code, third.code]).toEqual([2, 2, 0])
    expect([first.err, second.err, third.err].join('')).not.toMatch(/warning: (slack|webhook|heartbeat)/)
    expect(to.heard.sort()).toEqual([
      'heartbeat: ok',
      'heartbeat: ok',
      'heartbeat: ok',
      'slack: tenant-drift: 1 new (1 critical)',
      'slack: tenant-drift: 1 resolved',
      'webhook: difference.opened urn:a#signing_alg',
      'webhook: difference.resolved urn:a#signing_alg',
    ])
  })

  it(
    'changes no verdict where a channel fails: a warning without address or credential',
    { timeout: 120_000 },
    async () => {
      const [tenant, to] = [await drifted(), await services()]
      to.fail = (at) => (at === '/beat' ? null : { status: 403 })
      const ran = await run(['check', '--quiet'], {
        cwd: folder(CONFIG('')),
        env: { ...envOf(tenant), ...variables(to) },
      })
      expect(ran.code).toBe(2)
      expect(ran.err).toMatch(/^warning: slack: it answered 403; the next run sends it again$/m)
      expect(ran.err + ran.out).not.toMatch(new RegExp(`${SECRET}|${to.url}|hostile`))
    },
  )

  it.each([
    ['--no-notify', ['--no-notify'], {}],
    ['--no-history', ['--no-history'], {}],
    ['a pull request', [], { GITHUB_EVENT_NAME: 'pull_request' }],
    ['--gate touched', ['--gate', 'touched', '--base', 'declared/a.json'], {}],
  ])('asks for no variable and tells nobody: %s', { timeout: 120_000 }, async (_, flags, env) => {
    const tenant = await drifted()
    const ran = await run(['check', '--quiet', ...flags], {
      cwd: folder(CONFIG('')),
      env: { ...envOf(tenant), ...env },
    })
    expect(ran.err).not.toMatch(/SLACK_URL/)
  })

  it('is a mistake with line and column before anything is sent, where a variable is missing or no URL', async () => {
    const to = await services()
    const env = { ...variables(to), SLACK_URL: '', HOOK_URL: 'http://example.com/hook', HOOK_SECRET: 'hunter2hunter2' }
    const ran = await run(['check'], {
      cwd: folder(CONFIG('')),
      env: { AUTH0_DOMAIN: 'x.eu.auth0.com', AUTH0_API_TOKEN: 't', ...env },
    })
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(/tenant-drift\.yaml:3:\d+: notify: the variable SLACK_URL is not set/)
    expect(ran.err).toMatch(
      /tenant-drift\.yaml:4:\d+: notify: the variable HOOK_URL must hold an https URL without user and password/,
    )
    expect(ran.err).toMatch(/tenant-drift\.yaml:4:\d+: notify: the variable HOOK_SECRET must hold whsec_/)
    expect(ran.err).not.toMatch(/hunter2|example\.com/)
  })

  it('wants a memory for what says what changed', async () => {
    const to = await services()
    const ran = await run(['check'], {
      cwd: folder(CONFIG('').replace('history: history.db\n', '')),
      env: { AUTH0_DOMAIN: 'x.eu.auth0.com', AUTH0_API_TOKEN: 't', ...variables(to) },
    })
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(/tenant-drift\.yaml:2:\d+: notify: slack reports what changed, which needs a memory/)
    expect(ran.err).not.toMatch(/heartbeat says/)
  })

  it.each([
    ['  - slack: { url: https://hooks.slack.com/services/T/B/x }\n', /unknown key "url"/],
    ['  - slak: { url_variable: X }\n', /unknown key "slak"; .*slack/],
    ['  - heartbeat: { url_variable: https://x.example/ }\n    name: two\n', /NAME of an environment variable/],
    ['  - webhook: { url: http://example.com/, secret_variable: X }\n    name: two\n', /url must be an https URL/],
    ['  - slack: { url_variable: X }\n', /another channel is called slack: give one of them a name/],
    ['  - { name: nothing }\n', /a channel is one of slack, teams/],
    ['  - slack: { url_variable: X }\n    name: two\n    on: [opend]\n', /an item of on must be one of opened/],
  ])('refuses %s', async (more, words) => {
    const ran = await run(['check'], { cwd: folder(CONFIG(more)), env: {} })
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(words)
    expect(ran.err).toMatch(/tenant-drift\.yaml:[678]:\d+: /)
    expect(ran.err).not.toMatch(/hooks\.slack\.com/)
  })

  it('tells by an earlier report alone, and an issue or a heartbeat by nothing', { timeout: 120_000 }, async () => {
    const [tenant, to] = [await drifted(), await services()]
    const cwd = folder(CONFIG('').replace('history: history.db\n', ''))
    const env = { ...envOf(tenant), ...variables(to) }
    await run(['check', '--quiet', '--no-notify', '-o', 'json=before.json'], { cwd, env })
    to.now = Date.parse('2026-11-24T12:00:00Z')
    await run(['check', '--quiet', '--previous', 'before.json'], { cwd, env })
    expect(to.heard).toEqual(['heartbeat: ok'])
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    await run(['check', '--quiet', '--previous', 'before.json'], { cwd, env })
    expect(to.heard.slice(1).sort()).toEqual([
      'heartbeat: ok',
      'slack: tenant-drift: 1 resolved',
      'webhook: difference.resolved urn:a#signing_alg',
    ])
  })
})

describe('a memory in the cache of a pipeline', () => {
  it('that is lost is told as that, and never as what is new', { timeout: 120_000 }, async () => {
    const [tenant, to] = [await drifted(), await services()]
    const cwd = folder(CONFIG(''))
    const env = { ...envOf(tenant), ...variables(to), CI: 'true' }
    to.now = NOW
    const check = async () => {
      to.now += 3_600_000
      return run(['check', '--quiet'], { cwd, env, now: () => to.now })
    }
    const first = await check()
    rmSync(path.join(cwd, 'history.db'))
    const lost = await check()
    const after = await check()
    tenant.edit('urn:a', { signing_alg: 'RS256' })
    await check()
    const words =
      /^warning: history: nothing was remembered yet \(a first run, or the memory was lost\); open differences are reported as open, not as new$/m
    expect([first, lost, after].map(({ err }) => words.test(err))).toEqual([true, true, false])
    const begins =
      'slack: tenant-drift: the memory begins here (a first run, or the memory was lost): 1 open (1 critical)'
    expect(to.heard.filter((line) => line.startsWith('slack'))).toEqual([
      begins,
      begins,
      'slack: tenant-drift: 1 resolved',
    ])
    expect(JSON.stringify(to.bodies.slack)).toMatch(/\*Open, critical:\*/)
    expect(
      to.bodies.webhook.map(({ type, data }) => [type, (data as { memory_begins?: boolean }).memory_begins]),
    ).toEqual([
      ['tenant_drift.difference.opened', true],
      ['tenant_drift.difference.opened', true],
      ['tenant_drift.difference.resolved', undefined],
    ])
    // Whoever drops an id that it knows must not drop what came after the loss.
    expect(new Set(to.bodies.webhook.map(({ id }) => id)).size).toBe(3)
  })

  it.each([
    ['a public repository of GitHub', { GITHUB_ACTIONS: 'true' }, { repository: { visibility: 'public' } }, 1],
    ['an older payload', { GITHUB_ACTIONS: 'true' }, { repository: { private: false } }, 1],
    ['a public repository, by our own action', { GITHUB_ACTIONS: 'true', TENANT_DRIFT_PUBLIC: 'true' }, {}, 1],
    ['a public project of GitLab', { CI_PROJECT_VISIBILITY: 'public' }, null, 1],
    ['an internal project of GitLab', { CI_PROJECT_VISIBILITY: 'internal' }, null, 1],
    ['a private repository', { GITHUB_ACTIONS: 'true' }, { repository: { visibility: 'private' } }, 2],
    ['a private project of GitLab', { CI_PROJECT_VISIBILITY: 'private' }, null, 2],
    ['a machine of its own, outside of the workspace', OWN_MACHINE, { repository: { visibility: 'public' } }, 2],
  ])('is refused where everybody can read it: %s', { timeout: 120_000 }, async (_, env, payload, code) => {
    const [tenant, to] = [await drifted(), await services()]
    const cwd = folder(CONFIG(''))
    const event = path.join(folderWith({ 'event.json': JSON.stringify(payload) }), 'event.json')
    const own = 'CI_PROJECT_VISIBILITY' in env ? { CI_PROJECT_DIR: cwd } : { GITHUB_EVENT_PATH: event }
    const ran = await run(['check', '--quiet'], { cwd, env: { ...envOf(tenant), ...variables(to), ...own, ...env } })
    expect(ran.code).toBe(code)
    if (code === 2) return
    expect(ran.err).toMatch(
      /history: everybody can read this repository, .*, so a history in a cached file is refused\./,
    )
    expect([Object.keys(tenant.requests()), existsSync(path.join(cwd, 'history.db'))]).toEqual([[], false])
  })
})

describe('secrets', () => {
  it(
    'that a tenant shows in a value or a name reach no channel, no issue, no page and no store',
    { timeout: 120_000 },
    async () => {
      const [tenant, to, github] = [await drifted(), await services(), await githubIssues()]
      const [planted, token, mounted] = [
        'planted-secret-of-a-variable-4711',
        tenant.token,
        'planted-secret-of-a-file-0815',
      ]
      const scope = (value: string, description: string) => ({ value, description })
      tenant.edit('urn:a', {
        name: `a ${planted}`,
        scopes: [scope(planted, token), scope(`read:${mounted}`, SECRET), scope(TOKEN, ROUTING_KEY)],
      })
      const cwd = folderWith({
        'declared/a.json': {
          resource_servers: [{ identifier: 'urn:a', name: 'a', signing_alg: 'RS256', scopes: [] }],
        },
        'tenant-drift.yaml': CONFIG(`  - teams: { url_file: teams-url }
  - pagerduty: { routing_key_variable: PAGERDUTY_KEY, api_url: ${to.url}, per: finding }
  - github_issue: { repository: o/r, token_variable: GITHUB_TOKEN, api_url: ${github.url} }
  - gitlab_issue: { project: g/p, token_variable: GITLAB_TOKEN, api_url: ${to.url} }
`),
        'teams-url': `${to.url}/teams?sig=${mounted}`,
      })
      const env = {
        ...envOf(tenant),
        ...variables(to),
        PAGERDUTY_KEY: ROUTING_KEY,
        GITHUB_TOKEN: TOKEN,
        GITLAB_TOKEN: 'glpat-of-a-bot',
        TENANT_DRIFT_VAR_secret_part: planted,
      }
      to.now = NOW
      const check = () => run(['check', '--quiet'], { cwd, env, now: () => to.now })
      const ran = await check()
      // Some of it ends, and something is new.
      tenant.edit('urn:a', { name: 'a', scopes: [scope(`late:${planted}`, `x ${token}`), scope(TOKEN, ROUTING_KEY)] })
      to.now += 3_600_000
      const second = await check()
      expect([ran.code, second.code]).toEqual([2, 2])
      expect([ran.err, second.err].join('')).not.toMatch(/^warning: \w+: /m)
      const pages = await Promise.all(
        ['text', 'json', 'csv', 'html'].map((format) =>
          run(['history', '--all', '--output', format], { cwd, env, now: () => to.now }),
        ),
      )
      const told = {
        slack: to.bodies.slack,
        teams: to.bodies.teams,
        webhook: to.bodies.webhook,
        // The key is what it is sent with.
        pagerduty: to.bodies.pagerduty.map(({ routing_key: _key, ...rest }) => rest),
        github: github.issues.map(({ title, body, comments }) => [title, body, comments]),
        gitlab: to.gitlab.map(({ description, notes }) => [description, notes]),
        log: [ran.err, ran.out, second.err, second.out],
        pages: pages.map(({ out, err }) => out + err),
        store: readFileSync(path.join(cwd, 'history.db'), 'latin1'),
      }
      const all = [planted, token, SECRET, ROUTING_KEY, TOKEN, 'glpat-of-a-bot', mounted].flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64'),
      ])
      const leaks = Object.entries(told).flatMap(([where, what]) =>
        all
          .filter((secret) => (typeof what === 'string' ? what : JSON.stringify(what)).includes(secret))
          .map(() => where),
      )
      expect(leaks).toEqual([])
      // Each of them was told of what holds the secrets.
      for (const [where, what] of Object.entries(told).filter(([name]) => name !== 'log'))
        expect([where, (typeof what === 'string' ? what : JSON.stringify(what)).includes('(hidden')]).toEqual([
          where,
          true,
        ])
    },
  )
})

describe('notify --test', () => {
  it('sends one marked message to every channel, and ends with 1 where one refuses it', async () => {
    const to = await services()
    const cwd = folder(CONFIG('  - teams: { url_variable: TEAMS_URL }\n'))
    const env = { ...variables(to), TEAMS_URL: `${to.url}/teams` }
    to.now = Date.parse('2026-11-24T12:00:00Z')
    const ran = await run(['notify', '--test'], { cwd, env })
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.out.split('\n').map((line) => line.slice(0, 18).trim())).toEqual([
      'sent     slack',
      'sent     webhook',
      'sent     heartbeat',
      'sent     teams (Te',
      '',
    ])
    expect(to.heard).toContain('slack: tenant-drift: this is a test. Nothing differs.')
    to.fail = (at) => (at === '/slack' ? { status: 404 } : null)
    const refused = await run(['notify', '--test'], { cwd, env })
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/^refused {2}slack: it answered 404$/m)
    expect(refused.out).not.toMatch(/127\.0\.0\.1/)
  })

  it('takes a blank variable for one that is not set, as every command does', async () => {
    const { code, err } = await run(['notify', '--test'], { cwd: folderWith({}), env: { TENANT_DRIFT_CONFIG: ' ' } })
    expect([code, err]).toEqual([1, expect.stringContaining('there is no tenant-drift.yaml here')])
  })
})
