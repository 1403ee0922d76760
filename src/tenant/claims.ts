import { isJsonObject, own, type Json } from '../schema/json.ts'

/** What a token says of itself; nothing where it is no JWT. */
export function claimsOf(token: string): Readonly<Record<string, Json>> {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json
    return isJsonObject(claims) ? claims : {}
  } catch {
    return {}
  }
}

/** The scopes of a token; null where it does not say them. */
export function scopesOf(token: string): readonly string[] | null {
  const scope = own(claimsOf(token), 'scope')
  return typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : null
}
