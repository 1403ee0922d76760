import { ALWAYS_SECRET } from '../schema/secret-field.ts'
import { aboutBase, digestField, toAccepted, toNotices, type SecretFields } from '../compare/front.ts'
import { compareSides, judgePreview } from '../run/front.ts'
import { withValues, type DeclaredState } from '../schema/declared.ts'
import { declaredMistakes } from '../schema/declared-schema.ts'
import { declarationMistake } from '../schema/errors.ts'
import { own, type JsonObject } from '../schema/json.ts'
import { emptyObserved, type ObservedStatus } from '../schema/observed.ts'
import { pathText } from '../schema/path.ts'
import { isSecretDigest } from '../schema/secret-digest.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { declaredFields } from '../schema/state-contract.ts'
import { acceptedIds, idsOfOne, withStoredIds } from './accepted-ids.ts'
import { holdsUnknown, isUnknown, textOrJson } from './engine-values.ts'
import { toDrift } from './entries.ts'
import type { Kind } from './methods.ts'
import { observing, observingAgreed, unsuccessful, type Observation, type CheckRequest } from './observe.ts'
import { onTenant } from './on-tenant.ts'
import { checkOwnInputs, unknownAmong } from './own-inputs.ts'
import { recordedOfApi } from './recorded-of.ts'
import { tenantOfRun, type AgreedScope, type EngineRun } from './engine-run.ts'
import { sourceBase } from './source-base.ts'
import { keptState } from './tenant-declaration.ts'
import { secretInputsOf } from './text-inputs.ts'
import { UNREADABLE_SECRET } from './untold-secrets.ts'

/** Inputs that say how to check. */
const CHECK_INPUTS = ['base', 'onDrift', 'rules'] as const

export function secretFieldsOf(inputs: JsonObject): SecretFields {
  // The identifier is an address; nothing could be found without it.
  return new Set([...ALWAYS_SECRET, ...secretInputsOf(inputs).filter((name) => name !== 'identifier')])
}

/** What a check declares of its API. */
interface DeclaredServer {
  readonly identifier: string
  /** All of it. */
  readonly given: JsonObject
  /** What of it is known by now, and the names of the rest. */
  readonly known: JsonObject
  readonly unknown: readonly string[]
  readonly secrets: SecretFields
}

async function observe(session: EngineRun, asked: CheckRequest): Promise<Observation> {
  const given = declaredFields(asked.inputs)
  const { identifier } = given
  if (isUnknown(identifier)) return { observed: { ...emptyObserved('unknown'), unknown: ['identifier'] }, drift: {} }
  const dark = unknownAmong(asked.inputs, CHECK_INPUTS)
  if (dark.length > 0) return { observed: { ...emptyObserved('unknown'), unknown: dark }, drift: {} }
  checkOwnInputs(asked.inputs, CHECK_INPUTS, null)
  const secrets = secretFieldsOf(asked.inputs)
  const unknown = Object.keys(given).filter((key) => holdsUnknown(given[key]))
  const known = Object.fromEntries(Object.entries(given).filter(([key]) => !unknown.includes(key)))
  checkDeclaration(known, secrets)
  if (typeof identifier !== 'string') throw new Error('a checked declaration has an identifier')
  const server = { identifier, given, known, unknown, secrets }
  return session.withReader(asked.fresh, identifier, (reader) => {
    const about = onTenant(asked, reader.tenant)
    return observingAgreed(session, about.look, reader.tenant, (agreed) =>
      compareServer(session, reader, about, server, agreed),
    )
  })
}

async function compareServer(
  session: EngineRun,
  reader: TenantReader,
  { look, passedOver, isForeign, notes }: ReturnType<typeof onTenant>,
  { identifier, given, known, unknown, secrets }: DeclaredServer,
  agreed: AgreedScope,
): Promise<Observation> {
  const { tenant } = reader
  const { includes, lifetimeCeiling } = agreed
  const ids = idsOfOne(identifier, look.stored)
  if (includes?.(identifier) === false) {
    const id = ids.get(identifier)
    const about = { ...(id === undefined ? {} : { id }), tenant, ...passedOver }
    const excluded = { ...emptyObserved('excluded'), ...about, notes: [...notes, ...agreed.notes, EXCLUDED] }
    return { observed: excluded, drift: {} }
  }
  // The tenant answers while the sides are read; who needs the reading is told how it failed.
  reader.inventory().catch(() => undefined)
  const { recorded, notes: ofRecord } = await recordedOfApi(session, agreed, tenant, identifier)
  const base = await checkBase(session, look, given, tenant)
  // Digests are salted with their tenant: those that a state has of another one cannot be compared here.
  const foreign = isForeign ? Object.keys(known).filter((key) => secrets.has(key) && isSecretDigest(known[key])) : []
  const values = Object.fromEntries(Object.entries(known).filter(([key]) => !foreign.includes(key)))
  const declared = keptState([values], [])
  const compared = await compareSides(
    reader,
    { declared: withStoredIds(declared, ids, recorded), base, recorded },
    {
      includes: null,
      only: identifier,
      around: async () => (await session.reader()).inventory(),
      notYet: new Map([[identifier, new Set(unknown)]]),
      lifetimeCeiling,
    },
    { secretsOf: () => secrets },
  )
  const { input, comparison } = compared
  const live = input.looks.get(identifier)
  if (live?.status === 'unreadable') return unsuccessful(look, tenant, 'unreadable', live)
  if (!input.inventory.ok) throw new Error('what is known of one API stands in a reading of its own')
  const id = acceptedIds(declared, ids, recorded, input.inventory.snapshot).get(identifier)
  const isPart = unknown.length > 0
  const standing = judgePreview(compared, agreed, { today: session.today, isPart })
  const touched = comparison.touched === null ? null : comparison.touched.length > 0
  const status: ObservedStatus = isPart ? 'unknown' : (live?.status ?? 'read')
  return {
    observed: {
      ...emptyObserved(status),
      tenant,
      ...passedOver,
      ...(id === undefined ? {} : { id }),
      ...aboutBase(touched, standing.counting.length > 0),
      ...(isPart ? { unknown: unknown.map((key) => pathText([key])) } : {}),
      pending: toDrift(standing.pending, {}, 0),
      notices: toNotices(standing.notices),
      ...(standing.accepted.length === 0 ? {} : { accepted: toAccepted(standing.accepted) }),
      notes: [...notes, ...ofRecord, ...agreed.notes],
      recorded: recorded !== null,
      adopted: comparison.summary.adopted,
    },
    drift: {
      ...toDrift(standing.counting, look.stored?.drift ?? {}, look.step),
      ...Object.fromEntries(foreign.map((key) => [pathText([key]), UNREADABLE_SECRET] as const)),
    },
  }
}

const EXCLUDED = 'the configuration excludes this API (exclude), so it was not checked'

function checkDeclaration(server: JsonObject, secrets: SecretFields): void {
  const checked = Object.fromEntries(
    Object.entries(server).filter(([key, value]) => !(secrets.has(key) && isSecretDigest(value))),
  )
  const mistakes = declaredMistakes(checked)
  if (mistakes.length === 0) return
  throw declarationMistake(...mistakes.map(({ at, message }) => (at === '' ? message : `${at}: ${message}`)))
}

/** What was declared of this API when the code was last applied, else what a source tells; null where nothing does. */
async function checkBase(
  session: EngineRun,
  look: CheckRequest,
  declared: JsonObject,
  tenant: string,
): Promise<DeclaredState | null> {
  const stored = look.before === null ? null : keptState([declaredFields(look.before)], [])
  const base = stored ?? (await sourceBase(session, look.inputs, {}, tenant))
  const identifier = textOrJson(declared.identifier)
  if (base === null || base.notKnownApis?.includes(identifier) === true) return null
  // Scopes that name their API by the tenant's id may be of this one: the reading tells.
  const apis = base.apis.filter((api) => api.identifier === identifier || api.isScopesOnly === true)
  // Nobody applies an id: which one the program expects is asked of the tenant alone.
  const id = own(declared, 'id')
  if (typeof id !== 'string') return { ...base, apis }
  return {
    ...base,
    apis: apis.map((api) => (api.identifier === identifier ? withValues(api, { ...api.values, id }) : api)),
  }
}

/** The inputs as they may be kept: secrets as digests, everything else as it was given. */
async function keptServerInputs(session: EngineRun, inputs: JsonObject): Promise<JsonObject> {
  const secrets = secretFieldsOf(inputs)
  const held = [...secrets].filter(
    (key) => inputs[key] !== undefined && inputs[key] !== null && !holdsUnknown(inputs[key]),
  )
  if (held.length === 0) return inputs
  const tenant = await tenantOfRun(session)
  const identifier = textOrJson(inputs.identifier)
  const digests = await Promise.all(
    held.map(async (key) => [key, await digestField(tenant, identifier, key, inputs[key] ?? null)] as const),
  )
  return { ...inputs, ...Object.fromEntries(digests) }
}

/** One declared API. It never throws for what a tenant or a file does. */
export const resourceServerKind: Kind = {
  key: 'identifier',
  observe: (session, look) => observing(look, null, () => observe(session, look)),
  kept: keptServerInputs,
  id: (_session, inputs) => Promise.resolve(textOrJson(inputs.identifier)),
}
