import { createHash } from 'node:crypto'

/** Fits into the name of an environment variable (`TENANT_DRIFT_VAR_...`). */
export function variableFor(identifier: string): string {
  const plain = identifier.replace(/^[a-z]+:\/\//i, '').replaceAll(/[^A-Za-z0-9]+/g, '_')
  const slug = plain.replaceAll(/^_|_$/g, '').slice(0, 60)
  return `signing_secret_${slug === '' ? createHash('sha256').update(identifier).digest('hex').slice(0, 8) : slug}`
}
