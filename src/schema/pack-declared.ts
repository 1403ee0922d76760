import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { DeclaredState } from './declared.ts'
import { canonicalText, isJsonObject, type Json, type JsonObject } from './json.ts'

/** Declared values of many APIs as one short text, for the state of a stack: the base of the next run. Secrets are left out. */
export function packDeclared(state: DeclaredState): string {
  const text = canonicalText(content(state))
  return deflateRawSync(text, { level: 6 }).toString('base64')
}

/** What `packDeclared` packed; null for a text that it did not write. */
export function unpackDeclared(
  packed: string,
): { apis: readonly JsonObject[]; managedElsewhere: readonly string[] } | null {
  try {
    const value = JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8')) as Json
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

/** SHA-256 (hex) of all that is declared, secrets left out: equal for equal declarations, whatever files they stand in. */
export function declaredDigest(state: DeclaredState): string {
  return createHash('sha256')
    .update(canonicalText(content(state)))
    .digest('hex')
}

function content(state: DeclaredState): JsonObject {
  return {
    managed_elsewhere: state.managedElsewhere,
    resource_servers: state.apis.map(({ values }) => {
      if (!Object.hasOwn(values, 'signing_secret')) return values
      const { signing_secret: _secret, ...rest } = values
      return rest
    }),
  }
}
