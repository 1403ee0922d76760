import { otherTenant } from '../schema/other-tenant.ts'
import {
  aboutBase,
  compareApi,
  digestField,
  digestFields,
  hideSecrets,
  reveal,
  baseSide,
  toAccepted,
  toNotices,
  toStanding,
  type SecretFields,
} from '../compare/front.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { declaredMistakes } from '../schema/declared-schema.ts'
import { MistakesError } from '../schema/errors.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import { emptyObserved, type ObservedStatus } from '../schema/observed.ts'
import { pathText } from '../schema/path.ts'
import { redactUnknown } from '../schema/redact-unknown.ts'
import { isSecretDigest } from '../schema/secret-digest.ts'
import { declaredFields } from '../schema/state-contract.ts'
import type { Look as ApiLook, SecretLook, TenantReader } from '../schema/snapshot.ts'
import { holdsUnknown, isUnknown, textOf } from './engine-values.ts'
import { toDrift } from './entries.ts'
import type { Kind, Look } from './methods.ts'
import { mistake } from './mistake.ts'
import { agreeing, observing, unsuccessful, type Observation, type Stored } from './observe.ts'
import { onTenant } from './on-tenant.ts'
import { checkOwnInputs, unknownAmong } from './own-inputs.ts'
import { recordedOfApi } from './recorded-of.ts'
import type { AgreedScope, Session } from './session.ts'
import { sourcesOf } from './sources.ts'
import { UNREADABLE_SECRET } from './untold-secrets.ts'

/** Inputs that say how to check. */
const CHECK_INPUTS = ['base', 'onDrift', 'rules'] as const

/** Observes one declared API. Never throws for what a tenant or a file does. */
function observeServer(session: Session, look: Look): Promise<Observation> {
  return observing(look.stored, look.step, null, () => observe(session, look))
}

export function secretFieldsOf(inputs: JsonObject): SecretFields {
  const named = Array.isArray(inputs.secretInputs) ? (inputs.secretInputs as readonly Json[]) : []
  // The identifier is an address; nothing could be found without it.
  return new Set([
    'signing_secret',
    ...named.filter((name) => typeof name === 'string' && name !== 'identifier'),
  ]) as SecretFields
}

async function observe(session: Session, asked: Look): Promise<Observation> {
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
    const { live, secret } = await read(reader, identifier, comparableFields)
    if (live.status === 'unreadable') return unsuccessful(look.stored, look.step, tenant, 'unreadable', live)
    const recorded = await recordedOfApi(session, agreed, tenant, identifier)
    // What a record hides of new fields that sound like secrets is compared as it stands there.
    const found: ApiLook =
      live.status === 'read' && recorded.isRecorded ? { ...live, live: redactUnknown(tenant, live.live) } : live
    const item = live.status === 'read' ? live.live : {}
    const accepted = acceptedId(comparableFields, look.stored, recorded.item, item)
    const values = await comparable(tenant, comparableFields, accepted, item)
    const base = await baseOf(session, look, identifier, tenant)
    const declared = { identifier, values, file: null, line: null, lines: {} }
    const before =
      base.base === null ? null : await comparableBase(tenant, base.base, accepted, base.lacksSecrets, [values, item])
    const comparison = compareApi(
      {
        tenant,
        hasBase: base.known,
        hasRecorded: recorded.isRecorded,
        lifetimeCeiling,
      },
      {
        identifier,
        declared,
        base: before,
        baseDark: base.baseDark,
        isBaseReadBack: base.isBaseReadBack,
        baseId: base.baseId,
        recorded: recorded.item,
        look: found,
        ...(secret === undefined ? {} : { secret }),
      },
    )
    // What is not known yet is not taken away.
    const edits = { tenant, apis: before === null ? [] : [{ declared, base: before }] }
    const veiled = hideSecrets(comparison.findings, () => secrets, edits).filter(
      ({ kind, path }) => kind !== 'weaker-declaration' || !unknown.some((key) => pathText([key]) === path),
    )
    const { counting, pending, notices, accepted: acceptances } = toStanding(veiled, agreed.rules, session.today)
    const status: ObservedStatus = unknown.length > 0 ? 'unknown' : live.status
    return {
      observed: {
        ...emptyObserved(status),
        tenant,
        ...passedOver,
        ...(typeof accepted === 'string' ? { id: accepted } : {}),
        ...aboutBase(comparison.touched, counting.length > 0),
        ...(unknown.length === 0 ? {} : { unknown: unknown.map((key) => pathText([key])) }),
        pending: toDrift(pending, {}, 0),
        notices: toNotices(notices),
        ...(acceptances.length === 0 ? {} : { accepted: toAccepted(acceptances) }),
        notes: [...notes, ...recorded.notes, ...agreed.notes],
        recorded: recorded.isRecorded,
        adopted: comparison.adopted,
      },
      drift: {
        ...toDrift(counting, look.stored?.drift ?? {}, look.step),
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

const EXCLUDED = 'the configuration excludes this API (exclude), so nothing of it was looked at'

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
    mistakes.map(({ path, message }) => {
      const where = path.length === 0 ? '' : `${path.join('.')}: `
      return { file: null, line: null, column: null, message: where + message }
    }),
  )
}

async function read(
  reader: TenantReader,
  identifier: string,
  known: JsonObject,
): Promise<{ live: ApiLook; secret: SecretLook | undefined }> {
  const looks = await reader.find([identifier])
  const live = looks.get(identifier)
  if (live === undefined) throw new Error('a reader answers for every identifier')
  if (live.status !== 'read' || !Object.hasOwn(known, 'signing_secret')) return { live, secret: undefined }
  const secrets = await reader.secretDigests([identifier])
  return { live, secret: secrets.get(identifier) }
}

/** The id that counts as right: as the program expects it, else as it was recorded since, else as the state first saw it, else as it is. */
function acceptedId(
  known: JsonObject,
  stored: Stored | null,
  recorded: JsonObject | null,
  live: JsonObject,
): Json | undefined {
  const said = own(known, 'id')
  if (said !== undefined) return said
  const [agreed, found] = [own(recorded ?? {}, 'id'), own(live, 'id')]
  return agreed !== undefined && agreed === found ? found : (stored?.observed.id ?? agreed ?? found)
}

/** Declared values as they are compared: the signing secret as its digest, kept digests as what they stand for. */
async function comparable(
  tenant: string,
  known: JsonObject,
  accepted: Json | undefined,
  live: JsonObject,
): Promise<JsonObject> {
  const withSecret = await digestFields(tenant, known, new Set(['signing_secret']))
  const revealed = await reveal(tenant, withSecret, [live])
  return typeof accepted === 'string' ? { ...revealed, id: accepted } : revealed
}

async function comparableBase(
  tenant: string,
  base: JsonObject,
  accepted: Json | undefined,
  lacksSecrets: boolean,
  candidates: readonly [declared: JsonObject, live: JsonObject],
): Promise<JsonObject> {
  const [declared] = candidates
  const revealed = await reveal(tenant, await digestFields(tenant, base, new Set(['signing_secret'])), candidates)
  const secret = own(declared, 'signing_secret')
  return {
    ...revealed,
    ...(lacksSecrets && !Object.hasOwn(base, 'signing_secret') && secret !== undefined
      ? { signing_secret: secret }
      : {}),
    ...(typeof accepted === 'string' ? { id: accepted } : {}),
  }
}

interface ServerBase extends ReturnType<typeof baseSide> {
  readonly known: boolean
  readonly lacksSecrets: boolean
}

async function baseOf(session: Session, look: Look, identifier: string, tenant: string): Promise<ServerBase> {
  const nothing = { ...baseSide(null, null), lacksSecrets: false }
  if (look.before !== null) return { ...nothing, known: true, base: declaredFields(look.before) }
  const base = await session.base(sourcesOf(look.inputs.base), {})
  refuseOtherBase(base, tenant)
  if (base === null || base.notKnownApis?.includes(identifier) === true) return { ...nothing, known: false }
  const api = base.apis.find((candidate) => candidate.identifier === identifier) ?? null
  return { ...baseSide(api, declaredFields(look.inputs)), known: true, lacksSecrets: api?.lacksSecrets === true }
}

/** What was declared for another tenant says nothing of this one. @throws MistakesError */
export function refuseOtherBase(base: DeclaredState | null, tenant: string): void {
  const other = otherTenant('base', base?.tenant ?? null, tenant)
  if (other !== null) throw mistake(`${other}; see the input base and TENANT_DRIFT_BASE`)
}

/** The inputs as they may be kept: secrets as digests, everything else as it was given. */
async function keptInputs(session: Session, inputs: JsonObject): Promise<JsonObject> {
  const secrets = secretFieldsOf(inputs)
  const held = [...secrets].filter(
    (key) => inputs[key] !== undefined && inputs[key] !== null && !holdsUnknown(inputs[key]),
  )
  if (held.length === 0) return inputs
  const tenant = await tenantOf(session)
  const identifier = textOf(inputs.identifier)
  const digests = await Promise.all(
    held.map(async (key) => [key, await digestField(tenant, identifier, key, inputs[key] ?? null)] as const),
  )
  return { ...inputs, ...Object.fromEntries(digests) }
}

export const resourceServerKind: Kind = {
  key: 'identifier',
  observe: observeServer,
  kept: keptInputs,
  id: (_session, inputs) => Promise.resolve(textOf(inputs.identifier)),
}

/** The tenant's name for digests; a fixed word where no tenant is configured, so that a secret is never kept for want of one. */
export async function tenantOf(session: Session): Promise<string> {
  try {
    return (await session.reader()).tenant
  } catch {
    return 'unconfigured'
  }
}
