import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { builtFile, programFile } from '../support/built.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, reportIn } from './run.ts'

const MAIN = programFile('tenant-drift')
const BUNDLE = builtFile('bin/tenant-drift.js')

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

function start(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>, program = MAIN) {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const ended = once(child, 'close').then(([code, signal]): Ended => ({
    code: code as number | null,
    signal: signal as string | null,
    out,
    err,
  }))
  return { child, ended }
}

describe('the command as a process', () => {
  it('writes its report to standard output and nothing else there', async () => {
    const tenant = await tenantWith({ apis: 300 })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
    const { code, out, err } = await start(['check', '--output', 'json'], cwd, envOf(tenant)).ended
    expect([code, reportIn(out).verdict]).toEqual([0, 'in-sync'])
    // No terminal: plain lines, no spinner.
    expect(err).toMatch(/^reading http:\/\/127\.0\.0\.1:\d+\nread http:\/\/127\.0\.0\.1:\d+: 301 APIs, 4 requests\n$/)
  })

  it('trusts a certificate of NODE_EXTRA_CA_CERTS', async () => {
    const tenant = await tenantWith({ tls: true })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] }, 'ca.pem': tenant.ca ?? '' })
    const env = { ...envOf(tenant), NODE_EXTRA_CA_CERTS: path.join(cwd, 'ca.pem') }
    expect(await start(['check', '--quiet'], cwd, env).ended).toMatchObject({ code: 0, err: '' })
  })

  it('is 1 where nobody reads its report to the end', async () => {
    const tenant = await tenantWith({ apis: 300 })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
    const { child, ended } = start(['check', '--output', 'json'], cwd, envOf(tenant))
    child.stdout.destroy()
    expect((await ended).code).toBe(1)
  })

  it.skipIf(process.platform === 'win32').each([
    ['that is full', 'exec "$0" "$@" > /dev/full', /^error: ENOSPC/m],
    // What a disk with a little room left does: it takes the beginning and says so only to who asks again.
    ['that has room for the beginning alone', 'ulimit -f 8; trap "" XFSZ; exec "$0" "$@" > r.json', /^error: EFBIG/m],
  ])('is 1, with the reason, on a disk %s', async (_name, script, words) => {
    const tenant = await tenantWith({ apis: 300 })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
    const child = spawn('bash', ['-c', script, process.execPath, MAIN, 'check', '--output', 'json'], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...envOf(tenant) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let err = ''
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    const [code] = (await once(child, 'close')) as [number | null]
    expect([code, err]).toEqual([1, expect.stringMatching(words)])
  })

  it.skipIf(process.platform === 'win32')('leaves nothing on a disk that takes no more, and says so', async () => {
    const tenant = await tenantWith()
    const cwd = folderWith()
    const script = 'ulimit -f 0; trap "" XFSZ; exec "$0" "$@"'
    const child = spawn('bash', ['-c', script, process.execPath, MAIN, 'record', '--quiet'], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...envOf(tenant) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let err = ''
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    const [code] = (await once(child, 'close')) as [number | null]
    expect([code, readdirSync(cwd)]).toEqual([1, []])
    expect(err).toMatch(/cannot be written \(EFBIG\): nothing was written/)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('%s ends it within a second while a tenant hangs', async (name) => {
    const tenant = await tenantWith()
    const asked = new Promise<void>((resolve) => {
      tenant.onRequest(() => resolve())
    })
    tenant.setFault({ kind: 'hang' })
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
    const { child, ended } = start(['check', '--output', 'json=r.json', '--output', 'text'], cwd, envOf(tenant))
    await asked
    const since = performance.now()
    child.kill(name)
    const { signal, out } = await ended
    expect([signal, out, readdirSync(cwd)]).toEqual([name, '', ['declared']])
    expect(performance.now() - since).toBeLessThan(1000)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it in the middle of what leaves Node no turn',
    async (name) => {
      const tenant = await tenantWith()
      const busy = `
      const { writeSync } = require('node:fs')
      const at = process.stdout.write
      process.stdout.write = (...text) => {
        writeSync(2, 'busy')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
        writeSync(2, 'free')
        return at.apply(process.stdout, text)
      }`
      const cwd = folderWith({ 'declared/a.json': { resource_servers: [] }, 'busy.cjs': busy })
      const env = { ...envOf(tenant), NODE_OPTIONS: `--require ${path.join(cwd, 'busy.cjs')}` }
      const { child, ended } = start(['check', '--output', 'json', '--quiet'], cwd, env)
      await new Promise<void>((resolve) => {
        child.stderr.on('data', (chunk) => {
          if (String(chunk).includes('busy')) resolve()
        })
      })
      child.kill(name)
      const { signal, err } = await ended
      expect([signal, err]).toEqual([name, 'busy'])
    },
    90_000,
  )
})

describe.skipIf(!existsSync(BUNDLE))('the bundle (skipped where dist/ was not built)', () => {
  /** The least that seven starts took, in ms. */
  const best = (argv: readonly string[]): number => {
    const script = `
      const { spawnSync } = require('node:child_process')
      const { readFileSync } = require('node:fs')
      // Children's own time: what the shell's "time" counts.
      const cpu = () => {
        const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
        return (Number(fields[13]) + Number(fields[14])) * 10
      }
      const took = Array.from({ length: 7 }, () => {
        const before = cpu()
        spawnSync(process.execPath, ${JSON.stringify(argv)}, { stdio: 'ignore' })
        return cpu() - before
      })
      console.log(Math.min(...took))`
    return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
  }

  it.skipIf(!existsSync('/proc/self/stat')).each([
    ['check --help', ['check', '--help']],
    ['a refused flag', ['check', '--nope']],
    ['a refused command', ['chekc']],
  ])('%s costs under 100 ms of CPU more than node -e 0 (skipped without /proc)', (_name, argv) => {
    expect(best([BUNDLE, ...argv]) - best(['-e', '0'])).toBeLessThan(100)
  })

  it('ended at any moment leaves a whole report or none', async () => {
    const tenant = await tenantWith({ apis: 300 })
    const took: number[] = []
    const seen: (readonly [string, readonly string[]])[] = []
    for (let ms = 40; ms <= 600; ms += 40) {
      const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: 'urn:gone' }] } })
      const { child, ended } = start(
        ['check', '--output', 'json=r.json', '--output', 'html=r.html'],
        cwd,
        envOf(tenant),
        BUNDLE,
      )
      await sleep(ms)
      const since = performance.now()
      child.kill('SIGTERM')
      const { code, signal } = await ended
      took.push(performance.now() - since)
      const texts = readdirSync(cwd, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => `${name} ends with ${readFileSync(path.join(cwd, name), 'utf8').trim().slice(-1)}`)
      seen.push([String(code ?? signal), texts.sort()])
    }
    const whole = ['r.html ends with >', 'r.json ends with }']
    for (const [end, texts] of seen) {
      // Where nothing has to be taken away, the signal itself ends the process; shells call that 143, too. Or it was quicker than we were.
      expect(['SIGTERM', '143', '2']).toContain(end)
      expect(whole).toEqual(expect.arrayContaining([...texts]))
    }
    expect(seen.map(([end]) => end)).toContain('SIGTERM')
    // Single ones may wait for a processor: other tests run beside this one.
    expect(took.sort((a, b) => a - b)[Math.floor(took.length / 2)]).toBeLessThan(1000)
    expect(Math.max(...took)).toBeLessThan(5000)
  }, 60_000)

  it('is quick because only the command line loads', () => {
    const text = readFileSync(BUNDLE, 'utf8')
    expect(text).not.toMatch(/from ['"](?:zod|undici|js-yaml|deep-diff)/)
    expect(text.length).toBeLessThan(200_000)
  })
})
