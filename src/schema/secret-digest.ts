import { scrypt, scryptSync } from 'node:crypto'

const PREFIX = 'scrypt-16384:'
/**
 * Stands where a secret was declared and not even its digest is kept (a packed declaration). It passes for a digest and equals no other, so
 * that "a secret was declared here" survives: without it a secret changed by hand would look like one the code declares for the first time.
 */
export const SECRET_NOT_KEPT = `${PREFIX}not-kept`

const COST = { N: 16384, r: 8, p: 1 } as const
const memo = new Map<string, Promise<string>>()
const memoNow = new Map<string, string>()

export function isSecretDigest(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(PREFIX)
}

/**
 * What stands in place of a secret wherever it would be kept: slow to guess, and the same again for the same tenant, API and secret
 * (`refresh` must be able to repeat it). A digest comes back as it is. Takes about 40 ms of a worker thread, once per secret.
 */
export function digestSecret(tenant: string, identifier: string, secret: string): Promise<string> {
  return isSecretDigest(secret) ? Promise.resolve(secret) : digestLiveSecret(tenant, identifier, secret)
}

/** The digest of a secret that came off the wire: nothing there is a digest, whatever it looks like. */
export function digestLiveSecret(tenant: string, identifier: string, secret: string): Promise<string> {
  const key = JSON.stringify([tenant, identifier, secret])
  const known = memo.get(key)
  if (known !== undefined) return known
  const made = new Promise<string>((resolve, reject) => {
    scrypt(secret, saltOf(tenant, identifier), 32, COST, (error, bytes) => {
      if (error) reject(error)
      else resolve(PREFIX + bytes.toString('base64url'))
    })
  })
  memo.set(key, made)
  return made
}

/** The same at once, for the few values of which nobody knew beforehand that they are secrets. Takes about 40 ms, once for each value and place. */
export function digestSecretNow(tenant: string, place: string, secret: string): string {
  const key = JSON.stringify([tenant, place, secret])
  const known = memoNow.get(key)
  if (known !== undefined) return known
  const digest = PREFIX + scryptSync(secret, saltOf(tenant, place), 32, COST).toString('base64url')
  memoNow.set(key, digest)
  return digest
}

function saltOf(tenant: string, place: string): string {
  return JSON.stringify(['tenant-drift', tenant, place])
}
