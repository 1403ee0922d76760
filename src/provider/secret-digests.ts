import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { withValues, type DeclaredApi, type DeclaredState } from '../schema/declared.ts'
import { asJsonObject, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { digestSecret, isSecretDigest, SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import type { CheckRequest } from './observe.ts'
import { holdsUnknown, textOrJson } from './engine-values.ts'
import { tenantOfRun, type EngineRun } from './engine-run.ts'
import { secretInputsOf } from './text-inputs.ts'

/**
 * What the state keeps of the signing secrets that files declare: by identifier the digest, in an input of its own, which the engine holds as a secret.
 * The packed declaration beside it says only that there is one. States of older versions have none of them.
 */
export const SECRET_DIGESTS = 'secretDigests'

/** Digests of the signing secrets of a declaration that was read; null where it has none. */
export async function digestsOf(tenant: string, declared: DeclaredState): Promise<JsonObject | null> {
  const found = await Promise.all(
    declared.apis.map(async ({ identifier, values }): Promise<readonly (readonly [string, string])[]> => {
      const secret = own(values, SIGNING_SECRET)
      if (typeof secret !== 'string' || secret === SECRET_NOT_KEPT) return []
      return [[identifier, await digestSecret(tenant, identifier, secret)]]
    }),
  )
  const digests = found.flat()
  return digests.length === 0 ? null : Object.fromEntries(digests)
}

/** A declaration that a state keeps, with the digests that the state has of its signing secrets. */
export function withKeptDigests(declared: DeclaredState, inputs: JsonObject): DeclaredState {
  const digests = asJsonObject(inputs[SECRET_DIGESTS])
  if (Object.keys(digests).length === 0) return declared
  const apis = declared.apis.map((api) => {
    const digest = own(digests, api.identifier)
    const isDeclared = typeof own(api.values, SIGNING_SECRET) === 'string'
    return isDeclared && isSecretDigest(digest) ? withSecret(api, digest) : api
  })
  return { ...declared, apis }
}

/** The digests of a state are salted with its tenant: on another one nothing can be compared with them. */
export function withoutForeignDigests(declared: DeclaredState): DeclaredState {
  const apis = declared.apis.map((api) =>
    isSecretDigest(own(api.values, SIGNING_SECRET)) ? withSecret(api, SECRET_NOT_KEPT) : api,
  )
  return { ...declared, apis }
}

export function withSecret(api: DeclaredApi, secret: string): DeclaredApi {
  return withValues(api, { ...api.values, signing_secret: secret })
}

/** Variables that are no Pulumi secrets, and whose texts stand in a signing secret that is declared. */
export function variablesInSecrets(inputs: JsonObject, declared: DeclaredState): readonly string[] {
  const secrets = declared.apis.flatMap(({ values }) => {
    const secret: Json | undefined = own(values, SIGNING_SECRET)
    if (isSecretDigest(secret)) return []
    return secret === undefined || secret === null ? [] : [textOrJson(secret)]
  })
  if (secrets.length === 0) return []
  return textsAmong(inputs.variables)
    .filter(([, text]) => secrets.some((secret) => secret.includes(text)))
    .map(([name]) => name)
}

/**
 * The variables as they may be kept and shown where the program did not make them secrets: a digest for each that reaches a signing secret, and, where
 * nothing tells which do (`declared` null), for all. Those that a state holds are left as they are: a refresh that changed them would show a
 * change that nobody made.
 */
export async function guardedVariables(
  session: EngineRun,
  look: CheckRequest,
  declared: DeclaredState | null,
): Promise<{ readonly variables?: JsonObject }> {
  const { inputs } = look
  const { variables } = inputs
  if (look.isFromState || !isJsonObject(variables) || secretInputsOf(inputs).includes('variables')) return {}
  const names = declared === null ? textsAmong(variables).map(([name]) => name) : variablesInSecrets(inputs, declared)
  return names.length === 0 ? {} : { variables: await withDigestsAt(session, variables, names) }
}

/** All variables as digests: those of a program that made them secrets. */
export function digestVariables(session: EngineRun, variables: Json | undefined): Promise<JsonObject> {
  const names = textsAmong(variables).map(([name]) => name)
  return withDigestsAt(session, asJsonObject(variables), names)
}

function textsAmong(variables: Json | undefined): readonly (readonly [name: string, text: string])[] {
  return Object.entries(asJsonObject(variables)).flatMap(([name, text]) =>
    typeof text === 'string' && text !== '' && !holdsUnknown(text) ? [[name, text] as const] : [],
  )
}

async function withDigestsAt(session: EngineRun, variables: JsonObject, names: readonly string[]): Promise<JsonObject> {
  const tenant = await tenantOfRun(session)
  const digests = await Promise.all(
    names.map(async (name) => {
      const digest = await digestSecret(tenant, `variables.${name}`, textOrJson(own(variables, name)))
      return [name, digest] as const
    }),
  )
  return { ...variables, ...Object.fromEntries(digests) }
}

/**
 * Checked inputs without what a state of an older version lacks by its age alone: the digests of signing secrets, and digests in place of variables whose
 * texts it holds. In a preview they would show as a change that nobody made.
 */
export async function withoutUpgrade(session: EngineRun, olds: JsonObject, news: JsonObject): Promise<JsonObject> {
  const { [SECRET_DIGESTS]: digests, ...rest } = news
  const same = digests === undefined || olds[SECRET_DIGESTS] !== undefined ? news : rest
  const [before, now] = [asJsonObject(olds.variables), asJsonObject(news.variables)]
  const names = textsAmong(before).flatMap(([name, text]) =>
    isSecretDigest(own(now, name)) && !isSecretDigest(text) ? [name] : [],
  )
  if (names.length === 0) return same
  const kept = await withDigestsAt(session, before, names)
  const equal = names.filter((name) => own(kept, name) === own(now, name))
  return {
    ...same,
    variables: { ...now, ...Object.fromEntries(equal.map((name) => [name, own(before, name) ?? null])) },
  }
}
