import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keepComment, type KeptComment } from '../../src/action/comment.ts'
import { limitOf } from '../../src/way/limit.ts'
import { SecretValues } from '../../src/words/secret-values.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { folderWith } from '../cli/run.ts'
import { HOST, nameTenant, startProxy } from '../support/proxied-tenant.ts'
import { gitHub, CLOCK } from './runner.ts'

const COMMENT = { key: 'k', body: 'b', digest: '0'.repeat(32), isNews: true }
const PLACE = { token: 'token-of-the-job', repository: 'o/r', number: 7, author: 'github-actions[bot]' }

function keep(env: Readonly<Record<string, string>>, world: object = {}): Promise<KeptComment> {
  const io = { env, out: () => {}, command: ['x'] as [string], ...CLOCK, secrets: new SecretValues(), ...world }
  return keepComment(io, PLACE, COMMENT)
}

describe('the way to GitHub', () => {
  const portOf = (url: string): number => Number(new URL(url).port)

  it.each([['HTTPS_PROXY'], ['https_proxy'], ['HTTP_PROXY']])('leads through the proxy of %s', async (variable) => {
    const github = await gitHub()
    const named = await nameTenant(github as unknown as Simulator)
    const proxy = await startProxy({ to: named.port, account: 'me:secret' })
    const folder = folderWith({ 'ca.pem': named.ca })
    const env = {
      PATH: process.env['PATH'],
      NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
      GITHUB_API_URL: `https://${HOST}`,
      [variable]: proxy.url.replace('://', '://me:secret@'),
    }
    // A process of its own: Node reads what it trusts when it starts.
    const module = new URL('../../src/action/comment.ts', import.meta.url).href
    const script = `const { keepComment } = await import('${module}')
      const io = { env: process.env, now: Date.now, wait: () => Promise.resolve() }
      console.log(JSON.stringify(await keepComment(io, ${JSON.stringify(PLACE)}, ${JSON.stringify(COMMENT)})))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })

    expect(JSON.parse(stdout)).toMatchObject({ done: 'created' })
    expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${HOST}:443`]))
    expect(github.calls.map((call) => call.split(' ')[0])).toEqual(['GET', 'POST'])
  })

  it.each([
    // A name that nobody has: it is asked for here, and not at the proxy.
    ['NO_PROXY names', { NO_PROXY: 'ghe.test' }, 'http://ghe.test', 'failed', 0],
    ['is loopback', {}, null, 'created', 2],
  ])('is direct where the host %s', async (_why, env, address, done, calls) => {
    const github = await gitHub()
    const proxy = await startProxy({ to: portOf(github.url) })
    const kept = await keep({ ...env, GITHUB_API_URL: address ?? github.url, HTTPS_PROXY: proxy.url })
    expect([kept.done, github.calls.length, proxy.seen]).toEqual([done, calls, []])
  })

  it('begins at the address of the server, with a slash behind it or without', async () => {
    const github = await gitHub()
    expect((await keep({ GITHUB_API_URL: `${github.url}/` })).done).toBe('created')
    expect(github.calls).toEqual(['GET /repos/o/r/issues/7/comments', 'POST /repos/o/r/issues/7/comments'])
  })

  it('and what the proxy refuses is told as the proxy’s, without its password', async () => {
    const refusing = await startProxy({ to: 1, status: 407 })
    const env = { GITHUB_API_URL: 'https://ghe.test' }
    const why = 'the proxy of HTTPS_PROXY answered HTTP 407: check it and NO_PROXY'
    expect(await keep({ ...env, HTTPS_PROXY: refusing.url })).toEqual({ done: 'failed', why })
    const gone = await keep({ ...env, HTTPS_PROXY: 'http://me:secret@127.0.0.1:1' })
    expect(gone).toEqual({
      done: 'failed',
      why: expect.stringMatching(/^the proxy of HTTPS_PROXY could not be reached/),
    })
    const wrong = await keep({ ...env, HTTPS_PROXY: 'socks5://me:secret@x' })
    expect(wrong).toEqual({ done: 'failed', why: expect.stringMatching(/^HTTPS_PROXY has a scheme/) })
    expect(JSON.stringify([gone, wrong])).not.toContain('secret')
  })
})

describe('a limit of GitHub', () => {
  const NOW = 1_700_000_000_000
  const SECONDARY = '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}'

  it.each([
    [403, { 'retry-after': '30' }, '', 30_000],
    [429, { 'retry-after': '0' }, '', 1000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000007' }, '', 7000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1600000000' }, '', 1000],
    [403, { 'x-ratelimit-remaining': '0' }, '', 60_000],
    [403, {}, SECONDARY, 60_000],
    [403, {}, '{"message":"You have triggered an abuse detection mechanism."}', 60_000],
    [429, {}, '', 60_000],
    [403, { 'x-ratelimit-remaining': '4999' }, '{"message":"Resource not accessible by integration"}', null],
    [404, { 'retry-after': '1' }, SECONDARY, null],
    [500, { 'retry-after': '1' }, '', null],
  ])('%s %j %s: %s ms', (status, headers, text, ms) => {
    const sent = new Headers(headers)
    const json: unknown = text === '' ? null : JSON.parse(text)
    expect(limitOf({ status, header: (name) => sent.get(name), json }, NOW)).toBe(ms)
  })

  /** Answers the first so many questions with a limit, then as GitHub does. */
  async function limited(times: number, status: number, headers: Record<string, string>, text: string) {
    const github = await gitHub()
    let left = times
    const server = createServer((incoming, outgoing) => {
      void (async () => {
        let body = ''
        for await (const chunk of incoming) body += String(chunk)
        if (left-- > 0) return outgoing.writeHead(status, headers).end(text)
        const init = {
          method: incoming.method ?? 'GET',
          headers: { authorization: incoming.headers.authorization ?? '' },
        }
        const answer = await fetch(`${github.url}${incoming.url}`, { ...init, ...(body === '' ? {} : { body }) })
        return outgoing.writeHead(answer.status).end(await answer.text())
      })()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const waits: number[] = []
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { github, waits, kept: await keep({ GITHUB_API_URL: url }, { wait, now: () => NOW }) }
  }

  it.each([
    ['secondary', 403, {}, SECONDARY],
    ['primary', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000009' }, '{}'],
    ['with a time', 429, { 'retry-after': '5' }, ''],
  ] as const)('is waited for: %s', async (_which, status, headers, text) => {
    const { github, waits, kept } = await limited(2, status, headers, text)
    expect([kept.done, github.comments.length, waits.length]).toEqual(['created', 1, 2])
  })

  it('is told as one where it lasts, and is no lack of a right', async () => {
    for (const headers of [{ 'retry-after': '3600' }, { 'retry-after': '50' }]) {
      const { waits, kept } = await limited(1000, 403, headers, '{}')
      expect(kept).toEqual({ done: 'failed', why: expect.stringMatching(/^GitHub limits how often it is asked/) })
      expect(waits.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(120_000)
    }
    const { kept } = await limited(1000, 403, {}, '{"message":"Resource not accessible by integration"}')
    expect(kept).toEqual({ done: 'failed', why: expect.stringContaining('may not write comments') })
  })
})
