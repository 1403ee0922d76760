import { ALWAYS_SECRET, SIGNING_SECRET } from '../schema/secret-field.ts'
import { otherTenant } from '../schema/other-tenant.ts'
import { aboutBase, toAccepted } from '../compare/front.ts'
import { byApi, compareSides, judgePreview, observeTenant } from '../run/front.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { declarationMistake } from '../schema/errors.ts'
import type { Finding } from '../schema/finding.ts'
import { asJsonObject, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { emptyObserved } from '../schema/observed.ts'
import { declaredDigest, packDeclared } from '../schema/pack-declared.ts'
import { SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { IDS, type Ids, acceptedIds, keptIds, packIds, storedIds, withStoredIds } from './accepted-ids.ts'
import { holdsUnknown } from './engine-values.ts'
import { toDrift } from './entries.ts'
import type { Kind } from './methods.ts'
import { observing, observingAgreed, unsuccessful, type Observation, type CheckRequest } from './observe.ts'
import { onTenant } from './on-tenant.ts'
import { recordedOfTenant } from './recorded-of.ts'
import { tenantOfRun, type AgreedScope, type EngineRun } from './engine-run.ts'
import { sourceBase } from './source-base.ts'
import { digestsOf, guardedVariables, SECRET_DIGESTS, withoutForeignDigests, withoutUpgrade } from './secret-digests.ts'
import { textsOf } from './text-inputs.ts'
import {
  baseVariables,
  declaredOf,
  keptDeclaration,
  keptIn,
  keptInputs,
  keptState,
  unknownInputs,
  withDigests,
  withSecretFieldsOfBase,
  type Declaration,
} from './tenant-declaration.ts'
import { storedSecrets, UNTOLD_SECRETS, withSecretEntries, withoutUntoldSecrets } from './untold-secrets.ts'

type TenantObservation = Observation & { readonly added?: JsonObject }

/** A whole tenant in one resource: it alone can say what is unmanaged, and carries the proof of the reading. */
export const tenantKind: Kind = {
  // A tenant's check is never replaced: its id is the tenant that the run reads.
  key: '',
  async observe(session, look) {
    const observation: TenantObservation = await observing(look, null, () => observe(session, look))
    if (observation.added !== undefined) return observation
    const kept = { ...keptDeclaration(look), ...keptIds(storedIds(look.stored)) }
    return { ...observation, added: { ...kept, ...(await guardedVariables(session, look, null)) } }
  },
  kept: keptInputs,
  id: (session) => tenantOfRun(session),
  withoutUpgrade,
}

async function observe(session: EngineRun, asked: CheckRequest): Promise<TenantObservation> {
  const dark = unknownInputs(asked.inputs)
  if (dark.length > 0) return { observed: { ...emptyObserved('unknown'), unknown: dark }, drift: {} }
  const { declared: given, ...more } = await declaredOf(session, asked)
  return session.withReader(asked.fresh, null, async (reader) => {
    const { tenant } = reader
    const { look, passedOver, isForeign, notes } = onTenant(asked, tenant)
    const declared = isForeign ? withoutForeignDigests(given) : given
    const other = otherTenant('declared', declared.tenant, tenant)
    if (other !== null) throw declarationMistake(other)
    const kept = await withDigests(tenant, declared, more.secrets)
    const added = {
      ...(await keptFiles(tenant, asked, kept, declared)),
      ...(await guardedVariables(session, asked, declared)),
    }
    const seen: Observation & { readonly ids?: Ids } = await observingAgreed(session, look, tenant, (agreed) =>
      compareDeclaration(session, look, reader, { declared, ...more }, agreed),
    )
    const { observed, drift, ids = storedIds(look.stored) } = seen
    return {
      drift,
      observed: { ...observed, ...passedOver, notes: [...notes, ...observed.notes], digest: declaredDigest(kept) },
      // Those that the state has of another tenant must not stay.
      added: { ...added, ...(isForeign ? { [IDS]: packIds(ids) } : keptIds(ids)) },
    }
  })
}

/** What is kept of a declaration in files. A refresh adds nothing that the state lacks: it would show as a change. */
async function keptFiles(
  tenant: string,
  look: CheckRequest,
  kept: DeclaredState,
  declared: DeclaredState,
): Promise<JsonObject> {
  if (textsOf(look.inputs.files) === null) return {}
  const digests = look.isFromState ? null : await digestsOf(tenant, declared)
  return { declaration: packDeclared(kept), ...(digests === null ? {} : { [SECRET_DIGESTS]: digests }) }
}

async function compareDeclaration(
  session: EngineRun,
  look: CheckRequest,
  reader: TenantReader,
  { declared, unknown, dark, secrets: secretsOf }: Declaration,
  agreed: AgreedScope,
): Promise<Observation & { readonly ids?: Ids }> {
  const { tenant } = reader
  const given = typeof look.inputs.recorded === 'string' ? look.inputs.recorded : null
  const recorded = await recordedOfTenant(session, given, agreed, tenant)
  const { includes, lifetimeCeiling } = agreed
  const base = await tenantBase(session, look, tenant)
  const secretFields = withSecretFieldsOfBase(secretsOf, base, look.inputs)
  const before = storedIds(look.stored)
  const [sides, untold] = withoutUntoldSecrets({ declared, base, recorded }, includes)
  const compared = await compareSides(
    reader,
    { ...sides, declared: withStoredIds(sides.declared, before, recorded) },
    { includes, lifetimeCeiling, notYet: dark },
    { secretsOf: (identifier) => secretFields.get(identifier ?? '') ?? ALWAYS_SECRET },
  )
  const { input, comparison } = compared
  if (!input.inventory.ok) return unsuccessful(look, tenant, 'unreadable', input.inventory)
  const ids = acceptedIds(declared, before, recorded, input.inventory.snapshot)
  const isPart = unknown.length > 0 || untold.size > 0
  const standing = judgePreview(compared, agreed, { today: session.today, isPart })
  const { incomplete, counting, pending } = standing
  const identifierOf = ({ identifier }: Finding) => identifier
  const stored = look.stored?.drift ?? {}
  const seen = byApi(tenant, counting, identifierOf, (members, name) =>
    toDrift(members, asJsonObject(own(stored, name)), look.step, isBaseUnknown(base)),
  )
  const fromState = storedSecrets(look, untold, agreed, session.today)
  const drift = withSecretEntries(seen, fromState.standing)
  const accepted = withSecretEntries(
    byApi(tenant, standing.accepted, ([{ identifier }]) => identifier, toAccepted),
    fromState.accepted,
  )
  const about = {
    tenant,
    pending: byApi(tenant, pending, identifierOf, (members) => toDrift(members, {}, 0)),
    ...observeTenant(compared, standing),
    ...(Object.keys(accepted).length === 0 ? {} : { accepted }),
    notes: [
      ...comparison.notes,
      ...(untold.size === 0 ? [] : [UNTOLD_SECRETS]),
      ...(includes === null ? [] : [EXCLUDING]),
      ...agreed.notes,
    ],
    adopted: comparison.summary.adopted,
    proof: reader.proof(),
    ...aboutBase(comparison.touched, Object.keys(drift).length > 0),
    ...(unknown.length === 0 ? {} : { unknown }),
  }
  if (incomplete?.code !== undefined) {
    const failure = {
      code: incomplete.code,
      message: `${tenant} refuses to list all its APIs, so APIs that nobody declares are not known`,
      advice: 'Check named APIs with ResourceServerCheck, or ask the support of Auth0 about the limit of your tenant.',
    }
    const failed = unsuccessful(look, tenant, 'unreadable', failure)
    return { observed: { ...failed.observed, ...about }, drift, ids }
  }
  return { observed: { ...emptyObserved(unknown.length > 0 ? 'unknown' : 'read'), ...about }, drift, ids }
}

const EXCLUDING = 'the configuration excludes APIs (exclude), so they were not checked'

/** What was declared when the stack was last applied: from its state, else from a source. */
async function tenantBase(session: EngineRun, look: CheckRequest, tenant: string): Promise<DeclaredState | null> {
  const stored = storedBase(look.before)
  if (stored !== null) return stored
  const base = await sourceBase(session, look.inputs, baseVariables(look.inputs), tenant)
  // What the program itself says of it stands in no source.
  const said = textsOf(look.inputs.managedElsewhere) ?? []
  return base === null ? null : { ...base, managedElsewhere: [...base.managedElsewhere, ...said] }
}

/** Of a signing secret an older version's state says only that there was one. */
function isBaseUnknown(base: DeclaredState | null): (finding: Finding) => boolean {
  const unknown = new Set(
    base?.apis.filter(({ values }) => own(values, SIGNING_SECRET) === SECRET_NOT_KEPT).map((api) => api.identifier),
  )
  return ({ kind, identifier, path }) => kind === 'changed' && path === SIGNING_SECRET && unknown.has(identifier ?? '')
}

function storedBase(before: JsonObject | null): DeclaredState | null {
  if (before === null) return null
  const packed = keptIn(before)
  if (packed !== null) return packed
  const servers = before.resource_servers
  if (!Array.isArray(servers)) return null
  const known = (servers as readonly Json[]).filter(isJsonObject).filter((server) => !holdsUnknown(server))
  return keptState(known, textsOf(before.managedElsewhere) ?? [])
}
