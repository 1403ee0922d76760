import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { originWith } from '../git/origin.ts'
import { api, declares, following, type World } from './following.ts'

const HOUR = 3_600_000
const A = 'declared/a.json'

/** In sync with a repository that declares `urn:a`, and proven. */
async function proven(more: Omit<World, 'origin'> = {}) {
  const origin = originWith({ [A]: declares(api('urn:a')) })
  const world = await following({ origin, live: [api('urn:a')], ...more })
  expect(await world.look()).toMatchObject({ verdict: 'in-sync', errors: [] })
  return { origin, world }
}

describe('a branch that is followed', () => {
  it('is what the tenant is compared with, and each run says by which commit', async () => {
    const origin = originWith({ [A]: declares(api('urn:a')) })
    const world = await following({ origin, live: [api('urn:a')] })
    const tip = origin.git('rev-parse', 'main')
    expect(await world.look()).toEqual({
      verdict: 'in-sync',
      counts: [],
      pending: [],
      moves: [],
      errors: [],
      advice: [],
      commit: tip,
    })
  })

  it('has no base before anything was proven: then all that differs counts', async () => {
    const origin = originWith({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    const world = await following({ origin, live: [api('urn:a')] })
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#token_lifetime'], pending: [] })
  })

  it('waits for what is merged and not applied, and no longer than apply_within', async () => {
    const { origin, world } = await proven()
    const tip = origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 }), api('urn:b')) })
    const merged = { verdict: 'in-sync', counts: [], pending: ['urn:a#token_lifetime', 'urn:b'], commit: tip }
    expect(await world.look()).toMatchObject(merged)
    world.now += HOUR / 2
    expect(await world.look()).toMatchObject(merged)
    world.now += HOUR / 2
    expect(await world.look()).toMatchObject({
      verdict: 'drifted',
      counts: ['urn:a#token_lifetime', 'urn:b'],
      pending: [],
      moves: ['opened urn:a#token_lifetime', 'opened urn:b'],
    })
    expect((await world.check()).report.notes).toContain(
      'changes of the code that nobody applied within 1h count (apply_within)',
    )
    world.tenant.edit('urn:a', { token_lifetime: 600 })
    world.tenant.create(api('urn:b'))
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: [] })
  })

  it('takes apply_within as the service says it, and not from the commit', async () => {
    const { origin, world } = await proven({ own: 'apply_within: 5m\n' })
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })), 'tenant-drift.yaml': 'apply_within: 40d\n' })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'] })
    world.now += 5 * 60_000
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#token_lifetime'] })
  })

  it('is the base once it was applied, also after a restart', async () => {
    const { origin, world } = await proven()
    const applied = origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    await world.look()
    world.tenant.edit('urn:a', { token_lifetime: 600 })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: [], commit: applied })
    await world.restart()
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 900 })) })
    // Against the base before it would have changed on both sides.
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'] })
  })

  it('knows after a restart since when something waits', async () => {
    const { origin, world } = await proven()
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    await world.look()
    await world.restart()
    world.now += HOUR
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#token_lifetime'] })
  })

  it('hides no change by hand beside what waits', async () => {
    const { origin, world } = await proven()
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    world.tenant.edit('urn:a', { signing_alg: 'HS256' })
    expect(await world.look()).toMatchObject({
      verdict: 'drifted',
      counts: ['urn:a#signing_alg'],
      pending: ['urn:a#token_lifetime'],
      moves: ['opened urn:a#signing_alg'],
    })
  })

  it('takes a value that the code never said for no part of what waits', async () => {
    const { origin, world } = await proven()
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    world.tenant.edit('urn:a', { token_lifetime: 7000 })
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#token_lifetime'], pending: [] })
  })

  it('waits for a pipeline that applies one merge after the other', async () => {
    const { origin, world } = await proven()
    for (const token_lifetime of [600, 700, 800]) {
      origin.push({ [A]: declares(api('urn:a', { token_lifetime })) })
      expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'] })
    }
    world.tenant.edit('urn:a', { token_lifetime: 700 })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'] })
    world.tenant.edit('urn:a', { token_lifetime: 500 })
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#token_lifetime'] })
  })

  it('waits for what any of some merges said, also where its folder was taken away meanwhile', async () => {
    const { origin, world } = await proven()
    for (const token_lifetime of [600, 700]) {
      origin.push({ [A]: declares(api('urn:a', { token_lifetime })) })
      await world.look()
    }
    world.tenant.edit('urn:a', { token_lifetime: 600 })
    rmSync(join(world.folder, '.tenant-drift', 'follow'), { recursive: true })
    await world.restart()
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'] })
  })

  it('waits for a merge where something else stands open for days, and was never proven', async () => {
    const origin = originWith({ [A]: declares(api('urn:a')) })
    const world = await following({ origin, live: [api('urn:a', { allow_offline_access: true })] })
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#allow_offline_access'] })
    for (const token_lifetime of [600, 700]) {
      world.now += 24 * HOUR
      await world.look()
      origin.push({ [A]: declares(api('urn:a', { token_lifetime })) })
      expect(await world.look()).toMatchObject({
        counts: ['urn:a#allow_offline_access'],
        pending: ['urn:a#token_lifetime'],
        moves: [],
      })
      world.tenant.edit('urn:a', { token_lifetime })
      expect(await world.look()).toMatchObject({ counts: ['urn:a#allow_offline_access'], pending: [] })
    }
  })

  it('waits for an API that was taken out, then counts it; one that is handed over is nothing to wait for', async () => {
    const both = declares(api('urn:a'), api('urn:b'), api('urn:c'))
    const origin = originWith({ [A]: both })
    const world = await following({ origin, live: [api('urn:a'), api('urn:b'), api('urn:c')] })
    await world.look()
    origin.push({ [A]: { ...declares(api('urn:a')), managed_elsewhere: ['urn:c'] } })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', counts: [], pending: ['urn:b'] })
    world.now += HOUR
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:b'] })
  })

  it('is looked at once more where it moved while the tenant was read', async () => {
    const origin = originWith({ [A]: declares(api('urn:a')) })
    let merge: (() => void) | null = null
    const world = await following({ origin, live: [api('urn:a')], onRequest: () => merge?.() })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync' })
    let tip = ''
    merge = () => {
      merge = null
      tip = origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
      world.tenant.edit('urn:a', { token_lifetime: 600 })
    }
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', counts: [], moves: [], commit: tip })
  })

  it('may be pushed back by force: what the code takes back waits, too', async () => {
    const { origin, world } = await proven()
    const before = origin.git('rev-parse', 'main')
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    world.tenant.edit('urn:a', { token_lifetime: 600 })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: [] })
    origin.git('reset', '--quiet', '--hard', before)
    origin.git('reflog', 'expire', '--expire=now', '--all')
    origin.git('gc', '--quiet', '--prune=now')
    expect(await world.look()).toMatchObject({
      verdict: 'in-sync',
      pending: ['urn:a#token_lifetime'],
      commit: before,
      errors: [],
    })
  })
})

describe('a commit that cannot be read', () => {
  it('is told once, with file and line; the last good one is judged, and nothing is called in sync', async () => {
    const { origin, world } = await proven()
    const good = origin.git('rev-parse', 'main')
    origin.push({ 'declared/b.yaml': 'resource_servers:\n  - identifier: urn:b\n    signing_alg: [\n' })
    const first = await world.look()
    expect(first).toMatchObject({ verdict: 'incomplete', counts: [], moves: ['unreadable'], commit: good })
    expect(first.errors).toEqual([expect.stringMatching(/^invalid_declaration: declared\/b\.yaml:\d+:\d+: /)])
    world.tenant.edit('urn:a', { signing_alg: 'HS256' })
    expect(await world.look()).toMatchObject({
      verdict: 'incomplete',
      counts: ['urn:a#signing_alg'],
      moves: ['opened urn:a#signing_alg'],
    })
    // Another process has the last good one from the history.
    await world.restart()
    expect(await world.look()).toMatchObject({ verdict: 'incomplete', counts: ['urn:a#signing_alg'], moves: [] })
    const mended = origin.push({ 'declared/b.yaml': null })
    expect(await world.look()).toMatchObject({ verdict: 'drifted', moves: ['readable'], errors: [], commit: mended })
  })

  it('is one whose configuration is endless: the watch goes on', async () => {
    const { origin, world } = await proven()
    const good = origin.git('rev-parse', 'main')
    origin.push({ 'tenant-drift.yaml': 'accept: &a [*a]\n' })
    world.tenant.edit('urn:a', { signing_alg: 'HS256' })
    const look = await world.look()
    expect(look).toMatchObject({ verdict: 'incomplete', counts: ['urn:a#signing_alg'], commit: good })
    expect(look.errors).toEqual([expect.stringMatching(/^invalid_config: tenant-drift\.yaml:1:1: /)])
  })

  it('is one that we stumble over ourselves: it is told, and the last good one is judged', async () => {
    const { origin, world } = await proven()
    const good = origin.git('rev-parse', 'main')
    const bad = origin.push({ 'declared/b.yaml': declares() })
    const follow = world.follows().of('acme')
    if (follow === null) throw new Error('it follows')
    const open = follow.branch.open.bind(follow.branch)
    vi.spyOn(follow.branch, 'open').mockImplementation(async (commit, folder) => {
      const files = await open(commit, folder)
      return files === null || commit !== bad
        ? files
        : { ...files, kindOf: () => Promise.reject(new RangeError('s3cr3t')) }
    })
    const look = await world.look()
    expect(look).toMatchObject({ verdict: 'incomplete', moves: ['unreadable'], commit: good })
    expect(look.errors).toEqual([expect.stringMatching(/^bug: the commit [0-9a-f]{12}: .*RangeError/)])
    expect(JSON.stringify(look)).not.toContain('s3cr3t')
    expect(world.log).toMatchObject([{ event: 'bug' }])
  })

  it('leaves no tenant in sync where something else of ours breaks', async () => {
    const { world } = await proven()
    const follow = world.follows().of('acme')
    if (follow === null) throw new Error('it follows')
    const fetch = vi.spyOn(follow.branch, 'fetch').mockRejectedValue(new RangeError('x'))
    expect(await world.look()).toMatchObject({ verdict: 'incomplete', moves: ['unreadable'] })
    fetch.mockRestore()
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', moves: ['readable'] })
  })

  it('ends nothing by the last good one: the code may say something else by now', async () => {
    const { origin, world } = await proven()
    world.tenant.edit('urn:a', { token_lifetime: 600 })
    expect(await world.look()).toMatchObject({ moves: ['opened urn:a#token_lifetime'] })
    origin.push({ 'declared/b.yaml': 'x: [' })
    expect(await world.look()).toMatchObject({ moves: ['unreadable'] })
    world.tenant.edit('urn:a', { token_lifetime: 300 })
    expect(await world.look()).toMatchObject({ verdict: 'incomplete', counts: [], moves: [] })
    origin.push({ 'declared/b.yaml': null })
    expect(await world.look()).toMatchObject({
      verdict: 'in-sync',
      moves: ['readable', 'resolved urn:a#token_lifetime'],
    })
  })

  it.each([
    ['comes', {}, { 'tenant-drift.yaml': 'declared: infra/*.json\n' }, 'infra/a.json'],
    ['goes', { 'tenant-drift.yaml': 'declared: infra/*.json\n' }, { 'tenant-drift.yaml': null }, 'declared/a.json'],
    [
      'is renamed',
      { 'tenant-drift.yaml': 'declared: infra/*.json\n' },
      { 'tenant-drift.yaml': null, 'tenant-drift.yml': 'declared: other/*.json\n' },
      'other/a.json',
    ],
  ])('is none whose configuration %s, and its declarations with it', async (_, before, after, to) => {
    const from = 'tenant-drift.yaml' in before ? 'infra/a.json' : 'declared/a.json'
    const origin = originWith({ ...before, [from]: declares(api('urn:a')) })
    const world = await following({ origin, live: [api('urn:a')] })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync' })
    origin.push({ ...after, [from]: null, [to]: declares(api('urn:a', { token_lifetime: 600 })) })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'], errors: [] })
  })

  it('names the file to whoever is told', async () => {
    const { origin, world } = await proven()
    origin.push({ 'tenant-drift.yaml': 'declared: [a\n' })
    await world.check()
    const [dark] = (await world.history().tenants()).flatMap(({ memory }) => memory.dark)
    expect(dark).toMatchObject({ code: 'invalid_config', says: expect.stringMatching(/^tenant-drift\.yaml:\d/) })
  })

  it.each([
    ['a link out of the repository', 'link'],
    ['a declaration of another tenant', 'tenant'],
    ['rules that are not there', 'rules'],
    ['a stack that only a program could read', 'stack'],
  ])('says so where there never was another one: %s', async (_, how) => {
    const config = {
      link: 'declared: out.yaml\n',
      rules: 'accept: no.yaml\n',
      stack: 'declared: pulumi:.\n',
      tenant: '',
    }[how]
    const about = how === 'tenant' ? { tenant: 'other.eu.auth0.com' } : {}
    const origin = originWith({ [A]: { ...declares(api('urn:a')), ...about }, 'tenant-drift.yaml': config })
    origin.git('update-index', '--add', '--cacheinfo', `120000,${blobOf(origin, '/etc/hostname')},out.yaml`)
    origin.git('commit', '--quiet', '--message', 'link')
    const world = await following({ origin, live: [api('urn:a')] })
    const look = await world.look()
    expect(look).toMatchObject({ verdict: 'incomplete', counts: [], commit: null, moves: ['unreadable'] })
    expect(look.errors).toHaveLength(1)
  })
})

function blobOf(origin: ReturnType<typeof originWith>, text: string): string {
  const before = origin.git('rev-parse', 'HEAD')
  origin.push({ text })
  const blob = origin.git('rev-parse', 'HEAD:text')
  origin.git('reset', '--quiet', '--hard', before)
  return blob
}

describe('what a commit says of itself', () => {
  const RULE = (resource_server: string) => ({
    resource_server,
    path: 'token_lifetime',
    reason: 'known',
    owner: 'us',
    expires: '2027-01-01',
  })

  it('holds for declarations, record, rules, exclusions and the ceiling, in its folder', async () => {
    const config = {
      declared: 'apis/*.json',
      tenants: { acme: { domain: 'other.eu.auth0.com', accept: 'rules.yaml', exclude: 'urn:x' } },
    }
    const origin = originWith({
      'infra/tenant-drift.yaml': JSON.stringify(config),
      'infra/rules.yaml': JSON.stringify([RULE('urn:a')]),
      'infra/apis/a.json': declares(api('urn:a', { token_lifetime: 600 }), api('urn:x')),
    })
    const world = await following({ origin, live: [api('urn:a')], follow: ', folder: infra' })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', errors: [], counts: [] })
    const { report } = await world.check()
    expect(report.sources).toEqual(['infra/apis/a.json'])
    expect(report.ignored).toHaveLength(1)
    expect(report.rules.map(({ file }) => file)).toEqual(['infra/rules.yaml'])
  })

  it.each([
    [[], 'unused'],
    [['second'], 'used'],
  ])('has no rule without a use where somebody else follows it: beside %j it is %s', async (others, state) => {
    const origin = originWith({
      [A]: declares(api('urn:a')),
      'tenant-drift.yaml': JSON.stringify({ accept: [RULE('urn:b')] }),
    })
    const world = await following({ origin, live: [api('urn:a')], others })
    const { report } = await world.check()
    expect(report.rules).toMatchObject([{ state }])
  })

  it('changes nothing else: not whom it asks, whom it tells, nor what variables hold', async () => {
    const rule = `accept: ${JSON.stringify([RULE('urn:a')])}\n`
    const { origin, world } = await proven({
      own: `exclude: urn:a\n${rule}declared: nothing/*.json\nvariables: { name: urn:a }\n`,
      env: { TENANT_DRIFT_VAR_planted: 'planted-value-of-the-service' },
    })
    const elsewhere = await following({ origin: originWith({ [A]: declares() }), live: [] })
    const hostile = {
      notify: [{ webhook: { url: 'https://evil.example/hook', secret_variable: 'ACME_TOKEN' } }],
      follow: { repository: 'https://evil.example/x.git' },
      schedule: 'every 1s',
      who: 'full',
      affected: true,
      history: '/tmp/evil.db',
      page_url: 'https://evil.example',
      listen: '0.0.0.0:1',
      deadline: '1ms',
      max_requests: 1,
      gate: 'touched',
      only_new: true,
      fail_on: 'never',
      base: 'main',
      apply_within: '40d',
      history_view: 'evil',
      variables: { name: 'urn:evil' },
      tenants: {
        acme: {
          domain: elsewhere.tenant.domain,
          credentials: { api_token: 'PLANTED' },
          variables: { name: 'urn:evil' },
          log_stream: { token_variable: 'ACME_TOKEN' },
        },
      },
    }
    const tip = origin.push({
      'tenant-drift.yaml': JSON.stringify(hostile),
      [A]: declares({ ...api('urn:a'), name: '${name}' }),
    })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', errors: [], commit: tip })
    world.tenant.edit('urn:a', { token_lifetime: 4000 })
    const { report } = await world.check()
    // Nor do the service's own exclusions and rules hold any more: the commit has none.
    expect(report).toMatchObject({ gate: 'all', failOn: 'any', exitCode: 2, targeted: false, ignored: [] })
    expect(report.findings.map(({ path, changedBy, affected }) => [path, changedBy, affected])).toEqual([
      ['token_lifetime', undefined, undefined],
    ])
    expect(elsewhere.tenant.requests()).toEqual({})
  })

  it.each([[true], [false]])('prints no variable of the environment (proven before: %s)', async (isProven) => {
    const env = { TENANT_DRIFT_VAR_planted: 'planted-value-of-the-service' }
    const hostile = { [A]: declares({ ...api('urn:a'), name: '${planted}' }) }
    const origin = originWith(isProven ? { [A]: declares(api('urn:a')) } : hostile)
    const world = await following({ origin, live: [api('urn:a')], env })
    if (isProven) await world.check()
    origin.push(hostile)
    const { report } = await world.check()
    expect(report).toMatchObject({ verdict: 'incomplete', errors: [{ code: 'invalid_declaration' }] })
    expect(JSON.stringify([report, world.log])).not.toContain('planted-value')
  })

  it('is nothing that stands further up than its folder', async () => {
    const [mine, other] = [declares(api('urn:a')), declares(api('urn:a', { token_lifetime: 600 }))]
    const config = 'declared: ../other/*.json\n'
    const origin = originWith({
      'tenant-drift.yaml': 'declared: other/*.json\n',
      'other/a.json': other,
      'prod/declared/a.yaml': mine,
    })
    const world = await following({ origin, live: [api('urn:a', { token_lifetime: 600 })], follow: ', folder: prod' })
    expect(await world.look()).toMatchObject({ verdict: 'drifted', counts: ['urn:a#token_lifetime'] })
    origin.push({ 'prod/tenant-drift.yaml': config })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync' })
    origin.git('mv', 'prod', 'production')
    origin.push({})
    const look = await world.look()
    expect(look).toMatchObject({ verdict: 'incomplete', moves: ['unreadable'] })
    expect(look.errors).toEqual([expect.stringMatching(/^invalid_config: follow: the commit does not have the folder/)])
  })

  it('takes a secret from the environment where it is one', async () => {
    const secret = 'a-signing-secret-of-the-service-01'
    const hs = (more: JsonObject) => ({ ...api('urn:a', { signing_alg: 'HS256' }), ...more })
    const origin = originWith({ [A]: declares(hs({ signing_secret: '${secret}' })) })
    const env = { TENANT_DRIFT_VAR_secret: secret }
    const world = await following({ origin, live: [hs({ signing_secret: secret })], env })
    expect(await world.look()).toMatchObject({ verdict: 'in-sync', errors: [] })
  })

  it('reads nothing that lies outside of it', async () => {
    const origin = originWith({
      [A]: declares(api('urn:a')),
      'tenant-drift.yaml': 'declared: ../../tenant-drift.yaml\n',
    })
    const world = await following({ origin, live: [api('urn:a')] })
    expect(await world.look()).toMatchObject({ verdict: 'incomplete', commit: null })
  })
})

describe('a repository that cannot be fetched', () => {
  it('is told once; the last tip is judged, nothing is called in sync, and it comes back', async () => {
    const { origin, world } = await proven()
    const tip = origin.git('rev-parse', 'main')
    renameSync(origin.folder, `${origin.folder}.away`)
    const away = await world.look()
    expect(away).toMatchObject({ verdict: 'incomplete', counts: [], moves: ['unreadable'], commit: tip })
    expect(away.errors).toEqual([expect.stringMatching(/^not_fetched: file:.*branch main: /)])
    world.tenant.edit('urn:a', { signing_alg: 'HS256' })
    await world.restart()
    expect(await world.look()).toMatchObject({
      verdict: 'incomplete',
      counts: ['urn:a#signing_alg'],
      moves: ['opened urn:a#signing_alg'],
    })
    renameSync(`${origin.folder}.away`, origin.folder)
    expect(await world.look()).toMatchObject({ verdict: 'drifted', moves: ['readable'], errors: [] })
  })

  it('says so where it never could be', async () => {
    const world = await following({ origin: originWith({ [A]: declares() }), url: 'file:///nowhere/at/all.git' })
    expect(await world.look()).toMatchObject({
      verdict: 'incomplete',
      commit: null,
      moves: ['unreadable'],
      advice: ['Until a fetch succeeds the tenant is not judged.'],
    })
  })

  it('is one whose branch is gone', async () => {
    const { origin, world } = await proven()
    origin.git('checkout', '--quiet', '-b', 'other')
    origin.git('branch', '--quiet', '-D', 'main')
    // A tag of that name is no branch.
    origin.git('tag', 'main')
    expect(await world.look()).toMatchObject({ verdict: 'incomplete', moves: ['unreadable'] })
  })
})

describe('several tenants', () => {
  it('share one fetch in ten seconds, and each has its own base', async () => {
    const { origin, world } = await proven({ others: ['second'] })
    const [one, two] = [world.follows().of('acme'), world.follows().of('second')]
    expect(one?.branch).toBe(two?.branch)
    await world.look()
    const began = one?.branch.last()?.began
    world.now -= 60_000
    await world.look('second')
    expect(one?.branch.last()?.began).toBe(began)
    origin.push({ [A]: declares(api('urn:a', { token_lifetime: 600 })) })
    expect(await world.look('second')).toMatchObject({ verdict: 'in-sync', pending: ['urn:a#token_lifetime'] })
  })
})
