import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { programFile } from '../support/built.ts'
import { run as runInProcess } from './run.ts'

const MAIN = programFile('tenant-drift')

interface Line {
  readonly url: string
  readonly domain: string
  readonly token: string
}

async function simulate(
  ...flags: readonly string[]
): Promise<{ line: Line; stop: (signal: NodeJS.Signals) => Promise<unknown[]> }> {
  const child = spawn(process.execPath, [MAIN, 'simulate', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let text = ''
  for await (const chunk of child.stdout) {
    text += String(chunk)
    if (text.endsWith('\n')) break
  }
  return {
    line: JSON.parse(text) as Line,
    stop: (signal) => {
      child.kill(signal)
      return exited
    },
  }
}

const run = (...argv: readonly string[]) => runInProcess(argv)

const total = async ({ url, token }: Line): Promise<number> => {
  const answer = await fetch(`${url}/api/v2/resource-servers?include_totals=true`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await answer.json()) as { total: number }).total
}

describe('tenant-drift simulate', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one line of JSON and serves until %s, then exits 0',
    async (signal) => {
      const { line, stop } = await simulate('--apis', '3')
      expect(Object.keys(line)).toEqual(['url', 'domain', 'token', 'client_id', 'client_secret', 'audience'])
      expect(line.domain).toBe(line.url)
      expect(await total(line)).toBe(4)
      expect(await stop(signal)).toEqual([0, null])
    },
  )

  it('loads a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'snapshot.json')
    writeFileSync(file, JSON.stringify({ schemaVersion: 1, items: [{ identifier: 'urn:a', id: 'a' }] }))
    const { line, stop } = await simulate('--load', file, '--scopes', 'read:resource_servers')
    expect(await total(line)).toBe(2)
    await stop('SIGTERM')
  })

  it('with --tls names its certificate and a domain without scheme', async () => {
    const { line, stop } = await simulate('--tls')
    expect(line).toMatchObject({ url: `https://${line.domain}`, ca: expect.stringContaining('BEGIN CERTIFICATE') })
    await stop('SIGTERM')
  })

  it.each([
    [['simulat'], 'Did you mean simulate?'],
    [['simulate', '--prot', '1'], 'Did you mean --port?'],
    [['simulate', 'extra'], 'too many arguments'],
    [['simulate', '--apis', 'many'], 'whole number'],
    [['simulate', '--port', '65536'], 'whole number from 0 to 65535'],
    [['simulate', '--rate', '10'], 'BURST/PER_SECOND'],
    [['simulate', '--rate', '10/0'], 'BURST/PER_SECOND'],
    [['simulate', '--load', 'no-such-file.json'], 'no-such-file.json cannot be read (ENOENT)'],
    [['simulate', '--load', MAIN], 'is not JSON'],
  ])('a wrong call, %j, exits 1 and says what was wrong', async (argv, message) => {
    const { code, out, err } = await run(...argv)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
  })

  it('--help exits 0 and names the control', async () => {
    const { code, out } = await run('simulate', '--help')
    expect(code).toBe(0)
    expect(out).toContain('/__simulator/load')
  })
})

it('says nothing on any stream that acts on whoever shows it', async () => {
  const hostile = '::add-mask::x\n##vso[task.setvariable variable=a]b\u202e\u001b[2J'
  const refusals = await Promise.all(
    [['--load', hostile], ['--port', hostile], [hostile], [`--${hostile}`]].map((flags) =>
      runInProcess(['simulate', ...flags]),
    ),
  )

  for (const { code, out, err } of refusals) {
    expect([code, out]).toEqual([1, ''])
    expect(err).not.toMatch(/^::|##vso|\u202e|\u001b/m)
  }
})
