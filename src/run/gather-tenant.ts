import { identifierOf } from '../schema/identifier-of.ts'
import { ALWAYS_SECRET, SIGNING_SECRET } from '../schema/secret-field.ts'
import { withValues, type DeclaredApi, type DeclaredState } from '../schema/declared.ts'
import { own, type JsonObject } from '../schema/json.ts'
import { redactUnknown } from '../schema/redact-unknown.ts'
import type { Look, Reading, SecretLook, Snapshot, TenantReader } from '../schema/snapshot.ts'
import {
  digestFields,
  isAllExcluded,
  nearTwins,
  narrowSides,
  narrowSnapshot,
  reveal,
  type Includes,
  type Sides,
  type TenantInput,
} from '../compare/front.ts'
import { putToOwners } from './scope-owners.ts'

/** What is looked at of a tenant: all of it, what somebody chose, or one API and nothing else. */
export interface TenantChoice {
  /** The APIs that are looked at; null: all of them. */
  readonly includes: Includes | null
  /** The one API that is compared, and nothing else of the tenant. */
  readonly only?: string
  /** A reading of the whole tenant, for one API that is gone: what it may be mixed up with. Absent: what the reader has. */
  readonly around?: () => Promise<Reading>
}

export interface Gathered {
  /** Of what is looked at, each scope under its API. */
  readonly sides: Sides
  /** What `compareTenant` is given. */
  readonly input: TenantInput
  /** Nothing of what is declared, or was, is looked at. */
  readonly isAllExcluded: boolean
}

/**
 * Asks a reader for all that comparing the sides takes, and puts secrets as digests. Which API a scope is of may stand in the reading alone, so that the
 * sides are narrowed after it. With `only` that is one API, looked for by its name. Never throws for what a tenant does.
 */
export async function gatherTenant(reader: TenantReader, all: Sides, choice: TenantChoice): Promise<Gathered> {
  const { includes, only } = choice
  const found = only === undefined ? null : await findOne(reader, only)
  const inventory = found === null ? await reader.inventory() : found.inventory
  const owned = putToOwners(all, inventory.ok ? inventory.snapshot.items : [])
  const isLookedAt = only === undefined ? includes : (identifier: string) => identifier === only
  const sides = isLookedAt === null ? owned : narrowSides(owned, isLookedAt)
  const isNothing = includes !== null && isAllExcluded(owned, inventory, includes)
  if (!inventory.ok) {
    return { sides, input: { ...sides, inventory, looks: new Map(), secrets: new Map() }, isAllExcluded: isNothing }
  }
  const snapshot = isLookedAt === null ? inventory.snapshot : narrowSnapshot(inventory.snapshot, isLookedAt)
  const input = await askFor(reader, sides, snapshot, found?.looks)
  const near = isLookedAt === null ? null : await lookAround(reader, owned, input, choice)
  return { sides, input: near === null ? input : { ...input, near }, isAllExcluded: isNothing }
}

/** What is like an API that is gone may be among those that are not looked at. */
async function lookAround(
  reader: TenantReader,
  { declared, base }: Sides,
  { looks, declared: lookedAt }: TenantInput,
  { around = () => reader.inventory() }: TenantChoice,
): Promise<ReadonlyMap<string, JsonObject> | null> {
  const gone = lookedAt.apis.flatMap(({ identifier }) =>
    looks.get(identifier)?.status === 'missing' ? [identifier] : [],
  )
  if (gone.length === 0) return null
  const whole = await around()
  if (!whole.ok) return null
  const known = new Set([...declared.apis, ...(base?.apis ?? [])].map(({ identifier }) => identifier))
  return nearTwins(
    gone,
    whole.snapshot.items.filter((item) => !known.has(identifierOf(item))),
  )
}

async function askFor(
  reader: TenantReader,
  { declared, base, recorded }: Sides,
  snapshot: Snapshot,
  found: ReadonlyMap<string, Look> | undefined,
): Promise<TenantInput> {
  const live = new Map(snapshot.items.map((item) => [identifierOf(item), item]))
  const looks = found ?? (await lookForAbsent(reader, declared, recorded, live))
  const isThere = ({ identifier }: DeclaredApi): boolean =>
    live.has(identifier) || looks.get(identifier)?.status === 'read'
  const secrets = await readDigests(reader, declared.apis.filter(isThere))
  const values = await comparableState(reader.tenant, declared, live)
  const before = base === null ? null : await comparableBase(reader.tenant, base, values, live)
  const inventory: Reading = { ok: true, snapshot }
  const asked = { declared: values, base: before, recorded, inventory, looks, secrets }
  return recorded === null ? asked : redacted(reader.tenant, asked, recorded, snapshot)
}

/** One API as a reading of its own, which claims nothing of others. */
async function findOne(
  reader: TenantReader,
  identifier: string,
): Promise<{ readonly inventory: Reading; readonly looks: ReadonlyMap<string, Look> }> {
  const looks = await reader.find([identifier])
  const look = looks.get(identifier)
  if (look === undefined) throw new Error('a reader answers for every identifier')
  const items = look.status === 'read' ? [look.live] : []
  const snapshot = { tenant: reader.tenant, complete: false, items, proof: reader.proof() }
  return { inventory: { ok: true, snapshot }, looks: look.status === 'read' ? new Map() : looks }
}

/**
 * A file that was recorded has digests in place of new fields that sound like secrets: the tenant's own are compared as such too, and so is a record
 * of a version that did not hide them yet.
 */
function redacted(tenant: string, input: TenantInput, recorded: Snapshot, live: Snapshot): TenantInput {
  const redact = (item: JsonObject): JsonObject => redactUnknown(tenant, item)
  const looks = [...input.looks].map(([identifier, look]): [string, Look] => [
    identifier,
    look.status === 'read' ? { ...look, live: redact(look.live) } : look,
  ])
  return {
    ...input,
    recorded: { ...recorded, items: recorded.items.map(redact) },
    inventory: { ok: true, snapshot: { ...live, items: live.items.map(redact) } },
    looks: new Map(looks),
  }
}

/** Declared and recorded APIs that the list does not hold, each with what the tenant says when asked for it. */
async function lookForAbsent(
  reader: TenantReader,
  declared: DeclaredState,
  recorded: Snapshot | null,
  live: ReadonlyMap<string, JsonObject>,
): Promise<ReadonlyMap<string, Look>> {
  const wanted = new Set([
    ...declared.apis.map((api) => api.identifier),
    ...(recorded?.items ?? []).map((item) => identifierOf(item)),
  ])
  const absent = [...wanted].filter((identifier) => !live.has(identifier))
  return absent.length === 0 ? new Map() : reader.find(absent)
}

/** Signing secrets are asked for only where a live API declares one. */
function readDigests(reader: TenantReader, apis: readonly DeclaredApi[]): Promise<ReadonlyMap<string, SecretLook>> {
  const wanted = apis.filter((api) => Object.hasOwn(api.values, SIGNING_SECRET))
  return wanted.length === 0 ? Promise.resolve(new Map()) : reader.secretDigests(wanted.map((api) => api.identifier))
}

/** Declared values as they are compared: signing secrets as digests, kept digests as what they stand for. */
async function comparableState(
  tenant: string,
  state: DeclaredState,
  live: ReadonlyMap<string, JsonObject>,
): Promise<DeclaredState> {
  const apis = await Promise.all(state.apis.map((api) => comparableApi(tenant, api, [live.get(api.identifier) ?? {}])))
  return { ...state, apis }
}

/** A base as it is compared: where it cannot know a secret, the declared one stands in for it. */
async function comparableBase(
  tenant: string,
  base: DeclaredState,
  declared: DeclaredState,
  live: ReadonlyMap<string, JsonObject>,
): Promise<DeclaredState> {
  const now = new Map(declared.apis.map((api) => [api.identifier, api.values]))
  const apis = await Promise.all(
    base.apis.map(async (api) => {
      const values = now.get(api.identifier)
      const revealed = await comparableApi(tenant, api, [values ?? {}, live.get(api.identifier) ?? {}])
      const secret = own(values, SIGNING_SECRET)
      if (api.lacksSecrets !== true || secret === undefined || Object.hasOwn(api.values, SIGNING_SECRET))
        return revealed
      return withValues(revealed, { ...revealed.values, signing_secret: secret })
    }),
  )
  return { ...base, apis }
}

async function comparableApi(
  tenant: string,
  api: DeclaredApi,
  candidates: readonly JsonObject[],
): Promise<DeclaredApi> {
  const holdsDigest = Object.values(api.values).some(
    (value) => typeof value === 'string' && value.startsWith('scrypt-'),
  )
  if (!holdsDigest && !Object.hasOwn(api.values, SIGNING_SECRET)) return api
  const digested = await digestFields(tenant, api.values, ALWAYS_SECRET)
  return withValues(api, await reveal(tenant, digested, candidates))
}
