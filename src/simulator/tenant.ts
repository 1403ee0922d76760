import { isJsonObject, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { SYSTEM_APIS, systemKind } from '../schema/system-apis.ts'
import type { SystemApi } from '../schema/system-apis.ts'
import { Bucket } from './bucket.ts'
import { Collection } from './collection.ts'
import { Faults } from './faults.ts'
import { listIn, readLoad } from './load.ts'
import { makeApi } from './made-apis.ts'
import type { IssueOptions, RequestHook, SeenRequest, SimulatorOptions, Write } from './options.ts'
import { makeClient, makeGrants, ownClients } from './made-clients.ts'
import { Random } from './random.ts'
import { requiredIdentifier, ApiStore } from './store.ts'
import { logControl } from './log-control.ts'
import { LogStore } from './log-store.ts'
import { systemScopes } from './system-scopes.ts'
import { Tokens } from './tokens.ts'
import { createApi, createSystemApi, patchApi } from './write-semantics.ts'
import type { CreateContext } from './write-semantics.ts'

/** Another beginning than that of the APIs, from the same seed. */
const OF_APPLICATIONS = 0x5eed

const DEFAULT_SCOPES = ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:resource_servers`)

/** The state of one embedded tenant, whatever serves it. `host` is `127.0.0.1:PORT`. */
export class Tenant {
  readonly host: string
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly store = new ApiStore()
  /** In order of creation; the one that stands for all of them is the second. */
  readonly clients = new Collection('client_id')
  readonly grants = new Collection('id')
  settings: JsonObject
  readonly faults = new Faults()
  readonly log: LogStore
  readonly bucket: Bucket | null
  readonly latencyMs: number
  readonly now: () => number
  readonly assertionKeys: string[]
  readonly usedAssertions = new Set<string>()
  readonly hooks = new Set<RequestHook>()
  readonly tokens: Tokens
  readonly #context: CreateContext
  /** Of applications and grants alone, so that APIs are the same with and without them. */
  readonly random: Random
  readonly #aliases = new Set<string>()
  readonly #isFixed: boolean
  #audience: string
  #counts = new Map<string, number>()

  constructor(options: SimulatorOptions, host: string) {
    const random = new Random(options.seed ?? 1)
    this.host = host
    this.url = `${options.tls === true ? 'https' : 'http'}://${host}`
    this.#audience = options.audience ?? `https://${host}/api/v2/`
    this.#isFixed = options.audience !== undefined
    if (!this.#isFixed) this.#aliases.add(`https://${host}/api/v2/`).add(`http://${host}/api/v2/`)
    this.clientId = random.text(32)
    this.clientSecret = random.text(64)
    this.scopes = options.scopes ?? DEFAULT_SCOPES
    this.now = options.now ?? Date.now
    this.tokens = new Tokens(random, this.now)
    const { logDelayMs = 0, logRetentionMs = Infinity } = options
    this.log = new LogStore({ delayMs: logDelayMs, retentionMs: logRetentionMs }, 'simulator', this.now)
    this.bucket = options.rate === undefined ? null : new Bucket(options.rate, this.now)
    this.latencyMs = options.latencyMs ?? 0
    this.assertionKeys = [...(options.assertionKeys ?? [])]
    this.#context = { random, withoutDefaults: new Set(options.withoutDefaults) }
    this.create({ identifier: this.#audience })
    const { apis = 0, scopesPerApi = 2 } = options
    for (let index = 0; index < apis; index += 1) this.store.put(makeApi(index, scopesPerApi, this.#context))
    this.random = new Random((options.seed ?? 1) ^ OF_APPLICATIONS)
    this.settings = { default_audience: '', friendly_name: 'tenant-drift simulator', session_lifetime: 168 }
    this.#makeApplications(options)
    if (options.load !== undefined) this.load(options.load)
  }

  /** Identifier of the Management API, and `aud` of its tokens. Https on plain http too: the real one never differs. */
  get audience(): string {
    return this.#audience
  }

  /** Audiences whose tokens are accepted: a token given out before another tenant's list was loaded stays good. */
  get audiences(): readonly string[] {
    return [this.#audience, ...this.#aliases]
  }

  /** What a client assertion may name as its audience: the tenant's address with a slash at its end. */
  get issuers(): readonly string[] {
    const { origin } = URL.canParse(this.audience) ? new URL(this.audience) : { origin: this.url }
    return [`https://${this.host}/`, `http://${this.host}/`, `${origin}/`]
  }

  /** The Management API's identifier where `audience` names it (by this tenant's address too), else null. */
  audienceOf(audience: string): string | null {
    return this.audiences.includes(audience) ? this.#audience : null
  }

  issueToken(options: IssueOptions = {}): Promise<string> {
    return this.tokens.issue({
      audience: options.audience ?? this.audience,
      scopes: options.scopes ?? this.scopes,
      issuer: `https://${this.host}/`,
      clientId: this.clientId,
      ...(options.expiresInSeconds !== undefined && { expiresIn: options.expiresInSeconds }),
    })
  }

  /** The system API whose identifier this is. The Management API is one by its identifier alone, the others in this tenant and under auth0.com. */
  systemOf(identifier: string): SystemApi | null {
    if (identifier === this.audience) return SYSTEM_APIS.find(({ kind }) => kind === 'management') ?? null
    const system = SYSTEM_APIS.find((known) => known.kind !== 'management' && known.matches(identifier)) ?? null
    if (system === null || !URL.canParse(identifier)) return system
    const { host, protocol } = new URL(identifier)
    const isOwn = host === this.host || this.issuers.includes(`${protocol}//${host}/`) || host.endsWith('.auth0.com')
    return protocol !== 'https:' || isOwn ? system : null
  }

  create(sent: JsonObject): JsonObject {
    const { identifier } = sent
    const system = typeof identifier === 'string' ? this.systemOf(identifier) : null
    const api = system === null ? createApi(sent, this.#context) : createSystemApi(sent, system, this.#context)
    this.store.put(system === null ? api : grown(api, system))
    return api
  }

  patch(before: JsonObject, sent: JsonObject): JsonObject {
    const api = patchApi(before, sent, this.#context.random)
    if (api.identifier !== before.identifier) this.store.remove(requiredIdentifier(before))
    this.store.put(api)
    return api
  }

  edit(identifier: string, patch: JsonObject, write?: Write): JsonObject {
    const before = this.store.find(identifier)
    if (before === undefined) throw new Error(`the simulator has no API ${JSON.stringify(identifier)} to edit`)
    const api = this.patch(before, patch)
    logControl(this.log, write, 'patch', api, patch)
    return api
  }

  /** As the dashboard creates one, with its event. */
  add(sent: JsonObject, write?: Write): JsonObject {
    const api = this.create(sent)
    logControl(this.log, write, 'post', api, sent)
    return api
  }

  remove(identifier: string, write?: Write): boolean {
    const api = this.store.find(identifier)
    if (api === undefined) return false
    this.store.remove(identifier)
    logControl(this.log, write, 'delete', api, null)
    return true
  }

  grantId(): string {
    return `cgr_${this.random.text(16)}`
  }

  #makeApplications({ grantsPerApi = 0, clients = grantsPerApi }: SimulatorOptions): void {
    const name = 'simulator'
    for (const client of ownClients(name, this.clientId, this.clientSecret, this.random)) this.clients.put(client)
    const ids = [this.clientId]
    for (let index = 1; index < clients; index += 1)
      ids.push(this.clients.put(makeClient(name, index - 1, this.random)))
    if (grantsPerApi === 0) return
    const apis = this.store.entries.map(({ api }) => api).filter((api) => api.is_system !== true)
    for (const [index, api] of apis.entries())
      for (const grant of makeGrants(api, index, grantsPerApi, ids, () => this.grantId())) this.grants.put(grant)
  }

  /**
   * Puts objects as they are; returns how many. A Management API among them takes the place of ours, for a tenant has one: new tokens name it
   * from then on. Where the audience was given as an option, it stays.
   */
  load(given: unknown): number {
    const value = given as Json | undefined
    const [clients, grants] = [listIn(value, 'clients'), listIn(value, 'client_grants')]
    for (const client of clients) this.clients.put(client)
    for (const grant of grants) this.grants.put(grant)
    const others = clients.length + grants.length
    if (others > 0 && isJsonObject(value) && !('items' in value) && !('resource_servers' in value)) return others
    const apis = readLoad(value)
    const management = apis.find((api) => systemKind(api) === 'management')
    if (management !== undefined && !this.#isFixed) this.#adopt(requiredIdentifier(management))
    for (const api of apis) this.store.put(api)
    return others + apis.length
  }

  /** Top-level defaults that new APIs do not get from now on. */
  setWithoutDefaults(keys: readonly string[]): void {
    this.#context.withoutDefaults.clear()
    for (const key of keys) this.#context.withoutDefaults.add(key)
  }

  count(request: SeenRequest): void {
    const key = `${request.method} ${request.path}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  requests(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }

  reset(): void {
    this.#counts = new Map()
    this.faults.clear()
  }

  #adopt(identifier: string): void {
    if (identifier === this.#audience) return
    this.store.remove(this.#audience)
    this.#aliases.add(this.#audience)
    this.#audience = identifier
  }
}

/** What the tenant adds to a new system API by itself, after it has answered. */
function grown(api: JsonObject, system: SystemApi): JsonObject {
  const { later } = systemScopes(system.kind)
  const scopes = own(api, 'scopes')
  if (later.length === 0 || !Array.isArray(scopes)) return api
  const present = scopes.filter(isJsonObject)
  return { ...api, scopes: [...present, ...later] }
}
