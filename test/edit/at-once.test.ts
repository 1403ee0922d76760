import { spawn } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { oneAtATime } from '../../src/edit/one-at-a-time.ts'
import { COMMAND } from '../action/runner.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, readReport, reportIn, run, write } from '../cli/run.ts'

const ABOUT = ['--reason', 'r', '--owner', 'o', '--expires', '2099-12-24']

/** A tenant in which so many APIs drifted, and their fingerprints. */
async function drifted(apis: number, files: Readonly<Record<string, unknown>> = {}) {
  const tenant = await tenantWith({ apis: 0 })
  const names = Array.from({ length: apis }, (_, index) => `urn:${index}`)
  for (const identifier of names) tenant.create({ identifier, name: identifier, signing_alg: 'HS256' })
  const declared = names.map((identifier) => ({ identifier, signing_alg: 'RS256' }))
  const cwd = folderWith({ 'declared/a.json': { resource_servers: declared }, ...files })
  const io = { cwd, env: envOf(tenant) }
  await run(['check', '-o', 'json=r.json', '--quiet'], io)
  const prints = readReport(cwd, 'r.json').findings.map(({ fingerprint }) => fingerprint)
  return { tenant, cwd, io, prints }
}

function start(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<number | null> {
  const [program, ...args] = [...COMMAND, ...argv]
  const child = spawn(program ?? '', args, { cwd, env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' })
  return new Promise((resolve) => child.on('exit', resolve))
}

describe('rules that are accepted at once', () => {
  it.each([
    ['one configuration', 'tenant-drift.yaml', { 'tenant-drift.yaml': '# ours\naccept: []\n' }],
    ['no configuration', 'tenant-drift.yaml', {}],
    ['a file of rules', 'rules.json', { 'tenant-drift.yaml': 'accept: rules.json\n', 'rules.json': '[]' }],
  ])('are all there, in %s', { timeout: 60_000 }, async (_what, file, files) => {
    const { cwd, io, prints } = await drifted(8, files)
    const accepted = prints.map((print) => run(['accept', print, '--report', 'r.json', ...ABOUT], io))
    expect((await Promise.all(accepted)).map(({ code }) => code)).toEqual(prints.map(() => 0))

    const { code, out } = await run(['check', '-o', 'json'], io)
    expect([code, reportIn(out).ignored.length]).toEqual([0, 8])
    expect(readdirSync(cwd).sort()).toEqual([...new Set(['declared', 'r.json', 'tenant-drift.yaml', file])].sort())
  })

  it('are all there where each is a process of its own', { timeout: 120_000 }, async () => {
    const { cwd, io, prints } = await drifted(4)
    const codes = await Promise.all(
      prints.map((print) => start(['accept', print, '--report', 'r.json', ...ABOUT], cwd, {})),
    )
    expect(codes).toEqual([0, 0, 0, 0])
    expect((await run(['check', '--quiet'], io)).code).toBe(0)
  })
})

describe('a rule that exists is renewed', () => {
  const RULE = ['# a comment of ours', '    expires: "2026-11-25" # soon']

  it.each([
    ['in force', '2026-12-01'],
    ['over', '2026-11-01'],
  ])('where it is %s, and what stands around it stays', async (_state, day) => {
    const { cwd, io, prints } = await drifted(2)
    const [first = '', second = ''] = prints
    await run(['accept', first, '--report', 'r.json', ...ABOUT], io)
    await run(['accept', second, '--report', 'r.json', ...ABOUT], io)
    const text = readFileSync(path.join(cwd, 'tenant-drift.yaml'), 'utf8')
    write(cwd, { 'tenant-drift.yaml': text.replace("'2099-12-24'", `'${day}' # ${RULE[0]}`) })

    const { code } = await run(['accept', first, ...ABOUT, '--owner', 'new'], io)
    expect(code).toBe(0)
    const renewed = readFileSync(path.join(cwd, 'tenant-drift.yaml'), 'utf8')
    expect(renewed).toBe(text.replace('owner: o', 'owner: new').replace("'2099-12-24'", `'2099-12-24' # ${RULE[0]}`))
    expect((await run(['check', '--quiet', '--strict-rules'], io)).code).toBe(0)
  })

  it.each([
    ['tenant-drift.yaml', (rule: unknown) => `accept:\n  - ${JSON.stringify(rule)} # flow\n\n# end\ngate: all\n`],
    ['tenant-drift.json', (rule: unknown) => JSON.stringify({ accept: [rule], gate: 'all' })],
  ])('with another live value, in %s', async (name, write_) => {
    const rule = {
      resource_server: 'urn:0',
      path: 'signing_alg',
      kind: 'changed',
      live: 'PS256',
      reason: 'x',
      owner: 'y',
    }
    const { cwd, io, prints } = await drifted(1, { [name]: write_({ ...rule, expires: '2026-12-01' }) })
    expect(await run(['accept', prints[0] ?? '', ...ABOUT], io)).toMatchObject({ code: 0 })
    const { code, out } = await run(['check', '-o', 'json', '--strict-rules'], io)
    expect([code, reportIn(out).rules.length]).toEqual([0, 1])
    expect(readFileSync(path.join(cwd, name), 'utf8')).toContain('gate')
  })

  it('and one that hides more than that is named, and stays alone', async () => {
    const rules = 'accept:\n  - { resource_server: "urn:*", path: "**", reason: x, owner: y, expires: 2026-12-01 }\n'
    const { cwd, io, prints } = await drifted(1, { 'tenant-drift.yaml': rules })
    const report = readReport(cwd, 'r.json')
    const print = prints[0] ?? report.ignored[0]?.finding.fingerprint ?? ''
    const { code, err } = await run(['accept', print, ...ABOUT], io)
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error: tenant-drift\.yaml:2: a rule already accepts this finding until 2026-12-01/m),
    ])
    expect(readFileSync(path.join(cwd, 'tenant-drift.yaml'), 'utf8')).toBe(rules)
  })
})

describe('a link stays one, and a mode what it was', () => {
  it.each([
    ['accept', 'tenant-drift.yaml', 'accept: []\n'],
    ['accept', 'tenant-drift.yaml', ''],
  ])('of %s', async (_command, name, text) => {
    const { cwd, io, prints } = await drifted(1)
    write(cwd, { 'shared/real.yaml': text })
    chmodSync(path.join(cwd, 'shared/real.yaml'), 0o640)
    symlinkSync('shared/real.yaml', path.join(cwd, name))
    expect((await run(['accept', prints[0] ?? '', ...ABOUT], io)).code).toBe(0)

    expect(lstatSync(path.join(cwd, name)).isSymbolicLink()).toBe(true)
    expect(statSync(path.join(cwd, name)).mode & 0o777).toBe(0o640)
    expect(readFileSync(path.join(cwd, 'shared/real.yaml'), 'utf8')).toContain('urn:0')
    expect(readdirSync(path.join(cwd, 'shared'))).toEqual(['real.yaml'])
  })

  it('of record', async () => {
    const { tenant, cwd, io } = await drifted(1)
    const { out } = await run(['snapshot'], io)
    write(cwd, { 'shared/record.json': out })
    chmodSync(path.join(cwd, 'shared/record.json'), 0o600)
    const name = path.join(cwd, 'tenant-drift.recorded.json')
    symlinkSync('shared/record.json', name)
    tenant.create({ identifier: 'urn:new', name: 'new' })
    expect((await run(['record'], io)).code).toBe(0)

    expect([lstatSync(name).isSymbolicLink(), statSync(name).mode & 0o777]).toEqual([true, 0o600])
    expect(readFileSync(path.join(cwd, 'shared/record.json'), 'utf8')).toContain('urn:new')
  })

  it.each([
    ['to what is no record', 'export PATH=/bin\n'],
    ['to nowhere', null],
  ])('and a link %s is written by neither', async (_where, text) => {
    const { tenant, cwd, io, prints } = await drifted(1, text === null ? {} : { 'outside/profile': text })
    symlinkSync('outside/profile', path.join(cwd, 'tenant-drift.recorded.json'))
    symlinkSync('nowhere', path.join(cwd, 'tenant-drift.yaml'))
    tenant.reset()
    expect((await run(['record'], io)).code).toBe(1)
    expect((await run(['accept', prints[0] ?? '', '--report', 'r.json', ...ABOUT], { ...io })).code).toBe(1)
    expect(readdirSync(cwd).filter((name) => /outside|nowhere/.test(name))).toEqual(text === null ? [] : ['outside'])
    expect(text === null || readFileSync(path.join(cwd, 'outside/profile'), 'utf8') === text).toBe(true)
  })
})

it(
  'what two runs adopt or record at once is whole, and nothing of either is lost unsaid',
  { timeout: 60_000 },
  async () => {
    const { cwd, io, prints } = await drifted(2)
    const ran = await Promise.all(
      prints.map((print) => run(['adopt', '--only', print, '--accept-weakened', '--quiet'], io)),
    )
    const text = readFileSync(path.join(cwd, 'declared/a.json'), 'utf8')
    expect(text.match(/HS256/g)).toHaveLength(ran.filter(({ code }) => code === 0).length)
    for (const { code, err } of ran) expect(code === 0 || err.includes('changed while the tenant was read')).toBe(true)

    const recorded = await Promise.all([run(['record'], io), run(['record'], io), run(['record'], io)])
    expect(recorded.map(({ code }) => code)).toEqual([0, 0, 0])
    expect((await run(['check', '--quiet', '--fail-on', 'never'], io)).code).toBe(0)
    expect(readdirSync(cwd).filter((name) => name.endsWith('.lock'))).toEqual([])
  },
)

describe('a lock', () => {
  const place = () => path.join(folderWith(), 'file')
  const lockOf = (file: string) => path.join(path.dirname(file), '.file.lock')

  it.each([
    ['by a process that is gone', `999999999 ${hostname()} x`, 0],
    ['by another machine, long ago', '1 elsewhere x', 60],
    ['by one that was stopped before it said who it is', '', 60],
  ])('that was left %s is taken away', async (_who, text, age) => {
    const file = place()
    writeFileSync(lockOf(file), text)
    utimesSync(lockOf(file), Date.now() / 1000 - age, Date.now() / 1000 - age)
    expect(await oneAtATime(file, 'file', () => Promise.resolve('done'))).toBe('done')
    expect(readdirSync(path.dirname(file))).toEqual([])
  })

  it('is waited for while its holder is there', async () => {
    const file = place()
    const log: string[] = []
    const hold = (name: string) => async () => {
      log.push(`${name} begins`)
      await sleep(30)
      log.push(`${name} ends`)
    }
    await Promise.all(['a', 'b', 'c'].map((name) => oneAtATime(file, 'file', hold(name))))
    expect(log.map((line) => line.replace(/^\w /, ''))).toEqual(Array(3).fill(['begins', 'ends']).flat())
  })

  it('ends with what it was taken for, also where that fails', async () => {
    const file = place()
    await expect(oneAtATime(file, 'file', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(readdirSync(path.dirname(file))).toEqual([])
  })
})
