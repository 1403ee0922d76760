import { identifierOf } from '../schema/identifier-of.ts'
import { normalForm } from './normal-form.ts'
import { canonicalText, own, type Json, type JsonObject } from '../schema/json.ts'
import { digestSecret, isSecretDigest } from '../schema/secret-digest.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/** Fields whose values are secrets: the signing secret always, others where the program made them a Pulumi secret. */
export type SecretFields = ReadonlySet<string>

/** The digest that stands for a secret field: of the secret itself, or of the normal form, so that equal meanings have equal digests. */
export function digestField(tenant: string, identifier: string, field: string, value: Json): Promise<string> {
  if (isSecretDigest(value)) return Promise.resolve(value)
  const text = field === SIGNING_SECRET && typeof value === 'string' ? value : normalText(field, value)
  return digestSecret(tenant, identifier, text)
}

function normalText(field: string, value: Json | undefined): string {
  return canonicalText(normalForm(field, value) ?? null)
}

/** The same resource server with digests in place of its secret fields: what may be kept. */
export async function digestFields(tenant: string, server: JsonObject, secrets: SecretFields): Promise<JsonObject> {
  const identifier = identifierOf(server)
  const entries = await Promise.all(
    Object.entries(server).map(async ([key, value]): Promise<[string, Json]> => {
      if (key === 'identifier' || value === null || !secrets.has(key)) return [key, value]
      return [key, await digestField(tenant, identifier, key, value)]
    }),
  )
  return Object.fromEntries(entries)
}

/** What stands in for a kept secret that is neither what the code says nor what is live: equal to nothing. */
const SOMETHING_ELSE = { 'a value that was declared before': true }

/**
 * Gives a server whose secret fields are kept as digests values to be compared by: the candidate that has the same digest, or something
 * that equals nothing. The signing secret stays a digest: it is compared as one.
 */
export async function reveal(
  tenant: string,
  server: JsonObject,
  candidates: readonly JsonObject[],
): Promise<JsonObject> {
  const identifier = identifierOf(server)
  const entries = await Promise.all(
    Object.entries(server).map(async ([key, value]): Promise<[string, Json]> => {
      if (key === SIGNING_SECRET || !isSecretDigest(value)) return [key, value]
      for (const candidate of candidates) {
        const option = own(candidate, key)
        if (isSecretDigest(option)) continue
        if ((await digestField(tenant, identifier, key, option ?? null)) === value) return [key, option ?? null]
      }
      return [key, SOMETHING_ELSE]
    }),
  )
  return Object.fromEntries(entries)
}
