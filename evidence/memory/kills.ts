import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { startHost } from '../gate/hosts.ts'
import { randomFrom } from '../random.ts'
import { COMMAND } from '../shipped.ts'
import { astray, mixedIds, outOfTurn, toldIn, type Told } from '../told.ts'

/** What kills came to. Of each `wrong` there is a line. */
export interface KillTally {
  readonly kills: number
  /** Runs that nobody killed: after each of them the receiver must know how things stand. */
  readonly whole: number
  readonly heard: number
  /** Messages that came a second time under their own id, which a receiver may drop. */
  readonly again: number
  readonly lost: number
  readonly toldTwice: number
  readonly damaged: number
  readonly lines: readonly string[]
}

const APIS = ['urn:a', 'urn:b', 'urn:c'] as const
const ALGS = ['RS256', 'HS256', 'PS256'] as const
const START = Date.parse('2026-11-01T00:07:00Z') / 1000
const HOUR = 3600

/**
 * `check` with a history and a webhook, ended by SIGKILL at random moments between its first request to the tenant and its end, while the tenant goes
 * on changing. Now and then a run ends by itself. The clock goes on by an hour a run, so that what a killed one held is free again.
 */
export async function killChecks(kills: number, seed: number): Promise<KillTally> {
  const random = randomFrom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-kills-'))
  const tenant = await startSimulator({ seed })
  const receiver = await startReceiver(random)
  try {
    return await killIn({ folder, tenant, receiver, random }, kills)
  } finally {
    await receiver.close()
    await tenant.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Receiver {
  readonly url: string
  readonly heard: Told[]
  readonly close: () => Promise<void>
}

/** Answers after up to 30 ms, so that a kill may fall between hearing and answering. */
async function startReceiver(random: () => number): Promise<Receiver> {
  const heard: Told[] = []
  const host = await startHost(async (_request, response, body) => {
    await sleep(random() * 15)
    // There is one tenant, which needs no name.
    heard.push({ ...toldIn(body), tenant: '' })
    await sleep(random() * 15)
    response.writeHead(204).end()
  })
  return { url: `${host.url}/hook`, heard, close: () => host.close() }
}

interface Scene {
  readonly folder: string
  readonly tenant: Simulator
  readonly receiver: Receiver
  readonly random: () => number
}

async function killIn({ folder, tenant, receiver, random }: Scene, wanted: number): Promise<KillTally> {
  const live = new Map<string, string>(APIS.map((api) => [api, 'RS256']))
  for (const identifier of APIS) tenant.create({ identifier, name: identifier, signing_alg: 'RS256' })
  mkdirSync(join(folder, 'declared'))
  const declared = APIS.map((identifier) => ({ identifier, name: identifier, signing_alg: 'RS256' }))
  writeFileSync(join(folder, 'declared', 'a.json'), JSON.stringify({ resource_servers: declared }))
  writeFileSync(
    join(folder, 'tenant-drift.yaml'),
    'history: history.db\nnotify:\n  - webhook: { url_variable: HOOK_URL, secret_variable: HOOK_SECRET }\n',
  )
  const env = {
    PATH: process.env['PATH'] ?? '',
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.client_id,
    AUTH0_CLIENT_SECRET: tenant.client_secret,
    HOOK_URL: receiver.url,
    HOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  }
  let [round, kills, whole] = [0, 0, 0]
  const [lost, damaged] = [[] as string[], [] as string[]]

  /** One run; `killAt` is the part of its time, from its first request on, after which it is killed. */
  const run = async (
    killAt: number | null,
    span: number,
  ): Promise<{ wasKilled: boolean; code: number | null; ms: number }> => {
    round += 1
    const asked = askedOf(tenant)
    const child = spawn(process.execPath, [COMMAND, 'check', '--quiet'], {
      cwd: folder,
      env: { ...env, SOURCE_DATE_EPOCH: String(START + round * HOUR) },
      stdio: 'ignore',
    })
    let isOver = false
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
      child.on('close', (code, signal) => {
        isOver = true
        resolve({ code, signal })
      }),
    )
    while (!isOver && askedOf(tenant) === asked) await sleep(1)
    const began = performance.now()
    if (killAt !== null) {
      await Promise.race([sleep(killAt * span), ended])
      child.kill('SIGKILL')
    }
    const { code, signal } = await ended
    return { wasKilled: signal === 'SIGKILL', code, ms: performance.now() - began }
  }

  const first = await run(null, 0)
  let span = Math.max(20, first.ms)
  while (kills < wanted) {
    // Something happens, or nothing.
    for (const api of APIS) {
      if (random() < 0.5) continue
      const alg = ALGS[Math.floor(random() * ALGS.length)] ?? 'RS256'
      live.set(api, alg)
      tenant.edit(api, { signing_alg: alg })
    }
    const isWhole = random() < 0.25
    const { wasKilled, ms, code } = await run(isWhole ? null : random() * 1.1, span)
    if (wasKilled) kills += 1
    else {
      whole += 1
      span = Math.max(20, (span + ms) / 2)
      lost.push(
        ...astray(receiver.heard, standing(live)).map((line) => `round ${round}, exit ${String(code)}: ${line}`),
      )
    }
    damaged.push(...damageIn(join(folder, 'history.db')).map((line) => `round ${round}: ${line}`))
  }
  // Whatever was held is told by a run that nobody kills.
  await run(null, span)
  lost.push(...astray(receiver.heard, standing(live)).map((line) => `at the end: ${line}`))
  const twice = [...mixedIds(receiver.heard), ...outOfTurn(receiver.heard)]
  const ids = new Set(receiver.heard.map(({ id }) => id))
  return {
    kills,
    whole: whole + 2,
    heard: ids.size,
    again: receiver.heard.length - ids.size,
    lost: lost.length,
    toldTwice: twice.length,
    damaged: damaged.length,
    lines: [...lost, ...twice, ...damaged],
  }
}

function askedOf(tenant: Simulator): number {
  return Object.values(tenant.requests()).reduce((sum, count) => sum + count, 0)
}

/** What differs from what is declared, by its subject. */
function standing(live: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const drifted = [...live].filter(([, alg]) => alg !== 'RS256')
  return new Map(drifted.map(([api, alg]) => [`${api}#signing_alg`, alg]))
}

/** What is wrong with the file of a store. */
function damageIn(file: string): readonly string[] {
  try {
    const store = new DatabaseSync(file)
    const all = store.prepare('PRAGMA integrity_check').all()
    store.close()
    return all.map((row) => String(Object.values(row)[0])).filter((line) => line !== 'ok')
  } catch (error) {
    return [error instanceof Error ? error.message : 'it cannot be opened']
  }
}
