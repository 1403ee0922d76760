import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { DeclaredState } from './declared.ts'
import { canonicalText, isJsonObject, own, type Json, type JsonObject } from './json.ts'
import { oncePer } from './once-per.ts'
import { SECRET_NOT_KEPT } from './secret-digest.ts'
import { SIGNING_SECRET } from './secret-field.ts'

/** Declared values of many APIs as one short text, for the state of a stack: the base of the next run. Of a secret only that there is one. */
export function packDeclared(state: DeclaredState): string {
  return pack(packedText(state))
}

/** What `packDeclared` packed; null for a text that it did not write. */
export function unpackDeclared(
  packed: string,
): { apis: readonly JsonObject[]; managedElsewhere: readonly string[] } | null {
  try {
    const value = unpackText(packed)
    if (!isJsonObject(value) || !Array.isArray(value.resource_servers) || !Array.isArray(value.managed_elsewhere))
      return null
    return {
      apis: (value.resource_servers as readonly Json[]).filter(isJsonObject),
      managedElsewhere: (value.managed_elsewhere as readonly Json[]).filter((glob) => typeof glob === 'string'),
    }
  } catch {
    return null
  }
}

/** A text for each of many names, packed in the same way. */
export function packTexts(texts: Readonly<Record<string, string>>): string {
  return pack(canonicalText(texts))
}

/** What `packTexts` packed; null for a text that it did not write. */
export function unpackTexts(packed: string): Readonly<Record<string, string>> | null {
  try {
    const value = unpackText(packed)
    return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string')
      ? (value as Readonly<Record<string, string>>)
      : null
  } catch {
    return null
  }
}

function pack(text: string): string {
  return deflateRawSync(text, { level: 6 }).toString('base64')
}

/** @throws Error where the text is none of ours */
function unpackText(packed: string): Json {
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8')) as Json
}

/** SHA-256 (hex) of all that is declared, the values of secrets left out: equal for equal declarations, whatever files they stand in. */
export function declaredDigest(state: DeclaredState): string {
  return createHash('sha256').update(packedText(state)).digest('hex')
}

/** One text for both: of ten thousand APIs it takes longer to write than to pack. */
const packedText = oncePer((state: DeclaredState) => canonicalText(content(state)))

function content(state: DeclaredState): JsonObject {
  return {
    managed_elsewhere: state.managedElsewhere,
    resource_servers: state.apis.map(({ values }) => {
      const secret = own(values, SIGNING_SECRET)
      return secret === undefined || secret === null ? values : { ...values, [SIGNING_SECRET]: SECRET_NOT_KEPT }
    }),
  }
}
