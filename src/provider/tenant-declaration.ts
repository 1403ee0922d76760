import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { declaredFromObjects } from '../declared/from-objects.ts'
import { withValues, type DeclaredState } from '../schema/declared.ts'
import { declarationMistake, TenantDriftError } from '../schema/errors.ts'
import { asJsonObject, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { packDeclared, unpackDeclared } from '../schema/pack-declared.ts'
import { isSecretDigest, SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import type { CheckRequest } from './observe.ts'
import { holdsUnknown, isUnknown, textOrJson } from './engine-values.ts'
import { IDS } from './accepted-ids.ts'
import { checkOwnInputs, unknownAmong } from './own-inputs.ts'
import { digestFields, type SecretFields } from '../compare/front.ts'
import { digestVariables, SECRET_DIGESTS, variablesInSecrets, withKeptDigests, withSecret } from './secret-digests.ts'
import { tenantOfRun, type EngineRun } from './engine-run.ts'
import { secretInputsOf, textsOf } from './text-inputs.ts'

/** Inputs of `TenantCheck` that are not the declared APIs themselves. */
const TENANT_INPUTS = ['files', 'variables', 'managedElsewhere', 'recorded', 'base', 'onDrift', 'rules'] as const
/** All that a program may give; and what a check adds for itself. */
const KNOWN_INPUTS = [...TENANT_INPUTS, 'resource_servers'] as const
const ADDED_INPUTS = ['secretInputs', 'declaration', SECRET_DIGESTS, IDS] as const

/** Whole inputs that are not known yet: before they are, nothing can be said. */
export function unknownInputs(inputs: JsonObject): readonly string[] {
  return [...unknownAmong(inputs, TENANT_INPUTS), ...(isUnknown(inputs.resource_servers) ? ['resource_servers'] : [])]
}

export interface Declaration {
  readonly declared: DeclaredState
  readonly unknown: readonly string[]
  /** Fields that are not known yet, by identifier. */
  readonly dark: ReadonlyMap<string, ReadonlySet<string>>
  readonly secrets: ReadonlyMap<string, SecretFields>
}

/** What the inputs of a `TenantCheck` declare. @throws TenantDriftError */
export async function declaredOf(session: EngineRun, look: CheckRequest): Promise<Declaration> {
  const { inputs } = look
  checkOwnInputs(
    Object.fromEntries(Object.entries(inputs).filter(([name]) => !(ADDED_INPUTS as readonly string[]).includes(name))),
    TENANT_INPUTS,
    KNOWN_INPUTS,
  )
  const files = textsOf(inputs.files)
  const inline = inputs.resource_servers
  if ((files === null) === (inline === undefined)) {
    throw declarationMistake(
      'a TenantCheck takes either files or resource_servers; write resource_servers: [] for "nothing is declared"',
    )
  }
  const managedElsewhere = textsOf(inputs.managedElsewhere) ?? []
  if (files !== null) {
    const read = await readFiles(session, look, files)
    const declared = { ...read, managedElsewhere: [...new Set([...read.managedElsewhere, ...managedElsewhere])] }
    return { declared, unknown: [], dark: new Map(), secrets: secretFieldsOfFiles(declared, inputs, look.isFromState) }
  }
  if (!Array.isArray(inline)) throw declarationMistake('resource_servers must be a list')
  return inlineDeclaration(inline as readonly Json[], inputs, managedElsewhere)
}

/**
 * What the files say; where the state keeps a declaration, that one, whatever the files say by now: a refresh asks how the tenant stands to what
 * was applied. Where the files still say the same they speak, because only they know the signing secrets. Where the state's own look could not
 * make out a declaration, what it keeps is that of an earlier one: a mistake in the files is no less one for it.
 */
async function readFiles(session: EngineRun, look: CheckRequest, files: readonly string[]): Promise<DeclaredState> {
  const { inputs } = look
  const isEarlier = look.stored !== null && look.stored.observed.digest === undefined
  // What is about to be stored is looked at as the program has it.
  const kept = isEarlier && look.fresh ? null : keptIn(inputs)
  const variables = inputVariables(inputs.variables)
  if (Object.values(variables).some(isSecretDigest)) {
    // The variables were secrets, and the state keeps no more of them: the files cannot be read as they were.
    if (kept === null || isEarlier)
      throw declarationMistake('secret variables are only known in pulumi preview and pulumi up: run one of these')
    return kept
  }
  if (kept === null) return session.declared(files, variables)
  try {
    const read = await session.declared(files, variables)
    if (packDeclared(read) === inputs.declaration) return withKeptDigests(read, inputs)
    return isEarlier ? { ...withSecretsOf(kept, read), tenant: read.tenant } : withSecretsOf(kept, read)
  } catch (error) {
    if (isEarlier || !(error instanceof TenantDriftError)) throw error
    return kept
  }
}

/** What the state keeps of the last declaration that could be made out: the base of the next run, whatever became of this one. */
export function keptDeclaration({ inputs, stored }: CheckRequest): JsonObject {
  const declaration = stored?.inputs.declaration
  if (textsOf(inputs.files) === null || typeof declaration !== 'string') return {}
  const digests = stored?.inputs[SECRET_DIGESTS]
  return { declaration, ...(digests === undefined ? {} : { [SECRET_DIGESTS]: digests }) }
}

/** The kept declaration with the secrets that the files hold now: better a false alarm over one that is being changed than none at all. */
function withSecretsOf(kept: DeclaredState, read: DeclaredState): DeclaredState {
  const secrets = new Map(read.apis.map(({ identifier, values }) => [identifier, own(values, SIGNING_SECRET)]))
  const apis = kept.apis.map((api) => {
    const secret = secrets.get(api.identifier)
    if (own(api.values, SIGNING_SECRET) !== SECRET_NOT_KEPT || typeof secret !== 'string') return api
    return withSecret(api, secret)
  })
  return { ...kept, apis }
}

/** A text that is shorter stands in other texts by chance. */
const LEAST_OF_A_SECRET = 8

/**
 * Fields into which a secret variable went, by identifier: whatever holds the text of one. Of a kept declaration, those that are digests. A
 * variable that reaches a signing secret is one too, whatever the program calls it; where a state was written before that, it stays as it is there.
 */
function secretFieldsOfFiles(
  declared: DeclaredState,
  inputs: JsonObject,
  isFromState: boolean,
): ReadonlyMap<string, SecretFields> {
  const variables = inputVariables(inputs.variables)
  const isNamed = secretInputsOf(inputs).includes('variables')
  const names = isNamed ? Object.keys(variables) : isFromState ? [] : variablesInSecrets(inputs, declared)
  const texts = names
    .map((name) => variables[name] ?? '')
    .filter((text) => text.length >= (isNamed ? 1 : LEAST_OF_A_SECRET))
  if (!isNamed && texts.length === 0 && !Object.values(variables).some(isSecretDigest)) return new Map()
  const isTainted = (value: Json): boolean => {
    if (typeof value === 'string') return texts.some((text) => value.includes(text)) || isSecretDigest(value)
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value as JsonObject).some(([key, part]) => isTainted(key) || isTainted(part))
    )
  }
  return new Map(
    declared.apis.map(({ identifier, values }) => {
      const fields = Object.keys(values).filter((key) => key !== 'identifier' && isTainted(values[key] ?? null))
      return [identifier, new Set([SIGNING_SECRET, ...fields])] as const
    }),
  )
}

function inlineDeclaration(
  servers: readonly Json[],
  inputs: JsonObject,
  managedElsewhere: readonly string[],
): Declaration {
  const unknown: string[] = []
  const dark = new Map<string, ReadonlySet<string>>()
  const secrets = new Map<string, SecretFields>()
  const kept = new Map<string, JsonObject>()
  const known: JsonObject[] = []
  for (const [index, server] of servers.entries()) {
    if (holdsUnknown(isJsonObject(server) ? server.identifier : server)) {
      unknown.push(`resource_servers[${index}]`)
      continue
    }
    if (!isJsonObject(server)) throw declarationMistake(`resource_servers[${index}] must be an object`)
    const identifier = textOrJson(server.identifier)
    const unknownFields = Object.keys(server).filter((key) => holdsUnknown(server[key]))
    unknown.push(...unknownFields.map((key) => `resource_servers[${index}].${key}`))
    if (unknownFields.length > 0) dark.set(identifier, new Set(unknownFields))
    const fields = Object.entries(server).filter(([key]) => !unknownFields.includes(key))
    const hidden = secretFieldsAt(inputs, index, server)
    // What the state kept was checked when it was a value.
    const isKept = ([key, value]: readonly [string, Json]) => hidden.has(key) && isSecretDigest(value)
    known.push(Object.fromEntries(fields.filter((field) => !isKept(field))))
    kept.set(identifier, Object.fromEntries(fields.filter(isKept)))
    secrets.set(identifier, hidden)
  }
  const checked = declaredFromObjects(known, { managedElsewhere })
  const apis = checked.apis.map((api) => withValues(api, { ...api.values, ...kept.get(api.identifier) }))
  return { declared: { ...checked, apis }, unknown, dark, secrets }
}

/** Fields of one inline server that the program made secrets; all of them where the whole list or server is one. */
function secretFieldsAt(inputs: JsonObject, index: number, server: JsonObject): SecretFields {
  const named = secretInputsOf(inputs)
  const at = `resource_servers[${index}]`
  if (named.includes('resource_servers') || named.includes(at))
    return new Set(Object.keys(server).filter((field) => field !== 'identifier'))
  const fields = named.filter((name) => name.startsWith(`${at}.`)).map((name) => name.slice(at.length + 1))
  return new Set([SIGNING_SECRET, ...fields.filter((field) => field !== 'identifier')])
}

/** The values that files of a base are read with: the same as the declared ones, where they are known. */
export function baseVariables(inputs: JsonObject): Readonly<Record<string, string>> {
  const variables = inputVariables(inputs.variables)
  return Object.values(variables).some(isSecretDigest) ? {} : variables
}

/** Secret fields of the declaration, and of the base as far as a secret variable went into it: what either holds is shown of neither. */
export function withSecretFieldsOfBase(
  secrets: ReadonlyMap<string, SecretFields>,
  base: DeclaredState | null,
  inputs: JsonObject,
): ReadonlyMap<string, SecretFields> {
  if (base === null) return secrets
  const ofBase = [...secretFieldsOfFiles(base, inputs, true)].map(
    ([identifier, fields]) => [identifier, new Set([...fields, ...(secrets.get(identifier) ?? [])])] as const,
  )
  return new Map([...secrets, ...ofBase])
}

function inputVariables(value: Json | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(asJsonObject(value)).map(([name, text]): [string, string] => [name, textOrJson(text)]),
  )
}

/** The declaration of files as a state keeps it; null where there is none. */
export function keptIn(inputs: JsonObject): DeclaredState | null {
  const { declaration } = inputs
  const content = typeof declaration === 'string' ? unpackDeclared(declaration) : null
  return content === null ? null : withKeptDigests(keptState(content.apis, content.managedElsewhere), inputs)
}

/** Servers from a state: they were checked when they were applied, and hold digests, so they are taken as they are. */
export function keptState(servers: readonly JsonObject[], managedElsewhere: readonly string[]): DeclaredState {
  return {
    tenant: null,
    apis: servers.map((values) => ({
      identifier: textOrJson(values.identifier),
      values,
      file: null,
      line: null,
      lines: {},
    })),
    managedElsewhere,
    warnings: [],
  }
}

/** The declaration with digests in place of what the program made secrets, as the state keeps it. */
export async function withDigests(
  tenant: string,
  declared: DeclaredState,
  secretsOf: ReadonlyMap<string, SecretFields>,
): Promise<DeclaredState> {
  if (secretsOf.size === 0) return declared
  const apis = await Promise.all(
    declared.apis.map(async (api) => {
      // Of the signing secret a declaration that is kept says only that there is one.
      const fields = [...(secretsOf.get(api.identifier) ?? [])].filter((field) => field !== SIGNING_SECRET)
      if (!fields.some((field) => Object.hasOwn(api.values, field))) return api
      return withValues(api, await digestFields(tenant, api.values, new Set(fields)))
    }),
  )
  return { ...declared, apis }
}

/** The inputs as they may be kept: secrets as digests. */
export async function keptInputs(session: EngineRun, inputs: JsonObject): Promise<JsonObject> {
  if (secretInputsOf(inputs).includes('variables'))
    return { ...inputs, variables: await digestVariables(session, inputs.variables) }
  const servers = inputs.resource_servers
  if (!Array.isArray(servers)) return inputs
  const kept = await Promise.all(
    (servers as readonly Json[]).map(async (server, index) => {
      if (!isJsonObject(server)) return server
      const fields = [...secretFieldsAt(inputs, index, server)].filter((key) => !holdsUnknown(own(server, key)))
      if (!fields.some((key) => Object.hasOwn(server, key))) return server
      return digestFields(await tenantOfRun(session), server, new Set(fields))
    }),
  )
  return { ...inputs, resource_servers: kept }
}
