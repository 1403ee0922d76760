import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../src/schema/json.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { startRelay, type Relay } from './relay.ts'

export const WIRES = ['HTTP/1.1', 'h2'] as const
export type Wire = (typeof WIRES)[number]

export const LIST = '/api/v2/resource-servers'
export const TOKEN = '/oauth/token'
/** Two pages with the Management API; the last one is short. */
const APIS = 149
/** Up to five absent APIs are asked for by name, more by a second list. */
const FEW = ['https://gone.example.com/']
const MANY = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://gone.example.com/${name}`)
const START = 'https://gone.example.com/'
const DEADLINE_MS = 4000

/**
 * What is declared beside what is live and as declared: nothing; APIs that are gone; APIs that somebody makes after the list was read, which a
 * careless reader would call missing.
 */
export type Scene = 'whole' | 'gone' | 'many gone' | 'late' | 'many late'

/** A tenant that serves one case after another. */
export interface Lane {
  readonly wire: Wire
  readonly tenant: Simulator
  readonly apis: readonly JsonObject[]
  /** How far its clock is off, in ms. */
  readonly clock: { off: number }
}

/** One case's tenant, the line to it, and a folder with what is declared. */
export interface Stage {
  readonly lane: Lane
  readonly tenant: Simulator
  readonly relay: Relay
  readonly folder: string
  readonly env: Record<string, string>
  /** What is declared, and of it what is absent for good. */
  readonly declared: readonly JsonObject[]
  readonly gone: readonly string[]
  readonly deadlineMs: number
  /** Called when the case ends. */
  readonly ends: (() => unknown)[]
}

let seed = 8000

export async function openLane(wire: Wire, apis = APIS): Promise<Lane> {
  seed += 1
  const clock = { off: 0 }
  const tenant = await startSimulator({ seed, apis, tls: wire === 'h2', now: () => Date.now() + clock.off })
  if (tenant.ca !== undefined) trust(tenant.ca)
  return { wire, tenant, apis: tenant.list(), clock }
}

const trusted: string[] = []

/** From here on, whoever looks trusts this certificate. */
export function trust(pem: string): void {
  trusted.push(pem)
}

/** What a process is given to look at this stage with: nothing of this process' own. */
export function environmentOf({ folder, env }: Stage): Readonly<Record<string, string>> {
  const file = join(folder, 'trusted.pem')
  writeFileSync(file, trusted.join('\n'))
  return { ...env, NODE_EXTRA_CA_CERTS: file, NO_COLOR: '1' }
}

export async function openStage(lane: Lane, scene: Scene): Promise<Stage> {
  const { tenant, apis, clock } = lane
  clock.off = 0
  tenant.reset()
  for (const { identifier } of tenant.list()) tenant.remove(identifier as string)
  for (const api of apis) tenant.put(api)
  const relay = await startUnusedRelay(Number(new URL(tenant.url).port))
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-faults-'))
  const absent = scene === 'whole' ? [] : scene.startsWith('many') ? MANY : FEW
  const extra = absent.map((identifier): JsonObject => ({ identifier, signing_alg: 'RS256' }))
  const declared = [
    ...apis.flatMap(({ identifier, signing_alg: alg, is_system: isSystem }): JsonObject[] =>
      isSystem === true ? [] : [{ identifier: identifier ?? '', signing_alg: alg ?? '' }],
    ),
    ...extra,
  ]
  writeFileSync(join(folder, 'declared.json'), JSON.stringify({ resource_servers: declared }))
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\nruntime: nodejs\n')
  const origin = `127.0.0.1:${relay.port}`
  const isLate = scene === 'late' || scene === 'many late'
  const ends: (() => unknown)[] = [() => relay.close(), () => rmSync(folder, { recursive: true, force: true })]
  if (isLate) {
    ends.push(
      whenAsked(tenant, scene === 'late' ? 'the confirmation' : 'the second list', 1, () => {
        for (const api of extra) tenant.create(api)
      }),
    )
  }
  return {
    lane,
    tenant,
    relay,
    folder,
    env: {
      AUTH0_DOMAIN: lane.wire === 'h2' ? origin : `http://${origin}`,
      AUTH0_AUDIENCE: tenant.audience,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
      TENANT_DRIFT_DEADLINE: `${DEADLINE_MS}ms`,
    },
    declared,
    gone: isLate ? [] : absent,
    deadlineMs: DEADLINE_MS,
    ends,
  }
}

const used = new Set<string>()

/** Tokens are remembered by address, and ports come round again: this one must have to ask for its token. */
async function startUnusedRelay(target: number): Promise<Relay> {
  for (;;) {
    const relay = await startRelay(target)
    const line = `${relay.port} ${target}`
    if (!used.has(line)) {
      used.add(line)
      return relay
    }
    await relay.close()
  }
}

export async function closeStage(stage: Stage): Promise<void> {
  for (const end of stage.ends) await end()
}

export const PLACES = ['the token', 'the first page', 'a later page', 'the confirmation', 'the second list'] as const
export type Place = (typeof PLACES)[number]

export interface Asked {
  readonly path: string
  readonly page: number | null
}

/** Calls `act` before a request at this place is answered, `times` at most. Returns its end. */
export function whenAsked(
  tenant: Simulator,
  place: Place,
  times: number,
  act: (asked: Asked) => void | Promise<void>,
): () => void {
  let left = times
  let begun = 0
  return tenant.onRequest(async ({ path, page }) => {
    if (page === 0) begun += 1
    const isHere: Readonly<Record<Place, boolean>> = {
      'the token': path === TOKEN,
      'the first page': page === 0,
      'a later page': page === 1,
      'the confirmation': path.startsWith(`${LIST}/`) && decodeURIComponent(path).includes(START),
      'the second list': page !== null && begun > 1,
    }
    if (!isHere[place] || left === 0) return
    left -= 1
    await act({ path, page })
  })
}
