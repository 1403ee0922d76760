import { isJsonObject, type Json } from './json.ts'

const SOUNDS_SECRET = /secret|passw|private|credential|api_?key|(^|_)pem$/i

/** Whether the name of a key that nobody knows is that of a secret. */
export function soundsSecret(key: string): boolean {
  return SOUNDS_SECRET.test(key)
}

/** Whether a value that nobody knows holds something that sounds like a secret, or is a private key. */
export function holdsSecret(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(holdsSecret)
  if (!isJsonObject(value)) return isPrivateKey(value)
  return Object.entries(value).some(([key, member]) => soundsSecret(key) || holdsSecret(member))
}

export function isPrivateKey(value: Json): boolean {
  return typeof value === 'string' && value.includes('PRIVATE KEY')
}
