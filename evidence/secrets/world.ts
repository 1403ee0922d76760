import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inflateRawSync } from 'node:zlib'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import type { Heard } from '../gate/hosts.ts'
import { madeUp, type Planted } from '../gate/planted.ts'
import { ORDERS, plantLog, plantPersons, SCOPES, SHOP } from './planted-tenant.ts'
import { startServices } from './services.ts'

/** Letters that other writings spell otherwise, between those that a leak is known by. */
const ODD = ['', '"\\', '<&>', '%2F+', "'$&", 'äß', '{0}](', '|`#']

/** A tenant that holds secrets, a folder that declares others, services that are told, and variables that hold the credentials of all of it. */
export interface World {
  readonly tenant: Simulator
  readonly folder: string
  /** Credentials of the tenant and of the channels, and the variable of a declared secret. */
  readonly env: Readonly<Record<string, string>>
  readonly planted: Planted
  /** Names and mails of people: where they were asked for, and nowhere else. */
  readonly persons: Planted
  /** Their network addresses and ids: nowhere. */
  readonly addresses: Planted
  readonly secret: (name: string) => string
  readonly heard: readonly Heard[]
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
  const tenant = await startSimulator({ apis: 3, clients: 4, grantsPerApi: 1, seed: 4000 + kind, scopes: SCOPES })
  planted.set('the token', tenant.token.split('.').at(-1) ?? '')
  planted.set('the client secret', tenant.client_secret)
  const { persons, addresses, somebody } = plantPersons()
  plantLog(tenant, plant, somebody)

  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-secrets-'))
  const write = (name: string, content: unknown): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const services = await startServices()
  const path = (name: string): string => `${services.url}/${plant(name, '')}`
  const hook = Buffer.from(madeUp(32)).toString('base64')
  planted.set('the key of the webhook', hook)
  const pagerduty = madeUp(32)
  planted.set('the key of PagerDuty', pagerduty)
  const env = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_API_TOKEN: tenant.token,
    TENANT_DRIFT_VAR_SECRET: plant('a declared signing secret'),
    SLACK: path('the address of Slack'),
    TEAMS: path('the address of Teams'),
    HOOK: path('the address of the webhook'),
    HOOK_KEY: `whsec_${hook}`,
    HEARTBEAT: path('the address of the heartbeat'),
    PAGERDUTY: pagerduty,
    GITHUB_WRITES: plant('the token of GitHub', ''),
    GITLAB_WRITES: plant('the token of GitLab', ''),
    STREAM: plant('the token of the log stream', ''),
  }
  write('declared/orders.json', {
    resource_servers: [{ identifier: ORDERS, signing_alg: 'HS256', signing_secret: '${SECRET}', token_lifetime: 60 }],
  })
  write('declared/shop.json', {
    resource_servers: [{ identifier: SHOP, signing_alg: 'RS256', signing_secret: plant('a literal in a file') }],
  })
  write('tenant-drift.yaml', configOf(services.url))
  return {
    tenant,
    folder,
    env,
    // Hosts are written in small letters.
    planted: new Map([...planted, ['the token, in small letters', tenant.token.toLowerCase()]]),
    persons,
    addresses,
    secret: (name) => planted.get(name) ?? '',
    heard: services.heard,
    services: services.url,
    write,
    async close() {
      rmSync(folder, { recursive: true, force: true })
      await services.close()
      await tenant.close()
    },
  }
}

const configOf = (services: string): string => `declared: declared/*.json
history: .tenant-drift/history.db
notify:
  - slack: { url_variable: SLACK }
  - teams: { url_variable: TEAMS }
  - webhook: { url_variable: HOOK, secret_variable: HOOK_KEY }
  - heartbeat: { url_variable: HEARTBEAT }
  - pagerduty: { routing_key_variable: PAGERDUTY, api_url: ${services}/pagerduty }
  - github_issue: { repository: o/r, token_variable: GITHUB_WRITES, api_url: ${services}/github }
  - gitlab_issue: { project: g/p, token_variable: GITLAB_WRITES, api_url: ${services}/gitlab }
`

/** What a run left in the folder, as texts: databases are read as the bytes that they are, and what is packed in them unpacked. Declarations hold what people wrote there. */
export function filesIn(folder: string, but: (name: string) => boolean): readonly (readonly [string, string])[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return names
    .filter((name) => !but(name))
    .flatMap((name) => {
      const packed = name.endsWith('.db') ? unpackedIn(join(folder, name)) : []
      return [
        [name, readFileSync(join(folder, name), 'latin1')] as const,
        ...packed.map((text, index) => [`${name}, packed ${index}`, text] as const),
      ]
    })
}

/** Every value of every table that is packed. */
function unpackedIn(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()
    return tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .flatMap((row) => Object.values(row).flatMap((value) => (value instanceof Uint8Array ? [unpack(value)] : []))),
    )
  } finally {
    database.close()
  }
}

function unpack(bytes: Uint8Array): string {
  try {
    return inflateRawSync(bytes).toString('utf8')
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}
