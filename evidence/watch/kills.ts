import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { History } from '../../src/history/front.ts'
import type { Server } from '../../test/history/stores.ts'
import { startHost } from '../gate/hosts.ts'
import { randomFrom } from '../random.ts'
import type { Serving } from '../serving.ts'
import { astray, mixedIds, outOfTurn, toldIn, type Told } from '../told.ts'
import { ALGS, API, bugsIn, serveScene, standing, startFleet, stopFleet, writeScene } from './scene.ts'

/** What a fleet came to whose services were killed. Of each that is wrong there is a line. */
export interface FleetKillTally {
  readonly kills: number
  readonly tenants: number
  readonly heard: number
  /** Of the tenant that waited longest for a complete check, as a part of its schedule. */
  readonly longestGap: number
  /** Not looked at for longer than twice its schedule. */
  readonly late: number
  /** Told twice, out of turn, otherwise than it is at the end, or not told. */
  readonly wrong: number
  readonly bugs: number
  readonly lines: readonly string[]
}

const TENANTS = 40
const SERVICES = 3
const SCHEDULE_SECONDS = 30
const KILL_EVERY_SECONDS = 5
const SECOND = 1000

/** Three `serve` share forty tenants on one PostgreSQL. Every five seconds one of them is killed by SIGKILL, and another one begins in its place. */
export async function killServices(seconds: number, seed: number, server: Server): Promise<FleetKillTally> {
  const random = randomFrom(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-kills-'))
  const names = Array.from({ length: TENANTS }, (_, index) => `t${index}`)
  const fleet = await startFleet(names, seed)
  const told: Told[] = []
  const receiver = await startHost(async (_request, response, body) => {
    told.push(toldIn(body))
    // A kill may fall between hearing and answering.
    await sleep(random() * 30)
    response.writeHead(204).end()
  })
  writeScene(folder, fleet, ['history: { url_variable: DATABASE }', `schedule: every ${SCHEDULE_SECONDS}s`])
  const store = await server.store()
  const begin = (): Promise<Serving> => serveScene(folder, fleet, receiver.url, { DATABASE: store.url })
  const begun: Serving[] = []
  let history: History | null = null
  try {
    const services = [await begin()]
    while (services.length < SERVICES) services.push(await begin())
    begun.push(...services)
    history = await store.open(true)
    const gaps = gapsIn(history)
    await gaps.untilAllSeen(TENANTS)
    const end = Date.now() + seconds * SECOND
    let kills = 0
    for (let nextKill = Date.now() + KILL_EVERY_SECONDS * SECOND; Date.now() < end; await sleep(SECOND / 2)) {
      await gaps.look()
      if (random() < 0.7) fleet.get(one(names))?.edit(API, { signing_alg: one(ALGS) })
      if (Date.now() < nextKill) continue
      nextKill += KILL_EVERY_SECONDS * SECOND
      const place = Math.floor(random() * SERVICES)
      await services[place]?.end('SIGKILL')
      kills += 1
      const next = await begin()
      begun.push(next)
      services[place] = next
    }
    // Whatever is held by one that was killed comes back, and each tenant is looked at once more.
    for (const until = Date.now() + 2 * SCHEDULE_SECONDS * SECOND; Date.now() < until; await sleep(SECOND))
      await gaps.look()
    const codes = await Promise.all(services.map((service) => service.end('SIGTERM')))
    const late = [...gaps.longest].filter(([, ms]) => ms > 2 * SCHEDULE_SECONDS * SECOND)
    const wrong = [...outOfTurn(told), ...astray(told, standing(fleet)), ...mixedIds(told)]
    const bugs = [
      ...begun.flatMap(bugsIn),
      ...codes.filter((code) => code !== 0).map((code) => `exit code ${String(code)}`),
    ]
    return {
      kills,
      tenants: TENANTS,
      heard: told.length,
      longestGap: Math.round((100 * Math.max(...gaps.longest.values())) / (SCHEDULE_SECONDS * SECOND)) / 100,
      late: late.length,
      wrong: wrong.length,
      bugs: bugs.length,
      lines: [...late.map(([name, ms]) => `${name}: no check for ${ms} ms`), ...wrong, ...bugs],
    }
  } finally {
    await Promise.all(begun.map((service) => service.end('SIGKILL')))
    await history?.close()
    await store.close()
    await receiver.close()
    await stopFleet(fleet)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How long each tenant was without a complete check, as its history says. */
function gapsIn(history: History) {
  const longest = new Map<string, number>()
  const look = async (): Promise<void> => {
    const now = Date.now()
    for (const { tenant, lastComplete } of await history.overview.standings()) {
      const name = tenant.name ?? tenant.address
      if (lastComplete !== null) longest.set(name, Math.max(longest.get(name) ?? 0, now - lastComplete))
    }
  }
  return {
    longest,
    look,
    async untilAllSeen(count: number): Promise<void> {
      while (longest.size < count) {
        await look()
        await sleep(SECOND / 4)
      }
      longest.clear()
    },
  }
}
