import { chmodSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serveGit, startHost, type Host } from '../../evidence/gate/hosts.ts'
import { FollowedBranch, type BranchSource } from '../../src/git/followed-branch.ts'
import { findProgram } from '../../src/git/program.ts'
import { folderWith } from '../cli/run.ts'
import { originWith, type Origin } from './origin.ts'

const GIT = findProgram('git', { path: process.env['PATH'], outsideOf: [] }) ?? ''
const TOKEN = 'planted-token-of-the-service'
const BASIC = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`

function originOf(): Origin & { readonly tip: string } {
  const origin = originWith({ a: 'one' })
  return { ...origin, tip: origin.git('rev-parse', 'main') }
}

async function hostOf(answer: Parameters<typeof startHost>[0]): Promise<Host> {
  const host = await startHost(answer)
  onTestFinished(() => host.close())
  return host
}

/** A server of one repository, for those who have the token. */
function serverOf(folder: string): Promise<Host> {
  return hostOf(async (request, response, body) => {
    if (request.headers.authorization !== BASIC) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      return
    }
    const { pathname, search } = new URL(request.url ?? '/', 'http://x')
    await serveGit(request, response, body, { root: folder, pathname, query: search.slice(1) })
  })
}

interface Options {
  readonly env?: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly place?: string
}

function follow(source: Partial<BranchSource>, { env = {}, timeout = 60_000, place: given }: Options = {}) {
  const place = given ?? path.join(folderWith(), 'followed.git')
  const clock = { now: 0 }
  const whole: BranchSource = { url: '', protocol: 'file', branch: 'main', credential: () => null, ...source }
  const branch = new FollowedBranch(whole, {
    place,
    env: { PATH: process.env['PATH'], ...env },
    now: () => clock.now,
    timeout,
  })
  onTestFinished(() => branch.close())
  const fetch = () => {
    clock.now += 10_000
    return branch.fetch()
  }
  return { branch, place, clock, fetch }
}

const credential = () => ({ user: 'x-access-token', token: TOKEN })

describe('a branch that is followed over the network', () => {
  it('is fetched with a token that stands on no command line and in no file', async () => {
    const { folder, tip } = originOf()
    const host = await serverOf(folder)
    const log = path.join(folderWith(), 'log')
    const bin = folderWith({ git: `#!/bin/sh\necho "$*" >> '${log}'\nexec '${GIT}' "$@"\n` })
    chmodSync(path.join(bin, 'git'), 0o755)
    const url = `${host.url}/.git`
    const { place, fetch } = follow({ url, protocol: 'http', credential }, { env: { PATH: bin, GIT_DIR: '/nowhere' } })
    expect(await fetch()).toMatchObject({ commit: tip, fault: null })
    expect(host.heard.some(({ authorization }) => authorization === BASIC)).toBe(true)
    expect(readFileSync(log, 'utf8')).toContain(`+refs/heads/main:refs/heads/main`)
    const encoded = BASIC.slice('Basic '.length)
    for (const text of [readFileSync(log, 'utf8'), ...textsIn(place)]) {
      expect(text).not.toContain(TOKEN)
      expect(text).not.toContain(encoded)
    }
  })

  it('hands its token to no other host', async () => {
    const other = await hostOf((_request, response) => void response.writeHead(404).end())
    const host = await hostOf((request, response) => {
      response.writeHead(302, { location: `${other.url}${request.url ?? ''}` }).end()
    })
    const { fetch } = follow({ url: `${host.url}/.git`, protocol: 'http', credential })
    expect(await fetch()).toMatchObject({ commit: null, fault: expect.stringContaining('redirects are not followed') })
    expect(host.heard.length).toBeGreaterThan(0)
    expect(other.heard).toEqual([])
  })

  it('is not waited for for ever, and no process waits on', async () => {
    const closed = Promise.withResolvers<void>()
    const waiting = await hostOf((request) => void request.socket.on('close', closed.resolve))
    const { fetch } = follow({ url: `${waiting.url}/.git`, protocol: 'http', credential }, { timeout: 500 })
    expect(await fetch()).toMatchObject({ commit: null, fault: 'it did not answer within 1 seconds' })
    await closed.promise
  })

  it('is asked no sooner again than it took to find out that it does not answer', async () => {
    const heard = Promise.withResolvers<void>()
    const waiting = await hostOf(() => heard.resolve())
    const { branch, clock } = follow({ url: `${waiting.url}/.git`, protocol: 'http' }, { timeout: 1000 })
    clock.now = 1
    const first = branch.fetch()
    await heard.promise
    clock.now += 60_000
    expect((await first).fault).not.toBe(null)
    const asked = waiting.heard.length
    clock.now += 59_999
    expect(await branch.fetch()).toBe(await first)
    expect(waiting.heard).toHaveLength(asked)
    clock.now += 1
    await branch.fetch()
    expect(waiting.heard.length).toBeGreaterThan(asked)
  })

  it('is let go of where the service is stopping', async () => {
    const heard = Promise.withResolvers<void>()
    const host = await hostOf(() => heard.resolve())
    const { branch, fetch } = follow({ url: `${host.url}/.git`, protocol: 'http' })
    const fetched = fetch()
    fetched.catch(() => undefined)
    await heard.promise
    branch.close()
    await expect(fetched).rejects.toMatchObject({ code: 'not_fetched', message: 'the service is stopping' })
  })

  it('goes by ssh where the address says so, which asks nobody and has nothing of the job', async () => {
    const { folder, tip } = originOf()
    const log = path.join(folderWith(), 'log')
    const ssh = `#!/bin/sh\nenv > '${log}'\necho "$*" >> '${log}'\nfor last; do :; done\nexec /bin/sh -c "$last"\n`
    const bin = folderWith({ ssh })
    chmodSync(path.join(bin, 'ssh'), 0o755)
    const env = {
      PATH: `${bin}:${path.dirname(GIT)}`,
      GIT_SSH_COMMAND: 'false',
      AUTH0_CLIENT_SECRET: TOKEN,
      SSH_AUTH_SOCK: '/agent',
    }
    const { fetch } = follow({ url: `ssh://git@host.example${folder}/.git`, protocol: 'ssh' }, { env })
    expect(await fetch()).toMatchObject({ commit: tip, fault: null })
    const heard = readFileSync(log, 'utf8')
    expect(heard).toContain('SSH_AUTH_SOCK=/agent')
    expect(heard).toContain('git@host.example')
    expect(heard).not.toContain(TOKEN)
  })

  it('says what is wrong with its token, and asks nobody then', async () => {
    const { folder } = originOf()
    const host = await serverOf(folder)
    const { fetch } = follow({ url: `${host.url}/.git`, protocol: 'http', credential: () => ({ why: 'it is empty' }) })
    expect(await fetch()).toMatchObject({ commit: null, fault: 'it is empty' })
    expect(host.heard).toEqual([])
  })
})

describe('a branch that is followed', () => {
  it('is one fetch for all that ask within ten seconds, or for whoever needs one that began later', async () => {
    const { url, tip, push } = originOf()
    const { branch, clock } = follow({ url })
    const [one, two] = await Promise.all([branch.fetch(), branch.fetch()])
    expect([one.commit, two]).toEqual([tip, one])
    const next = push({ a: 'two' })
    clock.now += 9999
    expect((await branch.fetch()).commit).toBe(tip)
    expect((await branch.fetch(clock.now)).commit).toBe(next)
  })

  it('gives files of any commit that it had, and of one that it never had where the server still does', async () => {
    const { url, tip, push } = originOf()
    const next = push({ a: 'two' })
    const { branch, place, fetch } = follow({ url })
    expect((await fetch()).commit).toBe(next)
    const texts = await Promise.all(
      [next, tip].map(async (name) => {
        const files = await branch.open(name, '.')
        const text = await files?.read('a')
        files?.close()
        return text
      }),
    )
    expect(texts).toEqual(['two', 'one'])
    const held = await branch.open(next, '.')
    const last = push({ a: 'three' })
    await fetch()
    const files = await branch.open(last, '.')
    expect([await files?.read('a'), await held?.read('a')]).toEqual(['three', 'two'])
    files?.close()
    held?.close()
    expect(await branch.open('0'.repeat(40), '.')).toBe(null)
    expect(await branch.open('main', '.')).toBe(null)
    expect(readdirSync(place)).not.toContain('a')
    expect(statSync(place).mode & 0o077).toBe(0)
  })

  it('is not stopped by a lock that a killed fetch left, or by a folder that was taken away', async () => {
    const { url, push } = originOf()
    const { place, fetch } = follow({ url })
    await fetch()
    const next = push({ a: 'two' })
    const lock = path.join(place, 'refs', 'heads', 'main.lock')
    writeFileSync(lock, '')
    expect(await fetch()).toMatchObject({ fault: expect.stringContaining('there is no such repository or branch') })
    utimesSync(lock, 1, 1)
    expect(await fetch()).toMatchObject({ commit: next, fault: null })
    rmSync(place, { recursive: true })
    expect(await fetch()).toMatchObject({ commit: next, fault: null })
  })
})

function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
}
