import {
  compareTenant,
  gatherTenant,
  hideSecrets,
  matchRules,
  toAccepted,
  toNotices,
  toStanding,
  wordsOf,
  type SecretFields,
} from '../compare/front.ts'
import type { Agreed } from '../declared/agreed.ts'
import type { DeclaredApi, DeclaredState } from '../schema/declared.ts'
import { HIDDEN, type Finding } from '../schema/finding.ts'
import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { asJsonObject, emptyObserved, type AcceptedEntry, type DriftEntry } from '../schema/observed.ts'
import { declaredDigest, packDeclared } from '../schema/pack-declared.ts'
import { SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { isSameTenant } from '../tenant/front.ts'
import { holdsUnknown } from './engine-values.ts'
import { toDrift, withSeen } from './entries.ts'
import type { Kind, Look } from './methods.ts'
import { agreeing, observing, unsuccessful, type Observation } from './observe.ts'
import { tenantOf } from './resource-server.ts'
import type { Session } from './session.ts'
import { sourcesOf } from './sources.ts'
import {
  baseVariables,
  declaredOf,
  keptInputs,
  keptState,
  mistake,
  SIGNING_SECRET,
  unknownInputs,
  unpacked,
  withDigests,
} from './tenant-declaration.ts'

type TenantObservation = Observation & { readonly added?: JsonObject }

/** A whole tenant in one resource: it alone can say what is unmanaged, and carries the proof of the reading. */
export const tenantKind: Kind = {
  // A tenant's check is never replaced: its id is the tenant that the run reads.
  key: '',
  observe: (session, look) => observing(look.stored, look.step, null, () => observe(session, look)),
  kept: keptInputs,
  id: (session) => tenantOf(session),
}

async function observe(session: Session, look: Look): Promise<TenantObservation> {
  const dark = unknownInputs(look.inputs)
  if (dark.length > 0) return { observed: { ...emptyObserved('unknown'), unknown: dark }, drift: {} }
  const { declared, unknown, secrets } = await declaredOf(session, look.inputs)
  const reader = look.fresh ? await session.freshReader(null) : await session.reader()
  const { tenant } = reader
  if (declared.tenant !== null && !isSameTenant(declared.tenant, tenant)) {
    throw mistake(`the declared files are for ${declared.tenant}, and this run reads ${tenant}`)
  }
  const kept = await withDigests(tenant, declared, secrets)
  const observation = await observing(look.stored, look.step, tenant, () =>
    agreeing(session.agreed(look.inputs.rules, tenant), look.stored, look.step, tenant, (agreed) =>
      compare(session, look, reader, declared, unknown, secrets, agreed),
    ),
  )
  if (look.fresh && reader !== (await session.reader())) await reader.close()
  return {
    drift: observation.drift,
    observed: { ...observation.observed, digest: declaredDigest(kept) },
    added: sourcesOf(look.inputs.files) === null ? {} : { declaration: packDeclared(kept) },
  }
}

async function compare(
  session: Session,
  look: Look,
  reader: TenantReader,
  declared: DeclaredState,
  unknown: readonly string[],
  secretsOf: ReadonlyMap<string, SecretFields>,
  agreed: Agreed,
): Promise<Observation> {
  const { tenant } = reader
  const given = typeof look.inputs.recorded === 'string' ? look.inputs.recorded : null
  const recorded = await session.recorded(given, agreed)
  if (recorded !== null && !isSameTenant(recorded.tenant, tenant)) {
    throw mistake(`the recorded snapshot was taken of ${recorded.tenant}, and this run reads ${tenant}`)
  }
  const [told, untold] = withoutUntoldSecrets(declared)
  const input = await gatherTenant(reader, { declared: told, base: await baseOf(session, look, untold), recorded })
  if (!input.inventory.ok) return unsuccessful(look.stored, look.step, tenant, 'unreadable', input.inventory)
  const comparison = compareTenant(tenant, input)

  const hiddenIn = (identifier: string | null) => secretsOf.get(identifier ?? '') ?? SIGNING_SECRET
  const veiled = hideSecrets(comparison.findings, hiddenIn)
  const standing = toStanding(veiled, agreed.rules, session.today)
  const { incomplete, counting, pending, notices } = standing
  const identifierOf = ({ identifier }: Finding) => identifier
  const stored = look.stored?.drift ?? {}
  const seen = byApi(tenant, counting, identifierOf, (members, name) =>
    toDrift(members, asJsonObject(own(stored, name)), look.step),
  )
  const fromState = storedSecrets(look, untold, agreed, session.today)
  const drift = withSecrets(seen, fromState.standing)
  const accepted = withSecrets(
    byApi(tenant, standing.accepted, ([{ identifier }]) => identifier, toAccepted),
    fromState.accepted,
  )
  const about = {
    tenant,
    pending: byApi(tenant, pending, identifierOf, (members) => toDrift(members, {}, 0)),
    notices: toNotices(notices),
    ...(Object.keys(accepted).length === 0 ? {} : { accepted }),
    notes: [...comparison.notes, ...(untold.size === 0 ? [] : [UNTOLD_SECRETS]), ...agreed.notes],
    recorded: recorded !== null,
    adopted: comparison.summary.adopted,
    proof: reader.proof(),
    ...(comparison.touched === null ? {} : { touched: comparison.touched }),
    ...(unknown.length === 0 ? {} : { unknown }),
  }
  if (incomplete?.code !== undefined) {
    const failure = {
      code: incomplete.code,
      message: `${tenant} refuses to list all its APIs, so nothing is known of those that nobody declares`,
      advice: 'Compare the declared APIs with ResourceServerCheck, or ask for a tenant that can be listed.',
    }
    const failed = unsuccessful(look.stored, look.step, tenant, 'unreadable', failure)
    return { observed: { ...failed.observed, ...about }, drift }
  }
  return { observed: { ...emptyObserved(unknown.length > 0 ? 'unknown' : 'read'), ...about }, drift }
}

const UNTOLD_SECRETS =
  'this run does not know the signing secrets that the files declare, so what was last known of them stands; a preview compares them'

/** The declaration without the signing secrets of which the state only says that there are some, and the APIs that have one. */
function withoutUntoldSecrets(declared: DeclaredState): [DeclaredState, ReadonlySet<string>] {
  const untold = new Set<string>()
  const apis = declared.apis.map((api) => {
    if (own(api.values, 'signing_secret') !== SECRET_NOT_KEPT) return api
    untold.add(api.identifier)
    return withoutSecret(api)
  })
  return [untold.size === 0 ? declared : { ...declared, apis }, untold]
}

/**
 * A secret that cannot be compared now keeps the difference that the state holds: it was not mended as far as anybody knows. Whether it is
 * accepted is asked anew.
 */
function storedSecrets(
  look: Look,
  untold: ReadonlySet<string>,
  agreed: Agreed,
  today: string,
): {
  readonly standing: Readonly<Record<string, DriftEntry>>
  readonly accepted: Readonly<Record<string, AcceptedEntry>>
} {
  const standing: Record<string, DriftEntry> = {}
  const accepted: Record<string, AcceptedEntry> = {}
  const { drift = {}, observed = {} } = look.stored ?? {}
  for (const identifier of untold) {
    const known = secretIn(drift, identifier) ?? secretIn(asJsonObject(observed.accepted), identifier)
    if (known === undefined) continue
    const { seen: _count, reason: _reason, owner: _owner, expires: _expires, ...difference } = known
    const entry = difference as unknown as DriftEntry
    const finding = { kind: entry.kind, origin: entry.origin, identifier, path: 'signing_secret', live: HIDDEN }
    const rule = matchRules([finding], agreed.rules, today).get(finding)
    if (rule === undefined) standing[identifier] = withSeen(entry, known, look.step)
    else accepted[identifier] = { ...entry, ...wordsOf(rule) }
  }
  return { standing, accepted }
}

function secretIn(part: JsonObject, identifier: string): JsonObject | undefined {
  const entry = own(asJsonObject(own(part, identifier)), 'signing_secret')
  return isJsonObject(entry) ? entry : undefined
}

function withSecrets<T>(
  part: Readonly<Record<string, Readonly<Record<string, T>>>>,
  secrets: Readonly<Record<string, T>>,
): Readonly<Record<string, Readonly<Record<string, T>>>> {
  const more = Object.entries(secrets).map(([name, entry]) => [name, { ...part[name], signing_secret: entry }] as const)
  return more.length === 0 ? part : { ...part, ...Object.fromEntries(more) }
}

function byApi<T, R>(
  tenant: string,
  members: readonly T[],
  identifierOf: (member: T) => string | null,
  toEntries: (members: readonly T[], name: string) => R,
): Readonly<Record<string, R>> {
  const groups = Map.groupBy(members, (member) => identifierOf(member) ?? tenant)
  return Object.fromEntries([...groups].map(([name, group]) => [name, toEntries(group, name)] as const))
}

/** What was declared when the stack was last applied: from its state, else from a source. `untold` are APIs whose secret nobody tells. */
async function baseOf(session: Session, look: Look, untold: ReadonlySet<string>): Promise<DeclaredState | null> {
  const base = storedBase(look.before) ?? (await session.base(sourcesOf(look.inputs.base), baseVariables(look.inputs)))
  if (base === null || untold.size === 0) return base
  const apis = base.apis.map((api) => (untold.has(api.identifier) ? withoutSecret(api) : api))
  return { ...base, apis }
}

function withoutSecret(api: DeclaredApi): DeclaredApi {
  const { signing_secret: _untold, ...values } = api.values
  return { ...api, values }
}

function storedBase(before: JsonObject | null): DeclaredState | null {
  if (before === null) return null
  const packed = unpacked(before.declaration)
  if (packed !== null) return { ...packed, apis: packed.apis.map((api) => ({ ...api, lacksSecrets: true })) }
  const servers = before.resource_servers
  if (!Array.isArray(servers)) return null
  const known = (servers as readonly Json[]).filter(isJsonObject).filter((server) => !holdsUnknown(server))
  return keptState(known, sourcesOf(before.managedElsewhere) ?? [])
}
