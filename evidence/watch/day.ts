import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../../bench/measure.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { FaultKind } from '../../src/simulator/front.ts'
import { startHost } from '../gate/hosts.ts'
import { randomFrom } from '../random.ts'
import { residentMb } from '../serving.ts'
import { astray, outOfTurn, toldIn, type Told } from '../told.ts'
import { wronglyToldOutages, type CheckLine } from './judge.ts'
import { ALGS, API, bugsIn, serveScene, standing, startFleet, stopFleet, STREAM_TOKEN, writeScene } from './scene.ts'

/** What a run of the service under faults came to. Of each that is wrong there is a line. */
export interface DayTally {
  readonly checks: number
  /** Faults that were begun, by what they hit. */
  readonly faults: Readonly<Record<'tenant' | 'store' | 'channel' | 'hook', number>>
  readonly heard: number
  /** Told twice, out of turn, otherwise than it is at the end, or not told. */
  readonly wrong: number
  /** Lines of the log that speak of a bug, words on standard error, and an exit code other than 0. */
  readonly bugs: number
  /** Resident memory in MB after a sixth of the time and at the end: medians of thirty seconds. */
  readonly memoryMb: readonly [early: number, late: number]
  readonly lines: readonly string[]
}

const NAMES = ['one', 'two', 'three'] as const
const KINDS: readonly FaultKind[] = ['status', 'reset', 'hang', 'truncate', 'empty', 'html', 'short-page', 'cut']
const SECOND = 1000

/**
 * The built `serve` with three tenants, a check a second each, under random faults of tenants, of its history and of its hook; in the second half of
 * its channel, too. So many seconds are as many checks a tenant: 96 of them are a day of a check every 15 minutes.
 */
export async function runDay(seconds: number, seed: number): Promise<DayTally> {
  const random = randomFrom(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-day-'))
  const tenants = await startFleet(NAMES, seed)
  let channel: 'up' | 'refuses' | 'hangs' | 'drops' = 'up'
  const told: Told[] = []
  const receiver = await startHost(async (_request, response, body) => {
    if (channel === 'drops') response.destroy()
    else if (channel === 'hangs') await sleep(4 * SECOND).then(() => response.destroy())
    else if (channel === 'refuses') response.writeHead(503).end()
    else {
      told.push(toldIn(body))
      response.writeHead(204).end()
    }
  })
  mkdirSync(join(folder, 'kept'))
  writeScene(folder, tenants, ['history: kept/history.db', 'schedule: every 1s', 'deadline: 3s'])
  const service = await serveScene(folder, tenants, receiver.url)
  const faults = { tenant: 0, store: 0, channel: 0, hook: 0 }
  const until = new Map<string, number>()
  const away = join(folder, 'away')
  const kept = join(folder, 'kept')
  const wrong: string[] = []
  const memory: number[] = []
  const began = Date.now()
  const passed = (): number => (Date.now() - began) / SECOND

  const each = async (second: number, isSecondHalf: boolean): Promise<void> => {
    memory.push(residentMb(service.pid))
    for (const [name, tenant] of tenants) {
      if ((until.get(name) ?? 0) <= second) tenant.reset()
      if (random() < 0.1) tenant.edit(API, { signing_alg: one(ALGS) })
      if (random() < 0.04 && (until.get(name) ?? 0) <= second) {
        faults.tenant += 1
        tenant.setFault({ kind: one(KINDS), status: one([401, 403, 429, 500, 503]) })
        until.set(name, second + 2 + Math.floor(random() * 12))
      }
    }
    if (random() < 0.2) {
      faults.hook += 1
      const body = one([JSON.stringify([eventOf(second)]), '{"broken', '[]', 'x'.repeat(20_000)])
      await post(`${service.url}/hooks/auth0/${one(NAMES)}`, one([STREAM_TOKEN, 'a-token-that-is-wrong']), body)
    }
    if ((until.get('store') ?? 0) <= second && until.has('store')) {
      renameSync(away, kept)
      until.delete('store')
    } else if (random() < 0.015 && !until.has('store')) {
      faults.store += 1
      renameSync(kept, away)
      until.set('store', second + 3 + Math.floor(random() * 6))
    }
    if (!isSecondHalf) return
    if ((until.get('channel') ?? 0) <= second) channel = 'up'
    if (random() < 0.02 && channel === 'up') {
      faults.channel += 1
      channel = one(['refuses', 'hangs', 'drops'])
      until.set('channel', second + 3 + Math.floor(random() * 20))
    }
  }

  /** Everything is well again, and as much time passes as a message may wait. */
  const settle = async (ms: number): Promise<void> => {
    channel = 'up'
    for (const tenant of tenants.values()) tenant.reset()
    if (until.has('store')) renameSync(away, kept)
    until.clear()
    await sleep(ms)
  }

  try {
    const half = seconds / 2
    for (let second = 0; second < half; second++) {
      await each(second, false)
      await sleep(Math.max(0, (second + 1 - passed()) * SECOND))
    }
    await settle(15 * SECOND)
    for (const name of NAMES) wrong.push(...wronglyToldOutages(told, checksIn(service.lines), name))
    const pause = passed() - half
    for (let second = Math.ceil(half); second < seconds; second++) {
      await each(second, true)
      await sleep(Math.max(0, (second + 1 + pause - passed()) * SECOND))
    }
    // What a channel refused is sent again within minutes, not seconds.
    await settle(240 * SECOND)
    memory.push(residentMb(service.pid))
    const code = await service.end('SIGTERM')
    wrong.push(...outOfTurn(told), ...astray(told, standing(tenants)), ...storesSaid(service.lines, faults.store))
    const bugs = [...bugsIn(service), ...(code === 0 ? [] : [`exit code ${String(code)}`])]
    const early = Math.floor(memory.length / 6)
    return {
      checks: checksIn(service.lines).length,
      faults,
      heard: told.length,
      wrong: wrong.length,
      bugs: bugs.length,
      memoryMb: [Math.round(median(memory.slice(early, early + 30))), Math.round(median(memory.slice(-31)))],
      lines: [...wrong, ...bugs],
    }
  } finally {
    await service.end('SIGKILL')
    await receiver.close()
    await stopFleet(tenants)
    rmSync(folder, { recursive: true, force: true })
  }
}

function eventOf(second: number): JsonObject {
  const body = { signing_alg: 'HS256' }
  const request = { method: 'patch', path: `/api/v2/resource-servers/${API}`, body }
  const data = {
    date: new Date().toISOString(),
    type: 'sapi',
    log_id: `log-${second}`,
    details: { request, response: { statusCode: 200, body: { id: 'x', identifier: API, ...body } } },
  }
  return { log_id: data.log_id, data }
}

/** A service that is busy, or has had enough, may also hang up. */
async function post(url: string, authorization: string, body: string): Promise<void> {
  const signal = AbortSignal.timeout(5 * SECOND)
  const answer = await fetch(url, { method: 'POST', headers: { authorization }, body, signal }).catch(() => null)
  await answer?.arrayBuffer().catch(() => undefined)
}

function checksIn(lines: readonly JsonObject[]): readonly CheckLine[] {
  return lines.filter(({ event }) => event === 'checked') as unknown as readonly CheckLine[]
}

/** A history that went away is said once, and that it is back, too. */
function storesSaid(lines: readonly JsonObject[], outages: number): readonly string[] {
  const count = (wanted: string): number => lines.filter(({ event }) => event === wanted).length
  return (['store_lost', 'store_back'] as const).flatMap((event) =>
    count(event) === outages
      ? []
      : [`the history went away ${outages} times, and ${event} was said ${count(event)} times`],
  )
}
