import { createHash } from 'node:crypto'
import { own, type Json, type JsonObject } from '../../../src/schema/json.ts'
import { COMPUTED, fromWire, given, OUTPUT_ONLY, scopesFromWire, scopesToWire, toWire } from './names.ts'
import type { TenantCalls } from './tenant-calls.ts'

/** How one type of resource is made, read, changed and deleted. `tenant` is null where registrations are only accepted. */
export interface Kind {
  /** Inputs whose change makes it another resource. */
  readonly replaces: readonly string[]
  /** Outputs that are not known before it is made, where the program does not give them. */
  readonly computed: readonly string[]
  /** What the provider adds to a program's inputs. `seed` is the engine's, the same for preview and update. */
  readonly defaults: (inputs: JsonObject, before: JsonObject, name: string, seed: string) => JsonObject
  create(tenant: TenantCalls | null, inputs: JsonObject): Promise<{ id: string; outputs: JsonObject }>
  /** Null where it is gone. */
  read(tenant: TenantCalls, id: string, inputs: JsonObject): Promise<JsonObject | null>
  update(tenant: TenantCalls | null, id: string, inputs: JsonObject): Promise<JsonObject>
  remove(tenant: TenantCalls | null, id: string): Promise<void>
}

/** What an API that a program says little about ends as, where there is no tenant to ask. */
const UNASKED: JsonObject = {
  signing_alg: 'RS256',
  token_lifetime: 86_400,
  token_lifetime_for_web: 7200,
  allow_offline_access: false,
  skip_consent_for_verifiable_first_party_clients: false,
}

const resourceServer: Kind = {
  replaces: ['identifier'],
  computed: COMPUTED,
  // A program that gives no name gets one, as of every bridged provider.
  defaults: (inputs, before, name, seed) =>
    inputs.name === undefined ? { name: before.name ?? `${name}-${seed.slice(0, 7)}` } : {},
  async create(tenant, inputs) {
    const api =
      tenant === null
        ? { ...UNASKED, ...toWire(inputs), id: hash(textOf(inputs.identifier)).slice(0, 24) }
        : await tenant.create(toWire(inputs))
    return { id: textOf(api.id), outputs: fromWire(api, inputs) }
  },
  async read(tenant, id, inputs) {
    const api = await tenant.get(id)
    return api === null ? null : fromWire(api, inputs)
  },
  async update(tenant, id, inputs) {
    const { identifier: _fixed, ...body } = toWire(inputs)
    const api = tenant === null ? { ...UNASKED, ...toWire(inputs) } : await tenant.patch(id, body)
    return fromWire(api, inputs)
  },
  async remove(tenant, id) {
    await tenant?.remove(id)
  },
}

/** The whole list of an API's scopes. */
const scopes: Kind = {
  replaces: ['resourceServerIdentifier'],
  computed: [],
  defaults: () => ({}),
  async create(tenant, inputs) {
    const id = textOf(inputs.resourceServerIdentifier)
    return { id, outputs: await scopes.update(tenant, id, inputs) }
  },
  async read(tenant, id) {
    const api = await tenant.get(id)
    return api === null ? null : { resourceServerIdentifier: id, scopes: scopesFromWire(api.scopes) }
  },
  async update(tenant, id, inputs) {
    await oneByOne(id, async () => tenant?.patch(id, { scopes: scopesToWire(inputs.scopes) }))
    return { resourceServerIdentifier: id, scopes: inputs.scopes ?? [] }
  },
  async remove(tenant, id) {
    // Gone with its API is gone.
    await oneByOne(id, async () => (await tenant?.get(id)) && tenant?.patch(id, { scopes: [] }))
  },
}

/** One scope among those of an API. */
const scope: Kind = {
  replaces: ['resourceServerIdentifier', 'scope'],
  computed: [],
  defaults: () => ({}),
  async create(tenant, inputs) {
    const id = `${textOf(inputs.resourceServerIdentifier)}::${textOf(inputs.scope)}`
    return { id, outputs: await scope.update(tenant, id, inputs) }
  },
  async read(tenant, id) {
    const { api, name } = partsOf(id)
    const found = listOf(await tenant.get(api)).find(({ value }) => value === name)
    return found === undefined
      ? null
      : given({ resourceServerIdentifier: api, scope: name, description: found.description })
  },
  async update(tenant, id, inputs) {
    const { api, name } = partsOf(id)
    await replaceScope(tenant, api, name, given({ value: name, description: inputs.description }))
    return given({ resourceServerIdentifier: api, scope: name, description: inputs.description })
  },
  async remove(tenant, id) {
    const { api, name } = partsOf(id)
    await replaceScope(tenant, api, name, null)
  },
}

export const KINDS: Readonly<Record<string, Kind>> = {
  'auth0:index/resourceServer:ResourceServer': resourceServer,
  'auth0:index/resourceServerScopes:ResourceServerScopes': scopes,
  'auth0:index/resourceServerScope:ResourceServerScope': scope,
}

/** Inputs as a refresh leaves them: what the program gave, at the values that were read. */
export function inputsAsRead(inputs: JsonObject, outputs: JsonObject): JsonObject {
  const keys = Object.keys(inputs).length === 0 ? Object.keys(outputs) : Object.keys(inputs)
  const readable = keys.filter((key) => !OUTPUT_ONLY.some((name) => name === key))
  return given(Object.fromEntries(readable.map((key) => [key, own(outputs, key) ?? own(inputs, key)])))
}

async function replaceScope(tenant: TenantCalls | null, api: string, name: string, to: JsonObject | null) {
  if (tenant === null) return
  await oneByOne(api, async () => {
    const live = await tenant.get(api)
    if (live === null && to === null) return
    const others = listOf(live).filter(({ value }) => value !== name)
    await tenant.patch(api, { scopes: to === null ? others : [...others, to] })
  })
}

function listOf(api: JsonObject | null): readonly JsonObject[] {
  return Array.isArray(api?.scopes) ? (api.scopes as readonly JsonObject[]) : []
}

function partsOf(id: string): { api: string; name: string } {
  const at = id.lastIndexOf('::')
  return { api: id.slice(0, at), name: id.slice(at + 2) }
}

const lines = new Map<string, Promise<unknown>>()

/** The engine makes siblings at once, and a list that two of them read and write would lose one's scopes. */
async function oneByOne(api: string, work: () => Promise<unknown>): Promise<void> {
  const turn = (lines.get(api) ?? Promise.resolve()).then(work)
  lines.set(
    api,
    turn.catch(() => undefined),
  )
  await turn
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('an id or an identifier is no text')
  return value
}

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
