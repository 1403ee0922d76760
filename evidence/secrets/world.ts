import { createServer, type Server } from 'node:http'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { madeUp, type Planted } from '../gate/planted.ts'

export const ORDERS = 'https://orders.example.com/'
export const SHOP = 'https://shop.example.com/'

/** Letters that other writings spell otherwise, between those that a leak is known by. */
const ODD = ['', '"\\', '<&>', '%2F+', "'$&", 'äß', '{0}](', '|`#']

/** What a service of somebody's heard: its body, and its headers. */
export interface Heard {
  readonly path: string
  readonly text: string
}

/** A tenant that holds secrets, a folder that declares others, services that are told, and variables that hold the credentials of all of it. */
export interface World {
  readonly tenant: Simulator
  readonly folder: string
  /** Credentials of the tenant and of the channels, and the variable of a declared secret. */
  readonly env: Readonly<Record<string, string>>
  readonly planted: Planted
  readonly secret: (name: string) => string
  readonly heard: Heard[]
  readonly services: string
  /** Puts a file into the folder: a text as it is, anything else as JSON. */
  readonly write: (name: string, content: unknown) => void
  readonly close: () => Promise<void>
}

/** `kind` chooses the odd letters of the secrets. */
export async function openWorld(kind: number): Promise<World> {
  const planted: Planted = new Map()
  const plant = (name: string, odd = ODD[kind % ODD.length] ?? ''): string => {
    const value = `${madeUp(14)}${odd}${madeUp(14)}`
    planted.set(name, value)
    return value
  }
  const tenant = await startSimulator({ apis: 3, seed: 4000 + kind })
  planted.set('the token', tenant.token.split('.').at(-1) ?? '')
  planted.set('the client secret', tenant.client_secret)
  tenant.create({ identifier: ORDERS, name: 'Orders' })
  tenant.edit(ORDERS, { signing_alg: 'HS256', signing_secret: plant('a live signing secret') })
  tenant.edit(ORDERS, { partner_api_key: plant('a live value that sounds secret') })
  tenant.create({ identifier: SHOP, name: 'Shop' })
  tenant.edit(SHOP, { signing_alg: 'HS256', signing_secret: plant('another live signing secret') })

  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-secrets-'))
  const write = (name: string, content: unknown): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const heard: Heard[] = []
  const server = await listen(heard)
  const services = addressOf(server)
  const path = (name: string): string => `${services}/${plant(name, '')}`
  const hook = Buffer.from(madeUp(32)).toString('base64')
  planted.set('the key of the webhook', hook)
  const env = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_API_TOKEN: tenant.token,
    TENANT_DRIFT_VAR_SECRET: plant('a declared signing secret'),
    SLACK: path('the address of Slack'),
    TEAMS: path('the address of Teams'),
    HOOK: path('the address of the webhook'),
    HOOK_KEY: `whsec_${hook}`,
    HEARTBEAT: path('the address of the heartbeat'),
  }
  write('declared/orders.json', {
    resource_servers: [{ identifier: ORDERS, signing_alg: 'HS256', signing_secret: '${SECRET}', token_lifetime: 60 }],
  })
  write('declared/shop.json', {
    resource_servers: [{ identifier: SHOP, signing_alg: 'RS256', signing_secret: plant('a literal in a file') }],
  })
  write('tenant-drift.yaml', CONFIG)
  return {
    tenant,
    folder,
    env,
    // Hosts are written in small letters.
    planted: new Map([...planted, ['the token, in small letters', tenant.token.toLowerCase()]]),
    secret: (name) => planted.get(name) ?? '',
    heard,
    services,
    write,
    async close() {
      rmSync(folder, { recursive: true, force: true })
      server.closeAllConnections()
      server.close()
      await tenant.close()
    },
  }
}

const CONFIG = `declared: declared/*.json
history: .tenant-drift/history.db
notify:
  - slack: { url_variable: SLACK }
  - teams: { url_variable: TEAMS }
  - webhook: { url_variable: HOOK, secret_variable: HOOK_KEY }
  - heartbeat: { url_variable: HEARTBEAT }
`

/** What a run left in the folder, as texts: databases are read as the bytes that they are. Declarations hold what people wrote there. */
export function filesIn(folder: string, but: (name: string) => boolean): readonly (readonly [string, string])[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return names.filter((name) => !but(name)).map((name) => [name, readFileSync(join(folder, name), 'latin1')] as const)
}

async function listen(heard: Heard[]): Promise<Server> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      heard.push({ path: request.url ?? '', text: `${JSON.stringify(request.headers)}\n${body}` })
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server on loopback has a port')
  return `http://127.0.0.1:${address.port}`
}
