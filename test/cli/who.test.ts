import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { SIGNING_SECRET } from '../../src/schema/secret-field.ts'
import type { HistoryView } from '../../src/schema/history-view.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { reportMistakes } from '../report/judges.ts'
import { folderWith, reportIn, run, write } from './run.ts'
import { DEPLOY, HOUR, KIM, MINUTE, ORDERS, storeIn, whoWorld } from './who-world.ts'

const LOGS = '/api/v2/logs'
const asked = (tenant: Simulator): number => tenant.requests()[`GET ${LOGS}`] ?? 0

describe('check --who', () => {
  it('names the one who changed it since the last complete reading', async () => {
    const { edit, who } = await whoWorld()
    expect(await who(0)).toBeUndefined()
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    expect(await who(2)).toMatchObject({
      certainty: 'certain',
      reason: null,
      at: '2026-11-24T13:00:00.000Z',
      through: 'dashboard',
      actor: { application: null },
      keptBy: null,
      before: { at: '2026-11-24T12:00:00.000Z', isThere: true, live: 'RS256' },
    })
  })

  it('explain says it of a finding of the report', async () => {
    const { edit, check, cwd } = await whoWorld()
    await check(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    const { out } = await check(2, '--who', '--output', 'json')
    write(cwd, { 'report.json': out })
    const [finding] = reportIn(out).findings
    const said = await run(['explain', finding?.fingerprint ?? '', '--report', 'report.json'], { cwd })
    expect(said.out).toContain('  Changed by: probably a person in the dashboard, 24 Nov 2026, 13:00 UTC, log\n')
  })

  it('never names who sent it again unchanged, but says that they did', async () => {
    const { edit, who, check } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    edit(2, { signing_alg: 'PS256', token_lifetime: 86_400, name: 'Orders' }, { actor: DEPLOY })
    edit(3, { signing_alg: 'PS256', token_lifetime: 86_400, name: 'Orders' }, { actor: DEPLOY })
    expect(await who(4)).toMatchObject({
      certainty: 'certain',
      through: 'dashboard',
      keptBy: {
        count: 2,
        last: '2026-11-24T15:00:00.000Z',
        through: 'application',
        actor: { application: { client_id: 'cDeploy', name: 'deploy-prod' } },
        tool: 'deploy-cli 8.44.0',
      },
    })
    const { out } = await check(4, '--who')
    expect(out).toContain('changed by  a person in the dashboard, 24 Nov 2026, 13:00 UTC, log 9002')
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'sent again 2 times since, last by application deploy-prod (calls itself deploy-cli 8.44.0)',
    )
  })

  it('of two people on one field names the last one who changed it', async () => {
    const { edit, who } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    edit(2, { signing_alg: 'RS256' }, { actor: KIM })
    edit(3, { signing_alg: 'PS256' }, { actor: DEPLOY })
    edit(4, { token_lifetime: 60 }, { actor: KIM })
    expect(await who(5)).toMatchObject({ certainty: 'certain', at: '2026-11-24T15:00:00.000Z', through: 'application' })
  })

  it('one PATCH that changed ten fields is the one event of ten findings', async () => {
    const { edit, report, cwd } = await whoWorld()
    const declared = {
      signing_alg: 'RS256',
      token_lifetime: 86_400,
      token_lifetime_for_web: 7200,
      allow_offline_access: false,
      enforce_policies: false,
      token_dialect: 'access_token',
      skip_consent_for_verifiable_first_party_clients: false,
      name: 'Orders',
      scopes: [],
    }
    write(cwd, { 'declared/orders.json': { resource_servers: [{ identifier: ORDERS, ...declared }] } })
    await report(0)
    edit(
      1,
      {
        signing_alg: 'PS256',
        token_lifetime: 60,
        token_lifetime_for_web: 30,
        allow_offline_access: true,
        enforce_policies: true,
        token_dialect: 'access_token_authz',
        skip_consent_for_verifiable_first_party_clients: true,
        name: 'Other',
        scopes: [{ value: 'a' }, { value: 'b' }],
      },
      { actor: DEPLOY },
    )
    const { findings } = await report(2)
    const counting = findings.filter(({ counts }) => counts)
    expect(counting).toHaveLength(10)
    expect(new Set(counting.map(({ changedBy }) => changedBy?.log)).size).toBe(1)
    expect(new Set(counting.map(({ changedBy }) => changedBy?.certainty))).toEqual(new Set(['certain']))
  })

  it('what was set through another endpoint has no event', async () => {
    const { tenant, edit, who } = await whoWorld()
    await who(0)
    edit(1, { token_lifetime_for_web: 7200 })
    tenant.edit(ORDERS, { signing_alg: 'PS256' }, 'silent')
    expect(await who(2)).toMatchObject({ certainty: 'not-known', reason: 'no-event' })
  })

  it.each([encodeURIComponent(ORDERS), encodeURIComponent(encodeURIComponent(ORDERS)), null])(
    'joins an event whose path is %s',
    async (segment) => {
      const { tenant, who, at, hour: _hour, ...world } = await whoWorld()
      await who(0)
      const { id } = tenant.list().find(({ identifier }) => identifier === ORDERS) as { readonly id?: string }
      await fetch(`${tenant.url}/api/v2/resource-servers/${segment ?? id ?? ''}`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${tenant.token}`,
          'content-type': 'application/json',
          'x-simulator-write': JSON.stringify({ actor: KIM, at: at(1) }),
        },
        body: JSON.stringify({ signing_alg: 'PS256' }),
      })
      expect(await who(2)).toMatchObject({ certainty: 'certain', through: 'dashboard' })
      expect(world.cwd).not.toBe('')
    },
  )

  it('an API that was deleted and made again is of whom made it', async () => {
    const { tenant, who, at } = await whoWorld()
    tenant.edit(ORDERS, { signing_alg: 'PS256' }, 'silent')
    await who(0)
    tenant.remove(ORDERS, { at: at(1), actor: KIM })
    tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'PS256' }, { at: at(1.1), actor: DEPLOY })
    expect(await who(2)).toMatchObject({ certainty: 'certain', through: 'application', at: '2026-11-24T13:06:00.000Z' })
  })

  it('nobody did away with an API that is there under a name with one slash more', async () => {
    const { tenant, edit, who, cwd } = await whoWorld()
    write(cwd, {
      'declared/orders.json': { resource_servers: [{ identifier: ORDERS.slice(0, -1), signing_alg: 'RS256' }] },
    })
    tenant.edit(ORDERS, { signing_alg: 'PS256' }, 'silent')
    await who(0)
    edit(
      1,
      { signing_alg: 'PS256', token_lifetime: 86_400, name: 'Orders', token_dialect: 'access_token' },
      { actor: KIM },
    )
    expect(await who(2)).toMatchObject({ certainty: 'not-known', through: null })
  })

  it('an API that is gone, and one that came', async () => {
    const { tenant, report, at, record } = await whoWorld()
    await record()
    await report(0)
    tenant.create({ identifier: 'urn:new' }, { at: at(1), actor: DEPLOY })
    tenant.remove(ORDERS, { at: at(1.5), actor: KIM })
    const { findings } = await report(2)
    expect(findings.map(({ kind, changedBy }) => [kind, changedBy?.certainty, changedBy?.through])).toEqual([
      ['missing', 'certain', 'dashboard'],
      ['unmanaged', 'certain', 'application'],
    ])
  })

  it('events that come late are asked for again by the next run, and then it is certain', async () => {
    const { edit, who, at } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM, shownAt: at(2.5) })
    expect(await who(2)).toMatchObject({ certainty: 'not-known', reason: 'no-event' })
    expect(await who(3)).toMatchObject({ certainty: 'certain', through: 'dashboard', before: { live: 'RS256' } })
  })

  it('what is young is likely, and certain later', async () => {
    const { edit, who } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    expect(await who(1 + 14 / 60)).toMatchObject({ certainty: 'likely', reason: 'young' })
    expect(await who(1 + 16 / 60)).toMatchObject({ certainty: 'certain', reason: null })
  })

  it('what is certain stays so for one request a run, and a value that was set back and set again is of its last one', async () => {
    const { edit, who, tenant } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    await who(2)
    const before = asked(tenant)
    expect(await who(3)).toMatchObject({ certainty: 'certain', through: 'dashboard' })
    expect(asked(tenant) - before).toBe(1)
    edit(3.2, { signing_alg: 'RS256' }, { actor: KIM })
    edit(3.4, { signing_alg: 'PS256' }, { actor: DEPLOY })
    expect(await who(4)).toMatchObject({ certainty: 'certain', through: 'application' })
  })

  it('reads more than a thousand events by their dates', async () => {
    const { tenant, edit, who, at } = await whoWorld()
    await who(0)
    edit(0.5, { signing_alg: 'PS256' }, { actor: KIM })
    tenant.create({ identifier: 'urn:other' }, 'silent')
    for (let index = 0; index < 1200; index += 1)
      tenant.edit('urn:other', { token_lifetime: 60 + index }, { at: at(0.6) + index * 1000, actor: DEPLOY })
    expect(await who(2)).toMatchObject({ certainty: 'certain', through: 'dashboard' })
    expect(asked(tenant)).toBe(13)
  })

  it('says so where a thousand events of one moment hide the rest', async () => {
    const { tenant, edit, who, at } = await whoWorld()
    await who(0)
    edit(0.5, { signing_alg: 'PS256' }, { actor: KIM })
    tenant.create({ identifier: 'urn:other' }, 'silent')
    for (let index = 0; index < 1001; index += 1)
      tenant.edit('urn:other', { token_lifetime: 60 + index }, { at: at(0.6), actor: DEPLOY })
    expect(await who(2)).toMatchObject({ certainty: 'not-known', reason: 'too-many-events' })
  })

  it('logs that are shorter than the difference is old know nobody', async () => {
    const day = 24
    const { edit, who } = await whoWorld({ retentionMs: day * HOUR, history: false })
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    edit(
      40,
      { signing_alg: 'PS256', token_lifetime: 86_400, name: 'Orders', allow_offline_access: false },
      { actor: DEPLOY },
    )
    expect(await who(48)).toMatchObject({
      certainty: 'not-known',
      reason: 'older-than-the-logs',
      at: null,
      through: null,
      sentBy: { through: 'application', at: '2026-11-26T04:00:00.000Z' },
    })
  })

  it('an event without its answer is a gap', async () => {
    const { edit, who, tenant } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    tenant.setFault({ kind: 'log-bodiless', match: { path: LOGS } })
    expect(await who(2)).toMatchObject({ certainty: 'not-known', reason: 'masked' })
  })

  it('masked names are nobody, and hide no other setting', async () => {
    const { edit, report, tenant, cwd } = await whoWorld()
    write(cwd, {
      'declared/orders.json': { resource_servers: [{ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256' }] },
    })
    await report(0)
    edit(1, { signing_alg: 'PS256', name: 'Other' }, { actor: KIM })
    tenant.setFault({ kind: 'log-masked', match: { path: LOGS } })
    const { findings } = await report(2, '--who=full')
    expect(
      findings
        .filter(({ counts }) => counts)
        .map(({ path: at, changedBy }) => [at, changedBy?.certainty, changedBy?.actor?.person]),
    ).toEqual([
      ['signing_alg', 'certain', { name: null, email: null }],
      ['name', 'not-known', undefined],
    ])
  })

  it('asks nothing where nothing counts', async () => {
    const { report, tenant } = await whoWorld()
    await report(0)
    const { proof } = await report(1)
    expect(asked(tenant)).toBe(0)
    expect(proof?.requests).not.toHaveProperty('log')
  })

  it('is off unless asked for', async () => {
    const { edit, check, tenant } = await whoWorld()
    edit(0, { signing_alg: 'PS256' })
    const { out } = await check(1)
    expect(out).not.toContain('changed by')
    expect(asked(tenant)).toBe(0)
  })

  it('says not known without the scope, and keeps verdict and exit code', async () => {
    const { edit, check, who } = await whoWorld({ scopes: [] })
    edit(0, { signing_alg: 'PS256' })
    expect(await who(1)).toMatchObject({ certainty: 'not-known', reason: 'no-scope', through: null })
    const { code, out } = await check(1, '--who')
    expect(code).toBe(2)
    expect(out).toContain('changed by  not known: the token lacks the scope read:logs')
  })

  it('a log that cannot be read changes no verdict and loses nothing', async () => {
    const { edit, who, check, tenant } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    await who(2)
    tenant.setFault({ kind: 'status', status: 500, match: { path: LOGS }, times: 5 })
    expect(await who(3)).toMatchObject({ certainty: 'likely', reason: 'gap', through: 'dashboard' })
    expect(await who(4)).toMatchObject({ certainty: 'certain', through: 'dashboard' })
    tenant.setFault({ kind: 'status', status: 403, match: { path: LOGS } })
    expect((await check(5, '--who')).code).toBe(2)
  })

  it('with drift on ten of many APIs sends no more than the events ask for', async () => {
    const { tenant, report, at, cwd } = await whoWorld()
    const names = Array.from({ length: 10 }, (_, index) => `urn:api-${index}`)
    for (const identifier of names) tenant.create({ identifier, signing_alg: 'RS256' }, 'silent')
    write(cwd, {
      'declared/more.json': { resource_servers: names.map((identifier) => ({ identifier, signing_alg: 'RS256' })) },
    })
    await report(0)
    for (const [index, identifier] of names.entries())
      tenant.edit(identifier, { signing_alg: 'PS256' }, { at: at(1) + index * MINUTE, actor: DEPLOY })
    for (let index = 0; index < 80; index += 1)
      tenant.edit('urn:api-1', { token_lifetime: 100 + index }, { at: at(2) + index * MINUTE, actor: DEPLOY })
    const { findings, proof } = await report(8)
    expect(findings.filter(({ changedBy }) => changedBy?.certainty === 'certain')).toHaveLength(10)
    expect(proof?.requests).toMatchObject({ list: 1, log: 1 })
  })
})

describe('secrets and persons', () => {
  it('a signing secret in an event is never shown and never stored', async () => {
    const world = await whoWorld()
    const { tenant, report, cwd, check, at } = world
    await report(0)
    const secret = 'kD8sP2vQx7Lm4Rt9Wz1Yb6Nc3Hf5Gj0A'
    tenant.edit(ORDERS, { signing_alg: 'HS256', signing_secret: secret }, { at: at(1), actor: KIM })
    world.hour = 2
    expect(JSON.stringify(tenant.logs())).toContain(secret)
    const outputs = FORMATS.map((format) => `--output=${format}=out/${format}`)
    await check(2, '--who=full', ...outputs)
    for (const format of FORMATS) expect(readFileSync(path.join(cwd, 'out', format), 'utf8')).not.toContain(secret)
    expect(readFileSync(storeIn(cwd)).includes(secret)).toBe(false)
    expect((await report(3)).findings[0]?.changedBy).toMatchObject({ certainty: 'certain', through: 'dashboard' })
    expect(SIGNING_SECRET).toBe('signing_secret')
  })

  it('persons are named with full alone, and never where others read', async () => {
    const { edit, check, cwd } = await whoWorld()
    await check(0, '--who')
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    const outputs = (folder: string) => FORMATS.map((format) => `--output=${format}=${folder}/${format}`)
    await check(2, '--who', ...outputs('plain'))
    const name = /Kim Example|kim@example\.com|auth0\|kim|203\.0\.113/
    for (const format of FORMATS) expect(readFileSync(path.join(cwd, 'plain', format), 'utf8')).not.toMatch(name)
    await check(3, '--who=full', ...outputs('full'))
    const named = FORMATS.filter((format) =>
      /Kim Example|kim@example\.com/.test(readFileSync(path.join(cwd, 'full', format), 'utf8')),
    )
    expect(named).toEqual(['text', 'json', 'html'])
    for (const format of FORMATS)
      expect(readFileSync(path.join(cwd, 'full', format), 'utf8')).not.toMatch(/203\.0\.113|auth0\|kim/)
  })

  it('the history keeps no person unless full asked for one', async () => {
    const { edit, who, cwd, ask } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    await who(2)
    expect((await ask('--output', 'json')).out).not.toContain('Kim')
    expect(readFileSync(storeIn(cwd)).includes('kim@example.com')).toBe(false)
  })

  it.each<[string, object | null, boolean]>([
    ['a private repository', { repository: { private: true, visibility: 'private' } }, true],
    ['an internal one', { repository: { private: true, visibility: 'internal' } }, false],
    ['a public one', { repository: { private: false, visibility: 'public' } }, false],
    ['one that nobody says anything about', null, false],
  ])('in a workflow of %s', async (_what, event, isNamed) => {
    const file = path.join(folderWith({ 'event.json': event }), 'event.json')
    const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_PATH: file }
    const { edit, who } = await whoWorld({ history: false, env })
    edit(-1, { signing_alg: 'RS256' })
    edit(-0.5, { signing_alg: 'PS256' }, { actor: KIM })
    const changedBy = await who(1, '--who=full')
    expect(changedBy).toMatchObject({ certainty: 'certain', through: 'dashboard' })
    expect(changedBy?.actor?.person !== undefined).toBe(isNamed)
  })

  it.each([
    ['private', true],
    ['internal', false],
    ['public', false],
  ])('in a pipeline of a project that is %s', async (visibility, isNamed) => {
    const env = { GITLAB_CI: 'true', CI_PROJECT_VISIBILITY: visibility }
    const { edit, who } = await whoWorld({ history: false, env })
    edit(-1, { signing_alg: 'RS256' })
    edit(-0.5, { signing_alg: 'PS256' }, { actor: KIM })
    expect((await who(1, '--who=full'))?.actor?.person !== undefined).toBe(isNamed)
  })
})

describe('what it says', () => {
  it('stands in every format that tells findings', async () => {
    const { edit, check, cwd, report } = await whoWorld()
    await check(0, '--who')
    edit(1, { signing_alg: 'PS256' }, { actor: DEPLOY })
    await check(2, '--who', ...FORMATS.map((format) => `--output=${format}=out/${format}`))
    for (const format of FORMATS) {
      const text = readFileSync(path.join(cwd, 'out', format), 'utf8')
      expect([format, text.includes('deploy-prod')]).toEqual([format, true])
    }
    expect(reportMistakes(await report(2))).toBeNull()
  })

  it('counts every request it names, those of the log too', async () => {
    const { edit, check, tenant } = await whoWorld({ history: false })
    edit(1, { signing_alg: 'PS256' }, { actor: DEPLOY })
    tenant.reset()
    const { out } = await check(2, '--who')
    const sent = Object.values(tenant.requests()).reduce((sum, count) => sum + count, 0)
    expect(sent).toBeGreaterThan(1)
    expect(out.replaceAll(/\s+/g, ' ')).toContain(` with ${sent} requests,`)
  })

  it('the history tells who, and how long it took to be seen', async () => {
    const { edit, who, ask } = await whoWorld()
    await who(0)
    edit(0.5, { signing_alg: 'PS256' }, { actor: DEPLOY })
    await who(2)
    const { episodes, tenants } = JSON.parse((await ask('--output', 'json')).out) as HistoryView
    expect(episodes).toMatchObject([{ changedBy: { certainty: 'certain' }, detectedIn: 5400 }])
    expect(tenants).toMatchObject([{ medianToDetect: 5400, worstToDetect: 5400 }])
    const { out } = await ask()
    expect(out).toContain('changes were seen 1 hour later (median), 1 hour at worst')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('changed by application deploy-prod')
    expect((await ask('--output', 'html')).out).toContain('; seen 1 hour later')
    expect((await ask('show', episodes[0]?.fingerprint ?? '')).out).toContain('changed by')
  })

  it('many APIs that one changed alike are one line', async () => {
    const { tenant, check, at, cwd } = await whoWorld()
    const names = ['urn:a', 'urn:b', 'urn:c']
    for (const identifier of names) tenant.create({ identifier, signing_alg: 'RS256' }, 'silent')
    write(cwd, {
      'declared/more.json': { resource_servers: names.map((identifier) => ({ identifier, signing_alg: 'RS256' })) },
    })
    await check(0, '--who')
    for (const [index, identifier] of names.entries())
      tenant.edit(identifier, { signing_alg: 'PS256' }, { at: at(1) + index, actor: index === 2 ? KIM : DEPLOY })
    const { out } = await check(2, '--who')
    expect(out).toContain('changed by  application deploy-prod (calls itself deploy-cli 8.44.0), 24 Nov')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('a person in the dashboard, 24 Nov 2026 (1)')
  })

  it('doctor names the scope where the setting is on, and calls it none in excess', async () => {
    const { doctor } = await whoWorld()
    expect((await doctor()).out).toContain('scopes that are not needed: ')
    expect((await doctor()).out).toContain('read:logs')
    const { out } = await doctor('--who')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('ok scopes: read:logs is there: it shows who changed what counts')
    expect(/scopes that are not needed: [^]*?\n {6}[A-Z]/.exec(out)?.[0]).not.toContain('read:logs')
    const bare = await whoWorld({ scopes: [] })
    const without = await bare.doctor('--who')
    expect(without.out.replaceAll(/\s+/g, ' ')).toContain('scopes: read:logs is not there: it would show who changed')
    expect(without.code).toBe(0)
  })
})
