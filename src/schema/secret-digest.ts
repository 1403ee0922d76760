import { scrypt } from 'node:crypto'

const PREFIX = 'scrypt-16384:'
/**
 * Stands where a secret was declared and not even its digest is kept (a packed declaration). It passes for a digest and equals no other, so
 * that "a secret was declared here" survives: without it a secret changed by hand would look like one the code declares for the first time.
 */
export const SECRET_NOT_KEPT = `${PREFIX}not-kept`

const memo = new Map<string, Promise<string>>()

export function isSecretDigest(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(PREFIX)
}

/**
 * What stands in place of a secret wherever it would be kept: slow to guess, and the same again for the same tenant, API and secret
 * (`refresh` must be able to repeat it). A digest comes back as it is. Takes about 40 ms of a worker thread, once per secret.
 */
export function digestSecret(tenant: string, identifier: string, secret: string): Promise<string> {
  if (isSecretDigest(secret)) return Promise.resolve(secret)
  const key = JSON.stringify([tenant, identifier, secret])
  const known = memo.get(key)
  if (known !== undefined) return known
  const made = new Promise<string>((resolve, reject) => {
    const salt = JSON.stringify(['tenant-drift', tenant, identifier])
    scrypt(secret, salt, 32, { N: 16384, r: 8, p: 1 }, (error, bytes) => {
      if (error) reject(error)
      else resolve(PREFIX + bytes.toString('base64url'))
    })
  })
  memo.set(key, made)
  return made
}
