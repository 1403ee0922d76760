import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { aboutBase, digestField, toAccepted, toNotices, type SecretFields } from '../compare/front.ts'
import { compareSides, judgePreview } from '../run/front.ts'
import { withValues, type DeclaredState } from '../schema/declared.ts'
import { declaredMistakes } from '../schema/declared-schema.ts'
import { MistakesError } from '../schema/errors.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import { emptyObserved, type ObservedStatus } from '../schema/observed.ts'
import { pathText } from '../schema/path.ts'
import { isSecretDigest } from '../schema/secret-digest.ts'
import { declaredFields } from '../schema/state-contract.ts'
import { acceptedIds, idsOfOne, withStoredIds } from './accepted-ids.ts'
import { holdsUnknown, isUnknown, textOrJson } from './engine-values.ts'
import { toDrift } from './entries.ts'
import type { Kind, CheckRequest } from './methods.ts'
import { agreeing, observing, unsuccessful, type Observation, type Stored } from './observe.ts'
import { onTenant } from './on-tenant.ts'
import { checkOwnInputs, unknownAmong } from './own-inputs.ts'
import { recordedOfApi } from './recorded-of.ts'
import { tenantOf, type AgreedScope, type EngineRun } from './engine-run.ts'
import { sourceBase } from './source-base.ts'
import { keptState } from './tenant-declaration.ts'
import { UNREADABLE_SECRET } from './untold-secrets.ts'

/** Inputs that say how to check. */
const CHECK_INPUTS = ['base', 'onDrift', 'rules'] as const

/** Observes one declared API. Never throws for what a tenant or a file does. */
function observeServer(session: EngineRun, look: CheckRequest): Promise<Observation> {
  return observing(look.stored, look.step, null, () => observe(session, look))
}

export function secretFieldsOf(inputs: JsonObject): SecretFields {
  const named = Array.isArray(inputs.secretInputs) ? (inputs.secretInputs as readonly Json[]) : []
  // The identifier is an address; nothing could be found without it.
  return new Set([
    SIGNING_SECRET,
    ...named.filter((name) => typeof name === 'string' && name !== 'identifier'),
  ]) as SecretFields
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

  const reader = asked.fresh ? await session.freshReader(identifier) : await session.reader()
  const { tenant } = reader
  const { look, passedOver, notes } = onTenant(asked, tenant)
  // Digests are salted with their tenant: those that a state has of another one cannot be compared here.
  const isForeign = asked.isFromState && passedOver.stateTenant !== undefined
  const foreign = isForeign ? Object.keys(known).filter((key) => secrets.has(key) && isSecretDigest(known[key])) : []
  const comparableFields = Object.fromEntries(Object.entries(known).filter(([key]) => !foreign.includes(key)))
  const compare = async (agreed: AgreedScope): Promise<Observation> => {
    const { includes, lifetimeCeiling } = agreed
    if (includes?.(identifier) === false) {
      const about = { ...remembered(look.stored), tenant, ...passedOver, notes: [...notes, ...agreed.notes, EXCLUDED] }
      return { observed: { ...emptyObserved('excluded'), ...about }, drift: {} }
    }
    // The tenant answers while the sides are read; who needs the reading is told how it failed.
    reader.inventory().catch(() => undefined)
    const { recorded, notes: ofRecord } = await recordedOfApi(session, agreed, tenant, identifier)
    const base = await baseOf(session, look, given, tenant)
    const ids = idsOfOne(identifier, look.stored)
    const declared = keptState([comparableFields], [])
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
    if (live?.status === 'unreadable') return unsuccessful(look.stored, look.step, tenant, 'unreadable', live)
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
  const observation = await observing(look.stored, look.step, tenant, () =>
    agreeing(session.agreed(look.inputs.rules, tenant), look.stored, look.step, tenant, compare),
  )
  if (look.fresh && reader !== (await session.reader())) await reader.close()
  return observation
}

const EXCLUDED = 'the configuration excludes this API (exclude), so it was not checked'

/** The id that an earlier look accepted: it is still the right one when this API is looked at again. */
function remembered(stored: Stored | null): { readonly id?: string } {
  const id = stored?.observed.id
  return typeof id === 'string' ? { id } : {}
}

function checkDeclaration(server: JsonObject, secrets: SecretFields): void {
  const checked = Object.fromEntries(
    Object.entries(server).filter(([key, value]) => !(secrets.has(key) && isSecretDigest(value))),
  )
  const mistakes = declaredMistakes(checked)
  if (mistakes.length === 0) return
  throw new MistakesError(
    'invalid_declaration',
    mistakes.map(({ at, message }) => {
      const where = at === '' ? '' : `${at}: `
      return { file: null, line: null, column: null, message: where + message }
    }),
  )
}

/** What was declared of this API when the code was last applied, else what a source tells; null where nothing does. */
async function baseOf(
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
async function keptInputs(session: EngineRun, inputs: JsonObject): Promise<JsonObject> {
  const secrets = secretFieldsOf(inputs)
  const held = [...secrets].filter(
    (key) => inputs[key] !== undefined && inputs[key] !== null && !holdsUnknown(inputs[key]),
  )
  if (held.length === 0) return inputs
  const tenant = await tenantOf(session)
  const identifier = textOrJson(inputs.identifier)
  const digests = await Promise.all(
    held.map(async (key) => [key, await digestField(tenant, identifier, key, inputs[key] ?? null)] as const),
  )
  return { ...inputs, ...Object.fromEntries(digests) }
}

export const resourceServerKind: Kind = {
  key: 'identifier',
  observe: observeServer,
  kept: keptInputs,
  id: (_session, inputs) => Promise.resolve(textOrJson(inputs.identifier)),
}
