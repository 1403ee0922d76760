import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { historyJsonSchema, type HistoryView } from '../../src/schema/history-view.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { CHROMIUM, domOf } from '../report/chromium.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, NOW, reportIn, run, write, type Ran } from './run.ts'

const ORDERS = 'https://orders.example.com/'
const HOUR = 3_600_000
const STORE = 'state/history.db'

interface Job {
  readonly tenant: Simulator
  readonly cwd: string
  readonly file: string
  /** One check, so many hours after the first; with `TENANT_DRIFT_HISTORY`. */
  readonly check: (hour: number, argv?: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>
  readonly ask: (...argv: string[]) => Promise<Ran>
}

async function job(): Promise<Job> {
  const tenant = await tenantWith()
  tenant.create({ identifier: ORDERS, name: 'Orders' })
  const cwd = folderWith({
    'declared/orders.json': { resource_servers: [{ identifier: ORDERS, signing_alg: 'RS256' }] },
  })
  const env = { ...envOf(tenant), TENANT_DRIFT_HISTORY: STORE }
  return {
    tenant,
    cwd,
    file: path.join(cwd, STORE),
    check: (hour, argv = [], more = {}) =>
      run(['check', ...argv], { cwd, env: { ...env, ...more }, now: () => NOW + hour * HOUR }),
    ask: (...argv) => run(['history', ...argv], { cwd, env, now: () => NOW + 24 * HOUR }),
  }
}

async function viewIn(ask: Job['ask'], ...argv: string[]): Promise<HistoryView> {
  const { out } = await ask('--output', 'json', ...argv)
  return JSON.parse(out) as HistoryView
}

describe('check --history', () => {
  it('remembers since when a difference stands, its end, and that it came back, across processes', async () => {
    const { tenant, check, ask } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const second = await check(1, ['--output', 'json'])
    tenant.edit(ORDERS, { signing_alg: 'RS256' })
    await check(2)
    const ended = await viewIn(ask, '--all')
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    const back = await check(3, ['--output', 'json'])

    expect(reportIn(second.out).findings).toMatchObject([{ since: new Date(NOW).toISOString(), returns: 0 }])
    expect(ended.episodes).toMatchObject([
      { state: 'ended', how: 'mended', ended: new Date(NOW + 2 * HOUR).toISOString() },
    ])
    expect(ended.tenants).toMatchObject([{ resolved: 1, medianToResolve: 7200 }])
    expect(reportIn(back.out).findings).toMatchObject([{ since: new Date(NOW + 3 * HOUR).toISOString(), returns: 1 }])
  })

  it('says it in every format', async () => {
    const { tenant, check } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const texts = await Promise.all(FORMATS.map(async (format) => (await check(1, ['--output', format])).out))

    expect(FORMATS.filter((_, index) => !texts[index]?.includes('2026-11-24'))).toEqual([])
  })

  it('makes its file and folder for this user alone', async () => {
    const { check, file } = await job()
    await check(0)

    expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700])
  })

  it.each([
    ['--gate touched', ['--gate', 'touched', '--base', 'declared/orders.json'], {}],
    ['a pull request', [], { GITHUB_EVENT_NAME: 'pull_request' }],
    ['a merge request', [], { CI_PIPELINE_SOURCE: 'merge_request_event' }],
    ['the branch feature', [], { CI_DEFAULT_BRANCH: 'main', CI_COMMIT_BRANCH: 'feature' }],
  ])('reads and writes nothing where a change is judged: %s', async (why, argv, env) => {
    const { tenant, check, file } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const before = readFileSync(file)
    const { out, err } = await check(1, [...argv, '--output', 'json'], env)

    expect(err).toContain(why)
    expect(reportIn(out).findings).toMatchObject([{ since: new Date(NOW).toISOString() }])
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('remembers a snapshot by its own time, and only if it is newer', async () => {
    const { tenant, cwd, check, ask } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await run(['snapshot', 'old.json'], { cwd, env: envOf(tenant), now: () => NOW })
    await check(2)
    const { err } = await check(3, ['--live', 'old.json'])
    await run(['snapshot', 'new.json'], { cwd, env: envOf(tenant), now: () => NOW + 4 * HOUR })
    await check(6, ['--live', 'new.json'])

    expect(err).toContain('not newer than the last reading')
    expect((await viewIn(ask)).tenants[0]?.lastRun?.to).toBe(new Date(NOW + 4 * HOUR).toISOString())
  })

  it.each([
    ['is not a database', 'hello, this is some other file that is long enough to have a head of its own'],
    ['is damaged', null],
  ])('keeps its verdict where the store %s, and leaves that as it was', async (_, text) => {
    const { tenant, check, file } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const whole = readFileSync(file)
    writeFileSync(file, text ?? Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 7)]))
    const before = readFileSync(file)
    const { code, err } = await check(1)

    expect([code, err.includes('history')]).toEqual([2, true])
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('keeps its verdict where the folder is not there', async () => {
    const { check } = await job()
    const { code, err } = await check(0, ['--history', 'nowhere/at/all.db'])

    expect([code, err]).toEqual([0, expect.stringContaining('its folder does not exist')])
  })

  it.each([
    ['a flag', ['--history', 'postgres://u:planted-password@127.0.0.1/x']],
    ['a flag', ['--history', 'mysql://127.0.0.1/x']],
  ])('refuses a password, and what it does not know, in %s', async (_, argv) => {
    const { check, tenant } = await job()
    const { code, err } = await check(0, argv)

    expect([code, err.includes('planted-password'), Object.keys(tenant.requests())]).toEqual([1, false, []])
  })

  it('with --no-history does neither', async () => {
    const { check, file } = await job()
    const { out } = await check(0, ['--no-history', '--output', 'json'])

    expect(() => statSync(file)).toThrow('ENOENT')
    expect(out).not.toContain('"since"')
  })

  it('asks a configuration for the place, and one of two on a view is warned', async () => {
    const { tenant, cwd } = await job()
    const config = (name: string) => ({
      [`${name}/tenant-drift.yaml`]: 'history: ../h.db\nhistory_view: ours\ndeclared: [../declared/*.json]\n',
    })
    write(cwd, { ...config('a'), ...config('b') })
    const from = (name: string) => run(['check'], { cwd: path.join(cwd, name), env: envOf(tenant) })
    const [first, again, other] = [await from('a'), await from('a'), await from('b')]

    expect([first, again, other].map(({ err }) => err.includes('another configuration'))).toEqual([false, false, true])
  })
})

describe('tenant-drift history', () => {
  it('lists what stands open, with its age', async () => {
    const { tenant, check, ask } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const { code, out } = await ask()

    expect(code).toBe(0)
    expect(out).toContain('open; since 2026-11-24 12:00 UTC, for 1 day')
    expect(out).toContain('drifted; last run 1 day ago')
  })

  it('prints JSON as its schema says', async () => {
    const { tenant, check, ask } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const validate = new Ajv2020({ strict: false }).compile(historyJsonSchema())
    const view = await viewIn(ask)

    expect([validate(view), validate.errors]).toEqual([true, null])
    expect(view.episodes).toHaveLength(1)
  })

  it('prints CSV in which nobody can plant a formula', async () => {
    const { tenant, cwd, check, ask } = await job()
    await run(['record'], { cwd, env: envOf(tenant) })
    tenant.create({ identifier: '=1+1', name: 'A' })
    await check(0)
    const { out } = await ask('--output', 'csv')
    const twice = await ask('--output', 'json=out', '--output', 'csv=out')
    expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('two outputs go to one file')])

    expect(out.split('\r\n')[0]).toContain('tenant,view,identifier,path')
    expect(out).toContain(",'=1+1,")
    expect(out).not.toMatch(/(^|,)=/m)
  })

  it('tells the story of one, by the beginning of its fingerprint', async () => {
    const { tenant, check, ask } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0)
    const fingerprint = (await viewIn(ask)).episodes[0]?.fingerprint ?? ''
    const { code, out } = await ask('show', fingerprint.slice(0, 8))

    expect([code, out.includes('2026-11-24 12:00 UTC  opened')]).toEqual([0, true])
    expect((await ask('show', 'ffffffff')).code).toBe(1)
  })

  it('shows the difference of the view that was named, where two views remember the same one', async () => {
    const { tenant, check, ask } = await job()
    tenant.edit(ORDERS, { signing_alg: 'PS256' })
    await check(0, [], { TENANT_DRIFT_HISTORY_VIEW: 'first' })
    await check(5, [], { TENANT_DRIFT_HISTORY_VIEW: 'second' })
    const [first, second] = (await viewIn(ask)).episodes
    expect(second?.fingerprint).toBe(first?.fingerprint)

    const { out } = await ask('show', second?.fingerprint ?? '', '--tenant', 'second')

    expect(out).toContain('17:00')
    expect(out).not.toContain('12:00')
  })

  it.each([
    ['prune', '--older-than', '1d', '--tenant', 'dev'],
    ['deliveries', '--tenant', 'dev'],
    ['deliveries', '--output', 'json'],
    ['show', 'ffffffff', '--since', '1d'],
    ['forget', 'default', '--tenant', 'dev'],
  ])('%s takes no flag that it would pass over: %s %s %s %s', async (...argv) => {
    const { check, ask, file } = await job()
    await check(0)
    const before = readFileSync(file)
    const { code, err } = await ask(...argv)
    expect([code, err]).toEqual([1, expect.stringContaining(`history ${argv[0]} takes no --`)])
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.each([[[]], [['check', '--max-age', '2d']]])('%j says that a tenant is not remembered, and is 1', async (argv) => {
    const { check, ask } = await job()
    await check(0)
    const { code, err } = await ask(...argv, '--tenant', 'nobody')
    expect([code, err]).toEqual([1, expect.stringContaining('nobody: the history does not know it')])
  })

  it('check --max-age is 1 where the last complete run is too old, or ahead of the clock', async () => {
    const { check, ask, cwd } = await job()
    await check(0)
    const ahead = await run(['history', 'check', '--max-age', '2h', '--history', STORE], { cwd, now: () => NOW - HOUR })

    expect([
      (await ask('check', '--max-age', '2d')).code,
      (await ask('check', '--max-age', '2h')).code,
      ahead.code,
    ]).toEqual([0, 1, 1])
  })

  it('moves, forgets and prunes', async () => {
    const { check, ask, tenant } = await job()
    await check(0)
    const codes = [
      (await ask('move', tenant.domain, 'b.auth0.com')).code,
      (await ask('move', 'nobody', 'c')).code,
      (await ask('prune', '--older-than', '400d')).code,
      (await ask('deliveries')).code,
      (await ask('forget', 'b.auth0.com')).code,
    ]

    expect(codes).toEqual([0, 1, 0, 0, 0])
    expect((await viewIn(ask)).tenants).toEqual([])
  })

  it('is 1 where there is no store, or none was named', async () => {
    const { ask, cwd } = await job()

    expect((await ask()).code).toBe(1)
    expect((await run(['history'], { cwd })).err).toContain('no history is named: give --history')
  })

  it('reads a store that nobody may write', async () => {
    const { check, ask, file } = await job()
    await check(0)
    chmodSync(file, 0o400)

    expect((await ask()).code).toBe(0)
  })

  it.skipIf(CHROMIUM === null)(
    'makes a page that a real browser shows, in which a hostile name is a text',
    { timeout: 60_000 },
    async () => {
      const { tenant, check, ask } = await job()
      tenant.edit(ORDERS, { signing_alg: 'PS256', name: '<script>document.title="hacked"</script>' })
      await check(0)
      tenant.edit(ORDERS, { signing_alg: 'RS256' })
      await check(5)
      tenant.edit(ORDERS, { signing_alg: 'PS256' })
      await check(9)
      const { out } = await ask('--all', '--output', 'html')
      const dom = await domOf(out)

      expect(dom).toContain('<title>History - tenant-drift</title>')
      expect(dom).toMatch(/<rect class="drifted"[^>]*><\/rect><rect class="in-sync"/)
      expect(dom).toContain('came back 1 time')
      expect(out).not.toContain('<script')
    },
  )
})
