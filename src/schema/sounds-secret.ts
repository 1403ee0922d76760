import { isJsonObject, type Json } from './json.ts'

const SOUNDS_SECRET = /secret|passw|private|credential|api_?key|(^|_)pem$/i

/** Whether the name of a key that nobody knows is that of a secret. */
export function soundsSecret(key: string): boolean {
  return SOUNDS_SECRET.test(key)
}

const CREDENTIAL =
  /TOKEN|SECRET|PASSW|PASSPHRASE|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|CREDENTIAL|(^|_)(JWT|PASS|PAT)(_|$)|_PWD$/i
/** Where a credential is kept, who gave it and how long it lasts is none. */
const ABOUT_CREDENTIAL =
  /_(URL|URI|NAME|FILE|PATH|DIR|HOST|ENDPOINT|ISSUER|AUDIENCE|TYPE|LIFETIME|TTL|ARN|KEY_ID|TOKEN_ID)$/i

/** Whether a variable of the environment is called as those are that hold a credential. */
export function soundsLikeCredential(variable: string): boolean {
  return CREDENTIAL.test(variable) && !ABOUT_CREDENTIAL.test(variable)
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
