import { compareTenant, digestFields, gatherTenant, type Base, type SecretFields } from '../compare/front.ts'
import { declaredFromObjects } from '../declared/front.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { MistakesError, type Mistake } from '../schema/errors.ts'
import type { Finding } from '../schema/finding.ts'
import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { asJsonObject, emptyObserved, type Drift } from '../schema/observed.ts'
import { declaredDigest, packDeclared, unpackDeclared } from '../schema/pack-declared.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import { isSameTenant } from '../tenant/front.ts'
import { holdsUnknown } from './engine-values.ts'
import { isPending, toDrift, toNotices } from './entries.ts'
import type { Kind, Look } from './methods.ts'
import { observing, unsuccessful, type Observation } from './observe.ts'
import { tenantOf } from './resource-server.ts'
import type { Session } from './session.ts'
import { sourcesOf } from './sources.ts'

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
  const { declared, unknown, secrets } = await declaredOf(session, look)
  const reader = look.fresh ? await session.freshReader(null) : await session.reader()
  const { tenant } = reader
  if (declared.tenant !== null && !isSameTenant(declared.tenant, tenant)) {
    throw mistake(`the declared files are for ${declared.tenant}, and this run reads ${tenant}`)
  }
  const added = sourcesOf(look.inputs.files) === null ? {} : { declaration: packDeclared(declared) }
  const observation = await observing(look.stored, look.step, tenant, () =>
    compare(session, look, reader, declared, unknown, secrets),
  )
  if (look.fresh && reader !== (await session.reader())) await reader.close()
  return {
    drift: observation.drift,
    observed: { ...observation.observed, digest: declaredDigest(declared) },
    added,
  }
}

async function compare(
  session: Session,
  look: Look,
  reader: TenantReader,
  declared: DeclaredState,
  unknown: readonly string[],
  secretsOf: ReadonlyMap<string, SecretFields>,
): Promise<Observation> {
  const { tenant } = reader
  const recorded = await session.recorded(typeof look.inputs.recorded === 'string' ? look.inputs.recorded : null)
  const input = await gatherTenant(reader, { declared, base: await baseOf(session, look), recorded })
  if (!input.inventory.ok) return unsuccessful(look.stored, look.step, tenant, 'unreadable', input.inventory)
  const comparison = compareTenant(tenant, input)

  const hiddenIn = (identifier: string | null) => secretsOf.get(identifier ?? '') ?? SIGNING_SECRET
  const incomplete = comparison.findings.find((finding) => finding.kind === 'unreadable' && finding.identifier === null)
  const counting = comparison.findings.filter((finding) => finding.counts && finding !== incomplete)
  const pending = comparison.findings.filter(isPending)
  const notices = comparison.findings.filter((finding) => !finding.counts && !isPending(finding))
  const stored = look.stored?.drift ?? {}
  const drift = byApi(tenant, counting, (name, findings) =>
    toDrift(findings, hiddenIn(name), asJsonObject(own(stored, name)), look.step),
  )
  const about = {
    tenant,
    pending: byApi(tenant, pending, (name, findings) => toDrift(findings, hiddenIn(name), {}, 0)),
    notices: toNotices(notices, hiddenIn),
    notes: comparison.notes,
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

const SIGNING_SECRET: SecretFields = new Set(['signing_secret'])

function byApi(
  tenant: string,
  findings: readonly Finding[],
  toEntries: (name: string, findings: readonly Finding[]) => Drift,
): Readonly<Record<string, Drift>> {
  const groups = Map.groupBy(findings, (finding) => finding.identifier ?? tenant)
  return Object.fromEntries([...groups].map(([name, members]) => [name, toEntries(name, members)] as const))
}

interface Declaration {
  readonly declared: DeclaredState
  readonly unknown: readonly string[]
  readonly secrets: ReadonlyMap<string, SecretFields>
}

async function declaredOf(session: Session, look: Look): Promise<Declaration> {
  const { inputs } = look
  const files = sourcesOf(inputs.files)
  const inline = inputs.resource_servers
  if ((files === null) === (inline === undefined)) {
    throw mistake(
      'a TenantCheck takes either files or resource_servers; write resource_servers: [] for "nothing is declared"',
    )
  }
  const managedElsewhere = sourcesOf(inputs.managedElsewhere) ?? []
  if (files !== null) {
    const read =
      (await appliedFiles(session, inputs, files)) ?? (await session.declared(files, variablesOf(inputs.variables)))
    const declared = { ...read, managedElsewhere: [...new Set([...read.managedElsewhere, ...managedElsewhere])] }
    return { declared, unknown: [], secrets: new Map() }
  }
  if (!Array.isArray(inline)) throw mistake('resource_servers must be a list')
  return { ...inlineDeclaration(inline as readonly Json[], inputs, managedElsewhere) }
}

/**
 * What a kept declaration says, whatever the files say by now: a refresh asks how the tenant stands to what was applied. Where the files still
 * say the same they speak, because only they know the signing secrets. Null where nothing is kept.
 */
async function appliedFiles(
  session: Session,
  inputs: JsonObject,
  files: readonly string[],
): Promise<DeclaredState | null> {
  const kept = unpacked(inputs.declaration)
  if (kept === null) return null
  try {
    const read = await session.declared(files, variablesOf(inputs.variables))
    return packDeclared(read) === inputs.declaration ? read : kept
  } catch {
    return kept
  }
}

function inlineDeclaration(
  servers: readonly Json[],
  inputs: JsonObject,
  managedElsewhere: readonly string[],
): Declaration {
  const unknown: string[] = []
  const secrets = new Map<string, SecretFields>()
  const known: JsonObject[] = []
  for (const [index, server] of servers.entries()) {
    if (holdsUnknown(isJsonObject(server) ? server.identifier : server)) {
      unknown.push(`resource_servers[${index}]`)
      continue
    }
    if (!isJsonObject(server)) throw mistake(`resource_servers[${index}] must be an object`)
    const fields = Object.entries(server).filter(([key, value]) => {
      if (!holdsUnknown(value)) return true
      unknown.push(`resource_servers[${index}].${key}`)
      return false
    })
    known.push(Object.fromEntries(fields))
    secrets.set(String(server.identifier), secretFieldsAt(inputs, index, server))
  }
  return { declared: declaredFromObjects(known, { managedElsewhere }), unknown, secrets }
}

/** Fields of one inline server that the program made secrets; all of them where the whole list or server is one. */
function secretFieldsAt(inputs: JsonObject, index: number, server: JsonObject): SecretFields {
  const named = sourcesOf(inputs.secretInputs) ?? []
  const at = `resource_servers[${index}]`
  if (named.includes('resource_servers') || named.includes(at)) return new Set(Object.keys(server))
  const fields = named.filter((name) => name.startsWith(`${at}.`)).map((name) => name.slice(at.length + 1))
  return new Set(['signing_secret', ...fields])
}

function variablesOf(value: Json | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(asJsonObject(value)).map(([name, text]): [string, string] => [name, String(text)]),
  )
}

function unpacked(declaration: Json | undefined): DeclaredState | null {
  const content = typeof declaration === 'string' ? unpackDeclared(declaration) : null
  if (content === null) return null
  return declaredFromObjects(content.apis, { managedElsewhere: content.managedElsewhere })
}

/** What was declared when the stack was last applied: from its state, else from a source. */
async function baseOf(session: Session, look: Look): Promise<Base | null> {
  return storedBase(look.before) ?? session.base(sourcesOf(look.inputs.base))
}

function storedBase(before: JsonObject | null): Base | null {
  if (before === null) return null
  const packed = unpacked(before.declaration)
  if (packed !== null) return { state: packed, lacksSecrets: true }
  const servers = before.resource_servers
  if (!Array.isArray(servers)) return null
  const known = (servers as readonly Json[]).filter(isJsonObject).filter((server) => !holdsUnknown(server))
  return {
    state: keptState(known, sourcesOf(before.managedElsewhere) ?? []),
    lacksSecrets: false,
  }
}

/** Servers from a state: they were checked when they were applied, and hold digests, so they are taken as they are. */
function keptState(servers: readonly JsonObject[], managedElsewhere: readonly string[]): DeclaredState {
  return {
    tenant: null,
    apis: servers.map((values) => ({
      identifier: String(values.identifier),
      values,
      file: null,
      line: null,
      lines: {},
    })),
    managedElsewhere,
    warnings: [],
  }
}

async function keptInputs(session: Session, inputs: JsonObject): Promise<JsonObject> {
  const servers = inputs.resource_servers
  if (!Array.isArray(servers)) return inputs
  const kept = await Promise.all(
    (servers as readonly Json[]).map(async (server, index) => {
      if (!isJsonObject(server)) return server
      const fields = [...secretFieldsAt(inputs, index, server)].filter((key) => !holdsUnknown(own(server, key)))
      if (!fields.some((key) => Object.hasOwn(server, key))) return server
      return digestFields(await tenantOf(session), server, new Set(fields))
    }),
  )
  return { ...inputs, resource_servers: kept }
}

function mistake(message: string): MistakesError {
  const one: Mistake = { file: null, line: null, column: null, message }
  return new MistakesError('invalid_declaration', [one])
}
