import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { requestsOf, tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn, run, write, type Ran } from './run.ts'

const [ORDERS, OLD, STOCK] = ['https://orders.example.com/', 'https://old.example.com/', 'https://stock.example.com/']
const RECORD = 'tenant-drift.recorded.json'

let tenant: Simulator
let cwd: string
const command = (...argv: string[]): Promise<Ran> => run(argv, { cwd, env: envOf(tenant) })
const findings = async () => reportIn((await command('check', '--output', 'json')).out).findings
const recorded = () => readFileSync(path.join(cwd, RECORD), 'utf8')

beforeEach(async () => {
  tenant = await tenantWith()
  tenant.create({ identifier: ORDERS, name: 'Orders' })
  tenant.create({ identifier: OLD, name: 'Old' })
  cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
})

describe('tenant-drift record', () => {
  it('says on a first look what it takes over, equal settings in one line', async () => {
    for (const identifier of [ORDERS, OLD]) tenant.edit(identifier, { allow_offline_access: true })

    const { code, out } = await command('record')

    expect(code).toBe(0)
    expect(out.split('\n').filter((line) => line.includes('allow_offline_access'))).toHaveLength(1)
    expect(out).toContain('The same on 1 more API.')
    expect(out).toContain('is in the tenant')
  })

  it('lists exactly what a check tells before and not after, the gravest first', async () => {
    await command('record', '--quiet')
    tenant.edit(ORDERS, { signing_alg: 'HS256', allow_offline_access: true })
    tenant.remove(OLD)
    tenant.create({ identifier: STOCK, name: 'Stock' })
    const before = await findings()

    const { code, out, err } = await command('record')

    expect(code).toBe(0)
    expect(await findings()).toEqual([])
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(before.length)
    expect(before.filter(({ message }) => !out.includes(message))).toEqual([])
    expect(out).toMatch(/^recorded \(critical, less safe\): signing_alg of /m)
    expect(lines.map((line) => /\((\w+)/.exec(line)?.[1])).toEqual(before.map(({ severity }) => severity))
    expect(err).toContain('1 new, 1 changed, 1 gone')
  })

  it('writes nothing with --dry-run, and says the same', async () => {
    await command('record', '--quiet')
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    const text = recorded()

    const dry = await command('record', '--dry-run')
    const isUntouched = recorded() === text
    const done = await command('record')

    expect([dry.code, isUntouched]).toEqual([0, true])
    expect(dry.out).toContain('would record (critical, less safe): ')
    expect(dry.out.replaceAll('would record', 'recorded')).toBe(done.out)
  })

  it('takes over what --target names, and leaves the others as they were recorded', async () => {
    await command('record', '--quiet')
    tenant.edit(ORDERS, { allow_offline_access: true })
    tenant.edit(OLD, { allow_offline_access: true })

    const { code, out } = await command('record', '--target', ORDERS)

    expect([code, out.includes(ORDERS), out.includes(OLD)]).toEqual([0, true, false])
    expect((await findings()).map(({ identifier }) => identifier)).toEqual([OLD])
  })

  it.each([
    ['that is gone', () => tenant.remove(OLD), OLD],
    ['that came', () => tenant.create({ identifier: STOCK, name: 'Stock' }), STOCK],
    ['by a pattern', () => tenant.remove(OLD), 'https://ol*'],
  ])('agrees to one API %s', async (_what, change, target) => {
    await command('record', '--quiet')
    change()

    const { code } = await command('record', '--target', target)

    expect([code, (await command('check')).code]).toEqual([0, 0])
  })

  it.each([
    ['before anything is recorded', ['--target', ORDERS], 'record the whole tenant first'],
    ['a target that is nowhere', ['--target', 'https://nowhere.example.com/'], 'no such API'],
    ['a target that matches nothing', ['--target', 'urn:*'], 'matches no API'],
    ['a declaration that is named and cannot be read', ['--declared', 'nowhere.yaml'], 'no file matches'],
  ])('writes nothing: %s', async (what, argv, words) => {
    const isFirst = what.startsWith('before')
    await (isFirst ? Promise.resolve() : command('record', '--quiet'))
    const text = isFirst ? null : recorded()

    const { code, err } = await command('record', ...argv)

    expect([code, err]).toEqual([1, expect.stringContaining(words)])
    expect(existsSync(path.join(cwd, RECORD)) ? recorded() : null).toBe(text)
  })

  it('does not agree to what is declared, and leaves that a difference', async () => {
    write(cwd, { 'declared/a.json': { resource_servers: [{ identifier: ORDERS, signing_alg: 'RS256' }] } })
    await command('record', '--quiet')
    tenant.edit(ORDERS, { signing_alg: 'HS256' })

    const { out } = await command('record')

    expect(out).toBe('')
    expect(await findings()).toMatchObject([{ kind: 'changed', path: 'signing_alg', counts: true }])
  })

  it('is made without a declaration, and where it cannot be read, which is said', async () => {
    const bare = folderWith()
    write(cwd, { 'declared/b.yaml': 'resource_servers: [' })

    expect((await run(['record'], { cwd: bare, env: envOf(tenant) })).code).toBe(0)
    const { code, err } = await command('record')
    expect([code, err]).toEqual([0, expect.stringContaining('what is declared cannot be read (declared/b.yaml:1')])
  })

  it('asks no tenant that the declared files are not for', async () => {
    write(cwd, { 'declared/a.json': { tenant: 'other.eu.auth0.com', resource_servers: [] } })

    const { code, err } = await command('record')

    expect([code, err]).toEqual([1, expect.stringContaining('the declared files are for other.eu.auth0.com')])
    expect(requestsOf(tenant)).toEqual({ token: 0, list: 0, item: 0 })
  })

  it('shows no secret of what it agrees to', async () => {
    const token = tenant.token
    tenant.put({ id: '66a1f0000000000000000001', identifier: 'urn:a' })
    await command('record', '--quiet')
    tenant.create({
      identifier: STOCK,
      name: 'Stock',
      signing_alg: 'HS256',
      signing_secret: 'planted-signing-secret-1',
    })
    tenant.put({ id: '66a1f0000000000000000001', identifier: 'urn:a', client_secret: 'planted-two' })

    const { out, err } = await command('record')

    expect(out).toContain('client_secret')
    expect(out + err + recorded()).not.toMatch(/planted/)
    expect(out + err).not.toContain(token)
  })
})

describe('tenant-drift adopt', () => {
  it('says what is left to do where an API that is gone stands in the record', async () => {
    write(cwd, { 'declared/a.json': { resource_servers: [{ identifier: OLD }, { identifier: ORDERS }] } })
    await command('record', '--quiet')
    tenant.remove(OLD)
    const [gone] = await findings()

    const adopted = await command('adopt', '--only', gone?.fingerprint ?? '')
    const argv = /run: tenant-drift (.*)$/m.exec(adopted.out)?.[1] ?? ''
    const still = await command('check')
    const agreed = await command(...argv.replaceAll("'", '').split(' '))

    expect(adopted.code).toBe(0)
    expect(argv).toBe(`record --target '${OLD}'`)
    expect([still.code, agreed.code, (await command('check')).code]).toEqual([2, 0, 0])
  })

  it('says nothing of the kind where nothing is recorded', async () => {
    write(cwd, { 'declared/a.json': { resource_servers: [{ identifier: OLD }] } })
    tenant.remove(OLD)
    const [gone] = await findings()

    expect((await command('adopt', '--only', gone?.fingerprint ?? '')).out).not.toContain('left to do')
  })

  it('is what a check says next where a declaration can say it, and not where it cannot', async () => {
    write(cwd, { 'declared/a.json': { resource_servers: [{ identifier: ORDERS, signing_alg: 'PS256' }] } })
    const drifted = await command('check')
    write(cwd, { 'declared/a.json': { resource_servers: [{ identifier: ORDERS }] } })
    const quiet = await command('check')

    expect(drifted.out).toContain('tenant-drift adopt --dry-run')
    expect(quiet.out).not.toContain('tenant-drift adopt')
  })
})
