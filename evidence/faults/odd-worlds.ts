import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Simulator } from '../../src/simulator/front.ts'
import { EVER, type Allowed, type FaultCase } from './case.ts'
import { serve } from './line-faults.ts'
import { whenAsked, WIRES, type Stage, type Wire } from './stage.ts'

const HOUR_MS = 3_600_000
/** Five pages: four of them at once on the one connection of h2. */
const FIVE_PAGES = 449

type Named = Pick<FaultCase, 'title' | 'allowed' | 'begin'> & Partial<Pick<FaultCase, 'apis'>>

/** What no answer of a tenant tells: names, proxies, clocks, tokens that end, and people who edit while we read. */
export function oddWorlds(): readonly FaultCase[] {
  const cases = (group: string, wires: readonly Wire[], list: readonly Named[]) =>
    wires.flatMap((wire) =>
      list.map(({ title, ...rest }): FaultCase => ({
        group,
        title: `${title} (${wire})`,
        wire,
        place: null,
        scene: 'whole',
        ...rest,
      })),
    )
  return [
    ...cases('names and proxies', ['h2'], [...NAMES, ...PROXIES]),
    ...cases('clocks', WIRES, CLOCKS),
    ...cases('tokens that end while the list is read', WIRES, TOKENS),
    ...cases('edits between two pages', WIRES, edits()),
    ...cases('a connection with all pages on it', WIRES, LOST),
  ]
}

const UNREACHABLE: Allowed = { truth: false, codes: ['unreachable'] }

const NAMES: readonly Named[] = [
  {
    title: 'a name that nobody knows',
    allowed: { ...UNREACHABLE, tells: /AUTH0_DOMAIN/ },
    begin: ({ env }) => void (env.AUTH0_DOMAIN = 'acme.invalid'),
  },
  {
    title: 'a line that is silent from the first byte',
    allowed: { truth: false, codes: ['timed_out'], tells: /TENANT_DRIFT_DEADLINE/ },
    async begin({ env, ends }) {
      const { port, close } = await serve(createServer())
      ends.push(close)
      env.AUTH0_DOMAIN = `127.0.0.1:${port}`
    },
  },
]

const PAGE = '<!DOCTYPE html><title>Blocked</title><h1>Ask your administrator</h1>'
const html = (status: string) =>
  `HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ncontent-length: ${PAGE.length}\r\n\r\n${PAGE}`

const PROXIES: readonly Named[] = [
  ...['200 OK', '403 Forbidden', '407 Proxy Authentication Required', '502 Bad Gateway'].map((status) => ({
    title: `a proxy that answers ${status} with a web page`,
    text: html(status),
  })),
  { title: 'a proxy that closes the line', text: '' },
].map(({ title, text }): Named => ({
  title,
  allowed: { ...UNREACHABLE, tells: /proxy/i },
  async begin({ env, ends }) {
    const { port, close } = await serve(createServer((socket) => void socket.once('data', () => socket.end(text))))
    ends.push(close)
    env.AUTH0_DOMAIN = 'acme.invalid'
    env.HTTPS_PROXY = `http://127.0.0.1:${port}`
  },
}))

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })

const CLOCKS: readonly Named[] = [-5, 5].flatMap((hours) => [
  {
    title: `a clock that is ${Math.abs(hours)} hours ${hours > 0 ? 'slow' : 'fast'}, with a client secret`,
    allowed: { truth: true, codes: [] },
    begin: ({ lane }) => void (lane.clock.off = hours * HOUR_MS),
  },
  {
    title: `a clock that is ${Math.abs(hours)} hours ${hours > 0 ? 'slow' : 'fast'}, with a private key`,
    allowed: { truth: false, codes: ['unauthorized'], tells: /clock/ },
    begin({ lane, tenant, env }: Stage) {
      lane.clock.off = hours * HOUR_MS
      tenant.trustKey(privateKey.publicKey.export({ type: 'spki', format: 'pem' }) as string)
      delete env.AUTH0_CLIENT_SECRET
      env.AUTH0_CLIENT_ASSERTION_PRIVATE_KEY = privateKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    },
  },
])

const TOKENS: readonly Named[] = [
  {
    title: 'a given token',
    allowed: { truth: false, codes: ['unauthorized'], tells: /new AUTH0_API_TOKEN/ },
    async begin({ lane, tenant, env, ends }) {
      env.AUTH0_API_TOKEN = await tenant.issueToken({ expiresInSeconds: 300 })
      ends.push(whenAsked(tenant, 'a later page', EVER, () => void (lane.clock.off = HOUR_MS)))
    },
  },
  {
    title: 'a token that the run asked for',
    allowed: { truth: true, codes: [] },
    begin({ tenant, ends }) {
      tenant.edit(tenant.audience, { token_lifetime: 1 })
      ends.push(whenAsked(tenant, 'a later page', 1, () => sleep(1500)))
    },
  },
]

function edits(): readonly Named[] {
  let made = 0
  const create = (tenant: Simulator) => void tenant.create({ identifier: `urn:made:${(made += 1)}` })
  const firstIn = (tenant: Simulator) => tenant.list()[1] ?? {}
  const ways: Readonly<Record<string, (tenant: Simulator) => void>> = {
    'an API is created': create,
    'an API that nobody declares is deleted': (tenant) => void tenant.remove('urn:made:before'),
    'one is deleted and one created': (tenant) => {
      tenant.remove('urn:made:before')
      create(tenant)
    },
    'the order changes': (tenant) => {
      const api = firstIn(tenant)
      tenant.remove(api.identifier as string)
      tenant.put(api)
    },
  }
  return Object.entries(ways).flatMap(([way, edit]) =>
    [1, EVER].map((times): Named => ({
      title: `${way}, ${times === 1 ? 'once' : 'each time'}`,
      allowed: { truth: true, codes: times === 1 ? [] : ['unstable_list'] },
      begin({ tenant, ends }) {
        // The second in the list, so that all others move when it goes.
        const [canary, ...others] = tenant.list()
        for (const api of others) tenant.remove(api.identifier as string)
        tenant.create({ identifier: 'urn:made:before' })
        for (const api of others) tenant.put(api)
        if (canary !== undefined) tenant.put(canary)
        ends.push(whenAsked(tenant, 'a later page', times, () => edit(tenant)))
      },
    })),
  )
}

const LOST: readonly Named[] = [1, EVER].map((times) => ({
  title: `is lost, ${times === 1 ? 'once' : 'each time'}`,
  apis: FIVE_PAGES,
  allowed: times === 1 ? { truth: true, codes: [] } : UNREACHABLE,
  begin({ tenant, relay, ends }) {
    let left = times
    ends.push(
      tenant.onRequest(({ page }) => {
        if (page !== 4 || left === 0) return
        left -= 1
        relay.spoil({ how: 'reset', after: 0 })
      }),
    )
  },
}))
